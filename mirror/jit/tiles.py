"""Masked attention tile by tile in a fixed order: skipping a dead tile changes no bit of any result.

Each tile's product, exponentials and sums are the same operations on the same shapes whether or not its
neighbours are computed, and what a dead tile would add is exactly 0. `mirror.jit.panels` is faster; there a
skipped span changes how long the remaining sums are, and so their rounding.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from typing import Any, NamedTuple

import jax.numpy as jnp

from mirror.jit.formulas import AddBias, Attended, Backward, transposed
from mirror.jit.numbers import Jitted
from mirror.jit.panels import Strips, bias_of
from mirror.jit.plan import Panel, Tile, TileLayout


class _Cell(NamedTuple):
    """A tile that is computed: its keys and what adds the mask there."""

    keys: slice
    add_bias: AddBias


def can_skip(layout: TileLayout) -> bool:
    """Whether a tile is dead."""
    return layout.gap is not None


def forward(
    ar: Jitted, layout: TileLayout, skip: bool, scale: Any, q: Any, kt: Any, v: Any, strips: Strips
) -> Attended:
    """As `panels.forward`."""
    parts = []
    for row, panel in enumerate(layout.whole):
        queries = q[..., panel.start : panel.stop, :] * scale
        cells = list(_cells(layout, row, skip, strips))
        scores = [cell.add_bias(ar.matmul(queries, kt[..., cell.keys])) for cell in cells]
        most = reduce(jnp.maximum, [ar.largest(s) for s in scores])
        weights = [ar.decayed(s, most) for s in scores]
        over_total = ar.over(_sum(jnp.sum(e, axis=-1, keepdims=True) for e in weights))
        heads = _sum(ar.matmul(e, v[..., cell.keys, :]) for e, cell in zip(weights, cells, strict=True))
        parts.append(Attended(heads * over_total, most, over_total))
    return Attended(*(jnp.concatenate(column, -2) for column in zip(*parts, strict=True)))


def pullback(
    ar: Jitted, layout: TileLayout, skip: bool, scale: Any, q: Any, kt: Any, v: Any, strips: Strips, back: Backward
) -> tuple[Any, Any, Any]:
    """As `panels.pullback`."""
    d_q: list[Any] = []
    d_kt: dict[int, list[Any]] = {panel.start: [] for panel in layout.whole}
    d_vt: dict[int, list[Any]] = {panel.start: [] for panel in layout.whole}
    for row, panel in enumerate(layout.whole):
        rows = slice(panel.start, panel.stop)
        queries, along = q[..., rows, :] * scale, []
        most, g, mean = (a[..., rows, :] for a in back)
        for cell in _cells(layout, row, skip, strips):
            k, x = kt[..., cell.keys], v[..., cell.keys, :]
            e = ar.decayed(cell.add_bias(ar.matmul(queries, k)), most)
            d_scores = e * (ar.matmul(g, transposed(x)) - mean)
            along.append(ar.matmul(d_scores, transposed(k)))
            d_kt[cell.keys.start].append(ar.matmul(transposed(queries), d_scores))
            d_vt[cell.keys.start].append(ar.matmul(transposed(g), e))
        d_q.append(_sum(along) * scale)
    columns = [_columns(found, layout, q) for found in (d_kt, d_vt)]
    return jnp.concatenate(d_q, -2), columns[0], transposed(columns[1])


def _cells(layout: TileLayout, row: int, skip: bool, strips: Strips) -> Iterator[_Cell]:
    panel = layout.whole[row]
    for column, kind in enumerate(layout.kinds[row]):
        if skip and kind is Tile.DEAD:
            continue
        low, high = column * layout.tile, min((column + 1) * layout.tile, layout.seq_len)
        terms = tuple(t for t in panel.terms if t.low < high and low < t.high)
        yield _Cell(slice(low, high), bias_of(Panel(panel.start, panel.stop, low, high, terms), strips))


def _sum(parts: Any) -> Any:
    """One after the other, from the left."""
    return reduce(lambda total, part: total + part, parts)


def _columns(found: dict[int, list[Any]], layout: TileLayout, q: Any) -> Any:
    """The sums of each column of tiles side by side; 0 for keys that no query attends to."""
    parts = []
    for panel in layout.whole:
        nothing = jnp.zeros((*q.shape[:-2], q.shape[-1], panel.stop - panel.start), q.dtype)
        parts.append(_sum(found[panel.start]) if found[panel.start] else nothing)
    return jnp.concatenate(parts, -1)
