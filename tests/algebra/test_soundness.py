"""Typed lists over any scalars."""

from __future__ import annotations

import pytest
from hypothesis import given

from mirror.algebra.soundness import TList, add, cast, snoc, unsnoc, zero
from mirror.arithmetic import EXACT, FLOAT64
from mirror.spec.core.shape import Context, Shape
from mirror.spec.core.tensor.core import tensor
from tests.plain import SIZES, count, numbers, plus
from theorems.engine.strategies.shapes import contexts, shapes, tensor_of, typed_list
from theorems.engine.strategies.values import Fill, fills


@pytest.mark.lean("Proofs.Autograd.Algebra.TList")
@given(contexts(SIZES))
def test_a_typed_list_has_one_tensor_for_each_shape(context: Context) -> None:
    tensors = tuple(tensor(s, range(count(s))) for s in context)
    xs = TList(tensors)
    assert xs.context == context
    assert len(xs) == len(context)
    assert all(a is b for a, b in zip(xs, tensors, strict=True))
    assert all(xs[i] is t for i, t in enumerate(tensors))


@pytest.mark.lean("Proofs.Autograd.Algebra.TList")
def test_a_typed_list_holds_any_scalars() -> None:
    assert zero(FLOAT64, (Shape(2), Shape()))[0].entries.tolist() == [0.0, 0.0]


@given(contexts(SIZES))
def test_zero_is_zero_everywhere(context: Context) -> None:
    xs = zero(EXACT, context)
    assert xs.context == context
    assert [numbers(t.entries) for t in xs] == [[0] * count(s) for s in context]


@given(contexts(SIZES), fills())
def test_add_is_entrywise(context: Context, fill: Fill) -> None:
    a, b = typed_list(fill, context), typed_list(fill, context)
    expected = [plus(numbers(x.entries), numbers(y.entries)) for x, y in zip(a, b, strict=True)]
    found = add(a, b)
    assert found.context == context
    assert [numbers(t.entries) for t in found] == expected


@given(contexts(SIZES), shapes(SIZES), fills())
def test_snoc_appends_at_the_end_and_unsnoc_takes_it_off(context: Context, shape: Shape, fill: Fill) -> None:
    xs, t = typed_list(fill, context), tensor_of(fill, shape)
    longer = snoc(xs, t)
    assert longer.context == (*context, shape)
    assert longer[len(context)] is t
    rest, end = unsnoc(longer)
    assert end is t
    assert rest.tensors == xs.tensors


def test_the_empty_list_has_no_last_entry() -> None:
    with pytest.raises(ValueError, match="the empty typed list has no last entry"):
        unsnoc(TList(()))


def test_two_contexts_do_not_add() -> None:
    a, b = zero(EXACT, (Shape(2),)), zero(EXACT, (Shape(2), Shape()))
    with pytest.raises(ValueError, match=r"cannot add typed lists of contexts \(\[2\],\) and \(\[2\], \[\]\)"):
        add(a, b)


def test_a_cast_is_the_identity_between_equal_contexts_only() -> None:
    xs = zero(EXACT, (Shape(2), Shape(3)))
    assert cast((Shape(2), Shape(3)), xs) is xs
    with pytest.raises(ValueError, match=r"cannot cast a typed list of context \(\[2\], \[3\]\) to \(\[3\], \[2\]\)"):
        cast((Shape(3), Shape(2)), xs)
