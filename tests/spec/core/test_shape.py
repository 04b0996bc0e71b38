"""Shapes and their sizes."""

from __future__ import annotations

import pytest
from hypothesis import given

from mirror.spec.core.shape import Shape, size
from tests.plain import SIZES
from theorems.engine.strategies.shapes import shapes


def nested_size(dimensions: tuple[int, ...]) -> int:
    """1 for a scalar, n times the rest for an outermost dimension n."""
    if not dimensions:
        return 1
    return sum(nested_size(dimensions[1:]) for _ in range(dimensions[0]))


@pytest.mark.lean("Spec.Shape", "Spec.Shape.size")
@given(shapes(SIZES))
def test_a_size_counts_the_entries_of_nested_dimensions(shape: Shape) -> None:
    assert size(shape) == nested_size(tuple(shape))


@pytest.mark.lean("Spec.Shape", "Spec.Shape.size")
def test_the_scalar_shape_has_one_entry_and_a_zero_dimension_none() -> None:
    assert [size(s) for s in (Shape(), Shape(0), Shape(3, 0, 2), Shape(2, 3))] == [1, 0, 0, 6]


@pytest.mark.lean("Spec.Shape")
def test_a_shape_lists_its_dimensions_outermost_first() -> None:
    assert tuple(Shape(2, 0, 5)) == (2, 0, 5)
    assert Shape(2, 5) != Shape(5, 2)
    assert repr(Shape(2, 0, 5)) == "[2, 0, 5]"
    assert repr(Shape()) == "[]"


@pytest.mark.parametrize("dimension", [-1, 1.0, True, "2", None])
def test_a_dimension_is_a_natural_number(dimension: object) -> None:
    with pytest.raises(ValueError, match=r"a dimension is a natural number, got .* in \(2, "):
        Shape(2, dimension)  # type: ignore[arg-type]
