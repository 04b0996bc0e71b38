"""Folds over all entries."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirror.arithmetic import EXACT, FLOAT64
from mirror.spec.core.shape import Shape
from mirror.spec.core.tensor.core import Tensor, fill, tensor
from mirror.spec.core.tensor_reduction_shape.reductions import sum_spec, tensor_foldl_go, tensor_foldl_spec
from tests.plain import SIZES, count, numbers
from theorems.engine.strategies.shapes import shapes, tensor_of
from theorems.engine.strategies.values import fills


@st.composite
def tensors(draw: st.DrawFn) -> Tensor:
    return tensor_of(draw(fills()), draw(shapes(SIZES)))


@pytest.mark.lean("Spec.Tensor.tensorFoldlSpec")
@given(shapes(SIZES))
def test_a_fold_visits_every_entry_once_in_row_major_order(shape: Shape) -> None:
    t = tensor(shape, range(count(shape)))
    visited = tensor_foldl_spec(lambda seen, x: [*seen, x], ["start"], t)
    assert visited == ["start", *range(count(shape))]


@pytest.mark.lean("Spec.Tensor.tensorFoldlSpec")
def test_a_fold_associates_to_the_left() -> None:
    t = tensor(Shape(2, 2), [1, 2, 3, 4])
    assert tensor_foldl_spec(lambda acc, x: 2 * acc - x, 0, t) == 2 * (2 * (2 * (2 * 0 - 1) - 2) - 3) - 4


@pytest.mark.lean("Spec.Tensor.tensorFoldlSpec")
@given(shapes(SIZES).filter(len), st.data())
def test_the_loop_resumes_at_an_outer_position(shape: Shape, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, shape[0]))
    t = tensor(shape, range(count(shape)))
    visited = tensor_foldl_go(lambda seen, x: [*seen, x], t.slices(), start, [])
    assert visited == list(range(start * count(shape[1:]), count(shape)))


@pytest.mark.lean("Spec.Tensor.sumSpec")
@given(tensors())
def test_a_sum_adds_every_entry(t: Tensor) -> None:
    total = Fraction(0)
    for entry in numbers(t.entries):
        total += entry
    assert numbers(sum_spec(EXACT, t)) == [total]


@pytest.mark.lean("Spec.Tensor.sumSpec")
def test_the_sum_of_no_entries_is_zero() -> None:
    empty = Shape(2, 0)
    assert numbers(sum_spec(EXACT, fill(EXACT, 5, empty))) == [0]
    assert sum_spec(FLOAT64, fill(FLOAT64, 5, empty)) == 0
