"""Weakened indices and the index of the last entry."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirror.core.soundness import Idx
from mirror.spec.core.shape import Context, Shape
from mirror.util.idx import last, weaken
from tests.plain import SIZES, placed
from theorems.engine.strategies.shapes import contexts, shapes


@pytest.mark.lean("Proofs.Autograd.Idx.weaken")
@given(shapes(SIZES).flatmap(placed), contexts(SIZES))
def test_weakening_keeps_the_number_and_the_shape(found: tuple[Idx], rest: Context) -> None:
    (idx,) = found
    weakened = weaken(idx, rest)
    assert (weakened.i, weakened.shape) == (idx.i, idx.shape)
    assert list(weakened.context) == list(idx.context) + list(rest)


@pytest.mark.lean("Proofs.Autograd.Idx.last")
@given(contexts(SIZES), contexts(SIZES), shapes(SIZES))
def test_the_last_index_counts_everything_before_it(context: Context, saved: Context, shape: Shape) -> None:
    idx = last(context, saved, shape)
    assert list(idx.context) == [*context, *saved, shape]
    assert (idx.i, idx.shape) == (sum(1 for _ in context) + sum(1 for _ in saved), shape)


@pytest.mark.lean("Proofs.Autograd.Idx.last", "Proofs.Autograd.Idx.weaken")
@given(contexts(SIZES), contexts(SIZES), shapes(SIZES), st.lists(shapes(SIZES), max_size=2))
def test_a_weakened_last_index_is_no_longer_the_last(
    context: Context, saved: Context, shape: Shape, rest: list[Shape]
) -> None:
    idx = weaken(last(context, saved, shape), tuple(rest))
    assert len(idx.context) - 1 - idx.i == len(rest)
