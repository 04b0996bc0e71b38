"""The masked attention, jitted: its schedules, when they skip, and a pullback written by hand."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import jax
import jax.numpy as jnp
from flint import fmpq
from jax import lax

from mirror.jit import panels, tiles
from mirror.jit.arguments import check_attention, check_plan, number
from mirror.jit.arrays import QKV, Given
from mirror.jit.formulas import Attended, backward_rows
from mirror.jit.numbers import Jitted, numbers_for
from mirror.jit.plan import BiasPlan, TileLayout
from mirror.jit.pullback import with_pullback
from mirror.jit.rule import may_skip
from mirror.jit.schedule import Schedule

if TYPE_CHECKING:
    from jax.typing import DTypeLike
    from jaxtyping import Float

    from mirror.jit.plan import GivenStrips, Strips

T = TypeVar("T")

SCHEDULES: dict[str, Schedule] = {"panels": panels, "tiles": tiles}


def masked_attention(
    q: Float[Given, "*B H n d"],
    kt: Float[Given, "*B H d n"],
    v: Float[Given, "*B H n d"],
    plan: BiasPlan,
    scale: float,
    *,
    skip: bool = True,
    schedule: str = "panels",
) -> Float[jax.Array, "*B H n d"]:
    """softmax(scale·q kt + mask)·v, (…, H, n, d), differentiable in q, kt and v.

    Options and errors as for `decoder_core`.
    """
    qkv = QKV(q, kt, v)
    batch, heads, n, dim = check_attention(qkv)
    check_plan(plan, heads, n)
    static = static_arguments(q.dtype, plan, schedule, skip, scale)
    out = _masked_attention(static, one_batch(qkv), plan.strips)
    return out.reshape(*batch, heads, n, dim)


def one_batch(qkv: QKV[Given]) -> QKV[jax.Array]:
    """The arrays with one batch axis."""
    return QKV(*(jnp.reshape(a, (-1, *jnp.shape(a)[-3:])) for a in qkv))


class StaticArguments(NamedTuple):
    """What a program is compiled for, besides shapes."""

    ar: Jitted
    dtype: str
    layout: TileLayout
    schedule: str
    skip: bool
    scale: fmpq


def static_arguments(dtype: DTypeLike, plan: BiasPlan, schedule: str, skip: bool, scale: float) -> StaticArguments:
    """Raises `ValueError` for a schedule or a scale that there is not, `TypeError` for a scale that is no number."""
    if schedule not in SCHEDULES:
        raise ValueError(f"schedule is {schedule!r}, expected one of {', '.join(SCHEDULES)}")
    name = jnp.dtype(dtype).name
    return StaticArguments(numbers_for(name), name, plan.layout, schedule, bool(skip), number("scale", scale))


# ---- masked attention on (B, H, n, d), computed on (H·B, n, d): heads outside, because the batch shares a mask


def heads_first(a: Float[jax.Array, "B H n d"]) -> Float[jax.Array, "HB n d"]:
    return a.swapaxes(0, 1).reshape(-1, *a.shape[2:])


def batch_first(a: Float[jax.Array, "HB n d"], heads: int) -> Float[jax.Array, "B H n d"]:
    return a.reshape(heads, -1, *a.shape[1:]).swapaxes(0, 1)


def scheduled(static: StaticArguments, qkv: QKV[jax.Array], strips: Strips) -> Attended[jax.Array]:
    """Queries, keys and values (H·B, ..) in the computing dtype."""
    return _skipping(static, SCHEDULES[static.schedule].forward, qkv, (qkv.v,), strips)


def scheduled_pullback(
    static: StaticArguments,
    qkv: QKV[jax.Array],
    strips: Strips,
    saved: Attended[jax.Array],
    g: Float[jax.Array, "HB n d"],
) -> QKV[jax.Array]:
    """The cotangents of queries, keys and values at a cotangent of the heads' output."""
    rows = backward_rows(static.ar, saved, g)
    return _skipping(static, SCHEDULES[static.schedule].pullback, qkv, (qkv.v, rows.g), strips, rows)


def _skipping(
    static: StaticArguments,
    run: Callable[..., T],
    qkv: QKV[jax.Array],
    finite: tuple[jax.Array, ...],
    *rest: tuple[jax.Array, ...],
) -> T:
    """Run with dead tiles skipped where that is sound, else with every tile."""
    scale = static.ar.constant(static.scale)
    skipping, whole = (partial(run, static.ar, static.layout, skip, scale) for skip in (True, False))
    if not static.skip or not SCHEDULES[static.schedule].can_skip(static.layout):
        return whole(qkv, *rest)
    sound = may_skip(static.ar, static.layout, scale, qkv.q, qkv.kt, finite)
    return lax.cond(sound, skipping, whole, qkv, *rest)


def prepared(static: StaticArguments, qkv: QKV[jax.Array], strips: GivenStrips) -> tuple[QKV[jax.Array], Strips]:
    """Queries, keys and values (H·B, ..) and the strips, in the computing dtype."""
    rows = tuple(jnp.asarray(s, static.ar.dtype) for s in strips)
    return QKV(*(heads_first(a.astype(static.ar.dtype)) for a in qkv)), rows


def unprepared(static: StaticArguments, cotangents: QKV[jax.Array]) -> QKV[jax.Array]:
    """The cotangents (B, H, ..) in the dtype of the arguments."""
    return QKV(*(batch_first(a, static.layout.heads).astype(static.dtype) for a in cotangents))


def _attention(
    static: StaticArguments, qkv: QKV[jax.Array], strips: GivenStrips
) -> tuple[Float[jax.Array, "B H n d"], Attended[jax.Array]]:
    saved = scheduled(static, *prepared(static, qkv, strips))
    return batch_first(saved.heads, static.layout.heads).astype(static.dtype), saved


def _attention_pullback(
    static: StaticArguments,
    qkv: QKV[jax.Array],
    strips: GivenStrips,
    saved: Attended[jax.Array],
    g: Float[jax.Array, "B H n d"],
) -> QKV[jax.Array]:
    ready, rows = prepared(static, qkv, strips)
    return unprepared(static, scheduled_pullback(static, ready, rows, saved, heads_first(g.astype(static.ar.dtype))))


_masked_attention = with_pullback(_attention, _attention_pullback, static=1, fixed="the mask")
