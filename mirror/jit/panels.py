"""Masked attention by panels of queries against their live keys.

The panels are unrolled, so the compiler sees each span's length. On a CPU heads are taken in groups whose scores stay
in cache, on an accelerator all at once; no array grows with the square of the number of positions. What is skipped,
and when that is sound, is the business of `mirror.jit.rule`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import jax
import jax.numpy as jnp
from jax import lax

from mirror.jit.arrays import QKV, AddBias
from mirror.jit.formulas import Attended, BackwardRows, attend, attend_pullback
from mirror.jit.numbers import Jitted, barrier
from mirror.jit.plan import BiasTerm, Panel, TileLayout

if TYPE_CHECKING:
    from jaxtyping import Float

    from mirror.jit.plan import Strips

    Arrays = tuple[Float[jax.Array, "HB _ _"], ...]

# Up to so many panels the compiler may compute in any order, which is faster; more of them wait for each other.
TOGETHER = 8

T = TypeVar("T")


def can_skip(layout: TileLayout) -> bool:
    """Whether a panel has dead tiles at its ends; those between live ones it computes."""
    return layout.live != layout.whole


def forward(
    ar: Jitted, layout: TileLayout, skip: bool, scale: Float[jax.Array, ""], qkv: QKV[jax.Array], strips: Strips
) -> Attended[jax.Array]:
    """As `Schedule.forward`."""
    panels = layout.live if skip else layout.whole

    def one_group(qkv: QKV[jax.Array], strips: Strips) -> Attended[jax.Array]:
        def panel(p: Panel) -> tuple[Attended[jax.Array], tuple[()]]:
            return attend(ar, _part(p, qkv, scale), bias_of(p, strips)), ()

        column = jnp.zeros_like(qkv.q[..., :1])
        return Attended(*_each(panels, panel, (jnp.zeros_like(qkv.q), column, column), ())[0])

    return _by_groups(one_group, layout.heads, _group(ar, panels, qkv.q, layout.heads), strips, qkv)


def pullback(
    ar: Jitted,
    layout: TileLayout,
    skip: bool,
    scale: Float[jax.Array, ""],
    qkv: QKV[jax.Array],
    strips: Strips,
    rows: BackwardRows[jax.Array],
) -> QKV[jax.Array]:
    """As `Schedule.pullback`."""
    # The longest first: where it has all keys, its products are the sums to which the others are added.
    panels = tuple(sorted(layout.live if skip else layout.whole, key=_length, reverse=True))

    def one_group(qkv: QKV[jax.Array], rows: BackwardRows[jax.Array], strips: Strips) -> QKV[jax.Array]:
        def panel(p: Panel) -> tuple[Arrays, Arrays]:
            part, own = _part(p, qkv, scale), BackwardRows(*(a[..., p.start : p.stop, :] for a in rows))
            d_qs, *over_keys = attend_pullback(ar, part, bias_of(p, strips), own)
            return (d_qs * scale,), tuple(over_keys)

        zeros = jnp.zeros_like(qkv.kt)
        (d_q,), (d_kt, d_vt) = _each(panels, panel, (jnp.zeros_like(qkv.q),), (zeros, zeros))
        # Of the transpose of one product the compiler would make the product of the transposes, which is the slow one.
        return QKV(d_q, d_kt, barrier(d_vt).swapaxes(-1, -2))

    return _by_groups(one_group, layout.heads, _group(ar, panels, qkv.q, layout.heads), strips, qkv, rows)


def _length(p: Panel) -> int:
    return p.high - p.low


def _part(p: Panel, qkv: QKV[jax.Array], scale: Float[jax.Array, ""]) -> QKV[jax.Array]:
    """A panel's queries, scaled, and its keys and values."""
    rows, keys = slice(p.start, p.stop), slice(p.low, p.high)
    return QKV(qkv.q[..., rows, :] * scale, qkv.kt[..., keys], qkv.v[..., keys, :])


