"""The shapes that are tried: edges of what is allowed, scores without rounding, several tiles, one long, remainders.

The classes of shapes say how much of the masks and of the values each shape sees.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from mirror.dims import Dims
from theorems.engine.strategies.jitted import SETTINGS, Setting
from theorems.tools.conformance.values import OF_NORMS, VALUES

# Up to so many positions a shape is cheap, and more than one instance a row is examined.
FEW_POSITIONS = 16


@dataclass(frozen=True, slots=True)
class ShapeClass:
    """Shapes that are tried alike.

    Every shape of a class meets every mask where `masks_in_each`, else the shapes take turns; values likewise. In one
    that is `paired` masks and values take turns together. One that is not `usual` is tried where it is asked for.
    `values` are the families that it meets at all.
    """

    name: str
    shapes: tuple[Setting, ...]
    masks_in_each: bool = True
    values_in_each: bool = True
    paired: bool = False
    usual: bool = True
    values: tuple[str, ...] = tuple(VALUES)


def with_narrow_norms(s: Setting) -> Setting:
    """The setting; an ε of 1 where a row has one entry.

    There 1/√ε alone keeps the enclosures of the norms narrow: they do not know that an entry minus itself is 0.
    """
    return replace(s, eps1=1.0, eps2=1.0) if s.dims.d_model == 1 else s


def usual(name: str, heads: int, n: int, d: int, model: int = 1, hidden: int = 1) -> Setting:
    """A shape with the usual scale 1/√d; an attention knows no D and F."""
    dims = Dims(seq_len=n, d_model=model, num_heads=heads, head_dim=d, d_ff=hidden)
    return with_narrow_norms(Setting(name, dims, scale=d**-0.5))


# Tiles are a matter of our own schedules.
_SMALLEST = tuple(with_narrow_norms(s) for s in SETTINGS if s.tile is None)
# Shapes that differ from others only in what comes after the attention.
_AFTER_ATTENTION = ("model dimension 1", "tiny ε")
# Where 1/√d is a power of two, sums of products of halves are exact.
_EXACT = usual("exact scores", heads=2, n=5, d=4, model=4, hidden=5)
_EIGHT_HEADS = usual("eight heads", heads=8, n=9, d=4, model=8, hidden=6)
# Where a row is long enough for a variance, and ε is none that hides it.
_WITH_NORMS = ("small", "odd sizes", "tiny ε", "exact scores")
_EDGES = (*_SMALLEST, _EXACT, _EIGHT_HEADS)

_TILES_OF_ATTENTION = tuple(usual(f"{n} positions", heads, n, 64) for heads, n in ((1, 96), (2, 128), (3, 160)))
# The bounds of a block take time with H·n²·D² and more, seconds already here, and minutes of a long one.
_TILES_OF_BLOCK = tuple(usual(f"{n} positions", 1, n, 64, 8, 16) for n in (96, 128, 160))
# Small tiles and vectors divide those: here each of up to 32 is there whole, with some entries left over.
_REMAINDERS = "35 positions"

OF_ATTENTION = (
    ShapeClass("edges", tuple(s for s in _EDGES if s.name not in _AFTER_ATTENTION)),
    ShapeClass("tiles", _TILES_OF_ATTENTION, values_in_each=False),
    ShapeClass("long", (usual("512 positions", 1, 512, 128),)),
    ShapeClass("remainders", (usual(_REMAINDERS, 2, 35, 19),)),
)
OF_BLOCK = (
    ShapeClass("edges", _EDGES),
    ShapeClass("tiles", _TILES_OF_BLOCK, paired=True),
    ShapeClass("long", (usual("512 positions", 1, 512, 128, 8, 16),), paired=True, usual=False),
    ShapeClass("norms", tuple(s for s in _EDGES if s.name in _WITH_NORMS), values=tuple(OF_NORMS)),
    ShapeClass("remainders", (usual(_REMAINDERS, 1, 35, 19, 19, 21),), paired=True),
)
