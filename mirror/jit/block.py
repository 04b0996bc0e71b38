"""The decoder core, jitted, with a pullback written by hand."""

from __future__ import annotations

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp

from mirror.dims import Dims
from mirror.jit.arguments import (
    BlockContext,
    BlockParameters,
    check_context,
    check_parameters,
    check_plan,
    maps_of,
    number,
)
from mirror.jit.attention import (
    How,
    batch_first,
    heads_first,
    how_for,
    prepared,
    scheduled,
    scheduled_pullback,
    unprepared,
    without_tangent,
)
from mirror.jit.formulas import after_attention, after_attention_pullback
from mirror.jit.plan import BiasPlan


def decoder_core(
    context: BlockContext, parameters: BlockParameters, plan: BiasPlan, *, skip: bool = True, schedule: str = "panels"
) -> jax.Array:
    """The block's output (…, n, D), as Lean's `decoderCoreGraph` gives it, in the dtype of the context.

    Differentiable in the context, whose cotangents follow Lean's `backpropVec`. `schedule` is "panels" (fast) or
    "tiles" (skipping changes no bit). Dead tiles are skipped only where that is sound for the queries and
    keys it is given (`mirror.jit.rule`), decided once for the whole batch, and never with `skip=False`.
    Raises `ValueError` and `TypeError` before tracing for arguments that do not fit together.
    """
    context = BlockContext(*context)
    batch, dims = check_context(context)
    check_plan(plan, dims.num_heads, dims.seq_len)
    dims = check_parameters(parameters, dims)
    how = how_for(context.q.dtype, plan, schedule, skip, parameters.scale)
    for name in ("eps1", "eps2"):
        number(name, getattr(parameters, name))
    out = _decoder_core(how, dims, flat_batch(context, batch), parameters, plan.strips)
    return out.reshape(*batch, *out.shape[1:])


def flat_batch(context: BlockContext, batch: tuple[int, ...]) -> BlockContext:
    """The context with one batch axis; a γ or β that the batch shares keeps none."""
    entries = [jnp.reshape(a, (-1, *jnp.shape(a)[len(batch) :])) for a in context[:4]]
    shared = [jnp.ndim(a) == 1 for a in context[4:]]
    vectors = [a if s else jnp.reshape(a, (-1, 1, jnp.shape(a)[-1])) for a, s in zip(context[4:], shared, strict=True)]
    return BlockContext(*entries, *vectors)


def _maps(how: How, dims: Dims, parameters: BlockParameters) -> Any:
    return maps_of(parameters, dims, lambda a: jnp.asarray(a, how.ar.dtype))


def rows_of(how: How, context: BlockContext) -> list[Any]:
    return [a.astype(how.ar.dtype) for a in context[3:]]


@partial(jax.custom_vjp, nondiff_argnums=(0, 1))
def _core(how: How, dims: Dims, context: BlockContext, parameters: BlockParameters, strips: Any) -> jax.Array:
    return _forward(how, dims, context, parameters, strips)[0]


def _forward(how: How, dims: Dims, context: BlockContext, parameters: BlockParameters, strips: Any) -> tuple[Any, Any]:
    qkv, rows = prepared(how, context[:3], strips)
    attended = scheduled(how, qkv, rows)
    residual, gamma1, beta1, gamma2, beta2 = rows_of(how, context)
    maps = _maps(how, dims, parameters)
    y, saved = after_attention(
        how.ar, maps, batch_first(attended.heads, how.layout.heads), residual, (gamma1, beta1, gamma2, beta2)
    )
    return y.astype(how.dtype), (attended, saved)


def _core_forward(
    how: How, dims: Dims, context: BlockContext, parameters: BlockParameters, strips: Any
) -> tuple[Any, Any]:
    context, parameters, strips = without_tangent("the parameters or the mask", context, parameters, strips)
    y, saved = _forward(how, dims, context, parameters, strips)
    return y, (context, parameters, strips, saved)


def _core_backward(how: How, dims: Dims, kept: Any, g: Any) -> tuple[Any, None, None]:
    context, parameters, strips, (attended, saved) = kept
    _, gamma1, _, gamma2, _ = rows_of(how, context)
    maps = _maps(how, dims, parameters)
    g = g.astype(how.ar.dtype)
    d_heads, d_residual, *d_vectors = after_attention_pullback(how.ar, maps, saved, gamma1, gamma2, g)
    qkv, rows = prepared(how, context[:3], strips)
    d_qkv = unprepared(how, scheduled_pullback(how, qkv, rows, attended, heads_first(d_heads)))
    vectors = [as_given(d, a).astype(how.dtype) for d, a in zip(d_vectors, context[4:], strict=True)]
    return BlockContext(*d_qkv, d_residual.astype(how.dtype), *vectors), None, None


def as_given(cotangent: Any, vector: Any) -> Any:
    """The cotangents (B, D) of a vector, summed where the batch shares it."""
    return cotangent.sum(0) if vector.ndim == 1 else cotangent[:, None]


_core.defvjp(_core_forward, _core_backward, symbolic_zeros=True)
_decoder_core = jax.jit(_core, static_argnums=(0, 1))
