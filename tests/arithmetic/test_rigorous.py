"""Exact rationals refuse what is not rational; balls stay rational while they can, and undecided is said."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from flint import arb, ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st

from mirror.arithmetic import BALL, EXACT, Array, Irrational, Undecided, precision, sign
from tests.plain import enclosed, numbers, vector

RATIONALS = st.lists(st.fractions(-9, 9, max_denominator=9), max_size=5)
STRADDLING = arb(0, 1)
BOTH = pytest.mark.parametrize("ar", [EXACT, BALL], ids=lambda ar: ar.name)


def objects(*entries: object) -> np.ndarray:
    out = np.empty(len(entries), dtype=object)
    out[:] = entries
    return out


# ---- precision and signs


def test_precision_is_set_and_restored_also_after_an_error() -> None:
    before = ctx.prec
    with precision(77):
        assert ctx.prec == 77
    with pytest.raises(ZeroDivisionError), precision(78):
        _ = fmpq(1) / fmpq(0)
    assert ctx.prec == before


@pytest.mark.parametrize(
    ("x", "expected"), [(fmpq(2, 7), 1), (fmpq(-1), -1), (fmpq(0), 0), (arb(0), 0), (arb(3, 1), 1), (arb(-3, 1), -1)]
)
def test_a_sign_is_decided_for_certain(x: object, expected: int) -> None:
    assert sign(x) == expected


def test_a_ball_that_straddles_zero_has_no_sign() -> None:
    with precision(128), pytest.raises(Undecided, match=r"the sign of .* at 128 bits"):
        sign(STRADDLING)


# ---- total functions


@BOTH
@given(xs=RATIONALS)
def test_the_inverse_is_zero_at_zero(ar, xs: list[Fraction]) -> None:
    assert numbers(ar.inverse(vector([0, *xs]))) == [0, *(1 / x if x else 0 for x in xs)]


@BOTH
@given(xs=RATIONALS)
def test_the_positive_part(ar, xs: list[Fraction]) -> None:
    assert numbers(ar.positive_part(vector(xs))) == [max(x, Fraction(0)) for x in xs]


@BOTH
@given(xs=RATIONALS)
def test_the_root_of_a_negative_number_is_zero(ar, xs: list[Fraction]) -> None:
    squares = [x * abs(x) for x in xs]
    assert numbers(ar.sqrt(vector(squares))) == [max(x, Fraction(0)) for x in xs]


@BOTH
def test_exp_and_tanh_are_exact_at_zero(ar) -> None:
    assert numbers(ar.exp(vector([0]))) == [1]
    assert numbers(ar.tanh(vector([0]))) == [0]


@pytest.mark.parametrize("function", [BALL.inverse, BALL.sqrt, BALL.positive_part], ids=["inverse", "sqrt", "max"])
def test_a_ball_that_straddles_a_boundary_is_undecided(function: Callable[[Array], Array]) -> None:
    with pytest.raises(Undecided, match="the sign of"):
        function(objects(fmpq(1), STRADDLING))


def test_a_rational_stays_rational_until_it_cannot() -> None:
    assert numbers(BALL.inverse(BALL.sqrt(vector([Fraction(4, 9)])))) == [Fraction(3, 2)]
    leaves = [BALL.sqrt(vector([2])), BALL.exp(vector([1])), BALL.tanh(vector([1]))]
    assert [type(x) for leaf in leaves for x in leaf] == [arb, arb, arb]


def test_a_ball_stays_a_ball() -> None:
    with precision(256):
        two = arb(2)
        enclosed(BALL.inverse(objects(two)), [fmpq(1, 2)])
        root = BALL.sqrt(objects(two))
        enclosed(root * root, [fmpq(2)])
        assert [type(x) for x in (*BALL.inverse(objects(two)), *root)] == [arb, arb]


def test_balls_hold_the_constants() -> None:
    with precision(256):
        assert BALL.pi.overlaps(arb.pi())
        assert (BALL.root_of_two_over_pi**2 * BALL.pi).overlaps(arb(2))
        assert BALL.root_of_two_over_pi > 0
    assert numbers([BALL.half, EXACT.half]) == [Fraction(1, 2)] * 2


# ---- what exact arithmetic refuses, by name


@pytest.mark.parametrize(
    ("name", "function", "x"), [("exp", EXACT.exp, 1), ("tanh", EXACT.tanh, -1), ("sqrt", EXACT.sqrt, 2)]
)
def test_exact_arithmetic_refuses_irrational_values(name: str, function: Callable[[Array], Array], x: int) -> None:
    with pytest.raises(Irrational, match=rf"{name}\({x}\) is not rational: use the ball arithmetic"):
        function(vector([0, x]))


def test_exact_arithmetic_refuses_pi() -> None:
    with pytest.raises(Irrational, match="pi is not rational: use the ball arithmetic"):
        _ = EXACT.pi
    with pytest.raises(Irrational, match=r"sqrt\(2/pi\) is not rational: use the ball arithmetic"):
        _ = EXACT.root_of_two_over_pi


# ---- arrays


@BOTH
def test_sums_and_products_over_nothing_are_rational_zeros(ar) -> None:
    assert numbers(ar.sum(ar.zeros((2, 0)), axis=1)) == [0, 0]
    assert numbers(ar.sum(ar.zeros(0), axis=0)) == [0]
    product = ar.matmul(ar.zeros((2, 0)), ar.zeros((0, 3)))
    assert product.shape == (2, 3)
    assert numbers(product) == [0] * 6


@BOTH
@given(data=st.data(), m=st.integers(0, 3), n=st.integers(0, 3))
def test_a_sum_runs_along_one_axis(ar, data: st.DataObject, m: int, n: int) -> None:
    x = data.draw(st.lists(st.fractions(-9, 9, max_denominator=9), min_size=m * n, max_size=m * n))
    by_row = [sum(x[i * n : (i + 1) * n], Fraction(0)) for i in range(m)]
    by_column = [sum((x[i * n + j] for i in range(m)), Fraction(0)) for j in range(n)]
    array = vector(x).reshape(m, n)
    assert numbers(ar.sum(array, axis=1)) == by_row
    assert numbers(ar.sum(array, axis=0)) == by_column


@BOTH
def test_constants_and_concatenation(ar) -> None:
    assert numbers([ar.constant(fmpq(2, 3))]) == [Fraction(2, 3)]
    assert numbers(ar.embed(vector([1, 2]))) == [1, 2]
    assert numbers(ar.concat([vector([1]), vector([]), vector([2, 3])])) == [1, 2, 3]


@BOTH
def test_a_value_is_kept_where_no_witness_is_zero(ar) -> None:
    value = vector([5, 6])
    assert numbers(ar.keep_if_nonzero(value, vector([1, -1, 2]))) == [5, 6]
    assert numbers(ar.keep_if_nonzero(value, vector([1, 0, 2]))) == [0, 0]
    assert numbers(ar.keep_if_nonzero(value, vector([]))) == [5, 6]


@pytest.mark.parametrize("witnesses", [(fmpq(0), STRADDLING), (STRADDLING, fmpq(0))], ids=["after", "before"])
def test_an_undecided_witness_is_said_wherever_it_stands(witnesses: tuple[object, object]) -> None:
    with pytest.raises(Undecided):
        BALL.keep_if_nonzero(vector([5]), objects(*witnesses))
