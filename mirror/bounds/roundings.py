"""How far the declared arithmetic rounds: bounds of single operations from magnitudes of what they are done to.

Round to nearest, and an absolute term where a result underflows. A sum of k terms is off by γ_(k-1)·Σ|terms| in any
order, fused or not, and by γ of its depth as a tree (Higham, Accuracy and Stability of Numerical Algorithms, section
4.2). That is sharpened. An addition is off by u of what it arrives at, and no sum of some of the terms is larger than
that of the positive ones or of the negative ones, the last one no larger than the result. In any order only one
addition arrives at all terms, one at all but one, and so on. An addition is off by no more than its smaller operand,
which is rounded away at worst: so terms far below u·Σ count by their size and not as roundings, as masked weights do.
A unit is relative, and half the spacing of floats is not used: a factor may be taken into a sum or out of it.
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


class Accumulation(NamedTuple):
    """Of sums of products that may be added to something else instead, one after the other.

    So many `additions` make the sums, and the terms of one sign add to `one_sided` at most. `further` is what additions
    arrive at besides what is counted of the sums, where something else is among the terms.
    """

    additions: np.ndarray
    one_sided: np.ndarray
    further: np.ndarray

    @staticmethod
    @quiet
    def of(a: MidRadArray, b: MidRadArray, reached: np.ndarray, noise: Noise) -> Accumulation:
        """Of a product of matrices that is no larger than what is reached, with the noise of its own roundings."""
        left, right = a.magnitude, b.magnitude
        total = outward(left @ right, a.shape[-1])
        last = np.minimum(reached, total)
        additions = np.maximum((left > 0).astype(np.float64) @ (right > 0).astype(np.float64) - 1, 0)
        one_sided = outward((total + last) / 2, 2)
        # The last addition arrives at the sum, and no longer is the last. What was exact need not be any more.
        further = np.where(noise.bound > 0, outward(np.maximum(one_sided - last, 0), 2), additions * one_sided)
        return Accumulation(additions, one_sided, further)

    def beside(self, size: np.ndarray) -> Accumulation:
        """With a number of this size among the terms."""
        one_sided = outward(self.one_sided + size, 1)
        return Accumulation(self.additions + (size > 0), one_sided, np.where(size > 0, one_sided, self.further))


class _Sums(NamedTuple):
    """Of sums: how many terms count, what their absolute values add to, the sums at most, and what is not counted."""

    counted: np.ndarray
    total: np.ndarray
    reached: np.ndarray
    dropped: np.ndarray

    @property
    def one_sided(self) -> np.ndarray:
        """What the terms of one sign add to at most."""
        return outward((self.total + self.reached) / 2, 2)


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
    def summed(self, a: MidRadArray, axis: int, reached: np.ndarray) -> Noise:
        """Sums along an axis, which are no larger than what is reached."""
        size = a.magnitude
        total = outward(np.sum(size, axis=axis), a.shape[axis])
        small = size <= self.unit * np.expand_dims(total, axis)
        counted = np.sum(~small, axis=axis)
        dropped = np.sum(size * small, axis=axis)
        sums = _Sums(counted, total, np.minimum(reached, total), dropped)
        moved = self._moved(np.moveaxis(np.where(small, 0.0, size), axis, -1), sums)
        noise = self._added(sums, 0, a.shape[axis], moved)
        exact = (~a.rad.any(axis=axis)) & exact_sums(a.mid, axis, self.bits, self.lowest)
        return self._finite(_unless(exact | (total == 0), noise), total)

    @quiet
    def product(self, a: MidRadArray, b: MidRadArray, reached: np.ndarray) -> Noise:
        """Products of matrices over the last two axes, which are no larger than what is reached."""
        left, right = a.magnitude, b.magnitude
        terms = left.shape[-1]
        total = outward(left @ right, terms)
        # A term is dropped where it is small in all sums of its row.
        least = self.unit * total.min(axis=-1, keepdims=True, initial=np.inf)
        small = left * right.max(axis=-1, initial=0)[..., None, :] <= least
        counted = (~small).astype(float) @ (right > 0).astype(float)
        dropped = (left * small) @ right
        multiplied = ~(_powers(a, -1)[..., :, None] | _powers(b, -2)[..., None, :])
        sums = _Sums(counted, total, np.minimum(reached, total), dropped)
        moved = self._moved_products(np.where(small, 0.0, left), right, sums)
        noise = self._added(sums, multiplied, terms, moved)
        return self._finite(_unless(self._exact(a, b, total) | (total == 0), noise), total)

    @quiet
    def carried(self, sums: Accumulation, size: np.ndarray) -> Noise:
        """What sums are further off by where a number of this size is among their terms, at whatever place.

        In a declared tree it is added to the finished sum.
        """
        size = np.broadcast_to(size, sums.additions.shape)
        if self.order is SumOrder.TREE:
            return Noise(np.zeros(size.shape), np.zeros(size.shape))
        deeper = 2 * sums.additions + 3
        units = self.unit / np.maximum(1 - deeper * self.unit, 0)
        # Each term is rounded once more, and what additions arrive at was rounded.
        again = deeper * self.unit * (2 * sums.one_sided + size)
        bound = outward(units * (sums.additions * size + sums.further + again), 8)
        spread = outward(units * (np.sqrt(sums.additions) * size + sums.further), 5)
        noise = self._finite(Noise(bound, spread), 2 * sums.one_sided + size)
        return _unless((size == 0) | (sums.additions == 0), noise)

    def _exact(self, a: MidRadArray, b: MidRadArray, total: np.ndarray) -> np.ndarray:
        left, right = a.rad.max(axis=-1, keepdims=True, initial=0), b.rad.max(axis=-2, keepdims=True, initial=0)
        known = np.maximum(left, right) == 0
        return known & exact_products(a.mid, b.mid, total, self.bits, self.lowest) if known.any() else known

    def _moved(self, terms: np.ndarray, sums: _Sums) -> np.ndarray:
        """By how many units the additions move sums, of counted terms along the last axis and zeros.

        A tree of additions arrives at most at the largest terms, one after the other, and not beyond all of a sign.
        """
        count, last = terms.shape[-1], sums.reached * (sums.counted > 1)
        if self.order is SumOrder.TREE:
            return sums.total * np.maximum(self._depth(sums, count) - 1, 0) + last
        largest = outward(np.cumsum(np.sort(terms, axis=-1)[..., :0:-1], axis=-1), count)[..., 1:]
        before = np.arange(2, count) < sums.counted[..., None]
        return outward(np.sum(np.minimum(largest, sums.one_sided[..., None]) * before, axis=-1), count + 2) + last

    def _moved_products(self, left: np.ndarray, right: np.ndarray, sums: _Sums) -> np.ndarray:
        """The same of products of matrices, some rows at a time."""
        size = sums.total.size * left.shape[-1]
        if self.order is SumOrder.TREE:
            return self._moved(left[..., None, :], sums)
        if size > _MOST:
            return outward(np.maximum(sums.counted - 2, 0) * sums.one_sided, 3) + sums.reached
        step = max(1, _AT_ONCE * left.shape[-2] // max(size, 1))
        columns = right.swapaxes(-1, -2)[..., None, :, :]
        parts = [
            self._moved(left[..., k : k + step, None, :] * columns, _Sums(*(x[..., k : k + step, :] for x in sums)))
            for k in range(0, left.shape[-2], step)
        ]
        return np.concatenate(parts, axis=-2)

    def _depth(self, sums: _Sums, terms: int) -> np.ndarray:
        """How often a term is rounded at most by additions."""
        additions = np.maximum(sums.counted - 1, 0)
        return np.minimum(additions, max(terms - 1, 0).bit_length()) if self.order is SumOrder.TREE else additions

    def _added(self, sums: _Sums, products: np.ndarray | int, terms: int, moved: np.ndarray) -> Noise:
        """Additions that move sums by so many units, of products rounded so many times."""
        total, deep = sums.total, self._depth(sums, terms)
        roundings = deep + products
        # What was rounded is rounded again.
        again = 1 / np.maximum(1 - roundings * self.unit, 0)
        # Dropped terms may be rounded among themselves before they are lost.
        lost = outward(sums.dropped, terms + 2) * (1 + 2 * terms * self.unit)
        flushed = 2 * terms * self.absolute
        of_sums = deep * sums.one_sided * (total if self.order is SumOrder.TREE else sums.one_sided)
        spread = self.unit * np.sqrt(of_sums + products * total * total)
        rounded = moved + products * total
        # A sum of rounded terms may be so much larger than one of the terms themselves.
        bound = again * self.unit * (rounded + again * self.unit * roundings * deep * total)
        return Noise(outward(bound + lost, 12) + flushed, outward(spread + lost, 8) + flushed)

    def _finite(self, noise: Noise, total: np.ndarray) -> Noise:
        """Unbounded where a partial result may overflow."""
        known = total + noise.bound <= self.largest
        return noise if known.all() else Noise(*(np.where(known, n, np.inf) for n in noise))


def _unless(exact: np.ndarray, noise: Noise) -> Noise:
    return Noise(*(np.where(exact, 0.0, n) for n in noise))


def _powers(a: MidRadArray, axis: int) -> np.ndarray:
    """Which rows or columns hold exact powers of two and zeros only: products with them round nothing."""
    return np.all((a.rad == 0) & ((a.mid == 0) | (abs(np.frexp(a.mid)[0]) == 0.5)), axis=axis)
