"""The noises of a tape that are no operation's own: none, a conversion's, and what a node that is shared is off by."""

from __future__ import annotations

import numpy as np

from mirror.bounds.intervals import MidRadArray, quiet
from mirror.bounds.roundings import Noise, Roundings
from mirror.bounds.tape import Node, off_by


def unless(exact: np.ndarray, noise: Noise) -> Noise:
    return Noise(*(np.where(exact, 0.0, n) for n in noise))


def none(shape: tuple[int, ...]) -> Noise:
    return Noise(np.zeros(shape), np.zeros(shape))


def shared(node: Node) -> Noise:
    """All that a node is off by, as one noise; it is anchored."""
    assert node.spread is not None
    return Noise(off_by(node), node.spread)


def given_noise(noise: Noise, passed: MidRadArray, tubes: list[MidRadArray]) -> Noise:
    return noise


def converting(to: Roundings, passed: MidRadArray, tubes: list[MidRadArray]) -> Noise:
    exact = (passed.rad == 0) & representable(passed.mid, to)
    return unless(exact, to.once(passed.magnitude))


def representable(values: np.ndarray, roundings: Roundings) -> np.ndarray:
    """Which float64 numbers are 0 or normal numbers of the format."""
    significand, _ = np.frexp(values)
    digits = np.ldexp(significand, roundings.bits)
    size = abs(values)
    return (values == 0) | ((digits == np.rint(digits)) & (size >= roundings.lowest) & (size <= roundings.largest))


@quiet
def root_of_squares(axis: int, a: Node) -> np.ndarray:
    assert a.spread is not None
    return np.sqrt(np.sum(a.spread**2, axis=axis))


@quiet
def product_of_spreads(a: Node, b: Node) -> np.ndarray:
    """Rows are independent of one another, a row's two operands are not."""
    assert a.spread is not None
    assert b.spread is not None
    left, right = a.tube.magnitude, b.tube.magnitude
    return np.sqrt(left**2 @ b.spread**2) + np.sqrt(a.spread**2 @ right**2)
