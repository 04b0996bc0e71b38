"""Row-major flattening, position by position."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given

from mirror.spec.core.shape import Shape
from mirror.spec.core.tensor.core import Tensor, tensor
from mirror.spec.core.tensor_reduction_shape.shape_change import flatten_spec, unflatten_spec
from tests.plain import SIZES, count, numbers, vector
from theorems.engine.strategies.shapes import shapes


def read(t: Tensor, position: int) -> Fraction:
    """Entry `position` of the flattened tensor: outer slice i / size, inside it position i % size."""
    if not t.shape:
        assert position == 0
        return numbers(t.entries)[0]
    inner = count(t.shape[1:])
    return read(t.slices()[position // inner], position % inner)


@pytest.mark.lean("Spec.Tensor.flattenSpec")
@given(shapes(SIZES))
def test_flatten_reads_the_outer_quotient_and_the_inner_remainder(shape: Shape) -> None:
    t = tensor(shape, [k * k - 3 for k in range(count(shape))])
    flat = flatten_spec(t)
    assert flat.shape == (count(shape),)
    assert numbers(flat.entries) == [read(t, i) for i in range(count(shape))]


def assert_unflattened(t: Tensor, flat: list[Fraction]) -> None:
    """Outer slice i holds the positions from i·size on."""
    if not t.shape:
        assert numbers(t.entries) == flat
        return
    inner = count(t.shape[1:])
    for i, part in enumerate(t.slices()):
        assert_unflattened(part, [flat[i * inner + j] for j in range(inner)])


@pytest.mark.lean("Spec.Tensor.unflattenSpec")
@given(shapes(SIZES))
def test_unflatten_gives_each_outer_slice_its_stretch(shape: Shape) -> None:
    flat = [Fraction(k * k - 3) for k in range(count(shape))]
    t = unflatten_spec(shape, Tensor(Shape(len(flat)), vector(flat)))
    assert t.shape == shape
    assert_unflattened(t, flat)


@pytest.mark.lean("Spec.Tensor.flattenSpec", "Spec.Tensor.unflattenSpec")
def test_a_matrix_flattens_row_by_row() -> None:
    flat = flatten_spec(tensor(Shape(2, 3), [[1, 2, 3], [4, 5, 6]]))
    assert numbers(flat.entries) == [1, 2, 3, 4, 5, 6]
    assert numbers(unflatten_spec(Shape(2, 3), flat).entries[1, :]) == [4, 5, 6]


@pytest.mark.lean("Spec.Tensor.unflattenSpec")
def test_unflatten_refuses_another_length() -> None:
    five = tensor(Shape(5), range(5))
    with pytest.raises(ValueError, match=r"shape \[2, 3\] unflattens a vector of length 6, got shape \[5\]"):
        unflatten_spec(Shape(2, 3), five)
    with pytest.raises(ValueError, match=r"got shape \[2, 3\]"):
        unflatten_spec(Shape(2, 3), tensor(Shape(2, 3), range(6)))
