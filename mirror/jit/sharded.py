"""The same block on several devices: batch, heads and sequence split over a `jax.sharding.Mesh`.

Each device runs the panels of `mirror.jit.panels` on its share. Between devices there are these collectives and
no others, none of them over an axis of size 1:

- sequence: a device has some queries and gathers all keys and values; their cotangents are summed and scattered.
- heads: a device has some heads and some hidden features. Elsewhere it has some rows, so that nothing is computed
  twice: rows are gathered before a linear map, and summed and scattered after it.
- batch: none forward. The cotangents of γ and β are summed over the rows, and over the batch where it shares them.
  Whether the norms of an example are differentiable is decided by all devices that have rows of it.

What to skip each device decides for its own queries, which is sound (`mirror.jit.rule` argues row by row) and
asks nobody. Which rows of the mask are its own a device knows only at run time: the program holds everybody's panels,
as many as on one device, and each runs its own. Under a causal mask the last share of the sequence skips nothing, so
splitting the sequence then saves work by skipping, but no time.

Several hosts: call `jax.distributed.initialize()` first on each, then `mesh_of` finds the devices of all. Every process
makes the same calls with global arrays, which `jax.make_array_from_callback` makes from `shardings`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import jax
from jax.sharding import Mesh

from mirror.dims import Dims
from mirror.jit import shares
from mirror.jit.arguments import (
    BlockContext,
    BlockParameters,
    check_attention,
    check_context,
    check_parameters,
    check_plan,
)
from mirror.jit.arrays import QKV, Given
from mirror.jit.attention import StaticArguments, heads_first, one_batch, static_arguments
from mirror.jit.block import computed, fixed_arguments, flat_batch
from mirror.jit.formulas import Attended, Saved, after_attention, after_attention_pullback
from mirror.jit.mesh import (
    AXES,
    attention_specs,
    check_mesh,
    check_row_shares,
    check_shares,
    named,
    plan_specs,
    shardings,
    spec,
    specs,
)
from mirror.jit.numbers import computing_dtype
from mirror.jit.plan import BiasPlan
from mirror.jit.pullback import with_pullback

if TYPE_CHECKING:
    from jaxtyping import Float, PyTree

Kept = tuple[Attended[jax.Array], Saved[jax.Array]]


def decoder_core_on(mesh: Mesh) -> Callable[..., Float[jax.Array, "*B n D"]]:
    """`decoder_core(context, parameters, plan, *, skip=True)` on a mesh: the same value, the same cotangents.

    Arguments are placed by `shardings` where they are not yet; the output (…, n, D) lies as the residual does. Raises
    before tracing what `mirror.jit.decoder_core` raises, and `ValueError` for sizes that the mesh does not divide
    and for `Dense` maps where the mesh splits heads or sequence.
    """
    check_mesh(mesh)

    def decoder_core(
        context: BlockContext[Given], parameters: BlockParameters, plan: BiasPlan, *, skip: bool = True
    ) -> Float[jax.Array, "*B n D"]:
        context = BlockContext(*context)
        batch, dims = check_context(context)
        check_plan(plan, dims.num_heads, dims.seq_len)
        dims = check_parameters(parameters, dims)
        check_shares(mesh, batch, dims.num_heads, dims.seq_len, plan)
        check_row_shares(mesh, dims, parameters)
        parameters, plan = fixed_arguments(context, parameters, plan)
        static = static_arguments(context.q.dtype, plan, "panels", skip, parameters.scale, "xla", dims.head_dim)
        # One call each: a single one would pass the context's tangents on to the fixed arguments.
        context, parameters, plan = map(
            jax.device_put, (context, parameters, plan), shardings(mesh, context, parameters, plan)
        )
        out = _decoder_core(static, mesh, dims, flat_batch(context, batch), parameters, plan)
        return out.reshape(*batch, *out.shape[1:])

    return decoder_core


def masked_attention_on(mesh: Mesh) -> Callable[..., Float[jax.Array, "*B H n d"]]:
    """`masked_attention(q, kt, v, plan, scale, *, skip=True)` on a mesh; otherwise as `decoder_core_on`.

    The output (…, H, n, d) lies as q does.
    """
    check_mesh(mesh)

    def masked_attention(
        q: Float[Given, "*B H n d"],
        kt: Float[Given, "*B H d n"],
        v: Float[Given, "*B H n d"],
        plan: BiasPlan,
        scale: float,
        *,
        skip: bool = True,
    ) -> Float[jax.Array, "*B H n d"]:
        qkv = QKV(q, kt, v)
        batch, heads, n, dim = check_attention(qkv)
        check_plan(plan, heads, n)
        check_shares(mesh, batch, heads, n, plan)
        plan = plan.in_format(computing_dtype(q.dtype))
        static = static_arguments(q.dtype, plan, "panels", skip, scale, "xla", dim)
        where = named(mesh, (attention_specs(mesh, len(batch)), plan_specs(mesh, plan)))
        qkv, plan = map(jax.device_put, (qkv, plan), where)
        return _masked_attention(static, mesh, one_batch(qkv), plan).reshape(*batch, heads, n, dim)

    return masked_attention


# ---- whole programs; what the pullback needs stays where it is, as one more array axis over all devices


def _stay(saved: PyTree[jax.Array]) -> PyTree[jax.Array]:
    return jax.tree.map(_as_one, saved)


def _as_one(a: Float[jax.Array, "..."]) -> Float[jax.Array, "1 ..."]:
    return a[None]


def _stayed(saved: PyTree[jax.Array]) -> PyTree[jax.Array]:
    return jax.tree.map(_the_one, saved)


def _the_one(a: Float[jax.Array, "1 ..."]) -> Float[jax.Array, "..."]:
    return a[0]


def _attention(
    static: StaticArguments, mesh: Mesh, qkv: QKV[jax.Array], plan: BiasPlan
) -> tuple[Float[jax.Array, "B H n d"], Attended[jax.Array]]:
    def share(qkv: QKV[jax.Array], plan: BiasPlan) -> tuple[jax.Array, Attended[jax.Array]]:
        saved = shares.attended(static, mesh, qkv, plan)
        return shares.by_example(saved.heads, static, mesh).astype(static.dtype), _stay(saved)

    where = attention_specs(mesh, 1)
    given = (where, plan_specs(mesh, plan))
    return jax.shard_map(share, mesh=mesh, in_specs=given, out_specs=(where.q, spec(mesh, AXES)))(qkv, plan)


def _attention_pullback(
    static: StaticArguments,
    mesh: Mesh,
    qkv: QKV[jax.Array],
    plan: BiasPlan,
    saved: Attended[jax.Array],
    g: Float[jax.Array, "B H n d"],
) -> QKV[jax.Array]:
    def share(qkv: QKV[jax.Array], plan: BiasPlan, saved: Attended[jax.Array], g: jax.Array) -> QKV[jax.Array]:
        saved, g = _stayed(saved), heads_first(g.astype(static.ar.dtype))
        return shares.attended_pullback(static, mesh, qkv, plan, saved, g)

    where = attention_specs(mesh, 1)
    given = (where, plan_specs(mesh, plan), spec(mesh, AXES), where.q)
    return jax.shard_map(share, mesh=mesh, in_specs=given, out_specs=where)(qkv, plan, saved, g)


_masked_attention = with_pullback(_attention, _attention_pullback, static=2, fixed="the mask")


def _core(
    static: StaticArguments,
    mesh: Mesh,
    dims: Dims,
    context: BlockContext[jax.Array],
    parameters: BlockParameters,
    plan: BiasPlan,
) -> tuple[Float[jax.Array, "B n D"], Kept]:
    def share(context: BlockContext[jax.Array], parameters: BlockParameters, plan: BiasPlan) -> tuple[jax.Array, Kept]:
        attended = shares.attended(static, mesh, context.qkv, plan)
        residual, weights = computed(static, context)
        maps = shares.own_maps(static, mesh, dims, parameters)
        heads = shares.by_example(attended.heads, static, mesh)
        y, saved = after_attention(static.ar, maps, heads, residual, weights)
        return y.astype(static.dtype), _stay((attended, saved))

    given = specs(mesh, context, parameters, plan)
    whole = jax.shard_map(share, mesh=mesh, in_specs=given, out_specs=(given[0].residual, spec(mesh, AXES)))
    return whole(context, parameters, plan)


def _core_pullback(
    static: StaticArguments,
    mesh: Mesh,
    dims: Dims,
    context: BlockContext[jax.Array],
    parameters: BlockParameters,
    plan: BiasPlan,
    kept: Kept,
    g: Float[jax.Array, "B n D"],
) -> BlockContext[jax.Array]:
    def share(
        context: BlockContext[jax.Array], parameters: BlockParameters, plan: BiasPlan, kept: Kept, g: jax.Array
    ) -> BlockContext[jax.Array]:
        attended, saved = _stayed(kept)
        _, weights = computed(static, context)
        maps = shares.own_maps(static, mesh, dims, parameters)
        saved, g = shares.decided_by_all(saved), g.astype(static.ar.dtype)
        d_heads, d_residual, d_weights = after_attention_pullback(static.ar, maps, saved, weights, g)
        d_qkv = shares.attended_pullback(static, mesh, context.qkv, plan, attended, heads_first(d_heads))
        vectors = [shares.over_all(d, a).astype(static.dtype) for d, a in zip(d_weights, context.norms, strict=True)]
        return BlockContext(*d_qkv, d_residual.astype(static.dtype), *vectors)

    where = specs(mesh, context, parameters, plan)
    given = (*where, spec(mesh, AXES), where[0].residual)
    whole = jax.shard_map(share, mesh=mesh, in_specs=given, out_specs=where[0])
    return whole(context, parameters, plan, kept, g)


_decoder_core = with_pullback(_core, _core_pullback, static=3, fixed="the parameters or the mask")
