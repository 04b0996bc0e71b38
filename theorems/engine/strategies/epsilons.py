"""ε of a norm: positive, zero, negative, and so close to minus a variance that var + ε is tiny, of either sign."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum

from flint import arb, fmpq
from hypothesis import strategies as st

from mirror.arithmetic import BALL, Arithmetic, Array, Scalar, precision
from theorems.engine.strategies.mixture import Purpose, Recipe

POSITIVE = (fmpq(1), fmpq(1, 1000), fmpq(1, 100000), fmpq(1, 2**40))
# A row of two entries is flat but for ε, so that a tiny one hides all that comes before the norm.
POSITIVE_OF_TWO = (*[fmpq(1)] * 8, *POSITIVE)
NEGATIVE = (fmpq(-1, 7), fmpq(-1, 1000), fmpq(-1, 2**40), fmpq(-3))
FAR_BELOW = fmpq(-(10**6))
DISTANCES = (20, 40)  # var + ε is 2^-k away from 0 where it is tiny
_BITS = 256  # enough to tell a variance from 0 at the sizes that are drawn
_FINE = 2**80  # what a variance is rounded to, far finer than the distances


class Wish(StrEnum):
    """Where var + ε is to stand; where a point has no such ε, it is positive."""

    POSITIVE = "ε > 0"
    ZERO = "ε = 0"
    NEGATIVE = "ε < 0 < var + ε in every row"
    JUST_ABOVE = "var + ε > 0 tiny in one row"
    JUST_BELOW = "var + ε < 0 tiny in one row"
    FAR_BELOW = "var + ε < 0 in nearly every row"


# As often as listed. A domain hypothesis asks for var + ε > 0; a norm that only has to be differentiable may stand
# below, where a row is locally constant.
ABOVE = (*[Wish.POSITIVE] * 5, *[Wish.ZERO] * 3, *[Wish.NEGATIVE] * 3, Wish.JUST_ABOVE)
EITHER_SIDE = (*[Wish.POSITIVE] * 5, *[Wish.ZERO] * 3, *[Wish.NEGATIVE] * 2, Wish.JUST_ABOVE, Wish.JUST_BELOW)


def wishes(recipe: Recipe, *, above: bool) -> tuple[Wish, ...]:
    """What is wished for at a norm, which has to stand above 0 or may stand on either side."""
    if above:
        return ABOVE
    return (*EITHER_SIDE, *[Wish.FAR_BELOW] * 2) if recipe.purpose is Purpose.ANYTHING else EITHER_SIDE


@st.composite
def epsilons(draw: st.DrawFn, wished: Sequence[Wish], length: int, variances: Callable[[], Sequence[Scalar]]) -> fmpq:
    """An ε for rows of that length: as wished where the rows' variances allow it for certain, else positive."""
    wish, usual = draw(st.sampled_from(wished)), draw(st.sampled_from(POSITIVE_OF_TWO if length == 2 else POSITIVE))
    if wish is Wish.POSITIVE:
        return usual
    first, distance = draw(st.integers(0, len(NEGATIVE) - 1)), fmpq(1, 2 ** draw(st.sampled_from(DISTANCES)))
    with precision(_BITS):
        found = variances()
        candidates = {
            # Of two entries a norm with little ε keeps hardly more than the sign, and of one nothing.
            Wish.ZERO: [fmpq(0)] if length >= 3 else [],
            Wish.NEGATIVE: [*NEGATIVE[first:], *NEGATIVE[:first]] if length >= 3 else [],
            Wish.JUST_ABOVE: [distance - v for v in _least(found, length)],
            Wish.JUST_BELOW: [-distance - v for v in _least(found, length)],
            Wish.FAR_BELOW: [FAR_BELOW],
        }
        below = wish in (Wish.JUST_BELOW, Wish.FAR_BELOW)
        return next((e for e in candidates[wish] if all(_stands(v + e, below=below) for v in found)), usual)


def _stands(v: Scalar, *, below: bool) -> bool:
    """Whether var + ε is positive for certain, or where it may stand below, not zero for certain."""
    return bool(v > 0 or (below and v < 0))


def _least(variances: Sequence[Scalar], length: int) -> list[fmpq]:
    """The least variance as a rational nearby; none where the rows are too short to have one, or there is no row."""
    if length < 2 or not len(variances):
        return []
    near = (min(arb(v).mid() for v in variances) * _FINE).floor().unique_fmpz()
    assert near is not None, "a midpoint is one number"
    return [fmpq(int(near), _FINE)]


def row_variances(ar: Arithmetic, x: Array, m: int, n: int) -> Array:
    """The biased variance of each row of the m × n matrix that x begins with; 0 where n = 0."""
    share = fmpq(1, n) if n else fmpq(0)
    rows = x[: m * n].reshape(m, n)
    centered = rows - (ar.sum(rows, 1) * share).reshape(m, 1)
    return ar.sum(centered * centered, 1) * share


def variances_of(x: Array, m: int, n: int) -> Callable[[], Sequence[Scalar]]:
    """The variances of the rows that x begins with, in ball arithmetic, when they are asked for."""
    return lambda: list(row_variances(BALL, x, m, n))
