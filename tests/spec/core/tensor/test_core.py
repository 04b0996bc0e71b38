"""Tensors: entries indexed by a shape."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirror.arithmetic import EXACT, FLOAT64
from mirror.spec.core.shape import Shape
from mirror.spec.core.tensor.core import Tensor, fill, tensor
from tests.plain import SIZES, count, numbers, vector
from theorems.engine.strategies.shapes import shapes


@pytest.mark.lean("Spec.Tensor")
@given(shapes(SIZES))
def test_an_entry_stands_at_its_multi_index(shape: Shape) -> None:
    t = tensor(shape, range(count(shape)))
    # The last index runs fastest: the order in which `product` counts.
    places = product(*(range(n) for n in shape))
    assert [int(t.entries[place].p) for place in places] == list(range(count(shape)))


@pytest.mark.lean("Spec.Tensor")
@given(shapes(SIZES).filter(len))
def test_an_outer_dimension_is_a_function_into_smaller_tensors(shape: Shape) -> None:
    t = tensor(shape, range(count(shape)))
    inner = count(shape[1:])
    slices = t.slices()
    assert [s.shape for s in slices] == [shape[1:]] * shape[0]
    assert [numbers(s.entries) for s in slices] == [[*range(i * inner, (i + 1) * inner)] for i in range(shape[0])]


def test_a_scalar_tensor_has_no_slices() -> None:
    with pytest.raises(ValueError, match="a scalar tensor has no outer dimension"):
        tensor(Shape(), [7]).slices()


@given(shapes(SIZES), st.integers(-3, 3))
def test_fill_repeats_one_value(shape: Shape, value: int) -> None:
    filled = fill(EXACT, value, shape)
    assert filled.shape == shape
    assert numbers(filled.entries) == [value] * count(shape)
    assert fill(FLOAT64, value, shape).entries.reshape(-1).tolist() == [float(value)] * count(shape)


def test_a_tensor_refuses_another_count_of_entries() -> None:
    with pytest.raises(ValueError, match=r"shape \[2, 3\] has 6 entries, got 5"):
        tensor(Shape(2, 3), range(5))


def test_a_tensor_refuses_entries_of_another_shape() -> None:
    with pytest.raises(ValueError, match=r"entries of shape \(6,\) for a tensor of shape \[2, 3\]"):
        Tensor(Shape(2, 3), vector(range(6)))
