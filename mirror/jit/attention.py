"""The masked attention, jitted: its paths and schedules, when they skip, and a pullback written by hand."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import jax
import jax.numpy as jnp
from flint import fmpq
from jax import lax

from mirror.jit import cudnn, panels, tiles
from mirror.jit.arguments import check_attention, check_plan, number
from mirror.jit.arrays import QKV, Given
from mirror.jit.explicit import automatic
from mirror.jit.formulas import Attended, backward_rows
from mirror.jit.numbers import Jitted, computing_dtype, numbers_for
from mirror.jit.paths import Requested, path_for, refusal
from mirror.jit.plan import BiasPlan, TileLayout
from mirror.jit.pullback import with_pullback
from mirror.jit.rule import may_skip
from mirror.jit.schedule import Schedule
from mirror.jit.second import differentiated_as

if TYPE_CHECKING:
    from jax.typing import DTypeLike
    from jaxtyping import Bool, Float, PyTree

    from mirror.jit.plan import GivenStrips, Strips

T = TypeVar("T")

# What XLA is given, in one order or the other.
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
    path: str = "auto",
) -> Float[jax.Array, "*B H n d"]:
    """softmax(scale·q kt + mask)·v, (…, H, n, d), differentiable in q, kt and v.

    Options and errors as for `decoder_core`.
    """
    qkv = QKV(q, kt, v)
    batch, heads, n, dim = check_attention(qkv)
    check_plan(plan, heads, n)
    plan = plan.in_format(computing_dtype(q.dtype))
    static = static_arguments(q.dtype, plan, schedule, skip, scale, path, dim)

    def run(qkv: QKV[Given], strips: GivenStrips) -> jax.Array:
        return _masked_attention(static, one_batch(qkv), strips).reshape(*batch, heads, n, dim)

    return automatic(run, qkv, q)(qkv, plan.strips)


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
    path: str

    @property
    def order(self) -> Schedule:
        """In which order the scores are computed."""
        if self.path == "pallas":
            from mirror.jit import kernels  # Pallas takes a while to import, and few ask for it

            return kernels
        return SCHEDULES[self.schedule]

    @property
    def loaded(self) -> str:
        """The dtype in which queries, keys and values are taken: XLA turns them where it uses them."""
        return self.ar.operand if self.path == "pallas" else self.ar.dtype


def static_arguments(
    dtype: DTypeLike, plan: BiasPlan, schedule: str, skip: bool, scale: float, path: str, dim: int
) -> StaticArguments:
    """Raises `ValueError` for a schedule, path or scale that there is not, `TypeError` for a scale of another type."""
    if schedule not in SCHEDULES:
        raise ValueError(f"schedule is {schedule!r}, expected one of {', '.join(SCHEDULES)}")
    name, layout, factor = jnp.dtype(dtype).name, plan.layout, number("scale", scale)
    chosen = path_for(path, schedule, Requested(name, layout, dim, bool(skip)))
    compiled = layout if chosen == "cudnn" else layout.unnamed
    return StaticArguments(numbers_for(name), name, compiled, schedule, bool(skip), factor, chosen)


# ---- masked attention on (B, H, n, d), computed on (H·B, n, d): heads outside, because the batch shares a mask


def heads_first(a: Float[jax.Array, "B H n d"]) -> Float[jax.Array, "HB n d"]:
    return a.swapaxes(0, 1).reshape(-1, *a.shape[2:])


def batch_first(a: Float[jax.Array, "HB n d"], heads: int) -> Float[jax.Array, "B H n d"]:
    return a.reshape(heads, -1, *a.shape[1:]).swapaxes(0, 1)


def scheduled(static: StaticArguments, qkv: QKV[jax.Array], strips: Strips) -> Attended[jax.Array]:
    """Queries, keys and values (H·B, ..) in the computing dtype."""
    return _skipping(static, static.order.forward, qkv, (qkv.v,), strips)


def scheduled_pullback(
    static: StaticArguments,
    qkv: QKV[jax.Array],
    strips: Strips,
    saved: Attended[jax.Array],
    g: Float[jax.Array, "HB n d"],
) -> QKV[jax.Array]:
    """The cotangents of queries, keys and values at a cotangent of the heads' output."""
    rows = backward_rows(static.ar, saved, g)
    rows = rows._replace(g=rows.g.astype(static.loaded))
    return _skipping(static, static.order.pullback, qkv, (qkv.v, rows.g), strips, rows)


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
    gap = static.layout.gap
    if gap is None or not static.skip or not static.order.can_skip(static.layout):
        return whole(qkv, *rest)
    sound = may_skip(static.ar, gap, scale, qkv.q, qkv.kt, finite)
    return lax.cond(sound, skipping, whole, qkv, *rest)


def prepared(static: StaticArguments, qkv: QKV[jax.Array], strips: GivenStrips) -> tuple[QKV[jax.Array], Strips]:
    """Queries, keys and values (H·B, ..) as the path takes them, and the strips in 16 bits or the computing dtype."""
    rows = tuple(jnp.asarray(s, None if s.dtype.itemsize == 2 else static.ar.dtype) for s in strips)
    return QKV(*(heads_first(a.astype(static.loaded)) for a in qkv)), rows


