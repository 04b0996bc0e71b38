"""Random smooth maps between coordinate spaces, and packs that only move and mix entries."""

from __future__ import annotations

from hypothesis import strategies as st

from mirror.linear_map import PositionWise
from theorems.engine.maps import SmoothMap
from theorems.engine.strategies.values import Fill

KINDS = ("affine", "quadratic", "tanh network")


@st.composite
def smooth_maps(draw: st.DrawFn, fill: Fill, domain: int, codomain: int) -> SmoothMap:
    """An affine map, a quadratic polynomial or a small tanh network ℝ^domain → ℝ^codomain."""
    kind = draw(st.sampled_from(KINDS))
    linear, shift = weight(fill, codomain, domain), fill.vector(codomain)
    if kind == "quadratic":
        factors = (weight(fill, codomain, domain), weight(fill, codomain, domain))
        return SmoothMap(kind, linear, shift, quadratic=factors)
    if kind == "tanh network":
        hidden = draw(st.integers(1, 3))
        layers = (weight(fill, codomain, hidden), weight(fill, hidden, domain))
        return SmoothMap(kind, linear, shift, hyperbolic=layers)
    return SmoothMap(kind, linear, shift)


# A row reads a few inputs, so that a map out of a large context stays cheap.
READS = 4


def weight(fill: Fill, rows: int, columns: int) -> PositionWise:
    """A sparse matrix of the fill's family: each row reads at most `READS` columns."""
    entries = []
    for _ in range(rows):
        row = [fill.number() * 0] * columns
        for _ in range(min(READS, columns)):
            row[fill.random.randrange(columns)] = fill.weights(1)[0]
        entries.extend(row)
    return PositionWise(1, rows, columns, tuple(entries))
