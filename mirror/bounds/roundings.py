"""How far the declared arithmetic rounds: bounds of single operations from magnitudes of what they are done to.

Round to nearest, and an absolute term where a result underflows. A sum of k terms is off by γ_(k-1)·Σ|terms| in any
order, fused or not, and by γ of its depth as a tree (Higham, Accuracy and Stability of Numerical Algorithms, section
4.2). In any order that is sharpened: only two terms are rounded k - 1 times, the next one k - 2 times, and so on. An
addition is off by no more than its smaller operand, which is rounded away at worst: so terms far below u·Σ count by
their size and not as roundings, as masked weights do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from mirror.arithmetic.rounded import Backend
from mirror.bounds.declared import FloatArithmetic, SumOrder
from mirror.bounds.intervals import MidRadArray, exact_products, exact_sums, outward, quiet

# How many products are sorted at once, and how many at most: beyond that each is rounded as often as there are terms.
_AT_ONCE, _MOST = 1 << 18, 1 << 25


class Noise(NamedTuple):
    """What roundings add to each entry: at most `bound`; `spread` for a root of the sum of squares."""

    bound: np.ndarray
    spread: np.ndarray

    def __add__(self, other: Noise) -> Noise:  # type: ignore[override]
        """Two noises of the same entries."""
        return Noise(outward(self.bound + other.bound, 1), np.hypot(self.spread, other.spread))


@dataclass(frozen=True, slots=True)
class Roundings:
    """The roundings of one format, sums in one order."""

    unit: float
    absolute: float
    lowest: float
    largest: float
    bits: int
    order: SumOrder = SumOrder.ANY

    @staticmethod
    def of(backend: Backend, order: SumOrder = SumOrder.ANY) -> Roundings:
        """The roundings of a format."""
        unit, absolute, largest = (float(x) for x in (backend.unit, backend.absolute, backend.largest))
        # Half the smallest float64 is none.
        return Roundings(unit, max(absolute, 2.0**-1074), 2.0**backend.lowest, largest, backend.bits, order)

    @staticmethod
    def computing(arithmetic: FloatArithmetic) -> Roundings:
        """The roundings of the format that everything is computed in."""
        return Roundings.of(arithmetic.accumulate, arithmetic.order)

    @quiet
    def once(self, magnitude: np.ndarray, units: float = 1.0) -> Noise:
        """One operation whose exact result is no larger, off by so many units."""
        bound = outward(magnitude * (units * self.unit), 2) + self.absolute
        return self._finite(Noise(bound, bound), magnitude)

    @quiet
    def summed(self, a: MidRadArray, axis: int) -> Noise:
        """Sums along an axis."""
        size = a.magnitude
        total = outward(np.sum(size, axis=axis), a.shape[axis])
        small = size <= self.unit * np.expand_dims(total, axis)
        counted = np.sum(~small, axis=axis)
        dropped = np.sum(size * small, axis=axis)
        moved = self._moved(np.moveaxis(np.where(small, 0.0, size), axis, -1), counted, total)
        noise = self._added(np.maximum(counted - 1, 0), 0, a.shape[axis], total, dropped, moved)
        exact = (~a.rad.any(axis=axis)) & exact_sums(a.mid, axis, self.bits, self.lowest)
        return self._finite(_unless(exact | (total == 0), noise), total)

    @quiet
    def product(self, a: MidRadArray, b: MidRadArray) -> Noise:
        """Products of matrices over the last two axes."""
        left, right = a.magnitude, b.magnitude
        terms = left.shape[-1]
        total = outward(left @ right, terms)
        # A term is dropped where it is small in all sums of its row.
        least = self.unit * total.min(axis=-1, keepdims=True, initial=np.inf)
        small = left * right.max(axis=-1, initial=0)[..., None, :] <= least
        counted = (~small).astype(float) @ (right > 0).astype(float)
        dropped = (left * small) @ right
        multiplied = ~(_powers(a, -1)[..., :, None] | _powers(b, -2)[..., None, :])
        moved = self._moved_products(np.where(small, 0.0, left), right, counted, total)
        noise = self._added(np.maximum(counted - 1, 0), multiplied, terms, total, dropped, moved)
        return self._finite(_unless(self._exact(a, b, total) | (total == 0), noise), total)

    def _exact(self, a: MidRadArray, b: MidRadArray, total: np.ndarray) -> np.ndarray:
        left, right = a.rad.max(axis=-1, keepdims=True, initial=0), b.rad.max(axis=-2, keepdims=True, initial=0)
        known = np.maximum(left, right) == 0
        return known & exact_products(a.mid, b.mid, total, self.bits, self.lowest) if known.any() else known

    def _moved(self, terms: np.ndarray, counted: np.ndarray, total: np.ndarray) -> np.ndarray:
        """By how many units the additions move sums, of counted terms along the last axis and zeros.

        A term is rounded as often as it is deep in the tree of additions. The worst tree is a chain, which begins
        with the largest terms.
        """
        count = terms.shape[-1]
        if self.order is SumOrder.TREE:
            return total * np.minimum(np.maximum(counted - 1, 0), max(count - 1, 0).bit_length())
        depth = np.minimum(counted[..., None] - np.arange(count), counted[..., None] - 1)
        ordered = np.sort(terms, axis=-1)[..., ::-1]
        return outward(np.sum(np.maximum(depth, 0) * ordered, axis=-1), count + 2)

    def _moved_products(
        self, left: np.ndarray, right: np.ndarray, counted: np.ndarray, total: np.ndarray
    ) -> np.ndarray:
        """The same of products of matrices, some rows at a time."""
        if self.order is SumOrder.TREE or total.size * left.shape[-1] > _MOST:
            return self._moved(left[..., None, :], counted, total) if self.order is SumOrder.TREE else total * counted
        step = max(1, _AT_ONCE * left.shape[-2] // max(total.size * left.shape[-1], 1))
        columns = right.swapaxes(-1, -2)[..., None, :, :]
        parts = [
            self._moved(left[..., k : k + step, None, :] * columns, counted[..., k : k + step, :], total)
            for k in range(0, left.shape[-2], step)
        ]
        return np.concatenate(parts, axis=-2)

    def _added(
        self,
        additions: np.ndarray,
        products: np.ndarray | int,
        terms: int,
        total: np.ndarray,
        dropped: np.ndarray,
        moved: np.ndarray,
    ) -> Noise:
        """So many additions of counted terms, which move sums by so many units, of products rounded so many times."""
        deep = additions
        if self.order is SumOrder.TREE:
            deep = np.minimum(additions, max(terms - 1, 0).bit_length())
        roundings = deep + products
        # What was rounded is rounded again.
        again = 1 / np.maximum(1 - roundings * self.unit, 0)
        # Dropped terms may be rounded among themselves before they are lost.
        lost = outward(dropped, terms + 2) * (1 + 2 * terms * self.unit)
        flushed = 2 * terms * self.absolute
        spread = self.unit * total * np.sqrt(roundings)
        bound = again * self.unit * (moved + products * total)
        return Noise(outward(bound + lost, 8) + flushed, outward(spread + lost, 5) + flushed)

    def _finite(self, noise: Noise, total: np.ndarray) -> Noise:
        """Unbounded where a partial result may overflow."""
        known = total + noise.bound <= self.largest
        return noise if known.all() else Noise(*(np.where(known, n, np.inf) for n in noise))


def _unless(exact: np.ndarray, noise: Noise) -> Noise:
    return Noise(*(np.where(exact, 0.0, n) for n in noise))


def _powers(a: MidRadArray, axis: int) -> np.ndarray:
    """Which rows or columns hold exact powers of two and zeros only: products with them round nothing."""
    return np.all((a.rad == 0) & ((a.mid == 0) | (abs(np.frexp(a.mid)[0]) == 0.5)), axis=axis)
