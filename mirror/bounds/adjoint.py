"""Adjoints as intervals, swept backwards: many at once, along a leading axis of columns.

An adjoint is the derivative of one result with respect to a rounding error, over all values that the evaluation may
pass. Only its magnitude is used in the end, so rounding is accounted for at each midpoint, and that of the radii once,
by `SLACK`, for all of a sweep together.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mirror.bounds.intervals import UNIT, MidRadArray

# Covers 4,000,000 roundings of nonnegative numbers in a row.
SLACK = 1 + 1e-9


class Adjoint(NamedTuple):
    """Midpoints and radii; the first axis is that of the columns."""

    mid: np.ndarray
    rad: np.ndarray

    @property
    def magnitude(self) -> np.ndarray:
        """The largest absolute values."""
        size = abs(self.mid)
        size += self.rad
        return size


def added(a: Adjoint, b: Adjoint) -> Adjoint:
    """Of a node that is used twice."""
    mid = a.mid + b.mid
    rad = abs(mid)
    rad *= UNIT
    rad += a.rad
    rad += b.rad
    return Adjoint(mid, rad)


def negated(a: Adjoint) -> Adjoint:
    """Through a subtraction."""
    return Adjoint(-a.mid, a.rad)


class Slope(NamedTuple):
    """A derivative, entry by entry: its midpoints, its magnitudes, and what a product with a midpoint may be off by."""

    mid: np.ndarray
    magnitude: np.ndarray
    off: np.ndarray
    bounded: bool

    @staticmethod
    def of(a: MidRadArray) -> Slope:
        """As a derivative of an operation."""
        size = abs(a.mid)
        return Slope(a.mid, size + a.rad, a.rad + UNIT * size, bool(np.isfinite(a.rad).all()))


def scaled(slope: Slope, a: Adjoint) -> Adjoint:
    """Through an operation entry by entry with this derivative."""
    rad = abs(a.mid) * slope.off
    rad += a.rad * slope.magnitude
    if not slope.bounded:
        # What a result does not depend on may have any derivative.
        rad = np.where((a.mid == 0) & (a.rad == 0), 0.0, rad)
    return Adjoint(a.mid * slope.mid, rad)


def gathered(shape: tuple[int, ...], a: Adjoint) -> Adjoint:
    """Through a broadcast from that shape."""
    new = a.mid.ndim - 1 - len(shape)
    kept = (1,) * new + shape
    axes = tuple(k + 1 for k, (n, m) in enumerate(zip(kept, a.mid.shape[1:], strict=True)) if n != m)
    if axes:
        terms = int(np.prod([a.mid.shape[k] for k in axes]))
        lost = terms * UNIT * np.sum(abs(a.mid), axis=axes, keepdims=True)
        a = Adjoint(np.sum(a.mid, axis=axes, keepdims=True), np.sum(a.rad, axis=axes, keepdims=True) + lost)
    return reshaped(shape, a)


def reshaped(shape: tuple[int, ...], a: Adjoint) -> Adjoint:
    """Through a reshape from that shape."""
    return Adjoint(*(x.reshape(x.shape[0], *shape) for x in a))


def swapped(axes: tuple[int, int], a: Adjoint) -> Adjoint:
    """Through an exchange of two axes, counted without that of the columns."""
    return Adjoint(*(x.swapaxes(axes[0] + 1, axes[1] + 1) for x in a))


def spread_out(shape: tuple[int, ...], axis: int, a: Adjoint) -> Adjoint:
    """Through a sum along an axis of that shape."""
    return Adjoint(*(np.broadcast_to(np.expand_dims(x, axis + 1), (x.shape[0], *shape)) for x in a))


def sliced(start: int, length: int, a: Adjoint) -> Adjoint:
    """Through a concatenation, to the part that starts there."""
    return Adjoint(*(x[:, start : start + length] for x in a))


def through_left(right: MidRadArray, a: Adjoint) -> Adjoint:
    """Through a product of matrices to its left operand."""
    return _product(a, right.swapaxes(-1, -2))


def through_right(left: MidRadArray, a: Adjoint) -> Adjoint:
    """Through a product of matrices to its right operand."""
    turned = Adjoint(*(x.swapaxes(-1, -2) for x in a))
    found = _product(turned, left)
    return Adjoint(*(x.swapaxes(-1, -2) for x in found))


def _product(a: Adjoint, b: MidRadArray) -> Adjoint:
    size, terms = abs(b.mid), b.shape[-2]
    if not b.rad.any():
        return Adjoint(_matmul(a.mid, b.mid), _matmul(a.rad + terms * UNIT * abs(a.mid), size))
    off = b.rad + terms * UNIT * size
    return Adjoint(_matmul(a.mid, b.mid), _matmul(a.rad, size + b.rad) + _matmul(abs(a.mid), off))


def _matmul(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    if b.ndim > 2:
        return a @ b
    # One product of matrices instead of many small ones.
    return (a.reshape(-1, a.shape[-1]) @ b).reshape(*a.shape[:-1], b.shape[-1])