def _each(
    panels: tuple[Panel, ...], run: Callable[[Panel], tuple[Arrays, Arrays]], rows: Arrays, sums: Arrays
) -> tuple[Arrays, Arrays]:
    """Run every panel: what it gives for its rows side by side, and what it gives for its keys added up.

    `rows` and `sums` are the zeros to begin with. Few panels are left to the compiler, which computes the scores of
    all before it uses any. Many go through a loop, one at a time: so memory grows with the number of positions
    and not with its square.
    """

    def added(sums: Arrays, p: Panel, parts: Arrays) -> Arrays:
        return tuple(_added(total, part, p.low, part.shape[-1]) for total, part in zip(sums, parts, strict=True))

    def one_more(p: Panel, done: tuple[Arrays, Arrays]) -> tuple[Arrays, Arrays]:
        mine, parts = run(p)
        put = [lax.dynamic_update_slice(a, b, (0, p.start, 0)) for a, b in zip(done[0], mine, strict=True)]
        return tuple(put), added(done[1], p, parts)

    if len(panels) > TOGETHER:
        branches = [partial(one_more, p) for p in panels]

        def step(k: jax.Array, done: tuple[Arrays, Arrays]) -> tuple[Arrays, Arrays]:
            return lax.switch(k, branches, done)

        return lax.fori_loop(0, len(panels), step, (rows, sums))
    found = {p: run(p) for p in panels}
    in_order = zip(*(found[p][0] for p in sorted(panels, key=_start)), strict=True)
    rows = tuple(jnp.concatenate(a, -2) for a in in_order)
    for p in panels:
        sums = added(sums, p, found[p][1])
    return rows, sums


def _start(p: Panel) -> int:
    return p.start


def bias_of(panel: Panel, strips: Strips) -> AddBias[jax.Array]:
    """What adds a panel's terms to its scores (H·B, rows, keys)."""

    def add_bias(scores: Float[jax.Array, "HB rows keys"]) -> Float[jax.Array, "HB rows keys"]:
        for term in panel.terms:
            low, high = max(term.low, panel.low), min(term.high, panel.high)
            extra = term.value if term.strip is None else _values(strips[term.strip], panel, term, low, high)
            scores = _added(scores, extra, low - panel.low, high - low)
        return scores

    return add_bias


def _values(
    strip: Float[jax.Array, "#H _ _"], panel: Panel, term: BiasTerm, low: int, high: int
) -> Float[jax.Array, "#H rows keys"]:
    """What a strip holds of a panel's rows and of the keys `low` to `high`."""
    key = term.column - term.low
    return strip[..., term.row : term.row + panel.stop - panel.start, low + key : high + key]


def _added(total: jax.Array, extra: jax.Array | float, low: int, width: int) -> jax.Array:
    """`total` with `extra` added to some columns: in place, which `.at[].add` is not."""
    if width == total.shape[-1]:
        return _plus(total, extra)
    return lax.dynamic_update_slice(total, _plus(total[..., low : low + width], extra), (0, 0, low))


def _plus(scores: jax.Array, extra: jax.Array | float) -> jax.Array:
    """The sum, where `extra` may be one for all heads, or one for each head and shared by the batch."""
    if isinstance(extra, float | int) or extra.shape[0] in (1, scores.shape[0]):
        return scores + extra
    by_head = scores.reshape(extra.shape[0], -1, *scores.shape[1:])
    return (by_head + extra[:, None]).reshape(scores.shape)


def _group(ar: Jitted, panels: tuple[Panel, ...], q: Float[jax.Array, "HB n d"], heads: int) -> int:
    """How many heads to take together: the most that divide them and keep a panel's scores in the cache, or all.

    All on an accelerator, and for a batch whose size is open, as `jax.export` may have it.
    """
    if ar.cache_bytes is None or not isinstance(q.shape[0], int):
        return heads
    largest = max((p.stop - p.start) * (p.high - p.low) for p in panels)
    fitting = ar.cache_bytes * heads // (len(q) * largest * q.dtype.itemsize)
    return max(g for g in range(1, heads + 1) if heads % g == 0 and g <= max(fitting, 1))


def _by_groups(
    function: Callable[..., T], heads: int, group: int, strips: Strips, *records: tuple[jax.Array, ...]
) -> T:
    """Run a function on groups of heads one after the other; strips that differ by head go along."""
    if group == heads:
        return function(*records, strips)
    own = [s.shape[0] > 1 for s in strips]

    def split(a: jax.Array) -> jax.Array:
        return a.reshape(heads // group, -1, *a.shape[1:])

    def joined(a: jax.Array) -> jax.Array:
        return a.reshape(-1, *a.shape[2:])

    def step(parts: tuple[tuple[tuple[jax.Array, ...], ...], Strips]) -> T:
        mine = iter(parts[1])
        return function(*parts[0], tuple(next(mine) if o else s for o, s in zip(own, strips, strict=True)))

    by_head = tuple(split(s) for o, s in zip(own, strips, strict=True) if o)
    return jax.tree.map(joined, lax.map(step, (jax.tree.map(split, records), by_head)))
