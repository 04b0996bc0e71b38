"""Each change of an instance by itself, with what it draws given to it; where it cannot be made nothing is changed."""

from __future__ import annotations

from typing import Any

import pytest
from flint import fmpq

from mirror.arithmetic import BALL, rational_vector
from mirror.core.fderiv import ctx_size
from mirror.nodes.elementwise import ELEMWISE, INV, SQRT_CLAMP
from mirror.ops.norm.layer_norm import WHOLE_NODE
from mirror.spec.core.shape import Shape
from theorems.engine.case import Case
from theorems.engine.graphs import GraphSpec
from theorems.engine.maps import Differential, SmoothMap
from theorems.engine.registry import get
from theorems.engine.strategies.packs import structured
from theorems.tools.hypotheses.other_graphs import with_uncertified_node
from theorems.tools.hypotheses.other_norms import norm
from theorems.tools.hypotheses.other_packs import with_another_derivative, with_equal_rows

POINTWISE = get("Proofs.Autograd.Graph.backpropVec_eq_adjoint_fderiv_at")
NORM = get("Proofs.Autograd.LayerNorm.backprop_eq_adjoint_fderiv_layerNorm_at")


def drawing(*values: Any) -> Any:
    """Draws those values, one after the other."""
    left = iter(values)
    return lambda strategy: next(left)


def graph(*shapes: Shape) -> Case:
    x = rational_vector(range(1, ctx_size(shapes) + 1))
    return {"g": GraphSpec(shapes, ()), "x": x, "seed": x, "directions": (x,)}


MATRIX = (Shape(2, 2), Shape(2), Shape(2))


@pytest.mark.parametrize(
    "draws", [(0, ELEMWISE), (0, INV, 3), (1, SQRT_CLAMP, 4), (0, WHOLE_NODE, (0, 1, 2))], ids=lambda d: d[1].name
)
def test_a_node_without_certificate_fails_the_hypothesis_and_the_conclusion(draws: tuple[Any, ...]) -> None:
    before = graph(*MATRIX)
    assert POINTWISE.failed_hypotheses(before) == []
    case = with_uncertified_node(drawing(*draws), before)
    assert POINTWISE.failed_hypotheses(case) == ["hg"]
    assert not POINTWISE.judge(case).verdict.passes
    assert list(before["x"]) == list(range(1, 9))


def test_a_graph_is_left_as_it_is_where_no_such_node_fits() -> None:
    empty, vector = graph(Shape(0)), graph(Shape(2))
    assert with_uncertified_node(drawing(), empty) is empty
    assert with_uncertified_node(drawing(0, WHOLE_NODE), vector) is vector


def pack(rows: int, columns: int) -> SmoothMap:
    entries = {(i, j): fmpq(i + 2 * j + 1) for i in range(rows) for j in range(columns)}
    return SmoothMap("affine", structured(rows, columns, entries), rational_vector(range(rows)))


def test_another_derivative_is_wrong_in_one_entry() -> None:
    case = {"f": pack(2, 3), "d_f": Differential(pack(2, 3))}
    changed = with_another_derivative(drawing(4, fmpq(-1)), case, "f")
    at = rational_vector([1, 1, 1])
    assert list(changed["d_f"].at(BALL, at)(BALL, at)) == [9, 11]
    assert list(case["d_f"].at(BALL, at)(BALL, at)) == [9, 12]


def test_a_map_of_an_empty_space_has_no_other_derivative() -> None:
    case = {"f": pack(0, 3), "d_f": Differential(pack(0, 3))}
    assert with_another_derivative(drawing(), case, "f") is case


def test_equal_rows_are_all_the_first() -> None:
    same = with_equal_rows(pack(5, 2), rows=2, width=2)
    assert list(same(BALL, rational_vector([1, 1]))) == [4, 7, 4, 7, 16]


def matrix(rows: int, width: int) -> Case:
    x = rational_vector([*(k * k for k in range(rows * width)), *[1] * (2 * width)])
    return {"m": rows, "n": width, "eps": fmpq(1), "x": x}


def test_a_norm_is_taken_to_zero_or_below_and_without_rows_left_as_it_is() -> None:
    assert norm(drawing(0, fmpq(-1, 4)), matrix(1, 2))["eps"] == fmpq(-1, 4)
    assert norm(drawing(), matrix(0, 2))["eps"] == 1
    failed = NORM.failed_hypotheses(norm(drawing(1, fmpq(-1, 4)), matrix(2, 2)))
    assert failed == ["hVarEpsPos", "hStdNe0"]
