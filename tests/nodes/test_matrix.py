"""Matrices on flat vectors: products, broadcasts, row sums and means, by explicit loops."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirror.arithmetic import EXACT
from mirror.core.soundness import Idx
from mirror.nodes.matrix import (
    broadcast_col,
    broadcast_col_certificate,
    broadcast_col_clm,
    broadcast_row,
    broadcast_row_certificate,
    broadcast_row_clm,
    idx_mn,
    mat_size,
    matmul_bilin,
    matmul_vec,
    row_mean,
    row_mean_certificate,
    row_mean_clm,
    row_sum_clm,
    vec_size,
)
from mirror.spec.core.shape import Shape
from tests.nodes.plain_nodes import Probe, assert_node, probed
from tests.plain import Entry, Numbers, assert_matrix, count, numbers, scattered, total, vector
from theorems.engine.strategies.values import Fill, fills

SIDES = st.integers(0, 3)


def reciprocal(n: int) -> Fraction:
    """1/n in Lean: 0 for n = 0."""
    return Fraction(1, n) if n else Fraction(0)


# ---- sizes, positions, products


@pytest.mark.lean("Proofs.Autograd.TapeNodes.Matmul.matSize", "Proofs.Autograd.TapeNodes.Matmul.vecSize")
@given(SIDES, SIDES)
def test_sizes(m: int, n: int) -> None:
    assert mat_size(m, n) == sum(1 for _ in range(m) for _ in range(n))
    assert vec_size(n) == n


@pytest.mark.lean("Proofs.Autograd.TapeNodes.Matmul.idxMN")
@given(SIDES, SIDES)
def test_positions_count_the_entries_row_by_row(m: int, n: int) -> None:
    assert [idx_mn(m, n, i, j) for i in range(m) for j in range(n)] == list(range(m * n))


@pytest.mark.lean("Proofs.Autograd.TapeNodes.Matmul.idxMN")
@pytest.mark.parametrize(("i", "j"), [(2, 0), (0, 3), (-1, 0), (0, -1)])
def test_a_position_needs_an_entry_that_exists(i: int, j: int) -> None:
    with pytest.raises(IndexError, match=rf"entry \({i}, {j}\) of a matrix of shape \[2, 3\]"):
        idx_mn(2, 3, i, j)


@pytest.mark.lean(
    "Proofs.Autograd.TapeNodes.Matmul.matmulVec",
    "Proofs.Autograd.TapeNodes.Matmul.matmulBilin",
)
@given(SIDES, SIDES, SIDES, fills())
def test_a_product_is_the_triple_loop(m: int, n: int, p: int, fill: Fill) -> None:
    a, b = numbers(fill.vector(m * n)), numbers(fill.vector(n * p))
    expected = [Fraction(0)] * (m * p)
    for i in range(m):
        for k in range(p):
            for j in range(n):
                expected[i * p + k] += a[i * n + j] * b[j * p + k]
    assert numbers(matmul_vec(EXACT, m, n, p, vector(a), vector(b))) == expected

    def entry(out: int, column: int) -> Fraction | int:
        i, k = divmod(out, p)
        j, other = divmod(column, p)
        return a[i * n + j] if k == other else 0

    assert_matrix(matmul_bilin(EXACT, m, n, p, vector(a)), m * p, n * p, entry)


# ---- linear maps


@pytest.mark.lean("Proofs.Autograd.TapeNodes.MatrixLinear.broadcastRowCLM")
@given(SIDES, SIDES)
def test_broadcasting_along_rows_repeats_entry_i_in_row_i(m: int, n: int) -> None:
    assert_matrix(broadcast_row_clm(m, n), m * n, m, lambda position, i: int(position // n == i))


@pytest.mark.lean("Proofs.Autograd.TapeNodes.MatrixLinear.broadcastColCLM")
@given(SIDES, SIDES)
def test_broadcasting_along_columns_repeats_entry_j_in_column_j(m: int, n: int) -> None:
    assert_matrix(broadcast_col_clm(m, n), m * n, n, lambda position, j: int(position % n == j))


@pytest.mark.lean(
    "Proofs.Autograd.TapeNodes.MatrixLinear.rowSumCLM", "Proofs.Autograd.TapeNodes.MatrixLinear.rowMeanCLM"
)
@given(SIDES, SIDES)
def test_row_sums_and_means(m: int, n: int) -> None:
    assert_matrix(row_sum_clm(m, n), m, m * n, lambda i, position: int(position // n == i))
    mean = reciprocal(n)
    assert_matrix(row_mean_clm(m, n), m, m * n, lambda i, position: mean if position // n == i else 0)


@pytest.mark.lean("Proofs.Autograd.TapeNodes.MatrixLinear.rowMeanCLM", "Proofs.Autograd.TapeNodes.rowMean")
def test_the_mean_of_nothing_is_zero() -> None:
    assert numbers(row_mean_clm(2, 0)(EXACT, vector([]))) == [0, 0]


# ---- nodes


@pytest.mark.lean("Proofs.Autograd.TapeNodes.broadcastRow", "Proofs.Autograd.TapeNodes.broadcastRowFderiv")
@given(SIDES, SIDES, st.data())
def test_broadcast_row(m: int, n: int, data: st.DataObject) -> None:
    probe, (idx,) = data.draw(probed(Shape(m)))
    node, delta = broadcast_row(idx, n), probe.cotangent((m, n))
    value, tangent = ([v[i] for i in range(m) for _ in range(n)] for v in (probe.read(idx), probe.tangent(idx)))
    back = [sum(delta[i * n : (i + 1) * n], Fraction(0)) for i in range(m)]
    assert_node(node, probe, (m, n), value, tangent, delta, scattered(probe.context, idx.i, back))
    assert_certified(broadcast_row_certificate(node).deriv(EXACT, vector(probe.x)), probe, idx, m * n, row_entry(n))


@pytest.mark.lean("Proofs.Autograd.TapeNodes.broadcastCol", "Proofs.Autograd.TapeNodes.broadcastColFderiv")
@given(SIDES, SIDES, st.data())
def test_broadcast_col(m: int, n: int, data: st.DataObject) -> None:
    probe, (idx,) = data.draw(probed(Shape(n)))
    node, delta = broadcast_col(idx, m), probe.cotangent((m, n))
    value, tangent = (v * m for v in (probe.read(idx), probe.tangent(idx)))
    back = [sum((delta[i * n + j] for i in range(m)), Fraction(0)) for j in range(n)]
    assert_node(node, probe, (m, n), value, tangent, delta, scattered(probe.context, idx.i, back))
    deriv = broadcast_col_certificate(node).deriv(EXACT, vector(probe.x))
    assert_certified(deriv, probe, idx, m * n, lambda position, j: int(position % n == j))


@pytest.mark.lean("Proofs.Autograd.TapeNodes.rowMean", "Proofs.Autograd.TapeNodes.rowMeanFderiv")
@given(SIDES, SIDES, st.data())
def test_row_mean(m: int, n: int, data: st.DataObject) -> None:
    probe, (idx,) = data.draw(probed(Shape(m, n)))
    node, delta, mean = row_mean(idx), probe.cotangent((m,)), reciprocal(n)

    def means(v: Numbers) -> Numbers:
        return [mean * sum((v[i * n + j] for j in range(n)), Fraction(0)) for i in range(m)]

    back = [mean * delta[i] for i in range(m) for _ in range(n)]
    cotangent = scattered(probe.context, idx.i, back)
    assert_node(node, probe, (m,), means(probe.read(idx)), means(probe.tangent(idx)), delta, cotangent)
    deriv = row_mean_certificate(node).deriv(EXACT, vector(probe.x))
    assert_certified(deriv, probe, idx, m, lambda i, position: mean if position // n == i else 0)


def row_entry(n: int) -> Entry:
    return lambda position, i: int(position // n == i)


def assert_certified(deriv, probe: Probe, idx: Idx, rows: int, entry: Entry) -> None:
    """Hold a certificate's derivative to the matrix `entry` at the block of `idx` and 0 elsewhere."""
    start, stop = total(idx.context[: idx.i]), total(idx.context[: idx.i]) + count(idx.shape)
    columns = total(probe.context)
    assert_matrix(deriv, rows, columns, lambda i, j: entry(i, j - start) if start <= j < stop else 0)


@pytest.mark.parametrize(
    ("name", "rank", "build"),
    [
        ("broadcastRow", 1, lambda idx: broadcast_row(idx, 2)),
        ("broadcastCol", 1, lambda idx: broadcast_col(idx, 2)),
        ("rowMean", 2, row_mean),
    ],
)
def test_a_node_needs_an_entry_of_its_rank(name: str, rank: int, build) -> None:
    cube = Idx((Shape(1, 2, 3),), 0, Shape(1, 2, 3))
    with pytest.raises(ValueError, match=rf"{name} needs an index of an entry with {rank} dimensions, got .*1, 2, 3"):
        build(cube)
