"""Drawn shapes, contexts and indices: what occurs, and how often nothing is left of a shape."""

from __future__ import annotations

import numpy as np
import pytest
from flint import fmpq
from hypothesis import strategies as st

from mirror.core.fderiv import ctx_size
from mirror.spec.core.shape import Shape
from mirror.spec.core.tensor.core import tensor
from tests.engine.strategies.sampling import sample
from theorems.engine.sizes import Sizes
from theorems.engine.strategies.shapes import contexts, dim, dimensions, indices, shapes, slices, two_vectors
from theorems.engine.strategies.values import Fill

SIZES = Sizes()


def test_zero_and_every_other_dimension_occur_and_zero_is_rare() -> None:
    drawn = [n for row in sample(st.lists(dimensions(SIZES), min_size=30, max_size=30), 60) for n in row]
    assert set(drawn) == set(range(SIZES.dimension + 1))
    assert 0.05 < drawn.count(0) / len(drawn) < 0.25


def test_a_least_dimension_is_kept() -> None:
    assert set(sample(dimensions(SIZES, least=1), 200)) == set(range(1, SIZES.dimension + 1))


def test_shapes_have_every_rank_up_to_the_bound() -> None:
    drawn = sample(shapes(SIZES, rank=2), 300)
    assert {len(s) for s in drawn} == {0, 1, 2}
    assert all(0 not in s for s in sample(shapes(SIZES, least=1), 300))


def test_few_contexts_have_no_entries_but_some() -> None:
    empty = [ctx_size(c) == 0 for c in sample(contexts(SIZES), 150)]
    assert 0 < sum(empty) < 15
    empty = [0 in shape for shape in sample(shapes(SIZES), 150)]
    assert 0 < sum(empty) < 15


def test_every_position_of_a_context_is_indexed() -> None:
    context = (Shape(2), Shape(), Shape(0, 3))
    drawn = sample(indices(context), 100)
    assert {(idx.i, idx.shape) for idx in drawn} == set(enumerate(context))


@pytest.mark.parametrize(("n", "shape"), [(0, Shape(2)), (3, Shape()), (2, Shape(0, 1)), (2, Shape(3))])
def test_a_stack_keeps_its_slices(n: int, shape: Shape) -> None:
    values = slices(Fill("integers", 5), n, shape)
    stack = dim(shape, values)
    assert stack.shape == (n, *shape)
    assert all(np.array_equal(stack.entries[i], values[i].entries) for i in range(n))


def test_a_stack_lies_row_major() -> None:
    stack = dim(Shape(2), (tensor(Shape(2), [1, 2]), tensor(Shape(2), [3, 4])))
    assert list(stack.entries.reshape(-1)) == [fmpq(k) for k in (1, 2, 3, 4)]


def test_two_vectors_have_one_length() -> None:
    assert all(case["x"].shape == case["y"].shape for case in sample(two_vectors(SIZES), 50))
