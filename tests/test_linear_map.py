"""Linear maps as values: their matrices, adjoints, composites, sums, and what they refuse."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from mirror.arithmetic import EXACT
from mirror.linear_map import Identity, PositionWise, basis_vector, dense, entrywise, merge_heads, scaled
from tests.plain import Numbers, assert_matrix, numbers, unit, vector
from theorems.engine.strategies.values import Fill, fills

SIDES = st.integers(0, 3)


def matrix(fill: Fill, rows: int, columns: int) -> list[Numbers]:
    return [numbers(fill.vector(columns)) for _ in range(rows)]


def as_map(rows: list[Numbers], columns: int) -> PositionWise:
    return PositionWise(1, len(rows), columns, tuple(vector([q for row in rows for q in row])))


@given(SIDES, SIDES, fills())
def test_a_dense_map_is_its_matrix(m: int, n: int, fill: Fill) -> None:
    rows = matrix(fill, m, n)
    linear = dense(np.array(rows, dtype=object).reshape(m, n))
    assert_matrix(linear, m, n, lambda i, j: rows[i][j])


@given(SIDES, SIDES, SIDES, fills())
def test_a_position_wise_map_repeats_its_weight_on_the_diagonal(p: int, m: int, n: int, fill: Fill) -> None:
    rows = matrix(fill, m, n)
    linear = PositionWise(p, m, n, as_map(rows, n).weight)
    assert_matrix(linear, p * m, p * n, lambda i, j: rows[i % m][j % n] if i // m == j // n else 0)


@given(st.integers(1, 3), SIDES, SIDES, SIDES, fills())
def test_merging_heads_takes_what_all_heads_have_at_a_position(heads: int, p: int, d: int, m: int, fill: Fill) -> None:
    rows = matrix(fill, m, heads * d)
    merged = merge_heads(heads, PositionWise(p, m, heads * d, as_map(rows, heads * d).weight))

    def entry(i: int, j: int) -> Any:
        head, position, feature = np.unravel_index(j, (heads, p, d))
        return rows[i % m][head * d + feature] if i // m == position else 0

    assert_matrix(merged, p * m, heads * p * d, entry)


@given(SIDES)
def test_the_identity(n: int) -> None:
    assert_matrix(Identity(n), n, n, lambda i, j: int(i == j))


@given(SIDES, SIDES, fills(), st.fractions(-4, 4, max_denominator=5))
def test_a_multiple(m: int, n: int, fill: Fill, c: Fraction) -> None:
    rows = matrix(fill, m, n)
    linear = scaled(fmpq(c.numerator, c.denominator), as_map(rows, n))
    assert_matrix(linear, m, n, lambda i, j: c * rows[i][j])


@given(SIDES, fills())
def test_an_entrywise_multiplication_is_diagonal(n: int, fill: Fill) -> None:
    diagonal = numbers(fill.vector(n))
    assert_matrix(entrywise(vector(diagonal)), n, n, lambda i, j: diagonal[i] if i == j else 0)


@given(SIDES, SIDES, SIDES, fills())
def test_a_composite_is_the_product_of_matrices(m: int, n: int, k: int, fill: Fill) -> None:
    a, b = matrix(fill, m, n), matrix(fill, n, k)
    composite = as_map(a, n).comp(as_map(b, k))
    assert_matrix(composite, m, k, lambda i, j: sum((a[i][p] * b[p][j] for p in range(n)), Fraction(0)))


@given(SIDES, SIDES, fills())
def test_a_sum_adds_matrices(m: int, n: int, fill: Fill) -> None:
    a, b = matrix(fill, m, n), matrix(fill, m, n)
    assert_matrix(as_map(a, n) + as_map(b, n), m, n, lambda i, j: a[i][j] + b[i][j])


@given(SIDES, SIDES, fills())
def test_the_adjoint_of_the_adjoint_is_the_map(m: int, n: int, fill: Fill) -> None:
    rows = matrix(fill, m, n)
    adjoint = as_map(rows, n).adjoint
    assert (adjoint.domain, adjoint.codomain) == (m, n)
    assert_matrix(adjoint.adjoint, m, n, lambda i, j: rows[i][j])


@given(SIDES, SIDES, fills())
def test_matrix_lists_the_images_of_the_basis(m: int, n: int, fill: Fill) -> None:
    rows = matrix(fill, m, n)
    found = as_map(rows, n).matrix(EXACT)
    assert found.shape == (m, n)
    assert [numbers(row) for row in found] == rows


@pytest.mark.parametrize(("n", "j"), [(1, 0), (3, 0), (3, 2)])
def test_basis_vectors(n: int, j: int) -> None:
    assert numbers(basis_vector(n, j)) == numbers(unit(n, j))


def test_a_dense_map_converts_numbers_exactly() -> None:
    assert_matrix(dense([[0.5, "1/3"], [2, -1]]), 2, 2, lambda i, j: [[Fraction(1, 2), Fraction(1, 3)], [2, -1]][i][j])


@pytest.mark.parametrize("values", [[1, 2], 3, [[[1]]]], ids=["a vector", "a number", "three dimensions"])
def test_a_dense_map_needs_a_matrix(values: object) -> None:
    with pytest.raises(ValueError, match=r"a dense map needs a matrix, got an array of shape \("):
        dense(values)  # type: ignore[arg-type]


def test_a_dense_map_needs_finite_numbers() -> None:
    with pytest.raises(ValueError, match="nan is not a real number"):
        dense([[float("nan")]])


def test_a_map_refuses_a_vector_of_another_length() -> None:
    with pytest.raises(ValueError, match=r"Identity maps ℝ\^3 to ℝ\^3, got an array of shape \(2,\)"):
        Identity(3)(EXACT, vector([1, 2]))


def test_a_composite_needs_dimensions_that_meet() -> None:
    with pytest.raises(ValueError, match=r"cannot compose: the inner map lands in ℝ\^2, the outer starts from ℝ\^3"):
        Identity(3).comp(Identity(2))


def test_a_sum_needs_two_maps_between_the_same_spaces() -> None:
    with pytest.raises(ValueError, match=r"cannot add maps ℝ\^3 → ℝ\^3 and ℝ\^3 → ℝ\^1"):
        _ = Identity(3) + dense([[0, 0, 0]])


def test_a_weight_needs_one_entry_for_each_pair_of_features() -> None:
    message = r"the weight has 5 entries, expected out_features \* in_features = 2 \* 3"
    with pytest.raises(ValueError, match=message):
        PositionWise(4, 2, 3, (fmpq(1),) * 5)


def test_heads_that_do_not_divide_the_inputs_are_refused() -> None:
    with pytest.raises(ValueError, match="the weight takes 4 inputs at a position, expected a multiple of heads = 3"):
        merge_heads(3, PositionWise(2, 1, 4, (fmpq(1),) * 4))
