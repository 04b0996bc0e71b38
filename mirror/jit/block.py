"""The decoder core and the masked attention, jitted, with a pullback written by hand."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from flint import fmpq
from jax import lax

from mirror.jit import panels, tiles
from mirror.jit.arguments import (
    Context,
    Parameters,
    Sizes,
    check_attention,
    check_context,
    check_parameters,
    check_plan,
    maps_of,
    number,
)
from mirror.jit.formulas import Attended, after_attention, after_attention_pullback
from mirror.jit.numbers import Jitted, numbers_for
from mirror.jit.plan import BiasPlan, Layout
from mirror.jit.rule import may_skip

SCHEDULES = {"panels": panels, "tiles": tiles}


def decoder_core(
    context: Context, parameters: Parameters, plan: BiasPlan, *, skip: bool = True, schedule: str = "panels"
) -> jax.Array:
    """The block's output (…, n, D), as Lean's `decoderCoreGraph` gives it, in the dtype of the context.

    Differentiable in the context, whose cotangents follow Lean's `backpropVec`. `schedule` is "panels" (fast) or
    "tiles" (skipping changes no bit). Dead tiles are skipped only where that is sound for the queries and
    keys at hand (`mirror.jit.rule`), decided once for the whole batch, and never with `skip=False`.
    Raises `ValueError` and `TypeError` before tracing for arguments that do not fit together.
    """
    context = Context(*context)
    batch, sizes = check_context(context)
    check_plan(plan, sizes.heads, sizes.seq_len)
    sizes = check_parameters(parameters, sizes)
    how = _how(context.q.dtype, plan, schedule, skip, parameters.scale)
    for name in ("eps1", "eps2"):
        number(name, getattr(parameters, name))
    out = _decoder_core(how, sizes, _flat_batch(context, batch), parameters, plan.strips)
    return out.reshape(*batch, *out.shape[1:])


def masked_attention(
    q: Any, kt: Any, v: Any, plan: BiasPlan, scale: float, *, skip: bool = True, schedule: str = "panels"
) -> jax.Array:
    """softmax(scale·q kt + mask)·v, (…, H, n, d), differentiable in q, kt and v.

    Options and errors as for `decoder_core`.
    """
    batch, heads, n, dim = check_attention(q, kt, v)
    check_plan(plan, heads, n)
    how = _how(q.dtype, plan, schedule, skip, scale)
    one_batch = lambda a: jnp.reshape(a, (-1, *jnp.shape(a)[-3:]))  # noqa: E731
    out = _masked_attention(how, (one_batch(q), one_batch(kt), one_batch(v)), plan.strips)
    return out.reshape(*batch, heads, n, dim)


class How(NamedTuple):
    """What a program is compiled for, besides shapes."""

    ar: Jitted
    dtype: str
    layout: Layout
    schedule: str
    skip: bool
    scale: fmpq


def _how(dtype: Any, plan: BiasPlan, schedule: str, skip: bool, scale: Any) -> How:
    if schedule not in SCHEDULES:
        raise ValueError(f"schedule is {schedule!r}, expected one of {', '.join(SCHEDULES)}")
    name = jnp.dtype(dtype).name
    return How(numbers_for(name), name, plan.layout, schedule, bool(skip), number("scale", scale))


def _flat_batch(context: Context, batch: tuple[int, ...]) -> Context:
    """The context with one batch axis; a γ or β that the batch shares keeps none."""
    entries = [jnp.reshape(a, (-1, *jnp.shape(a)[len(batch) :])) for a in context[:4]]
    shared = [jnp.ndim(a) == 1 for a in context[4:]]
    vectors = [a if s else jnp.reshape(a, (-1, 1, jnp.shape(a)[-1])) for a, s in zip(context[4:], shared, strict=True)]
    return Context(*entries, *vectors)


# ---- masked attention on (B, H, n, d), computed on (H·B, n, d): heads outside, because the batch shares a mask


def _heads_first(a: jax.Array) -> jax.Array:
    return a.swapaxes(0, 1).reshape(-1, *a.shape[2:])


def _batch_first(a: jax.Array, heads: int) -> jax.Array:
    return a.reshape(heads, -1, *a.shape[1:]).swapaxes(0, 1)


def _attend(how: How, qkv: tuple[Any, Any, Any], strips: Any) -> Attended:
    """Scaled queries, keys and values (H·B, ..) in the computing dtype."""
    run = SCHEDULES[how.schedule].forward
    return _skipping(how, qkv, (qkv[2],), lambda skip, *a: run(how.ar, how.layout, skip, *a), *qkv, strips)


def _attend_pullback(how: How, qkv: tuple[Any, Any, Any], strips: Any, saved: Attended, g: Any) -> tuple[Any, Any, Any]:
    run = SCHEDULES[how.schedule].pullback
    finite = (qkv[2], g)
    return _skipping(how, qkv, finite, lambda skip, *a: run(how.ar, how.layout, skip, *a), *qkv, strips, saved, g)


def _skipping(how: How, qkv: tuple[Any, Any, Any], finite: tuple[Any, ...], run: Any, *arguments: Any) -> Any:
    """Run with dead tiles skipped where that is sound, else with every tile."""
    if not how.skip or how.layout.gap is None:
        return run(False, *arguments)
    sound = may_skip(how.ar, how.layout, qkv[0], qkv[1], finite)
    return lax.cond(sound, partial(run, True), partial(run, False), *arguments)


def _prepared(how: How, qkv: Any, strips: Any) -> tuple[Any, Any]:
    q, kt, v = (_heads_first(a.astype(how.ar.dtype)) for a in qkv)
    rows = tuple(jnp.asarray(s, how.ar.dtype) for s in strips)
    return (q * how.ar.constant(how.scale), kt, v), rows


def _unprepared(how: How, found: tuple[Any, Any, Any]) -> tuple[Any, Any, Any]:
    d_q, d_kt, d_v = found
    out = (d_q * how.ar.constant(how.scale), d_kt, d_v)
    return tuple(_batch_first(a, how.layout.heads).astype(how.dtype) for a in out)  # type: ignore[return-value]


@partial(jax.custom_vjp, nondiff_argnums=(0,))
def _attention(how: How, qkv: Any, strips: Any) -> jax.Array:
    qkv, strips = _prepared(how, qkv, strips)
    return _batch_first(_attend(how, qkv, strips).heads, how.layout.heads).astype(how.dtype)


def _attention_forward(how: How, qkv: Any, strips: Any) -> tuple[Any, Any]:
    qkv, strips = _without_tangent("the mask", qkv, strips)
    prepared, rows = _prepared(how, qkv, strips)
    saved = _attend(how, prepared, rows)
    return _batch_first(saved.heads, how.layout.heads).astype(how.dtype), (qkv, strips, saved)


def _attention_backward(how: How, kept: Any, g: Any) -> tuple[Any, Any]:
    qkv, strips, saved = kept
    prepared, rows = _prepared(how, qkv, strips)
    found = _attend_pullback(how, prepared, rows, saved, _heads_first(g.astype(how.ar.dtype)))
    return _unprepared(how, found), None


_attention.defvjp(_attention_forward, _attention_backward, symbolic_zeros=True)
_masked_attention = jax.jit(_attention, static_argnums=0)


def _without_tangent(what: str, differentiated: Any, *fixed: Any) -> tuple[Any, ...]:
    """The plain values; raises `TypeError` where somebody differentiates with respect to a fixed argument.

    A gradient of 0 would be wrong and nobody would notice.
    """
    if any(leaf.perturbed for leaf in jax.tree.leaves(fixed)):
        raise TypeError(
            f"the pullback has no cotangent for {what}: the theorem differentiates the context entries alone; "
            "differentiate with respect to them, or apply jax.lax.stop_gradient to the others"
        )
    return tuple(jax.tree.map(lambda leaf: leaf.value, tree) for tree in (differentiated, *fixed))


# ---- the block


def _maps(how: How, sizes: Sizes, parameters: Parameters) -> Any:
    return maps_of(parameters, sizes, lambda a: jnp.asarray(a, how.ar.dtype))


def _rows(how: How, context: Context) -> list[Any]:
    return [a.astype(how.ar.dtype) for a in context[3:]]


@partial(jax.custom_vjp, nondiff_argnums=(0, 1))
def _core(how: How, sizes: Sizes, context: Context, parameters: Parameters, strips: Any) -> jax.Array:
    return _forward(how, sizes, context, parameters, strips)[0]


def _forward(how: How, sizes: Sizes, context: Context, parameters: Parameters, strips: Any) -> tuple[Any, Any]:
    qkv, rows = _prepared(how, context[:3], strips)
    attended = _attend(how, qkv, rows)
    residual, gamma1, beta1, gamma2, beta2 = _rows(how, context)
    maps = _maps(how, sizes, parameters)
    y, saved = after_attention(
        how.ar, maps, _batch_first(attended.heads, how.layout.heads), residual, (gamma1, beta1, gamma2, beta2)
    )
    return y.astype(how.dtype), (attended, saved)


def _core_forward(how: How, sizes: Sizes, context: Context, parameters: Parameters, strips: Any) -> tuple[Any, Any]:
    context, parameters, strips = _without_tangent("the parameters or the mask", context, parameters, strips)
    y, saved = _forward(how, sizes, context, parameters, strips)
    return y, (context, parameters, strips, saved)


def _core_backward(how: How, sizes: Sizes, kept: Any, g: Any) -> tuple[Any, None, None]:
    context, parameters, strips, (attended, saved) = kept
    _, gamma1, _, gamma2, _ = _rows(how, context)
    maps = _maps(how, sizes, parameters)
    g = g.astype(how.ar.dtype)
    d_heads, d_residual, *d_vectors = after_attention_pullback(how.ar, maps, saved, gamma1, gamma2, g)
    qkv, rows = _prepared(how, context[:3], strips)
    d_qkv = _unprepared(how, _attend_pullback(how, qkv, rows, attended, _heads_first(d_heads)))
    vectors = [_as_given(d, a).astype(how.dtype) for d, a in zip(d_vectors, context[4:], strict=True)]
    return Context(*d_qkv, d_residual.astype(how.dtype), *vectors), None, None


def _as_given(cotangent: Any, vector: Any) -> Any:
    """The cotangents (B, D) of a vector, summed where the batch shares it."""
    return cotangent.sum(0) if vector.ndim == 1 else cotangent[:, None]


_core.defvjp(_core_forward, _core_backward, symbolic_zeros=True)
_decoder_core = jax.jit(_core, static_argnums=(0, 1))
