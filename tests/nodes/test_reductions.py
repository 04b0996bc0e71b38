"""The two halves of a concatenation."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirror.nodes.reductions import take_left_vec, take_right_vec
from tests.plain import numbers, vector

LISTS = st.lists(st.fractions(max_denominator=9), max_size=4)


@pytest.mark.lean("Proofs.Autograd.TapeNodes.takeLeftVec", "Proofs.Autograd.TapeNodes.takeRightVec")
@given(LISTS, LISTS)
def test_left_and_right_are_the_two_parts(left: list[Fraction], right: list[Fraction]) -> None:
    both = vector(left + right)
    assert numbers(take_left_vec(len(left), both)) == left
    assert numbers(take_right_vec(len(left), both)) == right
