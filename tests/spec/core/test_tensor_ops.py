"""Entrywise operations on tensors."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirror.spec.core.shape import Shape
from mirror.spec.core.tensor.core import Tensor, tensor
from mirror.spec.core.tensor_ops import add_spec, map2_spec, mul_spec
from tests.plain import SIZES, numbers, plus, times
from theorems.engine.strategies.shapes import shapes, tensor_of
from theorems.engine.strategies.values import fills


@st.composite
def two_tensors(draw: st.DrawFn) -> tuple[Tensor, Tensor]:
    shape, fill = draw(shapes(SIZES)), draw(fills())
    return tensor_of(fill, shape), tensor_of(fill, shape)


@pytest.mark.lean("Spec.Tensor.map2Spec")
@given(two_tensors())
def test_map2_pairs_the_entries_in_order(pair: tuple[Tensor, Tensor]) -> None:
    a, b = pair
    found = map2_spec(lambda x, y: 2 * x - y * y, a, b)
    assert found.shape == a.shape
    both = zip(numbers(a.entries), numbers(b.entries), strict=True)
    assert numbers(found.entries) == [2 * x - y * y for x, y in both]


@pytest.mark.lean("Spec.Tensor.mulSpec")
@given(two_tensors())
def test_mul_and_add_are_entrywise(pair: tuple[Tensor, Tensor]) -> None:
    a, b = pair
    x, y = numbers(a.entries), numbers(b.entries)
    assert (mul_spec(a, b).shape, add_spec(a, b).shape) == (a.shape, a.shape)
    assert numbers(mul_spec(a, b).entries) == times(x, y)
    assert numbers(add_spec(a, b).entries) == plus(x, y)


@pytest.mark.lean("Spec.Tensor.map2Spec", "Spec.Tensor.mulSpec")
@pytest.mark.parametrize("operation", [mul_spec, add_spec])
def test_two_shapes_do_not_pair_even_where_arrays_would_broadcast(operation: object) -> None:
    one, three = tensor(Shape(1), [1]), tensor(Shape(3), [1, 2, 3])
    with pytest.raises(ValueError, match=r"map2Spec needs one shape, got \[1\] and \[3\]"):
        operation(one, three)  # type: ignore[operator]
