"""The forward kernel: a block of queries goes over its live keys with an online softmax.

The row max that it gives is that of the scores to the base 2, as the kernels that go back take it.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jax.experimental import pallas as pl

from mirror.jit.arrays import QKV
from mirror.jit.formulas import Attended
from mirror.jit.kernels.loops import NOWHERE, Added, Tables, dot
from mirror.jit.kernels.sizes import Blocks
from mirror.jit.kernels.work import KernelRef, KernelWork, Operand

SoftmaxState = tuple[jax.Array, jax.Array, jax.Array]


def attended(work: KernelWork, given: QKV[jax.Array]) -> Attended[jax.Array]:
    """The heads' output (H·B, n, d) in the operands' format, and of each query its row max and inverse normaliser."""
    q, kt, v = work.qkv(given)
    blocks = work.sizes.forward
    own, column = (blocks.queries, work.dim), (blocks.queries, 1)
    ins = [Operand(q, own), Operand(kt, kt.shape[1:]), Operand(v, v.shape[1:])]
    one = Operand(jax.ShapeDtypeStruct((*q.shape[:-1], 1), jnp.float32), column)
    outs = [Operand(jax.ShapeDtypeStruct(q.shape, work.operand), own), one, one]
    found = work.run(_kernel, blocks, blocks.queries, work.by_row, ins, outs)
    out, row_max, inv_normaliser = (a[:, : work.n] for a in found)
    return Attended(out[..., : given.q.shape[-1]], row_max, inv_normaliser)


def _kernel(work: KernelWork, blocks: Blocks, count: int, *refs: KernelRef) -> None:
    tables = Tables(work, refs[:count])
    q_ref, kt_ref, v_ref, out_ref, max_ref, inverse_ref = refs[count:]
    block = pl.program_id(1)
    query, q = block * blocks.queries, q_ref[...]

    def step(k: jax.Array, added: Added, state: SoftmaxState) -> SoftmaxState:
        heads, row_max, normaliser = state
        keys = pl.ds(k * blocks.keys, blocks.keys)
        products = dot(q, kt_ref[:, keys])
        scores = tables.scores(products, added, query, k * blocks.keys, blocks, keys_first=False)
        higher = jnp.maximum(row_max, jnp.max(scores, axis=1))
        shrunk = jnp.exp2(row_max - higher)
        shifted = jnp.exp2(scores - higher[:, None])
        heads = heads * shrunk[:, None] + dot(shifted.astype(v_ref.dtype), v_ref[keys, :])
        return heads, higher, normaliser * shrunk + jnp.sum(shifted, axis=1)

    start = (
        jnp.zeros((blocks.queries, work.dim), jnp.float32),
        jnp.full(blocks.queries, NOWHERE, jnp.float32),
        jnp.zeros(blocks.queries, jnp.float32),
    )
    line = block // (work.side // blocks.queries)
    heads, row_max, normaliser = tables.over(work.by_row, line, blocks.keys, step, start)
    inverse = 1 / jnp.maximum(normaliser, 1.0)
    out_ref[...] = (heads * inverse[:, None]).astype(out_ref.dtype)
    max_ref[...] = row_max[:, None]
    inverse_ref[...] = inverse[:, None]
