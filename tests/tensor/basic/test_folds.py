"""The tensor dot product."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given

from mirror.arithmetic import EXACT
from mirror.spec.core.shape import Shape
from mirror.spec.core.tensor.core import Tensor, tensor
from mirror.tensor.basic.folds import dot
from tests.plain import numbers
from tests.spec.core.test_tensor_ops import two_tensors


@pytest.mark.lean("Spec.dot")
@given(two_tensors())
def test_dot_sums_the_entrywise_products(pair: tuple[Tensor, Tensor]) -> None:
    total = Fraction(0)
    for x, y in zip(*(numbers(t.entries) for t in pair), strict=True):
        total += x * y
    assert numbers(dot(EXACT, *pair)) == [total]


@pytest.mark.lean("Spec.dot")
def test_dot_refuses_two_shapes() -> None:
    with pytest.raises(ValueError, match=r"needs one shape, got \[2, 3\] and \[3, 2\]"):
        dot(EXACT, tensor(Shape(2, 3), range(6)), tensor(Shape(3, 2), range(6)))
