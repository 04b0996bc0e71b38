"""A finite mask, read once on the host: which tiles are dead, which add nothing, which must be added.

Softmax does not change when a number is added to a whole row, so each row of the mask is taken relative to
its row max. That costs nothing and loses nothing: a row wholly at -1e9 keeps its logits, which float32 would
lose under -1e9.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple, Self

import jax
import jax.numpy as jnp
import numpy as np
from jax.core import Tracer

from mirror.jit import device
from mirror.jit.arrays import Given, lowest, narrowed

if TYPE_CHECKING:
    from jax.typing import ArrayLike, DTypeLike
    from jaxtyping import Bool, Float, Real

    # Mask values relative to the row max; those that are one for all heads have a first axis of 1.
    Values = Float[np.ndarray, "#H rows keys"]
    Strips = tuple[Float[jax.Array, "#H _ _"], ...]
    GivenStrips = tuple[Float[Given, "#H _ _"], ...]

# Rows and keys of a tile, on an accelerator and on a CPU.
TILES = (512, 128)
# Up to this row max a mask may be kept as it was given: that costs the scores no more than their rounding does.
NEAR = 16.0
# From this share of dense tiles a mask of many values stays one array.
MANY = 0.25
# A tile that lies less than this below its rows' max is not worth a guess: exp underflows at
# 104 in float32 and 746 in float64, and the queries and keys take their share. No answer depends on it.
WORTH_SKIPPING = 256.0


class Tile(IntEnum):
    """What a tile of the mask asks for: nothing is computed, nothing is added, its values are added."""

    DEAD = 0
    CONSTANT = 1
    DENSE = 2


class BiasTerm(NamedTuple):
    """What is added to the scores of the keys `low` to `high` of a panel: one value, or values of a strip of the plan.

    Those begin in the strip at `row` and `column`.
    """

    low: int
    high: int
    value: float = 0.0
    strip: int | None = None
    row: int = 0
    column: int = 0


class Panel(NamedTuple):
    """Some rows of the scores: queries `start` to `stop` against the keys `low` to `high`, and what is added there."""

    start: int
    stop: int
    low: int
    high: int
    terms: tuple[BiasTerm, ...]


class Band(NamedTuple):
    """A mask that opens to each query its own key and those before it, `width` in all; the others lie `gap` lower."""

    width: int
    gap: float


class TileLayout(NamedTuple):
    """What is known of a mask when the program is compiled: hashable, without the values of its dense tiles.

    `gap` is by how much the dead tiles lie below their rows' max, at least; None where there are none. `live`
    are the panels between the first and the last tile that is not dead, `whole` all of them. `band` is what a causal or
    a windowed mask is, entry by entry.
    """

    heads: int
    seq_len: int
    tile: int
    family: str
    gap: float | None
    kinds: tuple[tuple[Tile, ...], ...]
    live: tuple[Panel, ...]
    whole: tuple[Panel, ...]
    band: Band | None = None

    @property
    def unnamed(self) -> TileLayout:
        """Without what only the choice of a path and cuDNN read: masks with the same panels share a program."""
        return self._replace(family="", band=None)


@jax.tree_util.register_pytree_node_class
@dataclass(frozen=True, eq=False)
class BiasPlan:
    """A finite additive mask of one block, classified.

    `strips` are arrays (heads or 1, rows, keys) of mask values relative to the row max; equal ones are kept
    once, so a causal mask keeps one tile. On an accelerator a mask with many values stays one array, which a kernel
    reads where it is.
    """

    layout: TileLayout
    strips: GivenStrips

    @classmethod
    def of(cls, bias: Real[ArrayLike, "..."] | None, *, heads: int, seq_len: int, tile: int | None = None) -> BiasPlan:
        """Read a mask that broadcasts to (heads, seq_len, seq_len), or None for no mask.

        `tile` rows and keys make a tile (128 on a CPU, 512 on an accelerator). Raises `ValueError` for a mask that is
        not finite, cannot be broadcast, or has no heads or positions; `TypeError` for one that holds no real numbers or
        is traced.
        """
        on_cpu = device.here().is_cpu
        tile = _positive("tile", TILES[on_cpu] if tile is None else tile)
        values = relative_to_row_max(bias, _positive("heads", heads), _positive("seq_len", seq_len))
        return _classified(values, heads, seq_len, tile, None if on_cpu else bias)

    @property
    def family(self) -> str:
        """What the mask is: no mask, causal, sliding window, block diagonal, masked or dense."""
        return self.layout.family

    def in_format(self, dtype: DTypeLike) -> BiasPlan:
        """The plan for a program that computes in `dtype`, with strips of the host in it.

        What lies further below its row's max than `lowest(dtype)` is taken to lie there: no weight is left in either.
        """
        strips = tuple(narrowed(_at_least(s, lowest(dtype)), dtype) for s in self.strips)
        return BiasPlan(_within(self.layout, lowest(dtype)), strips)

    def tree_flatten(self) -> tuple[tuple[GivenStrips], TileLayout]:
        return (self.strips,), self.layout

    @classmethod
    def tree_unflatten(cls, layout: TileLayout, leaves: tuple[GivenStrips]) -> Self:
        return cls(layout, leaves[0])


def _at_least(strip: Float[Given, "#H _ _"], low: float) -> Float[Given, "#H _ _"]:
    """A strip of 64 bits with nothing below a number; others hold nothing that is."""
    if strip.dtype != np.float64:
        return strip
    return np.maximum(strip, low) if isinstance(strip, np.ndarray) else jnp.maximum(strip, low)


def _within(layout: TileLayout, low: float) -> TileLayout:
    """The layout with nothing below a number."""
    gap, band = layout.gap and min(layout.gap, -low), layout.band
    band = band and band._replace(gap=min(band.gap, -low))
    terms = (term for panel in layout.whole for term in panel.terms)
    if (gap, band) == (layout.gap, layout.band) and all(term.value >= low for term in terms):
        return layout
    live, whole = (tuple(_terms_within(p, low) for p in panels) for panels in (layout.live, layout.whole))
    return layout._replace(gap=gap, live=live, whole=whole, band=band)


def _terms_within(panel: Panel, low: float) -> Panel:
    return panel._replace(terms=tuple(t._replace(value=max(t.value, low)) for t in panel.terms))


def _positive(name: str, value: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 1:
        raise ValueError(f"{name} is {value!r}, expected a whole number of at least 1")
    return int(value)


def relative_to_row_max(bias: Real[ArrayLike, "..."] | None, heads: int, seq_len: int) -> Float[np.ndarray, "#H n n"]:
    """The mask in float64, each row relative to its row max.

    Raises as `BiasPlan.of` does.
    """
    if isinstance(bias, Tracer):
        raise TypeError(
            "the mask is traced, expected its values: make the plan outside jax.jit, jax.vmap and jax.grad and pass it "
            "as an argument"
        )
    values = np.asarray(0.0 if bias is None else bias)
    if values.dtype.kind not in "fiuV" and values.dtype.name != "bfloat16":
        raise TypeError(f"the mask holds {values.dtype.name}, expected real numbers: a finite gap such as -1e9")
    values = values.astype(np.float64)
    if not np.isfinite(values).all():
        raise ValueError(
            "the mask holds NaN or an infinity, expected finite numbers: for a blocked key a gap such as -1e9"
        )
    shape = (heads, seq_len, seq_len)
    try:
        np.broadcast_to(values, shape)
    except ValueError as why:
        raise ValueError(
            f"the mask has shape {values.shape}, which cannot broadcast to (heads, n, n) = {shape}"
        ) from why
    per_head = values.ndim == 3 and any((head != values[0]).any() for head in values[1:])
    full = np.broadcast_to(values, shape)[: heads if per_head else 1]
    with np.errstate(over="ignore"):
        relative = full - full.max(axis=-1, keepdims=True)
    return np.maximum(relative, lowest(np.float64), out=relative)


def _classified(values: Values, heads: int, seq_len: int, tile: int, whole: Real[ArrayLike, "..."] | None) -> BiasPlan:
    """The plan of a mask; `whole` is the mask as given where one of many values is to stay one array."""
    starts = range(0, seq_len, tile)
    kinds = tuple(_kinds(values[:, s : s + tile], tile) for s in starts)
    name, band = pattern(values)
    together = whole is not None and name == "dense" and _dense_share(kinds) > MANY
    if whole is not None and together:
        panels = tuple(_in_its_place(s, min(s + tile, seq_len), seq_len) for s in starts)
        kept = (_as_given(whole, values),)
    else:
        strips = _Strips()
        panels = tuple(_panel(values, s, tile, kinds[row], strips) for row, s in enumerate(starts))
        kept = tuple(strips.kept)
    live = tuple(_live(panel, kinds[row], tile) for row, panel in enumerate(panels))
    layout = TileLayout(heads, seq_len, tile, name, _gap(values, kinds, tile), kinds, live, panels, band)
    return BiasPlan(layout, kept)


def _dense_share(kinds: tuple[tuple[Tile, ...], ...]) -> float:
    """How much of the mask lies in dense tiles."""
    return sum(row.count(Tile.DENSE) for row in kinds) / len(kinds) ** 2


def _in_its_place(start: int, stop: int, seq_len: int) -> Panel:
    """The panel of all keys where all values of the mask stand in one array."""
    return Panel(start, stop, 0, seq_len, (BiasTerm(0, seq_len, strip=0, row=start),))


def _as_given(bias: Real[ArrayLike, "..."], values: Values) -> Values:
    """The mask in its own 16-bit format, where softmax hardly sees the row max; else relative to that."""
    given = np.asarray(bias)
    if given.dtype.itemsize != 2 or np.abs(given.astype(np.float32).max(axis=-1)).max() > NEAR:
        return values.astype(np.float32)
    by_head = given if given.ndim == 3 else given[None]  # one of many values has a row at least
    return np.ascontiguousarray(np.broadcast_to(by_head[: len(values)], values.shape))


def _kinds(rows: Values, tile: int) -> tuple[Tile, ...]:
    """The kinds of the tiles of some rows."""
    return tuple(_kind(rows[..., k : k + tile]) for k in range(0, rows.shape[-1], tile))


def _kind(values: Values) -> Tile:
    if -values.max() >= WORTH_SKIPPING:
        return Tile.DEAD
    return Tile.CONSTANT if values.min() == values.max() else Tile.DENSE


class _Strips:
    """Arrays of mask values, equal ones kept once."""

    def __init__(self) -> None:
        self.kept: list[Values] = []
        self._known: dict[tuple[tuple[int, ...], bytes], int] = {}

    def number(self, values: Values) -> int:
        key = (values.shape, values.tobytes())
        if key not in self._known:
            self._known[key] = len(self.kept)
            self.kept.append(values.copy())
        return self._known[key]


def _panel(values: Values, start: int, tile: int, kinds: tuple[Tile, ...], strips: _Strips) -> Panel:
    """The panel of all keys: neighbouring tiles of one value make one term, so do neighbouring dense ones."""
    rows = values[:, start : start + tile]
    seq_len = rows.shape[-1]
    # A dead tile may hold different values: then it is added like a dense one where nothing is skipped.
    constants = [_constant(rows[..., k : k + tile]) for k in range(0, seq_len, tile)]
    terms = []
    for value, run in groupby(range(len(kinds)), key=constants.__getitem__):
        numbers = list(run)
        low, high = numbers[0] * tile, min((numbers[-1] + 1) * tile, seq_len)
        if value is None:
            terms.append(BiasTerm(low, high, strip=strips.number(rows[..., low:high])))
        elif value:
            terms.append(BiasTerm(low, high, value))
    return Panel(start, start + rows.shape[1], 0, seq_len, tuple(terms))


def _constant(values: Values) -> float | None:
    return float(values.max()) if values.min() == values.max() else None


def _live(panel: Panel, kinds: tuple[Tile, ...], tile: int) -> Panel:
    """The same panel between its first and its last tile that is not dead (its rows' max is in one)."""
    alive = [k for k, kind in enumerate(kinds) if kind is not Tile.DEAD]
    low, high = alive[0] * tile, min((alive[-1] + 1) * tile, panel.high)
    return Panel(panel.start, panel.stop, low, high, tuple(t for t in panel.terms if t.low < high and low < t.high))


def _gap(values: Values, kinds: tuple[tuple[Tile, ...], ...], tile: int) -> float | None:
    """Of every dead tile, also of one between live ones: the fixed order of tiles skips it too."""
    maxima = [
        values[:, row * tile : (row + 1) * tile, column * tile : (column + 1) * tile].max()
        for row, found in enumerate(kinds)
        for column, kind in enumerate(found)
        if kind is Tile.DEAD
    ]
    return float(-max(maxima)) if maxima else None


_AT_A_TIME = 256  # rows: of a mask of many values few are looked at


def pattern(values: Values) -> tuple[str, Band | None]:
    """The name of a mask's pattern, read off its values relative to the row max, and the band that it is, if any."""
    lowest = float(values.min())
    if lowest == 0:
        return "no mask", None
    rows = (values[:, k : k + _AT_A_TIME] for k in range(0, values.shape[1], _AT_A_TIME))
    if not all(((some == 0) | (some == lowest)).all() for some in rows):
        return "dense", None
    if len(values) > 1:
        return "masked", None
    open_ = values[0] == 0
    if width := _width(open_):
        return "causal" if width == len(open_) else "sliding window", Band(width, -lowest)
    if (open_ == open_.T).all() and (open_[open_.argmax(axis=1)] == open_).all():
        return "block diagonal", None
    return "masked", None


def _width(open_: Bool[np.ndarray, "n n"]) -> int | None:
    """How many keys a query sees, its own and those before it, where it sees no others; else None."""
    n = len(open_)
    own = np.arange(n)
    first, seen = open_.argmax(axis=1), open_.sum(axis=1)
    width = int(seen.max())
    banded = (first == np.maximum(0, own - width + 1)) & (seen == own - first + 1) & open_[own, own]
    # As many as there are between the first and its own, and none after it.
    return width if banded.all() and not np.triu(open_, 1).any() else None
