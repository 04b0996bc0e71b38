"""The real numbers of the jitted block's formulas as float64 intervals: its balls at the speed of matrices.

Nothing here rounds as a kernel does: an interval holds what the formulas give over the reals, for all reals in the
operands' intervals. NumPy's exp and tanh are trusted as `mirror.arithmetic.rounded` measured them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from flint import fmpq

from mirror.arithmetic.base import rational
from mirror.arithmetic.floating import nearest_float
from mirror.arithmetic.rounded import NUMPY_FLOAT64, SAFETY
from mirror.bounds.intervals import TINY, UNIT, MidRadArray, exactly, midrad, outward, product, quiet, short, summed
from mirror.jit.numbers import Normed, Numbers

_EXP, _TANH = (float(SAFETY * ulps) * UNIT for ulps in (NUMPY_FLOAT64.exp, NUMPY_FLOAT64.tanh))


class MidRad(Numbers[MidRadArray]):
    """Intervals of reals. No operation raises: where a total function meets its jump, the interval says nothing."""

    name = "midrad"

    def embed(self, rationals: np.ndarray) -> MidRadArray:
        mid = np.array([nearest_float(q) for q in rationals.reshape(-1)]).reshape(rationals.shape)
        lost = [float(abs(q - rational(m))) for q, m in zip(rationals.reshape(-1), mid.reshape(-1), strict=True)]
        return midrad(mid, outward(np.array(lost).reshape(rationals.shape), 1))

    def constant(self, value: fmpq) -> MidRadArray:
        return self.embed(np.array(value, dtype=object))

    def zeros(self, shape: int | tuple[int, ...]) -> MidRadArray:
        return exactly(np.zeros(shape))

    def concat(self, parts: Sequence[MidRadArray]) -> MidRadArray:
        return midrad(np.concatenate([p.mid for p in parts]), np.concatenate([p.rad for p in parts]))

    def sum(self, a: MidRadArray, axis: int) -> MidRadArray:
        return summed(a, axis)

    def matmul(self, a: MidRadArray, b: MidRadArray) -> MidRadArray:
        return product(a, b)

    @quiet
    def exp(self, a: MidRadArray) -> MidRadArray:
        mid, growth = np.exp(a.mid), np.minimum(a.rad, 1) * np.exp(a.rad)
        # e^r - 1 is at most r·e^r and at most e^r. Near underflow the midpoint's exponential is no measure of the rest.
        spread = np.where(a.mid < -600, np.exp(a.upper), mid * growth)
        return _where_zero(a, 1.0, midrad(mid, outward(spread * (1 + 4 * _EXP) + _EXP * mid, 6) + TINY))

    @quiet
    def tanh(self, a: MidRadArray) -> MidRadArray:
        mid, least = np.tanh(a.mid), np.tanh(a.mignitude)
        slope = (1 - least) * (1 + least) + 4 * _TANH
        spread = np.minimum(a.rad * np.minimum(slope, 1), 2)
        return _where_zero(a, 0.0, midrad(mid, outward(spread + _TANH * abs(mid), 5) + TINY))

    @quiet
    def sqrt(self, a: MidRadArray) -> MidRadArray:
        mid = np.sqrt(np.maximum(a.mid, 0))
        # |√x - √m| = |x - m|/(√x + √m), and from an interval that reaches 0 at most the root of its upper end.
        spread = np.where(a.lower > 0, a.rad / (np.sqrt(np.maximum(a.lower, 0)) + mid), np.sqrt(a.upper))
        exact = (a.upper <= 0) | ((a.rad == 0) & (mid * mid == a.mid) & short(mid))
        return midrad(mid, np.where(exact, 0.0, outward(spread + UNIT * mid, 6)))

    def positive_part(self, a: MidRadArray) -> MidRadArray:
        return midrad(np.maximum(a.mid, 0), np.where(a.upper <= 0, 0.0, a.rad))

    @quiet
    def inverse(self, a: MidRadArray) -> MidRadArray:
        mid, size = 1 / a.mid, abs(a.mid)
        spread = a.rad / (size * a.mignitude)
        exact = (a.rad == 0) & (abs(np.frexp(a.mid)[0]) == 0.5)
        found = midrad(mid, np.where(exact, 0.0, outward(spread + UNIT * abs(mid), 6) + TINY))
        unknown = (a.mignitude == 0) & ~a.is_zero
        return _where_zero(a, 0.0, midrad(found.mid, np.where(unknown, np.inf, found.rad)))

    @property
    def pi(self) -> MidRadArray:
        return midrad(np.pi, 2 * UNIT)

    @property
    def root_of_two_over_pi(self) -> MidRadArray:
        return self.sqrt(exactly(2.0) * self.inverse(self.pi))

    def keep_if_nonzero(self, value: MidRadArray, witnesses: MidRadArray) -> MidRadArray:
        return _kept(value, witnesses.is_zero.any(), (witnesses.mignitude == 0).any())

    # ---- softmax

    def row_max(self, scores: MidRadArray) -> MidRadArray:
        mid, low, high = (np.max(a, axis=-1, keepdims=True) for a in (scores.mid, scores.lower, scores.upper))
        return midrad(mid, _reach(mid, low, high))

    def shifted_exp(self, scores: MidRadArray, row_max: MidRadArray) -> MidRadArray:
        # The minimum of two numbers moves no further than either.
        shifted = scores - row_max
        found = self.exp(midrad(np.minimum(shifted.mid, 0), shifted.rad))
        return midrad(found.mid, np.minimum(found.rad, 1))  # Both are from 0 to 1.

    @quiet
    def inv_normaliser(self, shifted: MidRadArray) -> MidRadArray:
        normaliser = summed(shifted, -1)[..., None]
        low, high = np.maximum(normaliser.lower, 1), normaliser.upper
        mid = 1 / np.maximum(normaliser.mid, 1)
        exact = (normaliser.rad == 0) & (np.frexp(normaliser.mid)[0] == 0.5)
        return midrad(mid, np.where(exact, 0.0, outward(_reach(mid, 1 / high, 1 / low) + 2 * UNIT, 2)))

    # ---- LayerNorm

    def normalise(self, centred: MidRadArray, eps: fmpq) -> Normed[MidRadArray]:
        length = centred.shape[-1]
        var_eps = self.inner(centred, centred)[..., None] * self.constant(fmpq(1, length)) + self.constant(eps)
        rstd = self.inverse(self.sqrt(var_eps))
        normalised = centred * rstd
        if eps < 0:
            return Normed(normalised, rstd, var_eps)
        # No entry's square exceeds the sum of all, which is at most length·(variance + ε).
        largest = outward(np.sqrt(float(length)), 2)
        return Normed(_within(normalised, largest), rstd, var_eps)

    def where_differentiable(self, value: MidRadArray, var_eps: MidRadArray, axes: int) -> MidRadArray:
        kink, open_ = (np.any(a, axis=(-2, -1)) for a in (var_eps.is_zero, var_eps.mignitude == 0))
        kink, open_ = (a.reshape(a.shape + (1,) * axes) for a in (kink, open_))
        return _kept(value, kink, open_)


def _kept(value: MidRadArray, kink: Any, open_: Any) -> MidRadArray:
    """The value, 0 where there is a kink, and both where that is open."""
    kept = midrad(value.mid, np.where(open_, value.magnitude, value.rad))
    return midrad(np.where(kink, 0.0, kept.mid), np.where(kink, 0.0, kept.rad))


def _reach(mid: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """How far both ends are from the midpoint, at most."""
    return outward(np.maximum(high - mid, mid - low), 1)


def _within(a: MidRadArray, bound: float) -> MidRadArray:
    """Intervals of numbers that are known to be no further than the bound from 0."""
    mid = np.clip(a.mid, -bound, bound)
    return midrad(mid, np.minimum(a.rad, outward(bound + abs(mid), 1)))


def _where_zero(a: MidRadArray, value: float, found: MidRadArray) -> MidRadArray:
    """What is found, and exactly the value where the argument is exactly 0."""
    return midrad(np.where(a.is_zero, value, found.mid), np.where(a.is_zero, 0.0, found.rad))
