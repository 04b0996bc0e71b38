"""What a kernel has to know of a mask: runs of tiles with one value, and runs of tiles with values of their own.

Tables of whole numbers, made while the program is compiled. A tile that is skipped is in no run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from mirror.jit.plan import Panel, Tile, TileLayout

if TYPE_CHECKING:
    from jaxtyping import Float, Int

    from mirror.jit.plan import Strips


class Stored(NamedTuple):
    """Where the values of a tile begin in the strips of a plan."""

    strip: int
    row: int
    column: int


# What is added to the scores of a tile: one number, or values that stand in a strip; None: nothing is computed.
Content = float | Stored | None


class TileRuns(NamedTuple):
    """For each row of tiles, runs of neighbours: the first tile, the tile after the last, and which dense tile it is.

    `values` is what a run of constant tiles adds. A row with fewer runs than another has empty ones.
    """

    spans: Int[np.ndarray, "rows runs 3"]
    values: Float[np.ndarray, "rows runs"]

    @property
    def most(self) -> int:
        """How many runs a row has at most."""
        return self.spans.shape[1] if self.spans.any() else 0


class TileSpans(NamedTuple):
    """The runs of constant tiles and those of dense tiles, row by row or column by column."""

    constant: TileRuns
    dense: TileRuns


def contents(layout: TileLayout, skip: bool) -> tuple[tuple[Content, ...], ...]:
    """What each tile asks for; of a dead one nothing, if it is skipped."""
    return tuple(
        tuple(
            None if skip and kind is Tile.DEAD else _content(panel, column * layout.tile)
            for column, kind in enumerate(kinds)
        )
        for panel, kinds in zip(layout.whole, layout.kinds, strict=True)
    )


def _content(panel: Panel, key: int) -> Content:
    """What is added to the scores of the tile that begins with a key."""
    for term in panel.terms:
        if term.low <= key < term.high:
            within = key - term.low
            return term.value if term.strip is None else Stored(term.strip, term.row, term.column + within)
    return 0.0


def distinct_places(found: Iterable[Iterable[Content]]) -> tuple[Stored, ...]:
    """The places that there are, each once."""
    return tuple(dict.fromkeys(c for row in found for c in row if isinstance(c, Stored)))


def in_its_place(found: tuple[tuple[Content, ...], ...], tile: int) -> bool:
    """Whether every dense tile stands in strip 0 where it stands in the scores: then no table says where it is."""
    return all(
        c == Stored(0, row * tile, column * tile)
        for row, tiles in enumerate(found)
        for column, c in enumerate(tiles)
        if isinstance(c, Stored)
    )


def spans_of(found: tuple[tuple[Content, ...], ...], places: tuple[Stored, ...] | None) -> TileSpans:
    """The runs of each row; a dense tile is a run of its own where `places` numbers them."""
    rows = [list(_runs(row, places)) for row in found]
    constant = _table([[(a, b, 0, value) for a, b, index, value in row if index is None] for row in rows])
    dense = _table([[(a, b, index, value) for a, b, index, value in row if index is not None] for row in rows])
    return TileSpans(constant, dense)


def _runs(row: tuple[Content, ...], places: tuple[Stored, ...] | None) -> Iterator[tuple[int, int, int | None, float]]:
    def kind(column: int) -> object:
        content = row[column]
        if not isinstance(content, Stored):
            return content
        return "dense" if places is None else (column, content)

    for _, run in groupby(range(len(row)), key=kind):
        columns = list(run)
        content = row[columns[0]]
        if content is None:
            continue
        dense = isinstance(content, Stored)
        index = (places.index(content) if places else 0) if dense else None
        yield columns[0], columns[-1] + 1, index, 0.0 if dense else content


def _table(rows: list[list[tuple[int, int, int, float]]]) -> TileRuns:
    most = max(1, *(len(row) for row in rows))
    spans, values = np.zeros((len(rows), most, 3), np.int32), np.zeros((len(rows), most), np.float32)
    for k, row in enumerate(rows):
        for r, (*span, value) in enumerate(row):
            spans[k, r], values[k, r] = span, value
    return TileRuns(spans, values)


def pool(strips: Strips, places: tuple[Stored, ...], tile: int, side: int) -> Float[jax.Array, "tiles #H side side"]:
    """The dense tiles, each once, filled up with 0 to `side` rows and keys."""
    heads = max(strips[place.strip].shape[0] for place in places)
    return jnp.stack([_tile(strips[place.strip], place, tile, side, heads) for place in places])


def _tile(strip: jax.Array, place: Stored, tile: int, side: int, heads: int) -> Float[jax.Array, "H side side"]:
    values = strip[:, place.row : place.row + tile, place.column : place.column + tile]
    _, rows, keys = values.shape
    filled = jnp.pad(values, ((0, 0), (0, side - rows), (0, side - keys)))
    return jnp.broadcast_to(filled, (heads, side, side))
