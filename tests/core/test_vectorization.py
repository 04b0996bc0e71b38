"""One-dimensional tensors and Euclidean vectors."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirror.arithmetic import EXACT
from mirror.core.vectorization import inner, of_vec_e, to_vec_e
from mirror.spec.core.shape import Shape
from mirror.spec.core.tensor.core import tensor
from tests.plain import numbers, vector

LISTS = st.lists(st.fractions(max_denominator=9), max_size=5)


@pytest.mark.lean("Proofs.Autograd.Vec", "Proofs.Autograd.toVecE", "Proofs.Autograd.ofVecE")
@given(LISTS)
def test_coordinate_i_of_the_vector_is_entry_i_of_the_tensor(values: list[Fraction]) -> None:
    v = to_vec_e(tensor(Shape(len(values)), values))
    assert isinstance(v, np.ndarray)
    assert v.shape == (len(values),)
    assert numbers(v) == values
    t = of_vec_e(vector(values))
    assert t.shape == Shape(len(values))
    assert [numbers(s.entries) for s in t.slices()] == [[q] for q in values]


@pytest.mark.lean("Proofs.Autograd.toVecE")
def test_a_matrix_is_not_a_vector() -> None:
    with pytest.raises(ValueError, match=r"one-dimensional tensor, got shape \[2, 1\]"):
        to_vec_e(tensor(Shape(2, 1), [1, 2]))


@given(st.lists(st.tuples(st.fractions(max_denominator=9), st.fractions(max_denominator=9)), max_size=5))
def test_the_inner_product_sums_the_products(pairs: list[tuple[Fraction, Fraction]]) -> None:
    total = Fraction(0)
    for x, y in pairs:
        total += x * y
    x, y = vector(x for x, _ in pairs), vector(y for _, y in pairs)
    assert numbers(inner(EXACT, x, y)) == [total]


def test_the_inner_product_refuses_two_lengths() -> None:
    with pytest.raises(ValueError, match=r"inner product of vectors of shapes \(1,\) and \(3,\)"):
        inner(EXACT, vector([1]), vector([1, 2, 3]))
