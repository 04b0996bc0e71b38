"""Softmax on vectors and its derivative."""

from __future__ import annotations

from fractions import Fraction

import pytest
from flint import arb
from hypothesis import given
from hypothesis import strategies as st

from mirror.arithmetic import BALL, EXACT, Array, precision
from mirror.fderiv.softmax import (
    dot_clm,
    softmax_deriv_clm,
    softmax_deriv_coord,
    softmax_vec,
    softmax_vec_of_fun,
    sum_exp,
)
from mirror.linear_map import LinearMap
from tests.plain import assert_matrix, enclosed, numbers, unit, vector
from tests.plain_softmax import exponentials, image, softmax, softmax_jacobian

LISTS = st.lists(st.fractions(-9, 9, max_denominator=9), max_size=4)
NONEMPTY = st.lists(st.fractions(-9, 9, max_denominator=9), min_size=1, max_size=4)
LONG = [Fraction(k % 5 - 2, k + 1) for k in range(15)]


def rows_of(linear: LinearMap) -> list[list[object]]:
    """The rows of a linear map's matrix, from its adjoint on basis vectors."""
    return [list(linear.adjoint(BALL, unit(linear.codomain, i))) for i in range(linear.codomain)]


def columns_of(linear: LinearMap) -> list[Array]:
    return [linear(BALL, unit(linear.domain, j)) for j in range(linear.domain)]


@pytest.mark.lean("Proofs.Autograd.softmaxVecOfFun")
@given(LISTS)
def test_a_vector_is_built_from_its_coordinates(values: list[Fraction]) -> None:
    assert numbers(softmax_vec_of_fun(len(values), lambda i: vector(values)[i])) == values


@pytest.mark.lean("Proofs.Autograd.sumExp")
@given(LISTS)
def test_sum_exp_adds_the_exponentials(x: list[Fraction]) -> None:
    with precision(256):
        enclosed(sum_exp(BALL, vector(x)), [sum(exponentials(x), start=arb(0))])


@pytest.mark.lean("Proofs.Autograd.sumExp", "Proofs.Autograd.softmaxVec")
def test_over_no_entries_the_sum_is_zero_and_softmax_is_empty() -> None:
    assert numbers(sum_exp(EXACT, vector([]))) == [0]
    assert numbers(softmax_vec(EXACT, vector([]))) == []


@pytest.mark.lean("Proofs.Autograd.softmaxVec")
@given(LISTS)
def test_softmax_divides_each_exponential_by_their_sum(x: list[Fraction]) -> None:
    with precision(256):
        enclosed(softmax_vec(BALL, vector(x)), softmax(x))


@pytest.mark.lean("Proofs.Autograd.softmaxVec")
def test_softmax_of_equal_entries_is_uniform_and_exact_at_zero() -> None:
    assert numbers(softmax_vec(EXACT, vector([0, 0, 0, 0]))) == [Fraction(1, 4)] * 4


@pytest.mark.lean("Proofs.Autograd.softmaxVec")
def test_a_finite_gap_leaves_weight_on_every_entry() -> None:
    with precision(256):
        far, near = softmax_vec(BALL, vector([-100, 0]))
        assert far > 0
        assert near < 1


@pytest.mark.lean("Proofs.Autograd.dotCLM")
@given(LISTS)
def test_dot_is_the_row_of_its_vector(y: list[Fraction]) -> None:
    assert_matrix(dot_clm(vector(y)), 1, len(y), lambda _, j: y[j])


@pytest.mark.lean("Proofs.Autograd.softmaxDerivCoord")
@given(NONEMPTY, st.data())
def test_one_coordinate_of_the_derivative_is_one_row_of_the_jacobian(x: list[Fraction], data: st.DataObject) -> None:
    i = data.draw(st.integers(0, len(x) - 1))
    with precision(256):
        coordinate = softmax_deriv_coord(BALL, vector(x), i)
        assert (coordinate.domain, coordinate.codomain) == (len(x), 1)
        expected = softmax_jacobian(x)[i]
        enclosed(rows_of(coordinate), [expected])
        enclosed(columns_of(coordinate), expected)


@pytest.mark.lean("Proofs.Autograd.softmaxDerivCLM")
@given(LISTS, st.data())
def test_the_derivative_is_the_jacobian(x: list[Fraction], data: st.DataObject) -> None:
    dx = data.draw(st.lists(st.fractions(-9, 9, max_denominator=9), min_size=len(x), max_size=len(x)))
    with precision(256):
        derivative, jacobian = softmax_deriv_clm(BALL, vector(x)), softmax_jacobian(x)
        assert (derivative.domain, derivative.codomain) == (len(x), len(x))
        enclosed(rows_of(derivative), jacobian)
        enclosed(derivative(BALL, vector(dx)), image(jacobian, dx))


@pytest.mark.lean("Proofs.Autograd.softmaxDerivCLM", "Proofs.Autograd.softmaxDerivCoord", "Proofs.Autograd.dotCLM")
def test_the_derivative_on_a_long_vector_is_the_jacobian_entry_by_entry() -> None:
    assert_matrix(dot_clm(vector(LONG)), 1, len(LONG), lambda _, j: LONG[j])
    with precision(256):
        jacobian, derivative = softmax_jacobian(LONG), softmax_deriv_clm(BALL, vector(LONG))
        enclosed(rows_of(derivative), jacobian)
        enclosed(columns_of(derivative), [list(column) for column in zip(*jacobian, strict=True)])
        for i, row in enumerate(jacobian):
            coordinate = softmax_deriv_coord(BALL, vector(LONG), i)
            enclosed(rows_of(coordinate), [row])
            enclosed(columns_of(coordinate), row)
