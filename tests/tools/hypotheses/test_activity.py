"""An instance is active where every input moves the result; without a derivative where what is compared moves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flint import arb, fmpq

from mirror.arithmetic import Arithmetic, rational_vector
from mirror.nodes.arithmetic import MUL
from mirror.spec.core.shape import Shape
from tests.tools.hypotheses.made_up import POSITIVE, at, made_up
from theorems.engine.evidence.verdicts import Claim, Equal, Holds
from theorems.engine.graphs import GraphSpec, NodeSpec
from theorems.engine.registry import get
from theorems.tools.hypotheses.activity import active

POINTWISE = get("Proofs.Autograd.Graph.jvpVec_eq_fderiv_at")
TWO = (Shape(1), Shape(1))


def product(*x: Any) -> dict[str, Any]:
    g = GraphSpec(TWO, (NodeSpec(MUL.name, (0, 1)),))
    return {"g": g, "x": rational_vector(x), "directions": (rational_vector([1] * len(x)),)}


def test_every_input_has_to_move_the_last_result_and_a_number_to_be_compared() -> None:
    assert active(POINTWISE, product(2, 3))
    assert not active(POINTWISE, product(2, 0))
    assert not active(POINTWISE, {**product(2, 3), "directions": (rational_vector([0, 0]),)})


def test_without_a_derivative_what_is_compared_has_to_move() -> None:
    assert active(made_up(POSITIVE), at(1))
    assert not active(made_up(POSITIVE), at(0))


def only_left(ar: Arithmetic, x: fmpq) -> Iterator[Claim]:
    yield Equal("x = 1", x, fmpq(1))


def too_wide(ar: Arithmetic, x: fmpq) -> Iterator[Claim]:
    yield Equal("about x", arb(x, 3), arb(x, 3))


def no_number(ar: Arithmetic, x: fmpq) -> Iterator[Claim]:
    yield Holds("x is 1", x == 1)


@pytest.mark.parametrize("conclusion", [only_left, too_wide, no_number])
def test_it_is_not_enough_that_one_side_moves_or_that_nothing_is_seen_to(conclusion: Any) -> None:
    assert not active(made_up(POSITIVE, conclusion=conclusion), at(1))


def both_lists(ar: Arithmetic, x: fmpq, more: tuple[Any, ...]) -> Iterator[Claim]:
    yield Equal("the second is itself", more[1][:2], more[1][:2])


def test_any_drawn_number_may_be_the_one() -> None:
    inside = {"x": fmpq(0), "more": (fmpq(0), rational_vector([5, "1/3"]))}
    assert active(made_up(POSITIVE, conclusion=both_lists), inside)
