"""Truncated power series: Taylor coefficients against exact polynomials and series known by heart."""

from __future__ import annotations

import operator
from collections.abc import Callable
from fractions import Fraction
from math import factorial
from typing import Any

import numpy as np
import pytest
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from mirror.arithmetic import (
    BALL,
    Arithmetic,
    Array,
    AtBoundary,
    Jet,
    JetArray,
    Undecided,
    precision,
    rational_vector,
    variable,
    variables,
)
from tests.plain import Numbers, enclosed, numbers, vector

JET = Jet(2)
FRACTIONS = st.fractions(-4, 4, max_denominator=5)
NONZERO = FRACTIONS.filter(bool)
Function = Callable[[Arithmetic, Array], Array]


def line(x: Fraction | int, h: Fraction | int = 1, order: int = 2) -> JetArray:
    """t ↦ x + t·h as a vector of one jet."""
    return variable(vector([x]), vector([h]), order)


def coefficients(jet: JetArray) -> list[Numbers]:
    return [numbers(c) for c in jet.coefficients]


def series(jet: JetArray) -> Numbers:
    """The coefficients of a vector of one jet, all of them rational."""
    return [q for (q,) in coefficients(jet)]


# ---- arithmetic of series


@given(FRACTIONS, FRACTIONS, FRACTIONS, FRACTIONS)
def test_sums_and_products_are_those_of_polynomials(a: Fraction, b: Fraction, c: Fraction, d: Fraction) -> None:
    left, right = line(a, b), line(c, d)
    assert series(left + right) == [a + c, b + d, 0]
    assert series(left - right) == [a - c, b - d, 0]
    assert series(-left) == [-a, -b, 0]
    assert series(left * right) == [a * c, a * d + b * c, b * d]


def test_jets_without_an_axis_are_added_and_multiplied_too() -> None:
    a, b = (JET.sum(line(*ends), axis=0) for ends in ((2, 3), (5, 7)))
    assert a.shape == ()
    assert coefficients(a + b) == [[7], [10], [0]]
    assert coefficients(a - b) == [[-3], [-4], [0]]
    assert coefficients(a * b) == [[10], [29], [21]]
    assert coefficients(a + 4) == coefficients(4 + a) == [[6], [3], [0]]


@given(FRACTIONS, FRACTIONS, FRACTIONS)
def test_constants_join_from_either_side(a: Fraction, b: Fraction, c: Fraction) -> None:
    x, k = line(a, b), vector([c])
    assert series(x + k) == series(k + x) == [a + c, b, 0]
    assert series(x - k) == [a - c, b, 0]
    assert series(k - x) == [c - a, -b, 0]
    assert series(x * k) == series(k * x) == [a * c, b * c, 0]
    assert series(3 * x) == [3 * a, 3 * b, 0]


def test_arrays_of_jets_slice_reshape_and_swap_axes_together() -> None:
    point, direction = vector(range(6)), vector(range(6, 12))
    jets = variable(point, direction).reshape(2, 3)
    assert (jets.shape, jets.order) == ((2, 3), 1)
    turned = jets.swapaxes(0, 1)
    assert turned.shape == (3, 2)
    assert coefficients(turned[2]) == [[2, 5], [8, 11]]
    assert turned.constant.shape == (3, 2)


def test_lifting_leaves_jets_alone_and_makes_constants() -> None:
    x = line(1)
    assert JET.lift(x) is x
    constant = JET.lift(vector([5, 6]))
    assert coefficients(constant) == [[5, 6], [0, 0], [0, 0]]
    assert constant.constant.all()
    assert not x.constant.any()


def test_constancy_is_kept_by_sums_and_products_of_constants_only() -> None:
    k, x = JET.lift(vector([2])), line(1)
    assert [(k + k).constant[0], (k * k).constant[0], (-k).constant[0]] == [True] * 3
    assert [(k + x).constant[0], (k * x).constant[0], (x - k).constant[0]] == [False] * 3


# ---- functions


@given(NONZERO)
def test_the_inverse_is_the_geometric_series(x: Fraction) -> None:
    assert series(JET.inverse(line(x))) == [1 / x, -1 / x**2, 1 / x**3]


@given(st.fractions(Fraction(1, 9), 4, max_denominator=9))
def test_the_root_of_a_square(r: Fraction) -> None:
    # (r² + t)^½ = r + t/(2r) - t²/(8r³)
    assert series(JET.sqrt(line(r * r))) == [r, 1 / (2 * r), -1 / (8 * r**3)]


