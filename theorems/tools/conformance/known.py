"""What is known of the results of an instance before anybody computes it, by balls and by `mirror.bounds`.

Both are certified, so a verdict takes their intersection. The centre of a ball is kept to twice the digits of float64:
otherwise a kernel in float64 could not be told from the rounding of the number that it is compared with.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from flint import arb

from mirror.arithmetic import Undecided, precision
from mirror.bounds.balls import enclosing_for
from mirror.bounds.bounded import Bounded
from mirror.bounds.declared import FloatArithmetic
from theorems.engine.evidence.block_floats import Instances
from theorems.engine.evidence.floats import BITS

# An entry is decided where the real value is known to this share of the bound.
SHARE = 0.1
# What float64 may lose in a distance from a centre: a difference, a difference with the tail, a product, a sum.
_SLACK = 2.0**-50


@dataclass(frozen=True, slots=True)
class KnownArray:
    """What is known of an array of results, about the centre `bounded.real + tail`.

    The tail is what of the centre float64 does not hold.
    """

    bounded: Bounded
    tail: np.ndarray

    @classmethod
    def of(cls, bounded: Bounded) -> KnownArray:
        """About a centre that is a float64."""
        return cls(bounded, np.zeros_like(bounded.real))

    def distance(self, values: np.ndarray) -> np.ndarray:
        """How far values are from the centre, to a few units of float64; infinite or NaN where they are no numbers.

        Where a value is near the centre their difference is exact (Sterbenz), so nothing cancels.
        """
        with np.errstate(over="ignore", invalid="ignore"):
            return np.abs((values - self.bounded.real) - self.tail)

    def text(self, place: int) -> str:
        """The real value at a place of the flat array."""
        centre = arb(float(self.bounded.real.flat[place])) + arb(float(self.tail.flat[place]))
        return arb(centre, float(self.bounded.radius.flat[place])).str(12)


def intersection(first: KnownArray, second: KnownArray) -> KnownArray:
    """What two say together, about the centre of the one that knows the real value better, entry by entry.

    Where they disagree about the real value one of them is wrong: then nothing is known.
    """
    a, b = first.bounded, second.bounded
    apart = first.distance(b.real) + np.abs(second.tail)
    apart *= 1 + _SLACK
    with np.errstate(invalid="ignore"):
        better = a.radius <= b.radius
        agree = apart <= (a.radius + b.radius) * (1 + _SLACK)
    pick = lambda x, y: np.where(better, x, y)  # noqa: E731
    moved = lambda x, y: np.minimum(pick(x, _wider(x, apart)), pick(_wider(y, apart), y))  # noqa: E731
    known = Bounded(
        pick(a.real, b.real),
        np.where(agree, pick(a.radius, b.radius), np.inf),
        np.where(agree, moved(a.certified, b.certified), np.inf),
        np.where(agree, moved(a.likely, b.likely), np.inf),
    )
    return KnownArray(known, pick(first.tail, second.tail))


def _wider(bound: np.ndarray, by: np.ndarray) -> np.ndarray:
    """A bound about a centre that is so far away."""
    return (bound + by) * (1 + _SLACK)


def known_of(batch: Instances, arithmetic: FloatArithmetic) -> Iterator[tuple[KnownArray, ...]]:
    """What is known of the output and of the cotangents, instance by instance."""
    with precision(BITS):
        ar = enclosing_for(arithmetic)
        enclosures = batch.enclosures(ar or batch.enclosing)
    for k in range(len(batch.cotangent)):
        with precision(BITS):
            balls = [a[k] for a in enclosures]
            real = _real(batch, k, balls)
            yield tuple(from_balls(b if ar else None, r) for b, r in zip(balls, real, strict=True))


def _real(batch: Instances, k: int, balls: Sequence[np.ndarray]) -> list[np.ndarray]:
    """The real values of the output and the cotangents; unbounded balls where they are undecided."""
    try:
        flat = batch.real(k)
    except Undecided:
        return [np.full(a.shape, arb("nan"), dtype=object) for a in balls]
    ends = np.cumsum([a.size for a in balls])[:-1]
    return [values.reshape(a.shape) for values, a in zip(np.split(flat, ends), balls, strict=True)]


def from_balls(enclosures: np.ndarray | None, real: np.ndarray) -> KnownArray:
    """What balls know: the real values and, where given, what floats can arrive at."""
    given = np.full(real.shape, None) if enclosures is None else enclosures
    pairs = zip(real.flat, given.flat, strict=True)
    rows = [_entry(arb(value), None if ball is None else arb(ball)) for value, ball in pairs]  # balls may be rationals
    found = np.array(rows, dtype=np.float64).reshape(*real.shape, 4)
    centre, tail, radius, certified = np.moveaxis(found, -1, 0)
    return KnownArray(Bounded(centre, radius, certified, np.full(real.shape, np.inf)), tail)


def _entry(real: arb, ball: arb | None) -> tuple[float, float, float, float]:
    """The centre in two floats, the radius about it, and how far the enclosure reaches from it."""
    centre = float(real.mid()) if real.is_finite() else math.nan
    if not math.isfinite(centre):
        return 0.0, 0.0, math.inf, math.inf
    tail = float((real - centre).mid())
    of = arb(centre) + tail
    known = ball is not None and ball.is_finite() and ball.overlaps(real)
    return centre, tail, _above(real - of), _above(ball - of) if known else math.inf


def _above(x: arb) -> float:
    """A float that no |y| of a ball exceeds; 0 of an exact 0."""
    return 0.0 if x == 0 else math.nextafter(float(x.abs_upper()), math.inf)
