"""The four real functions, held against series and identities in plain fractions."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import pytest
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from mirror.arithmetic import BALL, EXACT, FLOAT64, precision
from mirror.spec.core.context import MathFunctions
from tests.plain import enclosed, numbers, vector

TERMS = 60
ARGUMENTS = st.fractions(-3, 3, max_denominator=12)


def between(low: Fraction, high: Fraction) -> arb:
    """The ball that spans two rationals."""
    return as_ball(low).union(as_ball(high))


def as_ball(q: Fraction) -> arb:
    return arb(fmpq(q.numerator, q.denominator))


def exponential(x: Fraction) -> arb:
    """Σ xᵏ/k! up to `TERMS`; for |x| ≤ TERMS/2 the rest is at most twice the first omitted term."""
    partial, term = Fraction(0), Fraction(1)
    for k in range(TERMS):
        partial, term = partial + term, term * x / (k + 1)
    return between(partial - 2 * abs(term), partial + 2 * abs(term))


def arctangent_of_reciprocal(n: int) -> tuple[Fraction, Fraction]:
    """Two consecutive partial sums of the alternating series of atan(1/n): it lies between them."""
    sums = list(_partial_sums(n))
    low, high = sorted(sums[-2:])
    return low, high


def _partial_sums(n: int) -> Iterator[Fraction]:
    total = Fraction(0)
    for k in range(TERMS):
        total += Fraction((-1) ** k, (2 * k + 1) * n ** (2 * k + 1))
        yield total


@pytest.mark.lean("MathFunctions")
@given(ARGUMENTS)
def test_exp_is_its_series(x: Fraction) -> None:
    with precision(256):
        enclosed(BALL.exp(vector([x])), exponential(x))


@pytest.mark.lean("MathFunctions")
@given(ARGUMENTS)
def test_tanh_is_the_quotient_of_exponentials(x: Fraction) -> None:
    with precision(256):
        e = exponential(2 * x)
        enclosed(BALL.tanh(vector([x])), (e - 1) / (e + 1))


@pytest.mark.lean("MathFunctions")
@given(st.fractions(-9, 9, max_denominator=30))
def test_sqrt_is_the_nonnegative_root_and_zero_for_a_negative_number(x: Fraction) -> None:
    with precision(256):
        (root,) = BALL.sqrt(vector([x]))
        assert root >= 0
        enclosed(root * root, as_ball(max(x, Fraction(0))))


@pytest.mark.lean("MathFunctions")
@given(st.fractions(-9, 9, max_denominator=30))
def test_sqrt_of_a_square_is_exact(x: Fraction) -> None:
    assert numbers(EXACT.sqrt(vector([x * x, -x * x]))) == [abs(x), 0]


@pytest.mark.lean("MathFunctions")
def test_pi_is_machins() -> None:
    low5, high5 = arctangent_of_reciprocal(5)
    low239, high239 = arctangent_of_reciprocal(239)
    with precision(256):
        enclosed(BALL.pi, between(16 * low5 - 4 * high239, 16 * high5 - 4 * low239))


@pytest.mark.lean("MathFunctions")
@pytest.mark.parametrize("arithmetic", [EXACT, BALL, FLOAT64], ids=lambda ar: ar.name)
def test_every_arithmetic_offers_the_four(arithmetic: MathFunctions) -> None:
    zeros = vector([0]) if arithmetic is not FLOAT64 else FLOAT64.zeros(1)
    assert list(arithmetic.exp(zeros)) == [1]
    assert list(arithmetic.tanh(zeros)) == list(arithmetic.sqrt(zeros)) == [0]
