"""Entries and rows of more than a dozen numbers."""

from __future__ import annotations

from math import prod

import numpy as np
import pytest

from mirror.core.fderiv import (
    of_vec_t,
    to_vec_t,
)
from mirror.nodes.batched import heads, unheads
from mirror.nodes.softmax import rows, unrows
from mirror.spec.core.shape import Shape
from mirror.spec.core.tensor.core import tensor
from mirror.spec.core.tensor_reduction_shape.shape_change import flatten_spec, unflatten_spec
from tests.far_out.plainly import values
from tests.plain import numbers, vector
from tests.plain_softmax import by_rows

A = "Proofs.Autograd."
N = "Proofs.Autograd.TapeNodes."


@pytest.mark.lean("Spec.Tensor.flattenSpec", "Spec.Tensor.unflattenSpec", f"{A}toVecT", f"{A}ofVecT")
@pytest.mark.parametrize("shape", [(13,), (60,), (5, 7), (3, 5, 4), (2, 3, 4, 5)], ids=str)
def test_a_long_entry_is_read_row_major(shape: tuple[int, ...]) -> None:
    flat, places = values(prod(shape)), list(np.ndindex(*shape))
    t = tensor(Shape(*shape), flat)
    for made in (
        t,
        of_vec_t(Shape(*shape), vector(flat)),
        unflatten_spec(Shape(*shape), tensor(Shape(len(flat)), flat)),
    ):
        assert made.shape == shape
        assert [numbers(made.entries[place])[0] for place in places] == flat
    assert numbers(to_vec_t(t)) == numbers(flatten_spec(t).entries) == flat


@pytest.mark.lean(f"{N}Batched.heads", f"{N}Batched.unheads")
@pytest.mark.lean(f"{N}SoftmaxLastAxis.rows", f"{N}SoftmaxLastAxis.unrows")
@pytest.mark.parametrize(("m", "n"), [(1, 13), (13, 1), (6, 9)])
def test_many_long_rows_are_stretches(m: int, n: int) -> None:
    flat = values(m * n)
    for cut_up, joined_up in ((heads, unheads), (rows, unrows)):
        split = cut_up(m, n, vector(flat))
        assert [numbers(row) for row in split] == by_rows(n, flat)
        assert numbers(joined_up(m, n, split)) == flat
