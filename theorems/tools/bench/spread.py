"""The median of some measurements, with the quartiles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Spread:
    """A median between the first and the third quartile."""

    q1: float
    median: float
    q3: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """Of at least one measurement; raises `ValueError` for none."""
        if not len(values):
            raise ValueError("the spread of no measurement: at least one round is needed")
        return cls(*(float(q) for q in np.quantile(values, (0.25, 0.5, 0.75))))


def ratio(numerators: Sequence[float], denominators: Sequence[float]) -> Spread:
    """The spread of the ratios round by round: what slows a whole round is no part of it."""
    return Spread.of([a / b for a, b in zip(numerators, denominators, strict=True)])


def exponent(sizes: Sequence[int], values: Sequence[int]) -> float | None:
    """The k of the least-squares fit values ~ sizes^k; None where a value is not positive."""
    if min(values) <= 0:
        return None
    return float(np.polyfit(np.log(sizes), np.log(values), 1)[0])
