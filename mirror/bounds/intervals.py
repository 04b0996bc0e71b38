"""Arrays of intervals as midpoints and radii in float64, every operation of which is rounded outwards.

Rump, Fast and parallel interval arithmetic, BIT 39 (1999): a product of matrices is three products of float matrices.
An operation on floats is off by at most u = 2^-53, relative, and sums in any order, fused or not, as in Higham's
γ-bounds; what is added to a radius covers that of the midpoint, of the radius, and underflow. An exact result keeps
radius 0: a sum without a rounding error, a product of two floats of 24 bits, anything times an exact 0. An interval of
infinite radius says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

UNIT = 2.0**-53
# More than all that underflow may take from a million operations.
TINY = 2.0**-1000
_LEAST = 2.0**-900

quiet = np.errstate(all="ignore")  # What overflows becomes an interval that says nothing.


def outward(bound: Any, roundings: int) -> Any:
    """A bound from above on what a nonnegative float stands for that so many roundings led to."""
    return bound * (1 + (roundings + 2) * 2 * UNIT)


def gamma(roundings: Any) -> Any:
    """Higham's γ in float64, rounded up."""
    return outward(roundings * UNIT / (1 - roundings * UNIT), 3)


@dataclass(frozen=True, slots=True, eq=False)
class MidRadArray:
    """The intervals from `mid - rad` to `mid + rad`, entrywise; make one by `midrad` or `exactly`."""

    mid: np.ndarray
    rad: np.ndarray

    __array_ufunc__ = None  # numpy leaves `array * intervals` to `MidRadArray.__rmul__`

    @property
    def shape(self) -> tuple[int, ...]:
        return self.mid.shape

    @property
    def magnitude(self) -> np.ndarray:
        """The largest absolute value of each, rounded up."""
        return outward(abs(self.mid) + self.rad, 1)

    @property
    def mignitude(self) -> np.ndarray:
        """The smallest absolute value of each, rounded down."""
        least = np.nextafter(abs(self.mid) - self.rad, -np.inf)
        return np.where(self.rad == 0, abs(self.mid), np.maximum(least, 0.0))

    @property
    def lower(self) -> np.ndarray:
        """The lower ends, rounded down."""
        return np.where(self.rad == 0, self.mid, np.nextafter(self.mid - self.rad, -np.inf))

    @property
    def upper(self) -> np.ndarray:
        """The upper ends, rounded up."""
        return np.where(self.rad == 0, self.mid, np.nextafter(self.mid + self.rad, np.inf))

    @property
    def is_zero(self) -> np.ndarray:
        """Which are exactly 0."""
        return (self.mid == 0) & (self.rad == 0)

    def __getitem__(self, key: Any) -> MidRadArray:
        return MidRadArray(np.asarray(self.mid[key]), np.asarray(self.rad[key]))

    def reshape(self, *shape: Any) -> MidRadArray:
        return MidRadArray(self.mid.reshape(*shape), self.rad.reshape(*shape))

    def swapaxes(self, a: int, b: int) -> MidRadArray:
        return MidRadArray(self.mid.swapaxes(a, b), self.rad.swapaxes(a, b))

    def __neg__(self) -> MidRadArray:
        return MidRadArray(-self.mid, self.rad)

    def __add__(self, other: Any) -> MidRadArray:
        return _added(self, exactly(other))

    def __sub__(self, other: Any) -> MidRadArray:
        return _added(self, -exactly(other))

    def __rsub__(self, other: Any) -> MidRadArray:
        return _added(-self, exactly(other))

    def __mul__(self, other: Any) -> MidRadArray:
        return _multiplied(self, exactly(other))

    __radd__ = __add__
    __rmul__ = __mul__


def exactly(values: Any) -> MidRadArray:
    """Floats as intervals of radius 0; intervals as they are."""
    if isinstance(values, MidRadArray):
        return values
    return midrad(values, np.zeros(np.shape(values)))


def midrad(mid: Any, rad: Any) -> MidRadArray:
    """Intervals of these midpoints and radii; where one is NaN or infinite, an interval that says nothing."""
    mid, rad = np.asarray(mid, dtype=np.float64), np.asarray(rad, dtype=np.float64)
    known = np.isfinite(mid) & np.isfinite(rad)
    if known.all():
        return MidRadArray(mid, rad)
    return MidRadArray(np.where(known, mid, 0.0), np.where(known, rad, np.inf))


