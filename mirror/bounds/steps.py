"""What a tape does to intervals, operation by operation, and how an adjoint goes back through each."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from mirror.bounds import adjoint
from mirror.bounds.intervals import MidRadArray, midrad, outward, quiet
from mirror.bounds.midrad import MidRad
from mirror.bounds.tape import Pull

_REAL = MidRad()


# ---- operations on intervals, by name


def same(a: Any) -> Any:
    return a


def plus(a: MidRadArray, b: MidRadArray) -> MidRadArray:
    return a + b


def minus(a: MidRadArray) -> MidRadArray:
    return -a


def times(a: MidRadArray, b: MidRadArray) -> MidRadArray:
    return a * b


def reshaped(shape: tuple[int, ...], a: MidRadArray) -> MidRadArray:
    return a.reshape(shape)


def swapped(i: int, j: int, a: MidRadArray) -> MidRadArray:
    return a.swapaxes(i, j)


def joined(*parts: MidRadArray) -> MidRadArray:
    return _REAL.concat(parts)


def summed(axis: int, a: MidRadArray) -> MidRadArray:
    return _REAL.sum(a, axis)


def exp_at_most_1(a: MidRadArray) -> MidRadArray:
    return _REAL.exp(a)


# ---- derivatives


def one(pull: Pull, passed: MidRadArray, tubes: list[MidRadArray]) -> list[Pull]:
    return [pull]


def these(pulls: list[Pull], passed: MidRadArray, tubes: list[MidRadArray]) -> list[Pull]:
    return pulls


def sloped(slope: Callable[..., MidRadArray], passed: MidRadArray, tubes: list[MidRadArray]) -> list[Pull]:
    return [partial(adjoint.scaled, adjoint.Slope.of(slope(passed, tubes[0])))]


def multiplied_pulls(passed: MidRadArray, tubes: list[MidRadArray]) -> list[Pull]:
    a, b = tubes
    return [partial(_gathered_scaled, x.shape, adjoint.Slope.of(y)) for x, y in ((a, b), (b, a))]


def _gathered_scaled(shape: tuple[int, ...], slope: adjoint.Slope, a: adjoint.Adjoint) -> adjoint.Adjoint:
    return adjoint.gathered(shape, adjoint.scaled(slope, a))


def matmul_pulls(passed: MidRadArray, tubes: list[MidRadArray]) -> list[Pull]:
    a, b = tubes
    return [partial(adjoint.through_left, b), partial(_gathered_right, b.shape, a)]


def _gathered_right(shape: tuple[int, ...], left: MidRadArray, a: adjoint.Adjoint) -> adjoint.Adjoint:
    return adjoint.gathered(shape, adjoint.through_right(left, a))


def slope_of_exp(passed: MidRadArray, x: MidRadArray) -> MidRadArray:
    return passed


def slope_of_tanh(passed: MidRadArray, x: MidRadArray) -> MidRadArray:
    return 1.0 - passed * passed


def slope_of_sqrt(passed: MidRadArray, x: MidRadArray) -> MidRadArray:
    found = _REAL.inverse(passed) * 0.5
    open_ = (x.lower <= 0) & (x.upper > 0)
    return midrad(found.mid, np.where(open_, np.inf, found.rad))


def slope_of_inverse(passed: MidRadArray, x: MidRadArray) -> MidRadArray:
    return -(passed * passed)


def slope_of_positive_part(passed: MidRadArray, x: MidRadArray) -> MidRadArray:
    low, high = (x.lower > 0).astype(float), (x.upper > 0).astype(float)
    return midrad((low + high) / 2, (high - low) / 2)


def max_pulls(passed: MidRadArray, tubes: list[MidRadArray]) -> list[Pull]:
    """To the entry that is the largest, and to each that may be."""
    may_be, alone = largest(tubes[0])
    share = np.where(alone, 1.0, 0.5) * may_be
    return [partial(adjoint.scaled, adjoint.Slope.of(midrad(share, np.where(alone, 0.0, share))))]


def largest(scores: MidRadArray) -> tuple[np.ndarray, np.ndarray]:
    """Which entries may be the largest of their row, and which are."""
    may_be = scores.upper >= scores.lower.max(axis=-1, keepdims=True)
    return may_be, may_be & (np.sum(may_be, axis=-1, keepdims=True) == 1)


@quiet
def between(a: MidRadArray, low: float, high: np.ndarray | float) -> MidRadArray:
    """The part of intervals that is no lower and no higher; where they reach no further they stay as they are."""
    lower, upper = np.maximum(a.lower, low), np.minimum(a.upper, high)
    cut = ((a.lower < lower) | (a.upper > upper)) & np.isfinite(lower) & np.isfinite(upper)
    mid = np.where(cut, (lower + upper) / 2, a.mid)
    reach = outward(np.maximum(upper - mid, mid - lower), 2)
    return midrad(mid, np.where(cut, reach, a.rad))
