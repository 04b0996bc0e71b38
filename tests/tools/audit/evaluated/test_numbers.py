"""The numbers that Lean text runs on, and their slopes."""

from __future__ import annotations

import pytest
from flint import arb, fmpq

from lean_refs.evaluator import NotEvaluatedError
from mirror.arithmetic import precision
from theorems.tools.audit.evaluated.numbers import Moving, RealNumbers, TooRoughError, value_of

NUMBERS = RealNumbers()
TWO, THREE = fmpq(2), fmpq(3)


def slopes(function, *point):
    return NUMBERS.derivative(lambda xs: [function(*xs)], point)[0]


def test_rationals_stay_rational() -> None:
    assert NUMBERS.of_rational(1, 3) == fmpq(1, 3)
    assert NUMBERS.sqrt(fmpq(9, 4)) == fmpq(3, 2)
    assert (NUMBERS.exp(fmpq(0)), NUMBERS.tanh(fmpq(0)), NUMBERS.inverse(TWO)) == (1, 0, fmpq(1, 2))


def test_what_leaves_the_rationals_is_enclosed() -> None:
    with precision(128):
        assert abs(NUMBERS.sqrt(TWO) ** 2 - 2) < arb("1e-30")
        assert abs(NUMBERS.exp(TWO) * NUMBERS.exp(-TWO) - 1) < arb("1e-30")
        assert abs(NUMBERS.sqrt(arb(9)) - 3) < arb("1e-30")
        e = NUMBERS.exp(2 * THREE)
        assert abs(NUMBERS.tanh(THREE) - (e - 1) / (e + 1)) < arb("1e-30")
        assert abs(NUMBERS.pi() - arb("3.14159265358979323846264338327950")) < arb("1e-30")


def test_a_sign_is_decided_or_refused() -> None:
    assert [NUMBERS.sign(x) for x in (THREE, -THREE, fmpq(0), Moving(-TWO, (TWO,)))] == [1, -1, 0, -1]
    with pytest.raises(TooRoughError, match="the sign of"):
        NUMBERS.sign(arb(0, 1))


def test_slopes_of_sums_products_and_differences() -> None:
    assert slopes(lambda x, y: x * y + 2 * x - y * 3 + (1 - x), TWO, THREE) == [4, -1]
    assert slopes(lambda x, y: -(x - y) * (x - 1), TWO, THREE) == [0, 1]
    assert NUMBERS.derivative(lambda xs: [fmpq(5)], [TWO]) == [[0]]


def test_slopes_of_functions() -> None:
    assert slopes(NUMBERS.inverse, TWO) == [fmpq(-1, 4)]
    assert slopes(NUMBERS.sqrt, fmpq(9)) == [fmpq(1, 6)]
    assert slopes(lambda x: NUMBERS.exp(x - 2), TWO) == [1]
    assert slopes(lambda x: NUMBERS.tanh(x - 2), TWO) == [1]


def test_what_does_not_depend_on_the_point_does_not_move() -> None:
    (x,) = (Moving(TWO, (fmpq(1),), True),)
    assert not NUMBERS.varies(x - x)
    assert not NUMBERS.varies(x * 0)
    assert NUMBERS.varies(x * x - x * x)
    assert NUMBERS.varies(x)
    assert value_of(x) == value_of(TWO) == 2


def test_a_derivative_of_a_derivative_is_refused() -> None:
    with pytest.raises(NotEvaluatedError, match="a derivative of a derivative"):
        slopes(lambda x: slopes(lambda y: y, x)[0], TWO)