@quiet
def _added(a: MidRadArray, b: MidRadArray) -> MidRadArray:
    total = a.mid + b.mid
    # Knuth's TwoSum: what was lost is a float itself.
    taken = total - a.mid
    lost = (a.mid - (total - taken)) + (b.mid - taken)
    return midrad(total, outward(a.rad + b.rad + abs(lost), 2))


@quiet
def _multiplied(a: MidRadArray, b: MidRadArray) -> MidRadArray:
    product = a.mid * b.mid
    spread = abs(a.mid) * b.rad + a.rad * (abs(b.mid) + b.rad)
    no_radius = (a.rad == 0) & (b.rad == 0)
    exact = (no_radius & short(a.mid) & short(b.mid)) | ((a.is_zero | b.is_zero) & (spread == 0))
    return midrad(product, np.where(exact, spread, outward(spread + UNIT * abs(product), 5) + TINY))


def short(a: np.ndarray) -> np.ndarray:
    """Which are float32 numbers: the product of two is a float64."""
    return a.astype(np.float32) == a


@quiet
def summed(a: MidRadArray, axis: int) -> MidRadArray:
    """The sums along an axis; adding an exact 0 rounds nothing."""
    terms = a.shape[axis]
    rounding = np.maximum(np.sum(~a.is_zero, axis=axis) - 1, 0)
    total = np.sum(a.mid, axis=axis)
    if not a.rad.any():
        rounding = np.where(exact_sums(a.mid, axis, 53), 0, rounding)
    spread = outward(np.sum(a.rad, axis=axis), terms)
    lost = gamma(rounding) * outward(np.sum(abs(a.mid), axis=axis), terms)
    return midrad(total, outward(spread + lost, 2))


@quiet
def product(a: MidRadArray, b: MidRadArray) -> MidRadArray:
    """The products of matrices over the last two axes; sums that are exact in any order have radius 0."""
    terms = a.shape[-1]
    left, right, allowed = abs(a.mid), abs(b.mid), gamma(terms)
    spread = left @ (right * allowed + b.rad)
    if a.rad.any():
        spread = spread + a.rad @ (right + b.rad)
    spread = outward(spread, terms + 5) + TINY * ~(zeros(a, -1)[..., :, None] | zeros(b, -2)[..., None, :])
    if not (a.rad.any() or b.rad.any()):
        spread = np.where(exact_products(a.mid, b.mid, left @ right, 53), 0.0, spread)
    return midrad(a.mid @ b.mid, spread)


def zeros(a: MidRadArray, axis: int) -> np.ndarray:
    """Which rows or columns are exactly 0 throughout."""
    return ~((a.mid != 0) | (a.rad != 0)).any(axis=axis)


def exact_sums(a: np.ndarray, axis: int, bits: int, lowest: float = _LEAST) -> np.ndarray:
    """Which sums of exact floats are exact in that many bits, whatever the order."""
    step = _steps(a).min(axis=axis, initial=np.inf)
    return _within_digits(np.sum(abs(a), axis=axis), step, bits, lowest)


def exact_products(a: np.ndarray, b: np.ndarray, totals: np.ndarray, bits: int, lowest: float = _LEAST) -> np.ndarray:
    """Which sums of products of exact floats, whose absolute values add to `totals`, are exact in that many bits."""
    step = _steps(a).min(axis=-1, initial=np.inf)[..., :, None] * _steps(b).min(axis=-2, initial=np.inf)[..., None, :]
    return _within_digits(totals, step, bits, lowest)


def _within_digits(totals: np.ndarray, step: np.ndarray, bits: int, lowest: float) -> np.ndarray:
    """Whether no partial sum of multiples of a power of two needs more digits: none exceeds 2^bits times it."""
    return (step >= lowest) & (totals * (1 + 2.0**-20) <= 2.0**bits * step)


def _steps(a: np.ndarray) -> np.ndarray:
    """The largest power of two that each is a multiple of, infinite for 0."""
    significand, exponent = np.frexp(a)
    digits = np.ldexp(significand, 53).astype(np.int64)
    return np.where(a == 0, np.inf, np.ldexp((digits & -digits).astype(np.float64), exponent - 53))