def unprepared(static: StaticArguments, cotangents: QKV[jax.Array]) -> QKV[jax.Array]:
    """The cotangents (B, H, ..) in the dtype of the arguments."""
    return QKV(*(batch_first(a, static.layout.heads).astype(static.dtype) for a in cotangents))


def attended(
    static: StaticArguments, qkv: QKV[jax.Array], strips: GivenStrips
) -> tuple[Float[jax.Array, "B H n d"], PyTree]:
    """The heads' output for queries, keys and values (B, H, ..) as given, and what its pullback needs."""
    if static.path == "xla":
        return _by_schedule(static, qkv, strips)
    run = _by_cudnn if static.path == "cudnn" else _by_schedule
    return differentiated_as(partial(_by_xla, static), partial(run, static), qkv, strips)


def _by_schedule(
    static: StaticArguments, qkv: QKV[jax.Array], strips: GivenStrips
) -> tuple[Float[jax.Array, "B H n d"], Attended[jax.Array]]:
    saved = scheduled(static, *prepared(static, qkv, strips))
    return batch_first(saved.heads, static.layout.heads), saved


def _by_cudnn(
    static: StaticArguments, qkv: QKV[jax.Array], strips: GivenStrips
) -> tuple[Float[jax.Array, "B H n d"], PyTree]:
    in_full = _in_full(static, strips, qkv.q.shape[-1])
    return cudnn.attended(static.layout, float(static.scale), _told_is_sound(static, qkv), in_full, qkv)


def _by_xla(static: StaticArguments, qkv: QKV[jax.Array], strips: GivenStrips) -> Float[jax.Array, "B H n d"]:
    """The same heads' output, in the same format."""
    return _by_schedule(static._replace(path="xla"), qkv, strips)[0].astype(static.ar.operand)


def attended_pullback(
    static: StaticArguments,
    qkv: QKV[jax.Array],
    strips: GivenStrips,
    saved: PyTree,
    g: Float[jax.Array, "B H n d"],
) -> QKV[jax.Array]:
    """The cotangents of queries, keys and values, as given, at a cotangent of the heads' output."""
    if static.path == "xla":
        return _pullback_by_schedule(static, qkv, strips, saved, g)
    plain, run = partial(_pullback_by_xla, static), partial(_pullback_by_path, static)
    return differentiated_as(plain, run, qkv, strips, saved, g)[0]


def _pullback_by_schedule(
    static: StaticArguments, qkv: QKV[jax.Array], strips: GivenStrips, saved: Attended[jax.Array], g: jax.Array
) -> QKV[jax.Array]:
    ready, rows = prepared(static, qkv, strips)
    return unprepared(static, scheduled_pullback(static, ready, rows, saved, heads_first(g.astype(static.ar.dtype))))


def _pullback_by_path(
    static: StaticArguments, qkv: QKV[jax.Array], strips: GivenStrips, saved: PyTree, g: jax.Array
) -> tuple[QKV[jax.Array], tuple[()]]:
    if static.path == "pallas":
        return _pullback_by_schedule(static, qkv, strips, saved, g), ()
    in_full = _in_full(static, strips, qkv.q.shape[-1])
    return cudnn.attended_pullback(static.layout, float(static.scale), in_full, qkv, saved, g.astype(static.dtype)), ()


def _pullback_by_xla(
    static: StaticArguments, qkv: QKV[jax.Array], strips: GivenStrips, _: PyTree, g: jax.Array
) -> QKV[jax.Array]:
    static = static._replace(path="xla")
    return _pullback_by_schedule(static, qkv, strips, _by_schedule(static, qkv, strips)[1], g)


def _told_is_sound(static: StaticArguments, qkv: QKV[jax.Array]) -> Bool[jax.Array, ""]:
    """Whether what cuDNN leaves out weighs exactly 0."""
    if (band := static.layout.band) is None:
        return jnp.asarray(True)
    return may_skip(static.ar, band.gap, static.ar.constant(static.scale), qkv.q, qkv.kt, (qkv.v,))


def _in_full(static: StaticArguments, strips: GivenStrips, dim: int) -> Callable[[QKV[jax.Array]], jax.Array]:
    """The same without cuDNN, every tile computed: by the kernels where they can, which take less memory than XLA."""
    layout = static.layout
    refused = refusal("pallas", Requested(static.dtype, layout, dim, skip=False))
    full = static._replace(path="xla" if refused else "pallas", skip=False)

    def attended_in_full(qkv: QKV[jax.Array]) -> jax.Array:
        return _masked_attention(full, qkv, strips)

    return attended_in_full


def _attention(
    static: StaticArguments, qkv: QKV[jax.Array], strips: GivenStrips
) -> tuple[Float[jax.Array, "B H n d"], PyTree]:
    heads, saved = attended(static, qkv, strips)
    return heads.astype(static.dtype), saved


_masked_attention = with_pullback(_attention, attended_pullback, static=1, fixed="the mask")
