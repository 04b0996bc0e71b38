"""Softmax and its derivative, one quotient and one row at a time, in balls."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from flint import arb, fmpq


def ball(x: Fraction) -> arb:
    """A rational as a ball."""
    return arb(fmpq(x.numerator, x.denominator))


def exponentials(x: Sequence[Fraction]) -> list[arb]:
    return [ball(q).exp() for q in x]


def softmax(x: Sequence[Fraction]) -> list[arb]:
    """1 / Σ_j exp(x_j - x_i), which needs no maximum and no common divisor."""
    return [1 / sum((ball(q - p).exp() for q in x), start=arb(0)) for p in x]


def softmax_jacobian(x: Sequence[Fraction]) -> list[list[arb]]:
    """Entry (i, j): y_i·(δ_ij - y_j)."""
    y = softmax(x)
    return [[y[i] * (int(i == j) - y[j]) for j in range(len(x))] for i in range(len(x))]


def image(matrix: list[list[arb]], dx: Sequence[Fraction]) -> list[arb]:
    """Matrix times vector."""
    return [sum((a * ball(d) for a, d in zip(row, dx, strict=True)), start=arb(0)) for row in matrix]


def by_rows(n: int, x: Sequence[Fraction]) -> list[list[Fraction]]:
    """A flat vector cut into rows of length n (none where n is 0)."""
    return [list(x[k : k + n]) for k in range(0, len(x), n)] if n else []