@given(FRACTIONS, FRACTIONS)
def test_exp_has_the_exponential_series(x: Fraction, h: Fraction) -> None:
    with precision(256):
        e = arb(vector([x])[0]).exp()
        expected = [e * vector([h**k])[0] / factorial(k) for k in range(3)]
        enclosed(JET.exp(line(x, h)).coefficients, expected)


@given(FRACTIONS, FRACTIONS)
def test_tanh_has_slope_and_curvature_of_tanh(x: Fraction, h: Fraction) -> None:
    with precision(256):
        t, (step,) = arb(vector([x])[0]).tanh(), vector([h])
        slope = 1 - t * t
        enclosed(JET.tanh(line(x, h)).coefficients, [t, slope * step, -t * slope * step * step])


def test_tanh_at_zero_to_third_order() -> None:
    # t - t³/3
    assert series(Jet(3).tanh(line(0, 1, 3))) == [0, 1, 0, Fraction(-1, 3)]


@given(NONZERO)
def test_the_positive_part_keeps_or_drops_the_series(x: Fraction) -> None:
    assert series(JET.positive_part(line(x, 7))) == ([x, 7, 0] if x > 0 else [0, 0, 0])


def test_the_constants_are_those_of_balls() -> None:
    with precision(256):
        enclosed([JET.pi, JET.root_of_two_over_pi], [BALL.pi, BALL.root_of_two_over_pi])
    assert numbers([JET.half]) == [Fraction(1, 2)]


# ---- arrays


@given(st.integers(0, 3))
def test_concat_and_sum_work_coefficient_by_coefficient(n: int) -> None:
    x = variable(vector(range(n)), vector([1] * n), 2)
    joined = JET.concat([JET.zeros(1), x, vector([9])])
    assert coefficients(joined) == [[0, *range(n), 9], [0, *[1] * n, 0], [0] * (n + 2)]
    assert joined.constant.tolist() == [True, *[False] * n, True]
    total = JET.sum(joined, axis=0)
    assert coefficients(total) == [[sum(range(n)) + 9], [n], [0]]
    assert bool(total.constant) is (n == 0)
    assert coefficients(JET.sum(vector([1, 2]), axis=0)) == [[3], [0], [0]]


def matrix(start: int, *shape: int) -> np.ndarray:
    return vector(range(start, start + int(np.prod(shape)))).reshape(shape)


def plain_product(a: np.ndarray, b: np.ndarray) -> Numbers:
    rows, inner, columns = a.shape[0], a.shape[1], b.shape[1]
    return [
        sum((numbers(a[i, j])[0] * numbers(b[j, k])[0] for j in range(inner)), Fraction(0))
        for i in range(rows)
        for k in range(columns)
    ]


def test_matmul_is_the_product_rule() -> None:
    a, da, b, db = matrix(1, 2, 3), matrix(-4, 2, 3), matrix(2, 3, 2), matrix(5, 3, 2)
    moving_a, moving_b = variable(a, da, 2), variable(b, db, 2)
    cross = [p + q for p, q in zip(plain_product(a, db), plain_product(da, b), strict=True)]
    assert coefficients(JET.matmul(moving_a, moving_b)) == [plain_product(a, b), cross, plain_product(da, db)]
    zeros = [0] * 4
    assert coefficients(JET.matmul(a, moving_b)) == [plain_product(a, b), plain_product(a, db), zeros]
    assert coefficients(JET.matmul(moving_a, b)) == [plain_product(a, b), plain_product(da, b), zeros]


def test_embedded_numbers_are_themselves() -> None:
    x = vector([1, 2])
    assert JET.embed(x) is x
    assert JET.constant(x[0]) is x[0]


# ---- boundaries of total functions


@pytest.mark.parametrize(
    ("name", "function"),
    [("sqrt", JET.sqrt), (r"max\(x, 0\)", JET.positive_part), ("1/x", JET.inverse)],
    ids=["sqrt", "max", "inverse"],
)
def test_a_moving_zero_is_at_a_boundary(name: str, function: Callable[[Array], Array]) -> None:
    with pytest.raises(AtBoundary, match=rf"{name} is met at 0 by a value that may move"):
        function(line(0))
    # Also where it happens not to move along this line, or to first order: the point itself may.
    with pytest.raises(AtBoundary):
        function(line(0, 0))


@pytest.mark.parametrize("function", [JET.sqrt, JET.positive_part, JET.inverse], ids=["sqrt", "max", "inverse"])
def test_a_straddling_value_is_undecided(function: Callable[[Array], Array]) -> None:
    straddling = np.array([arb(0, 1)], dtype=object)
    with pytest.raises(Undecided):
        function(variable(straddling, vector([1]), 2))


