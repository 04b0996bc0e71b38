"""The decoder core, jitted, with a pullback written by hand."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

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
)
from mirror.jit.arrays import Given, NormWeights, narrowed
from mirror.jit.attention import (
    StaticArguments,
    attended,
    attended_pullback,
    one_batch,
    static_arguments,
)
from mirror.jit.explicit import automatic
from mirror.jit.formulas import Maps, Saved, after_attention, after_attention_pullback
from mirror.jit.numbers import computing_dtype
from mirror.jit.plan import BiasPlan
from mirror.jit.pullback import with_pullback

if TYPE_CHECKING:
    from jaxtyping import Float, PyTree

    from mirror.jit.plan import GivenStrips

    Kept = tuple[PyTree, Saved[jax.Array]]


def decoder_core(
    context: BlockContext[Given],
    parameters: BlockParameters,
    plan: BiasPlan,
    *,
    skip: bool = True,
    schedule: str = "panels",
    path: str = "auto",
) -> Float[jax.Array, "*B n D"]:
    """The block's output (…, n, D), as Lean's `decoderCoreGraph` gives it, in the dtype of the context.

    Differentiable in the context, whose cotangents follow Lean's `backpropVec`. `schedule` is "panels" (fast) or
    "tiles" (skipping changes no bit). Dead tiles are skipped only where that is sound for these queries and
    keys (`mirror.jit.rule`), decided once for the whole batch, and never with `skip=False`. `path` is what computes the
    attention: "xla", "cudnn", "pallas", or "auto" for what was measured to be the fastest on this kind of device.
    Raises `ValueError` and `TypeError` before tracing for arguments that do not fit together.
    """
    context = BlockContext(*context)
    batch, dims = check_context(context)
    check_plan(plan, dims.num_heads, dims.seq_len)
    dims = check_parameters(parameters, dims)
    parameters, plan = fixed_arguments(context, parameters, plan)
    static = static_arguments(context.q.dtype, plan, schedule, skip, parameters.scale, path, dims.head_dim)

    def run(context: BlockContext[Given], parameters: BlockParameters, strips: GivenStrips) -> jax.Array:
        out = _decoder_core(static, dims, flat_batch(context, batch), parameters, strips)
        return out.reshape(*batch, *out.shape[1:])

    return automatic(run, context, context.residual)(context, parameters, plan.strips)


def fixed_arguments(
    context: BlockContext[Given], parameters: BlockParameters, plan: BiasPlan
) -> tuple[BlockParameters, BiasPlan]:
    """Parameters and plan for a program that computes in the context's dtype."""
    dtype = computing_dtype(context.q.dtype)
    return jax.tree.map(partial(narrowed, dtype=dtype), parameters), plan.in_format(dtype)


def flat_batch(context: BlockContext[Given], batch: tuple[int, ...]) -> BlockContext[jax.Array]:
    """The context with one batch axis; a γ or β that the batch shares keeps none."""
    residual = jnp.reshape(context.residual, (-1, *jnp.shape(context.residual)[len(batch) :]))
    vectors = (jnp.asarray(a) if jnp.ndim(a) == 1 else jnp.reshape(a, (-1, 1, jnp.shape(a)[-1])) for a in context.norms)
    return BlockContext(*one_batch(context.qkv), residual, *vectors)


def computed(
    static: StaticArguments, context: BlockContext[jax.Array]
) -> tuple[Float[jax.Array, "B n D"], NormWeights[jax.Array]]:
    """The residual stream and the norms' weights in the computing dtype."""
    residual, *vectors = (a.astype(static.ar.dtype) for a in (context.residual, *context.norms))
    return residual, NormWeights(*vectors)


def computed_maps(static: StaticArguments, dims: Dims, parameters: BlockParameters) -> Maps[jax.Array]:
    """The linear maps and biases in the computing dtype."""
    return maps_of(parameters, dims, partial(jnp.asarray, dtype=static.ar.dtype))


def _core(
    static: StaticArguments,
    dims: Dims,
    context: BlockContext[jax.Array],
    parameters: BlockParameters,
    strips: GivenStrips,
) -> tuple[Float[jax.Array, "B n D"], Kept]:
    heads, attention = attended(static, context.qkv, strips)
    residual, weights = computed(static, context)
    maps = computed_maps(static, dims, parameters)
    y, saved = after_attention(static.ar, maps, heads.astype(static.ar.dtype), residual, weights)
    return y.astype(static.dtype), (attention, saved)


def _core_pullback(
    static: StaticArguments,
    dims: Dims,
    context: BlockContext[jax.Array],
    parameters: BlockParameters,
    strips: GivenStrips,
    kept: Kept,
    g: Float[jax.Array, "B n D"],
) -> BlockContext[jax.Array]:
    attention, saved = kept
    _, weights = computed(static, context)
    maps = computed_maps(static, dims, parameters)
    g = g.astype(static.ar.dtype)
    d_heads, d_residual, d_weights = after_attention_pullback(static.ar, maps, saved, weights, g)
    d_qkv = attended_pullback(static, context.qkv, strips, attention, d_heads)
    vectors = [as_given(d, a).astype(static.dtype) for d, a in zip(d_weights, context.norms, strict=True)]
    return BlockContext(*d_qkv, d_residual.astype(static.dtype), *vectors)


def as_given(cotangents: Float[jax.Array, "B D"], vector: Float[jax.Array, "... D"]) -> Float[jax.Array, "... D"]:
    """The cotangents of a γ or β, summed where the batch shares it."""
    return cotangents.sum(0) if vector.ndim == 1 else cotangents[:, None]


_decoder_core = with_pullback(_core, _core_pullback, static=2, fixed="the parameters or the mask")
