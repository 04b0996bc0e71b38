"""Softmax on the rows of a flat matrix."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirror.arithmetic import BALL, EXACT, precision
from mirror.nodes.softmax import deriv_mn, forward_mn, mn_size, rows, rows_clm, unrows, unrows_clm
from tests.plain import TAME, assert_matrix, enclosed, numbers, unit, vector
from tests.plain_softmax import by_rows, softmax, softmax_jacobian
from theorems.engine.strategies.values import Fill, fills

SIDES = st.integers(0, 3)


@pytest.mark.lean("Proofs.Autograd.TapeNodes.SoftmaxLastAxis.MNSize")
@given(SIDES, SIDES)
def test_the_size_of_a_matrix(m: int, n: int) -> None:
    assert mn_size(m, n) == sum(1 for _ in range(m) for _ in range(n))


@pytest.mark.lean("Proofs.Autograd.TapeNodes.SoftmaxLastAxis.rows", "Proofs.Autograd.TapeNodes.SoftmaxLastAxis.unrows")
@given(SIDES, SIDES, fills())
def test_a_row_is_a_stretch_of_the_vector(m: int, n: int, fill: Fill) -> None:
    x = numbers(fill.vector(m * n))
    split = rows(m, n, vector(x))
    assert split.shape == (m, n)
    assert [numbers(split[i]) for i in range(m)] == [[x[i * n + j] for j in range(n)] for i in range(m)]
    assert numbers(unrows(m, n, split)) == x


@pytest.mark.lean("Proofs.Autograd.TapeNodes.SoftmaxLastAxis.rows")
def test_rows_refuse_another_length() -> None:
    with pytest.raises(ValueError, match=r"shape \(7,\), expected a vector of length 6"):
        rows(2, 3, vector(range(7)))


@pytest.mark.lean(
    "Proofs.Autograd.TapeNodes.SoftmaxLastAxis.rowsCLM", "Proofs.Autograd.TapeNodes.SoftmaxLastAxis.unrowsCLM"
)
@given(SIDES, SIDES)
def test_rows_end_to_end_are_the_vector_itself(m: int, n: int) -> None:
    for linear in (rows_clm(m, n), unrows_clm(m, n)):
        assert_matrix(linear, m * n, m * n, lambda i, j: int(i == j))


@pytest.mark.lean("Proofs.Autograd.TapeNodes.SoftmaxLastAxis.forwardMN")
@given(SIDES, SIDES, fills(TAME))
def test_each_row_is_normalised_by_itself(m: int, n: int, fill: Fill) -> None:
    x = numbers(fill.vector(m * n))
    with precision(256):
        enclosed(forward_mn(BALL, m, n, vector(x)), [y for row in by_rows(n, x) for y in softmax(row)])


@pytest.mark.lean("Proofs.Autograd.TapeNodes.SoftmaxLastAxis.forwardMN")
@pytest.mark.parametrize(("m", "n"), [(0, 0), (0, 2), (2, 0)])
def test_softmax_of_nothing_is_nothing(m: int, n: int) -> None:
    assert numbers(forward_mn(EXACT, m, n, vector([]))) == []


@pytest.mark.lean("Proofs.Autograd.TapeNodes.SoftmaxLastAxis.derivMN")
@given(SIDES, SIDES, fills(TAME))
def test_the_derivative_is_block_diagonal_with_each_rows_jacobian(m: int, n: int, fill: Fill) -> None:
    x = numbers(fill.vector(m * n))
    with precision(256):
        deriv = deriv_mn(BALL, m, n, vector(x))
        blocks = [softmax_jacobian(row) for row in by_rows(n, x)]
        assert (deriv.domain, deriv.codomain) == (m * n, m * n)
        zero = vector([0])[0]
        for k in range(m * n):
            row = [blocks[k // n][k % n][j % n] if j // n == k // n else zero for j in range(m * n)]
            # The Jacobian is symmetric, so its rows are its columns.
            enclosed(deriv(BALL, unit(m * n, k)), row)
            enclosed(deriv.adjoint(BALL, unit(m * n, k)), row)
