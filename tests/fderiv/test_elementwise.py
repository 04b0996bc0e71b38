"""Entrywise maps on vectors and their derivatives."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mirror.arithmetic import EXACT, Arithmetic, Array
from mirror.fderiv.elementwise import elemwise_deriv_clm, elemwise_vec, eval_clm
from tests.plain import assert_matrix, numbers, vector

LISTS = st.lists(st.fractions(-5, 5, max_denominator=9), max_size=5)


def square_less_one(ar: Arithmetic, x: Array) -> Array:
    return x * x - 1


@pytest.mark.lean("Proofs.Autograd.elemwiseVec")
@given(LISTS)
def test_an_entrywise_map_applies_f_to_each_coordinate(xs: list[Fraction]) -> None:
    assert numbers(elemwise_vec(EXACT, square_less_one, vector(xs))) == [x * x - 1 for x in xs]


@pytest.mark.lean("Proofs.Autograd.evalCLM")
@pytest.mark.parametrize(("n", "i"), [(n, i) for n in (1, 2, 3, 6, 24) for i in range(n)])
def test_evaluation_is_the_row_with_one_one(n: int, i: int) -> None:
    assert_matrix(eval_clm(n, i), 1, n, lambda _, j: int(j == i))


@pytest.mark.lean("Proofs.Autograd.evalCLM")
@pytest.mark.parametrize("i", [-1, 3])
def test_evaluation_needs_a_coordinate_that_exists(i: int) -> None:
    with pytest.raises(IndexError, match=rf"coordinate {i} of a vector of length 3"):
        eval_clm(3, i)


@pytest.mark.lean("Proofs.Autograd.elemwiseDerivCLM")
@example([Fraction(k - 7, 3) for k in range(15)])
@given(LISTS)
def test_the_derivative_is_diagonal_with_the_declared_slopes(xs: list[Fraction]) -> None:
    # The second argument is f', whatever it is: here not the derivative of anything in particular.
    linear = elemwise_deriv_clm(EXACT, square_less_one, vector(xs))
    assert_matrix(linear, len(xs), len(xs), lambda i, j: xs[i] * xs[i] - 1 if i == j else 0)
