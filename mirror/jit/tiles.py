"""Masked attention tile by tile in a fixed order: skipping a dead tile changes no bit of any result.

Each tile's product, exponentials and sums are the same operations on the same shapes whether or not its
neighbours are computed, and what a dead tile would add is exactly 0. `mirror.jit.panels` is faster; there a
skipped span changes how long the remaining sums are, and so their rounding.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce
from operator import add
from typing import TYPE_CHECKING, NamedTuple

import jax
import jax.numpy as jnp

from mirror.jit.arrays import QKV, AddBias
from mirror.jit.formulas import Attended, BackwardRows, transposed
from mirror.jit.numbers import Jitted
from mirror.jit.panels import bias_of
from mirror.jit.plan import Panel, Tile, TileLayout

if TYPE_CHECKING:
    from jaxtyping import Float

    from mirror.jit.plan import Strips


class _Cell(NamedTuple):
    """A tile that is computed: its keys and what adds the mask there."""

    keys: slice
    add_bias: AddBias[jax.Array]


def can_skip(layout: TileLayout) -> bool:
    """Whether a tile is dead."""
    return layout.gap is not None


def forward(
    ar: Jitted, layout: TileLayout, skip: bool, scale: Float[jax.Array, ""], qkv: QKV[jax.Array], strips: Strips
) -> Attended[jax.Array]:
    """As `Schedule.forward`."""
    parts = []
    for row, panel in enumerate(layout.whole):
        qs = qkv.q[..., panel.start : panel.stop, :] * scale
        cells = list(_cells(layout, row, skip, strips))
        scores = [cell.add_bias(ar.matmul(qs, qkv.kt[..., cell.keys])) for cell in cells]
        row_max = reduce(jnp.maximum, [ar.row_max(s) for s in scores])
        shifted = [ar.shifted_exp(s, row_max) for s in scores]
        inv_normaliser = ar.over_normaliser(_sum(jnp.sum(e, axis=-1, keepdims=True) for e in shifted))
        heads = _sum(ar.matmul(e, qkv.v[..., cell.keys, :]) for e, cell in zip(shifted, cells, strict=True))
        parts.append(Attended(heads * inv_normaliser, row_max, inv_normaliser))
    return Attended(*(jnp.concatenate(column, -2) for column in zip(*parts, strict=True)))


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
    d_q: list[jax.Array] = []
    d_kt: dict[int, list[jax.Array]] = {panel.start: [] for panel in layout.whole}
    d_vt: dict[int, list[jax.Array]] = {panel.start: [] for panel in layout.whole}
    for row, panel in enumerate(layout.whole):
        own = slice(panel.start, panel.stop)
        qs, d_qs = qkv.q[..., own, :] * scale, []
        row_max, g, delta = (a[..., own, :] for a in rows)
        for cell in _cells(layout, row, skip, strips):
            kt, v = qkv.kt[..., cell.keys], qkv.v[..., cell.keys, :]
            shifted = ar.shifted_exp(cell.add_bias(ar.matmul(qs, kt)), row_max)
            d_scores = shifted * (ar.matmul(g, transposed(v)) - delta)
            d_qs.append(ar.matmul(d_scores, transposed(kt)))
            d_kt[cell.keys.start].append(ar.matmul(transposed(qs), d_scores))
            d_vt[cell.keys.start].append(ar.matmul(transposed(g), shifted))
        d_q.append(_sum(d_qs) * scale)
    columns = [_columns(found, layout, qkv.q) for found in (d_kt, d_vt)]
    return QKV(jnp.concatenate(d_q, -2), columns[0], transposed(columns[1]))


def _cells(layout: TileLayout, row: int, skip: bool, strips: Strips) -> Iterator[_Cell]:
    panel = layout.whole[row]
    for column, kind in enumerate(layout.kinds[row]):
        if skip and kind is Tile.DEAD:
            continue
        low, high = column * layout.tile, min((column + 1) * layout.tile, layout.seq_len)
        terms = tuple(t for t in panel.terms if t.low < high and low < t.high)
        yield _Cell(slice(low, high), bias_of(Panel(panel.start, panel.stop, low, high, terms), strips))


def _sum(parts: Iterable[jax.Array]) -> jax.Array:
    """One after the other, from the left."""
    return reduce(add, parts)


def _columns(
    found: dict[int, list[jax.Array]], layout: TileLayout, q: Float[jax.Array, "HB n d"]
) -> Float[jax.Array, "HB d n"]:
    """The sums of each column of tiles side by side; 0 for keys that no query attends to."""
    parts = []
    for panel in layout.whole:
        nothing = jnp.zeros((*q.shape[:-2], q.shape[-1], panel.stop - panel.start), q.dtype)
        parts.append(_sum(found[panel.start]) if found[panel.start] else nothing)
    return jnp.concatenate(parts, -1)
