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
from functools import partial
from typing import Any

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
    number,
)
from mirror.jit.attention import How, heads_first, how_for, without_tangent
from mirror.jit.block import flat_batch, rows_of
from mirror.jit.formulas import after_attention, after_attention_pullback
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
from mirror.jit.plan import BiasPlan


def decoder_core_on(mesh: Mesh) -> Callable[..., jax.Array]:
    """`decoder_core(context, parameters, plan, *, skip=True)` on a mesh: the same value, the same cotangents.

    Arguments are placed by `shardings` where they are not yet; the output (…, n, D) lies as the residual does. Raises
    before tracing what `mirror.jit.decoder_core` raises, and `ValueError` for sizes that the mesh does not divide
    and for `Dense` maps where the mesh splits heads or sequence.
    """
    check_mesh(mesh)

    def decoder_core(
        context: BlockContext, parameters: BlockParameters, plan: BiasPlan, *, skip: bool = True
    ) -> jax.Array:
        context = BlockContext(*context)
        batch, dims = check_context(context)
        check_plan(plan, dims.num_heads, dims.seq_len)
        dims = check_parameters(parameters, dims)
        check_shares(mesh, batch, dims.num_heads, dims.seq_len, plan)
        check_row_shares(mesh, dims, parameters)
        how = how_for(context.q.dtype, plan, "panels", skip, parameters.scale)
        for name in ("eps1", "eps2"):
            number(name, getattr(parameters, name))
        # One call each: a single one would pass the context's tangents on to the fixed arguments.
        context, parameters, plan = map(
            jax.device_put, (context, parameters, plan), shardings(mesh, context, parameters, plan)
        )
        out = _decoder_core(how, mesh, dims, flat_batch(context, batch), parameters, plan)
        return out.reshape(*batch, *out.shape[1:])

    return decoder_core


def masked_attention_on(mesh: Mesh) -> Callable[..., jax.Array]:
    """`masked_attention(q, kt, v, plan, scale, *, skip=True)` on a mesh; otherwise as `decoder_core_on`.

    The output (…, H, n, d) lies as q does.
    """
    check_mesh(mesh)

    def masked_attention(q: Any, kt: Any, v: Any, plan: BiasPlan, scale: float, *, skip: bool = True) -> jax.Array:
        batch, heads, n, dim = check_attention(q, kt, v)
        check_plan(plan, heads, n)
        check_shares(mesh, batch, heads, n, plan)
        how = how_for(q.dtype, plan, "panels", skip, scale)
        where = named(mesh, (attention_specs(mesh, len(batch)), plan_specs(mesh, plan)))
        qkv, plan = map(jax.device_put, ((q, kt, v), plan), where)
        qkv = tuple(a.reshape(-1, *a.shape[-3:]) for a in qkv)
        return _masked_attention(how, mesh, qkv, plan).reshape(*batch, heads, n, dim)

    return masked_attention


# ---- whole programs; what the pullback needs stays where it is, as one more array axis over all devices


def _stay(saved: Any) -> Any:
    return jax.tree.map(lambda a: a[None], saved)


def _stayed(saved: Any) -> Any:
    return jax.tree.map(lambda a: a[0], saved)


@partial(jax.custom_vjp, nondiff_argnums=(0, 1))
def _attention(how: How, mesh: Mesh, qkv: Any, plan: BiasPlan) -> jax.Array:
    return _attention_run(how, mesh, qkv, plan)[0]


def _attention_run(how: How, mesh: Mesh, qkv: Any, plan: BiasPlan) -> tuple[Any, Any]:
    def run(qkv: Any, plan: BiasPlan) -> tuple[Any, Any]:
        saved = shares.attended(how, mesh, qkv, plan)
        return shares.by_example(saved.heads, how, mesh).astype(how.dtype), _stay(saved)

    where = attention_specs(mesh, 1)
    given = (where, plan_specs(mesh, plan))
    return jax.shard_map(run, mesh=mesh, in_specs=given, out_specs=(where[0], spec(mesh, AXES)))(qkv, plan)


