"""The kernels that go back: one for the cotangents of queries, one for those of keys and values.

Both compute the scores again, so no array grows with the square of the number of positions, and there is no cotangent
of the mask. Each result is summed by one program in one order: the same bits every time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import jax
import jax.numpy as jnp
from jax.experimental import pallas as pl

from mirror.jit.arrays import QKV
from mirror.jit.formulas import BackwardRows
from mirror.jit.kernels.loops import Added, Tables, clamped_exp2, dot
from mirror.jit.kernels.sizes import Blocks
from mirror.jit.kernels.work import KernelRef, KernelWork, Operand

if TYPE_CHECKING:
    from jaxtyping import Float

KeysAndValues = tuple[jax.Array, jax.Array]


class BackwardOperands(NamedTuple):
    """What both kernels take, filled up; of each query the row max and delta lie side by side."""

    qkv: QKV[jax.Array]
    g: Float[jax.Array, "HB n d"]
    row_max: Float[jax.Array, "HB 1 n"]
    delta: Float[jax.Array, "HB 1 n"]


def attended_pullback(work: KernelWork, given: QKV[jax.Array], rows: BackwardRows[jax.Array]) -> QKV[jax.Array]:
    """The cotangents of queries, transposed keys and values in the operands' format."""
    missing = ((0, 0), (0, 0), (0, work.filled - work.n))
    row_max, delta = (jnp.pad(a.swapaxes(-1, -2), missing) for a in (rows.row_max, rows.delta))
    operands = BackwardOperands(work.qkv(given), work.rows(rows.g), row_max, delta)
    n, dim = given.q.shape[-2:]
    d_q, (d_kt, d_v) = d_queries(work, operands), d_keys_and_values(work, operands)
    return QKV(d_q[:, :n, :dim], d_kt[:, :dim, :n], d_v[:, :n, :dim])


def d_queries(work: KernelWork, o: BackwardOperands) -> Float[jax.Array, "HB n d"]:
    """The cotangents of the queries."""
    blocks, (q, kt, v) = work.sizes.d_q, o.qkv
    own, line = (blocks.queries, work.dim), (1, blocks.queries)
    ins = [Operand(q, own), Operand(kt, kt.shape[1:]), Operand(v, v.shape[1:]), Operand(o.g, own)]
    ins += [Operand(o.row_max, line), Operand(o.delta, line)]
    out = Operand(jax.ShapeDtypeStruct(q.shape, work.operand), own)
    return work.run(_d_queries, blocks, blocks.queries, work.by_row, ins, [out])[0]


def _d_queries(work: KernelWork, blocks: Blocks, count: int, *refs: KernelRef) -> None:
    tables = Tables(work, refs[:count])
    q_ref, kt_ref, v_ref, g_ref, max_ref, delta_ref, out_ref = refs[count:]
    block = pl.program_id(1)
    query, q, g = block * blocks.queries, q_ref[...], g_ref[...]
    row_max, delta = max_ref[0, :][:, None], delta_ref[0, :][:, None]

    def step(k: jax.Array, added: Added, d_q: jax.Array) -> jax.Array:
        keys = pl.ds(k * blocks.keys, blocks.keys)
        kt = kt_ref[:, keys]
        scores = tables.scores(dot(q, kt), added, query, k * blocks.keys, blocks, keys_first=False)
        d_scores = clamped_exp2(scores, row_max) * (dot(g, v_ref[keys, :].T) - delta)
        return d_q + dot(d_scores.astype(q.dtype), kt.T)

    start = jnp.zeros((blocks.queries, work.dim), jnp.float32)
    line = block // (work.side // blocks.queries)
    d_q = tables.over(work.by_row, line, blocks.keys, step, start)
    out_ref[...] = (d_q * tables.scale).astype(out_ref.dtype)


def d_keys_and_values(
    work: KernelWork, o: BackwardOperands
) -> tuple[Float[jax.Array, "HB d n"], Float[jax.Array, "HB n d"]]:
    """The cotangents of the transposed keys and of the values."""
    blocks, (q, kt, v) = work.sizes.d_kv, o.qkv
    own, columns = (blocks.keys, work.dim), (work.dim, blocks.keys)
    ins = [Operand(q, q.shape[1:]), Operand(kt, columns), Operand(v, own)]
    ins += [Operand(a, a.shape[1:]) for a in (o.g, o.row_max, o.delta)]
    like = [(jax.ShapeDtypeStruct(a.shape, work.operand), block) for a, block in ((kt, columns), (v, own))]
    outs = [Operand(a, block) for a, block in like]
    d_kt, d_v = work.run(_d_keys_and_values, blocks, blocks.keys, work.by_column, ins, outs)
    return d_kt, d_v


def _d_keys_and_values(work: KernelWork, blocks: Blocks, count: int, *refs: KernelRef) -> None:
    """The scores have keys as rows: so the products over queries take them as they are."""
    tables = Tables(work, refs[:count])
    q_ref, kt_ref, v_ref, g_ref, max_ref, delta_ref, d_kt_ref, d_v_ref = refs[count:]
    block = pl.program_id(1)
    key, keys, v = block * blocks.keys, kt_ref[...].T, v_ref[...]

    def step(k: jax.Array, added: Added, found: KeysAndValues) -> KeysAndValues:
        d_k, d_v = found
        queries = pl.ds(k * blocks.queries, blocks.queries)
        q, g = q_ref[queries, :], g_ref[queries, :]
        scores = tables.scores(dot(keys, q.T), added, k * blocks.queries, key, blocks, keys_first=True)
        shifted = clamped_exp2(scores, max_ref[0, queries][None, :])
        d_v += dot(shifted.astype(g.dtype), g)
        d_scores = shifted * (dot(v, g.T) - delta_ref[0, queries][None, :])
        return d_k + dot(d_scores.astype(q.dtype), q), d_v

    start = jnp.zeros((blocks.keys, work.dim), jnp.float32)
    line = block // (work.side // blocks.keys)
    d_k, d_v = tables.over(work.by_column, line, blocks.queries, step, (start, start))
    d_kt_ref[...] = (d_k * tables.scale).T.astype(d_kt_ref.dtype)
    d_v_ref[...] = d_v.astype(d_v_ref.dtype)
