"""The masked attention, jitted: its schedules, when they skip, and a pullback written by hand."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from flint import fmpq
from jax import lax

from mirror.jit import panels, tiles
from mirror.jit.arguments import check_attention, check_plan, number
from mirror.jit.formulas import Attended, backward
from mirror.jit.numbers import Jitted, numbers_for
from mirror.jit.plan import BiasPlan, TileLayout
from mirror.jit.rule import may_skip

SCHEDULES = {"panels": panels, "tiles": tiles}


def masked_attention(
    q: Any, kt: Any, v: Any, plan: BiasPlan, scale: float, *, skip: bool = True, schedule: str = "panels"
) -> jax.Array:
    """softmax(scale·q kt + mask)·v, (…, H, n, d), differentiable in q, kt and v.

    Options and errors as for `decoder_core`.
    """
    batch, heads, n, dim = check_attention(q, kt, v)
    check_plan(plan, heads, n)
    how = how_for(q.dtype, plan, schedule, skip, scale)
    one_batch = lambda a: jnp.reshape(a, (-1, *jnp.shape(a)[-3:]))  # noqa: E731
    out = _masked_attention(how, (one_batch(q), one_batch(kt), one_batch(v)), plan.strips)
    return out.reshape(*batch, heads, n, dim)


class How(NamedTuple):
    """What a program is compiled for, besides shapes."""

    ar: Jitted
    dtype: str
    layout: TileLayout
    schedule: str
    skip: bool
    scale: fmpq


def how_for(dtype: Any, plan: BiasPlan, schedule: str, skip: bool, scale: Any) -> How:
    if schedule not in SCHEDULES:
        raise ValueError(f"schedule is {schedule!r}, expected one of {', '.join(SCHEDULES)}")
    name = jnp.dtype(dtype).name
    return How(numbers_for(name), name, plan.layout, schedule, bool(skip), number("scale", scale))


# ---- masked attention on (B, H, n, d), computed on (H·B, n, d): heads outside, because the batch shares a mask


def heads_first(a: jax.Array) -> jax.Array:
    return a.swapaxes(0, 1).reshape(-1, *a.shape[2:])


def batch_first(a: jax.Array, heads: int) -> jax.Array:
    return a.reshape(heads, -1, *a.shape[1:]).swapaxes(0, 1)


def scheduled(how: How, qkv: tuple[Any, Any, Any], strips: Any) -> Attended:
    """Queries, keys and values (H·B, ..) in the computing dtype."""
    return _skipping(how, SCHEDULES[how.schedule].forward, qkv, (qkv[2],), strips)


def scheduled_pullback(
    how: How, qkv: tuple[Any, Any, Any], strips: Any, saved: Attended, g: Any
) -> tuple[Any, Any, Any]:
    back = backward(how.ar, saved, g)
    return _skipping(how, SCHEDULES[how.schedule].pullback, qkv, (qkv[2], back.g), strips, back)


def _skipping(how: How, run: Any, qkv: tuple[Any, Any, Any], finite: tuple[Any, ...], *rest: Any) -> Any:
    """Run with dead tiles skipped where that is sound, else with every tile."""
    scale = how.ar.constant(how.scale)
    skipping, whole = (partial(run, how.ar, how.layout, skip, scale) for skip in (True, False))
    if not how.skip or not SCHEDULES[how.schedule].can_skip(how.layout):
        return whole(*qkv, *rest)
    sound = may_skip(how.ar, how.layout, scale, qkv[0], qkv[1], finite)
    return lax.cond(sound, skipping, whole, *qkv, *rest)


def prepared(how: How, qkv: Any, strips: Any) -> tuple[Any, Any]:
    rows = tuple(jnp.asarray(s, how.ar.dtype) for s in strips)
    return tuple(heads_first(a.astype(how.ar.dtype)) for a in qkv), rows


def unprepared(how: How, found: tuple[Any, Any, Any]) -> tuple[Any, Any, Any]:
    return tuple(batch_first(a, how.layout.heads).astype(how.dtype) for a in found)  # type: ignore[return-value]


@partial(jax.custom_vjp, nondiff_argnums=(0,))
def _attention(how: How, qkv: Any, strips: Any) -> jax.Array:
    qkv, strips = prepared(how, qkv, strips)
    return batch_first(scheduled(how, qkv, strips).heads, how.layout.heads).astype(how.dtype)


def _attention_forward(how: How, qkv: Any, strips: Any) -> tuple[Any, Any]:
    qkv, strips = without_tangent("the mask", qkv, strips)
    ready, rows = prepared(how, qkv, strips)
    saved = scheduled(how, ready, rows)
    return batch_first(saved.heads, how.layout.heads).astype(how.dtype), (qkv, strips, saved)


def _attention_backward(how: How, kept: Any, g: Any) -> tuple[Any, Any]:
    qkv, strips, saved = kept
    ready, rows = prepared(how, qkv, strips)
    found = scheduled_pullback(how, ready, rows, saved, heads_first(g.astype(how.ar.dtype)))
    return unprepared(how, found), None


_attention.defvjp(_attention_forward, _attention_backward, symbolic_zeros=True)
_masked_attention = jax.jit(_attention, static_argnums=0)


def without_tangent(what: str, differentiated: Any, *fixed: Any) -> tuple[Any, ...]:
    """The plain values; raises `TypeError` where somebody differentiates with respect to a fixed argument.

    A gradient of 0 would be wrong and nobody would notice.
    """
    if any(leaf.perturbed for leaf in jax.tree.leaves(fixed)):
        raise TypeError(
            f"the pullback has no cotangent for {what}: the theorem differentiates the context entries alone; "
            "differentiate with respect to them, or apply jax.lax.stop_gradient to the others"
        )
    return tuple(jax.tree.map(lambda leaf: leaf.value, tree) for tree in (differentiated, *fixed))
