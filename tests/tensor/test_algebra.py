"""One-dimensional tensors as functions of a position."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirror.spec.core.shape import Shape
from mirror.spec.core.tensor.core import tensor
from mirror.tensor.algebra import of_vec, to_vec
from tests.plain import numbers, vector


@pytest.mark.lean("Proofs.TensorAlgebra.toVec", "Proofs.TensorAlgebra.ofVec")
@given(st.lists(st.fractions(max_denominator=9), max_size=5))
def test_a_vector_and_its_tensor_have_the_same_entry_at_every_position(values: list) -> None:
    t = of_vec(vector(values))
    assert t.shape == Shape(len(values))
    assert numbers(t.entries) == values
    assert numbers(to_vec(tensor(Shape(len(values)), values))) == values


@pytest.mark.lean("Proofs.TensorAlgebra.toVec")
@pytest.mark.parametrize("shape", [Shape(), Shape(1, 1)])
def test_only_a_one_dimensional_tensor_is_a_vector(shape: Shape) -> None:
    with pytest.raises(ValueError, match=r"toVec needs a one-dimensional tensor, got shape \["):
        to_vec(tensor(shape, [1]))