def _attention_forward(how: How, mesh: Mesh, qkv: Any, plan: BiasPlan) -> tuple[Any, Any]:
    qkv, plan = without_tangent("the mask", qkv, plan)
    out, saved = _attention_run(how, mesh, qkv, plan)
    return out, (qkv, plan, saved)


def _attention_backward(how: How, mesh: Mesh, kept: Any, g: Any) -> tuple[Any, None]:
    def run(qkv: Any, plan: BiasPlan, saved: Any, g: Any) -> Any:
        return shares.attended_pullback(how, mesh, qkv, plan, _stayed(saved), heads_first(g.astype(how.ar.dtype)))

    qkv, plan, saved = kept
    where = attention_specs(mesh, 1)
    given = (where, plan_specs(mesh, plan), spec(mesh, AXES), where[0])
    return jax.shard_map(run, mesh=mesh, in_specs=given, out_specs=where)(qkv, plan, saved, g), None


_attention.defvjp(_attention_forward, _attention_backward, symbolic_zeros=True)
_masked_attention = jax.jit(_attention, static_argnums=(0, 1))


@partial(jax.custom_vjp, nondiff_argnums=(0, 1, 2))
def _core(
    how: How, mesh: Mesh, dims: Dims, context: BlockContext, parameters: BlockParameters, plan: BiasPlan
) -> jax.Array:
    return _core_run(how, mesh, dims, context, parameters, plan)[0]


def _core_run(how: How, mesh: Mesh, dims: Dims, *arguments: Any) -> tuple[Any, Any]:
    def run(context: BlockContext, parameters: BlockParameters, plan: BiasPlan) -> tuple[Any, Any]:
        attended = shares.attended(how, mesh, context[:3], plan)
        residual, *norms = rows_of(how, context)
        maps = shares.own_maps(how, mesh, dims, parameters)
        y, saved = after_attention(how.ar, maps, shares.by_example(attended.heads, how, mesh), residual, tuple(norms))
        return y.astype(how.dtype), _stay((attended, saved))

    given = specs(mesh, *arguments)
    return jax.shard_map(run, mesh=mesh, in_specs=given, out_specs=(given[0].residual, spec(mesh, AXES)))(*arguments)


def _core_forward(
    how: How, mesh: Mesh, dims: Dims, context: BlockContext, parameters: BlockParameters, plan: BiasPlan
) -> tuple[Any, Any]:
    arguments = without_tangent("the parameters or the mask", context, parameters, plan)
    y, saved = _core_run(how, mesh, dims, *arguments)
    return y, (*arguments, saved)


def _core_backward(how: How, mesh: Mesh, dims: Dims, kept: Any, g: Any) -> tuple[Any, None, None]:
    def run(context: BlockContext, parameters: BlockParameters, plan: BiasPlan, saved: Any, g: Any) -> BlockContext:
        attended, after = _stayed(saved)
        _, gamma1, _, gamma2, _ = rows_of(how, context)
        maps = shares.own_maps(how, mesh, dims, parameters)
        after, g = shares.decided_by_all(after), g.astype(how.ar.dtype)
        d_heads, d_residual, *d_vectors = after_attention_pullback(how.ar, maps, after, gamma1, gamma2, g)
        d_qkv = shares.attended_pullback(how, mesh, context[:3], plan, attended, heads_first(d_heads))
        vectors = [shares.over_all(d, a).astype(how.dtype) for d, a in zip(d_vectors, context[4:], strict=True)]
        return BlockContext(*d_qkv, d_residual.astype(how.dtype), *vectors)

    context, parameters, plan, saved = kept
    where = specs(mesh, context, parameters, plan)
    given = (*where, spec(mesh, AXES), where[0].residual)
    whole = jax.shard_map(run, mesh=mesh, in_specs=given, out_specs=where[0])
    return whole(context, parameters, plan, saved, g), None, None


_core.defvjp(_core_forward, _core_backward, symbolic_zeros=True)
_decoder_core = jax.jit(_core, static_argnums=(0, 1, 2))
