"""Matrices of few entries that gather what their rows read are the same maps as the dense ones."""

from __future__ import annotations

import random

import pytest
from flint import fmpq

from mirror.arithmetic import EXACT, Jet, rational_vector, variable
from mirror.linear_map import PositionWise
from theorems.engine.maps import Gathered


def sparse(rows: int, columns: int, seed: int) -> PositionWise:
    source = random.Random(seed)
    return PositionWise(1, rows, columns, tuple(fmpq(source.choice((0, 0, 0, 1, -2))) for _ in range(rows * columns)))


@pytest.mark.parametrize(("rows", "columns"), [(3, 5), (1, 1), (0, 4), (4, 0), (0, 0), (6, 2)])
def test_a_gathered_map_is_its_dense_one(rows: int, columns: int) -> None:
    for seed in range(10):
        dense = sparse(rows, columns, seed)
        gathered = Gathered.of(dense)
        v, w = rational_vector(range(3, 3 + columns)), rational_vector(range(-2, rows - 2))
        assert (gathered.domain, gathered.codomain) == (columns, rows)
        assert list(gathered(EXACT, v)) == list(dense(EXACT, v))
        assert list(gathered.adjoint(EXACT, w)) == list(dense.adjoint(EXACT, w))
        assert gathered.matrix(EXACT).tolist() == dense.matrix(EXACT).tolist()


def test_a_gathered_map_follows_jets() -> None:
    dense, x, h = sparse(3, 4, 1), rational_vector([1, 2, 3, 4]), rational_vector([5, -6, 7, 8])
    jet = Gathered.of(dense)(Jet(1), variable(x, h))
    assert [list(c) for c in jet.coefficients] == [list(dense(EXACT, x)), list(dense(EXACT, h))]