def test_a_root_that_is_locally_zero_stays_zero_through_the_inverse() -> None:
    root = JET.sqrt(line(-3))
    assert series(root) == [0, 0, 0]
    assert root.constant.all()
    assert series(JET.inverse(root)) == [0, 0, 0]
    assert series(JET.inverse(JET.positive_part(line(-3)))) == [0, 0, 0]


def test_a_constant_zero_may_meet_every_boundary() -> None:
    zero = JET.lift(vector([0]))
    for function in (JET.sqrt, JET.positive_part, JET.inverse):
        found = function(zero)
        assert series(found) == [0, 0, 0]
        assert found.constant.all()


@pytest.mark.parametrize("function", [JET.sqrt, JET.positive_part, JET.inverse, JET.exp, JET.tanh])
def test_a_function_of_a_constant_is_constant_and_of_a_moving_value_it_is_not(function: Callable[[Array], Any]) -> None:
    joined = JET.concat([vector([4]), line(4)])
    assert function(joined).constant.tolist() == [True, False]


def test_jets_do_not_differentiate_derivatives() -> None:
    with pytest.raises(AtBoundary, match="jets differentiate forward maps; this choice belongs to a derivative"):
        JET.keep_if_nonzero(line(1), line(1))


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("shape", [(2, 3), (2, 1)])
def test_a_constant_array_is_a_jet_that_does_not_move(order: int, shape: tuple[int, ...]) -> None:
    x, h = (rational_vector(range(k, k + 6)).reshape(2, 3)[:, : shape[1]] for k in (1, 7))
    moving, still = variable(x, h, order), rational_vector([2, 0, 5, 1, -1, 4]).reshape(2, 3)
    for combine in (operator.add, operator.sub, operator.mul):
        direct, lifted = combine(moving, still), combine(moving, Jet(order).lift(still))
        assert [list(c.reshape(-1)) for c in direct.coefficients] == [list(c.reshape(-1)) for c in lifted.coefficients]
        assert direct.shape == (2, 3)
        assert direct.constant.tolist() == lifted.constant.tolist()


# ---- several directions at once


FUNCTIONS: dict[str, Function] = {
    "product": lambda ar, x: x[:2] * x[1:] * x[:2],
    "matmul": lambda ar, x: ar.matmul(x.reshape(3, 1), x.reshape(1, 3)).reshape(-1),
    "sum": lambda ar, x: ar.sum((x * x * x).reshape(1, 3), axis=1),
    "exp": lambda ar, x: ar.exp(x * x),
    "tanh": lambda ar, x: ar.tanh(x - 2),
    "sqrt": lambda ar, x: ar.sqrt(x * x + 1),
    "inverse": lambda ar, x: ar.inverse(x * x + 1),
    "positive part": lambda ar, x: ar.positive_part(x * x - fmpq(1, 3)) * x,
    "concat": lambda ar, x: ar.concat([x[1:], rational_vector([7]), x * x]),
}


@pytest.mark.unmeasured
@pytest.mark.parametrize("name", FUNCTIONS)
@given(st.lists(st.tuples(FRACTIONS, FRACTIONS, FRACTIONS), min_size=1, max_size=4))
def test_slopes_along_several_directions_are_those_along_each(name: str, rows: list[tuple[Fraction, ...]]) -> None:
    point, directions, f = vector([1, -2, 3]), [vector(row) for row in rows], FUNCTIONS[name]
    together = f(Jet.along(len(rows)), variables(point, directions))
    alone = [f(Jet(1), variable(point, h)) for h in directions]
    assert together.order == 1
    assert [str(c) for c in together.coefficients[0]] == [str(c) for c in f(BALL, point)]
    for slope, single in zip(together.coefficients[1:], alone, strict=True):
        assert all(arb(a).overlaps(arb(b)) for a, b in zip(slope, single.coefficients[1], strict=True))
        assert together.constant.tolist() == single.constant.tolist()


def test_several_directions_are_not_mixed() -> None:
    # (1 + t₁)·(1 + t₂) is 1 + t₁ + t₂ up to order 1: t₁·t₂ is cut off, and each slope is its own
    x = variables(vector([1, 1]), [vector([1, 0]), vector([0, 1])])
    assert [numbers(c) for c in (x[:1] * x[1:]).coefficients] == [[1], [1], [1]]
    assert [numbers(c) for c in (x[:1] * x[:1]).coefficients] == [[1], [2], [0]]
