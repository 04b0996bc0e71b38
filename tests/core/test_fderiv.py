"""Contexts as flat vectors: layout, casts, the structural linear maps."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirror.arithmetic import EXACT
from mirror.core.fderiv import (
    append_clm,
    append_vec,
    cast_clm,
    cast_ctx_vec,
    cast_vec,
    ctx_size,
    flatten_ctx,
    of_vec_t,
    pair,
    snoc_clm,
    snoc_ctx,
    to_vec_t,
    unflatten_ctx,
    unsnoc_ctx,
    vec_of_fun,
)
from mirror.linear_map import dense
from mirror.spec.core.shape import Context, Shape
from mirror.spec.core.tensor.core import tensor
from tests.plain import SIZES, assert_matrix, block, count, numbers, total, vector
from theorems.engine.strategies.shapes import contexts, shapes, typed_list
from theorems.engine.strategies.values import Fill, fills

LENGTHS = st.integers(0, 4)


# ---- layout


@pytest.mark.lean("Proofs.Autograd.toVecT", "Proofs.Autograd.ofVecT")
@given(shapes(SIZES), fills())
def test_a_tensor_is_read_row_major(shape: Shape, fill: Fill) -> None:
    v = fill.vector(count(shape))
    t = of_vec_t(shape, v)
    assert t.shape == shape
    strides = [count(shape[k + 1 :]) for k in range(len(shape))]
    for place in np.ndindex(*shape):
        position = sum(i * s for i, s in zip(place, strides, strict=True))
        assert numbers(t.entries[place]) == [numbers(v)[position]]
    assert numbers(to_vec_t(t)) == numbers(v)


@pytest.mark.lean("Proofs.Autograd.toVecT")
def test_the_outermost_index_is_the_slowest() -> None:
    assert numbers(to_vec_t(tensor(Shape(2, 2, 2), range(8)))) == list(range(8))


@pytest.mark.lean("Proofs.Autograd.ofVecT")
def test_a_tensor_needs_a_vector_of_its_size() -> None:
    with pytest.raises(ValueError, match=r"shape \[2, 3\] unflattens a vector of length 6, got shape \[5\]"):
        of_vec_t(Shape(2, 3), vector(range(5)))


@pytest.mark.lean("Proofs.Autograd.ctxSize", "Proofs.Autograd.CtxVec")
@given(contexts(SIZES))
def test_a_context_is_as_long_as_its_blocks_together(context: Context) -> None:
    assert ctx_size(context) == total(context)


@pytest.mark.lean("Proofs.Autograd.ctxSize")
def test_the_empty_context_has_size_zero_and_a_scalar_size_one() -> None:
    assert [ctx_size(()), ctx_size((Shape(),)), ctx_size((Shape(2, 3), Shape(0), Shape()))] == [0, 1, 7]


@pytest.mark.lean("Proofs.Autograd.vecOfFun")
@given(st.lists(st.fractions(max_denominator=9), max_size=5))
def test_vec_of_fun_tabulates(values: list[Fraction]) -> None:
    assert numbers(vec_of_fun(len(values), lambda i: vector(values)[i])) == values


@pytest.mark.lean("Proofs.Autograd.flattenCtx", "Proofs.Autograd.CtxVec")
@given(contexts(SIZES), fills())
def test_flatten_lays_blocks_end_to_end_head_first(context: Context, fill: Fill) -> None:
    xs = typed_list(fill, context)
    v = flatten_ctx(EXACT, xs)
    assert numbers(v) == [q for t in xs for q in numbers(t.entries)]


@pytest.mark.lean("Proofs.Autograd.unflattenCtx")
@given(contexts(SIZES), fills())
def test_unflatten_cuts_at_the_offsets(context: Context, fill: Fill) -> None:
    v = fill.vector(total(context))
    xs = unflatten_ctx(context, v)
    assert xs.context == context
    assert [numbers(t.entries) for t in xs] == [block(context, i, numbers(v)) for i in range(len(context))]


@pytest.mark.lean("Proofs.Autograd.unflattenCtx")
@pytest.mark.parametrize("length", [9, 11])
def test_unflatten_refuses_another_length(length: int) -> None:
    message = (
        rf"got an array of shape \({length},\), expected a vector of length 10 for the context \(\[2, 3\], \[4\]\)"
    )
    with pytest.raises(ValueError, match=message):
        unflatten_ctx((Shape(2, 3), Shape(4)), vector(range(length)))


@pytest.mark.lean("Proofs.Autograd.castVec", "Proofs.Autograd.Graph.castCLM")
@given(LENGTHS, fills())
def test_a_cast_leaves_coordinates_unchanged(n: int, fill: Fill) -> None:
    v = fill.vector(n)
    assert numbers(cast_vec(n, v)) == numbers(v)
    assert_matrix(cast_clm(n, n), n, n, lambda i, j: int(i == j))


@pytest.mark.lean("Proofs.Autograd.castVec", "Proofs.Autograd.Graph.castCLM")
def test_a_cast_refuses_another_length() -> None:
    with pytest.raises(ValueError, match=r"got an array of shape \(2,\), expected a vector of length 3 for a cast"):
        cast_vec(3, vector([1, 2]))
    with pytest.raises(ValueError, match="cannot cast ℝ\\^2 to ℝ\\^3"):
        cast_clm(2, 3)
    for run in (cast_clm(3, 3).apply, cast_clm(3, 3).apply_adjoint):
        with pytest.raises(ValueError, match=r"got an array of shape \(2,\), expected a vector of length 3 for a cast"):
            run(EXACT, vector([1, 2]))


@pytest.mark.lean("Proofs.Autograd.castCtxVec")
@given(contexts(SIZES), fills())
def test_a_cast_along_equal_contexts_is_the_identity(context: Context, fill: Fill) -> None:
    v = fill.vector(total(context))
    assert numbers(cast_ctx_vec(context, tuple(Shape(*s) for s in context), v)) == numbers(v)


@pytest.mark.lean("Proofs.Autograd.castCtxVec")
def test_contexts_of_one_size_are_still_two_contexts() -> None:
    message = r"cannot cast a vector of the context \(\[2, 3\],\) to \(\[3, 2\],\)"
    with pytest.raises(ValueError, match=message):
        cast_ctx_vec((Shape(2, 3),), (Shape(3, 2),), vector(range(6)))
    with pytest.raises(ValueError, match=r"expected a vector of length 6 for a cast"):
        cast_ctx_vec((Shape(2, 3),), (Shape(2, 3),), vector(range(5)))


# ---- appending and splitting


@pytest.mark.lean("Proofs.Autograd.appendVec", "Proofs.Autograd.Graph.appendCLM")
@given(LENGTHS, LENGTHS, fills())
def test_append_puts_the_second_vector_after_the_first(m: int, n: int, fill: Fill) -> None:
    a, b = fill.vector(m), fill.vector(n)
    assert numbers(append_vec(EXACT, a, b)) == numbers(a) + numbers(b)
    assert_matrix(append_clm(m, n), m + n, m + n, lambda i, j: int(i == j))


@pytest.mark.lean("Proofs.Autograd.snocCtx", "Proofs.Autograd.unsnocCtx", "Proofs.Autograd.Graph.snocCLM")
@given(contexts(SIZES), shapes(SIZES), fills())
def test_snoc_adds_a_block_at_the_end_and_unsnoc_splits_it_off(context: Context, shape: Shape, fill: Fill) -> None:
    x, t = fill.vector(total(context)), fill.vector(count(shape))
    longer = vector(numbers(x) + numbers(t))
    assert numbers(snoc_ctx(EXACT, x, t)) == numbers(longer)
    head, end = unsnoc_ctx(shape, longer)
    assert (numbers(head), numbers(end)) == (numbers(x), numbers(t))
    n = total(context) + count(shape)
    assert_matrix(snoc_clm(context, shape), n, n, lambda i, j: int(i == j))


@given(fills(), st.integers(0, 3), st.integers(0, 3), st.integers(0, 3))
def test_a_pair_of_maps_stacks_their_matrices(fill: Fill, m: int, n: int, k: int) -> None:
    a, b = ([numbers(list(fill.weights(k))) for _ in range(rows)] for rows in (m, n))
    stacked = pair(dense(np.array(a, dtype=object).reshape(m, k)), dense(np.array(b, dtype=object).reshape(n, k)))
    assert_matrix(stacked, m + n, k, lambda i, j: (a + b)[i][j])


def test_a_pair_of_maps_has_one_domain() -> None:
    with pytest.raises(ValueError, match=r"a pair of maps needs one domain, got ℝ\^2 and ℝ\^3"):
        pair(cast_clm(2, 2), cast_clm(3, 3))
