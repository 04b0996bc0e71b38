"""An instance is active where every input of its graph moves the last result, and a number but 0 is compared."""

from __future__ import annotations

from typing import Any

import pytest
from flint import fmpq

from mirror.arithmetic import rational_vector
from mirror.nodes.arithmetic import MUL
from mirror.nodes.elementwise import INV, SQRT_CLAMP
from mirror.spec.core.shape import Shape
from tests.tools.hypotheses.made_up import POSITIVE, at, made_up
from theorems.engine.graphs import GraphSpec, NodeSpec
from theorems.engine.registry import get
from theorems.tools.hypotheses.activity import active

POINTWISE = get("Proofs.Autograd.Graph.jvpVec_eq_fderiv_at")
PRODUCT = (NodeSpec(MUL.name, (0, 1)),)
TWO = (Shape(1), Shape(1))


def product(*x: Any, context: Any = TWO, nodes: Any = PRODUCT) -> dict[str, Any]:
    return {"g": GraphSpec(context, nodes), "x": rational_vector(x), "directions": (rational_vector([1] * len(x)),)}


def test_every_input_has_to_move_the_last_result() -> None:
    assert active(POINTWISE, product(2, 3))
    assert not active(POINTWISE, product(2, 0))
    assert not active(POINTWISE, product(2, fmpq(1, 2**60)))
    assert active(POINTWISE, product(2, fmpq(1, 2**59)))


def test_a_graph_without_nodes_passes_its_inputs_on() -> None:
    assert active(POINTWISE, product(0, 0, nodes=()))


@pytest.mark.parametrize(
    "case",
    [
        product(context=(Shape(0), Shape(0))),
        product(0, context=(Shape(1),), nodes=(NodeSpec(INV.name, (0,)),)),
        product(-1, context=(Shape(1),), nodes=(NodeSpec(SQRT_CLAMP.name, (0,)),)),
    ],
    ids=["nothing to move", "at a boundary", "locally constant"],
)
def test_what_moves_nothing_is_not_active(case: dict[str, Any]) -> None:
    assert not active(POINTWISE, case)


def test_where_there_is_no_graph_a_number_is_compared() -> None:
    assert active(made_up(POSITIVE), at(1))
    assert not active(made_up(POSITIVE), at(0))
