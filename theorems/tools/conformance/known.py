"""What is known of the results of an instance before anybody computes it, by balls and by `mirror.bounds`.

Both are certified, so a verdict takes their intersection. The centre of a ball is kept to twice the digits of float64:
otherwise a kernel in float64 could not be told from the rounding of the number that it is compared with.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from flint import arb

from mirror.bounds.bounded import Bounded

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
        """About a centre that is a float64; what is no number says that nothing is known."""
        real, *widths = (np.asarray(a, dtype=np.float64) for a in bounded)
        some = np.isfinite(real) & ~np.isnan(widths).any(axis=0)
        known = Bounded(np.where(some, real, 0.0), *(np.where(some, a, np.inf) for a in widths))
        return cls(known, np.zeros_like(real))

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
    a, b, apart = first.bounded, second.bounded, _apart(first, second)
    with np.errstate(invalid="ignore"):
        better = a.radius <= b.radius
        agree = apart <= (a.radius + b.radius) * (1 + 4 * _SLACK)
    pick = lambda x, y: np.where(better, x, y)  # noqa: E731
    moved = lambda x, y: np.minimum(pick(x, _wider(x, apart)), pick(_wider(y, apart), y))  # noqa: E731
    known = Bounded(
        pick(a.real, b.real),
        np.where(agree, pick(a.radius, b.radius), np.inf),
        np.where(agree, moved(a.certified, b.certified), np.inf),
        np.where(agree, moved(a.likely, b.likely), np.inf),
    )
    return KnownArray(known, pick(first.tail, second.tail))


def _apart(first: KnownArray, second: KnownArray) -> np.ndarray:
    """How far two centres are from each other, rounded up; their tails may bring them nearer than their floats are."""
    with np.errstate(over="ignore", invalid="ignore"):
        floats, tails = first.bounded.real - second.bounded.real, first.tail - second.tail
        return (np.abs(floats + tails) + _SLACK * (np.abs(floats) + np.abs(tails))) * (1 + _SLACK)


def with_real_values_of(bounds: KnownArray, balls: KnownArray) -> KnownArray:
    """Bounds, with the real values of balls; what balls say of floats counts where the bounds say nothing.

    Balls enclose one order of the formulas, and bounds may hold for more kernels, so the balls must not narrow them.
    """
    both, alone = intersection(bounds, without_bounds(balls)), intersection(bounds, balls)
    silent = np.isinf(bounds.bounded.certified)
    certified = np.where(silent, alone.bounded.certified, both.bounded.certified)
    return replace(both, bounded=both.bounded._replace(certified=certified))


def without_bounds(known: KnownArray) -> KnownArray:
    """The real values alone."""
    nothing = np.full(known.tail.shape, np.inf)
    return replace(known, bounded=known.bounded._replace(certified=nothing, likely=nothing))


def _wider(bound: np.ndarray, by: np.ndarray) -> np.ndarray:
    """A bound about a centre that is so far away."""
    return (bound + by) * (1 + _SLACK)


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
    if ball is None or not (ball.is_finite() and ball.overlaps(real)):
        return centre, tail, _above(real - of), math.inf
    return centre, tail, _above(real - of), _above(ball - of)


def _above(x: arb) -> float:
    """A float that no |y| of a ball exceeds; 0 of an exact 0."""
    return 0.0 if x == 0 else math.nextafter(float(x.abs_upper()), math.inf)
