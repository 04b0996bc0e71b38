"""The mixture that blocks, cores, norms, packs and graphs are drawn from, in one place.

Most random instances could not refute anything: one position makes softmax constant, one feature makes a norm
constant, a zero weight matrix cuts off all that comes before it. So most are drawn generic, and the corners in
stated shares besides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from math import prod

from hypothesis import strategies as st

from mirror.core.fderiv import ctx_size
from mirror.spec.core.shape import Context
from theorems.engine.sizes import Sizes
from theorems.engine.strategies.values import FAMILIES, PLAIN, Fill, fills


class Purpose(StrEnum):
    """What an instance is drawn for."""

    ANYTHING = "anything"  # dimensions from 0 to 3, every family of values, zero weights, scale 0
    GENERIC = "generic"  # no dimension 0, n and D at least 2, no entry zero
    STRETCHED = "stretched"  # one or two dimensions larger than elsewhere, the others 1 or 2; no entry zero


# Of twenty instances, so many are of each purpose. The plainest is first: Hypothesis shrinks towards the front.
MIXTURE = {Purpose.ANYTHING: 6, Purpose.GENERIC: 12, Purpose.STRETCHED: 2}
# How often a generic dimension takes each value, and one that has to be 2 or more; a larger value has the weight 1.
WEIGHTS = {1: 1, 2: 7, 3: 5, 4: 3}
WIDE_WEIGHTS = {2: 3, 3: 5, 4: 3}
MOST_WORK = 4**5  # the product of all dimensions is at most this, so that no instance takes a second
GENERIC_FAMILIES = (*PLAIN, "integers", "fractions", "mixed magnitudes")
EXTREMES = ("tiny", "huge")
EXTREME_EVERY = 8  # one generic instance in so many has one of its larger inputs tiny or huge


def purposes() -> st.SearchStrategy[Purpose]:
    """The purpose of an instance, in the shares of the mixture."""
    return st.sampled_from([purpose for purpose, share in MIXTURE.items() for _ in range(share)])


@dataclass(frozen=True, slots=True)
class Recipe:
    """What an instance is drawn for, and where its values come from."""

    purpose: Purpose
    fill: Fill

    @property
    def generic(self) -> bool:
        """Whether no entry is to be zero."""
        return self.purpose is not Purpose.ANYTHING


@st.composite
def recipes(draw: st.DrawFn) -> Recipe:
    """A purpose, and values of every family for anything, of the plain ones without a zero for the rest."""
    purpose = draw(purposes())
    found = draw(fills(tuple(FAMILIES) if purpose is Purpose.ANYTHING else GENERIC_FAMILIES))
    return Recipe(purpose, Fill(found.family, found.seed, dense=purpose is not Purpose.ANYTHING))


@cache
def mixed_fills() -> st.SearchStrategy[Fill]:
    """Values as the mixture has them, for what has no dimensions of its own to steer."""
    return recipes().map(lambda recipe: recipe.fill)


@st.composite
def mixed_dimensions(
    draw: st.DrawFn,
    sizes: Sizes,
    purpose: Purpose,
    names: Sequence[str],
    *,
    wide: Sequence[str],
    zeros: Sequence[tuple[str, ...]],
) -> dict[str, int]:
    """A dimension for each name, of which `wide` are at least 2 in a generic instance.

    `zeros` lists which of them are 0 together in an instance of anything, as often as listed.
    """
    if purpose is Purpose.GENERIC:
        return _within({name: draw(_generic(sizes, WIDE_WEIGHTS if name in wide else WEIGHTS)) for name in names})
    if purpose is Purpose.STRETCHED:
        # Two of many, so that each of five is stretched often enough to be seen in two hundred instances.
        long = draw(st.permutations(list(names)))[: 2 if len(names) > 3 else 1]
        longer = st.integers(sizes.dimension + 1, sizes.stretched)
        short = {name: st.sampled_from((1, 2, 2, 2) if name in wide else (1, 2, 2)) for name in names}
        return {name: draw(longer if name in long else short[name]) for name in names}
    none = draw(st.sampled_from(zeros))
    return {name: 0 if name in none else draw(st.integers(1, 3)) for name in names}


def _generic(sizes: Sizes, weights: Mapping[int, int]) -> st.SearchStrategy[int]:
    values = range(min(weights), sizes.dimension + 1)
    return st.sampled_from([n for n in values for _ in range(weights.get(n, 1))])


def _within(dims: dict[str, int]) -> dict[str, int]:
    """The same dimensions, the largest of them made smaller until there is no more work than allowed."""
    while prod(dims.values()) > MOST_WORK:
        largest = max(dims, key=dims.__getitem__)
        dims = {**dims, largest: dims[largest] - 1}
    return dims


@st.composite
def mixed_points(draw: st.DrawFn, recipe: Recipe, context: Context, loud: Sequence[int] = ()) -> dict[str, object]:
    """A point `x` of a context with the family of its `values`; one of the entries `loud` may be tiny or huge."""
    x, values = recipe.fill.vector(ctx_size(context)), recipe.fill.family
    if recipe.generic and loud and draw(st.integers(0, EXTREME_EVERY - 1)) == EXTREME_EVERY - 1:
        values = draw(st.sampled_from(EXTREMES))
        i = draw(st.sampled_from(loud))
        start, stop = ctx_size(context[:i]), ctx_size(context[: i + 1])
        x[start:stop] = Fill(values, recipe.fill.random.getrandbits(32), dense=True).vector(stop - start)
    return {"x": x, "values": values}
