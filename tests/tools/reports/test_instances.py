"""Instances in words: whose vector is whose, and what is cut."""

from __future__ import annotations

from typing import Any

import pytest
from flint import fmpq

from mirror.arithmetic import rational_vector
from mirror.linear_map import PositionWise, basis_vector
from mirror.spec.core.shape import Shape
from mirror.spec.core.tensor.core import tensor
from tests.tools.cli.snapshot import assert_snapshot
from tests.tools.reports.blocks import block
from theorems.engine.evidence.verdicts import Mismatch
from theorems.engine.graphs import GraphSpec, NodeSpec
from theorems.tools.reports.instances import describe, number, text, where
from theorems.tools.reports.named_contexts import DECODER_INPUTS, DECODER_RESULTS, NamedContext, context_of, contexts_of


def test_a_block(monkeypatch: pytest.MonkeyPatch) -> None:
    assert_snapshot("instance_block", "\n".join(describe(block())))


def test_every_entry_of_the_block_has_a_name() -> None:
    inputs, everything = contexts_of(block())
    assert len(inputs.context) == len(DECODER_INPUTS) == 8
    assert len(everything.context) == len(DECODER_INPUTS) + len(DECODER_RESULTS) == 21


@pytest.mark.parametrize(
    ("position", "entries", "said"),
    [
        (4, 13, "position 4 of 13: entry 3 (residual stream) [1, 2] at [0, 1]"),
        (12, 13, "position 12 of 13: entry 7 (β2) [2] at [1]"),
        (13, 36, "position 13 of 36: entry 8 (scores) [1, 1, 1] at [0, 0, 0]"),
        (35, 36, "position 35 of 36: entry 20 (second norm) [1, 2] at [0, 1]"),
        (3, 7, "position 3 of 7"),  # no context has seven coordinates
        (0, 1, "position 0 of 1"),
    ],
)
def test_where_two_sides_differ(position: int, entries: int, said: str) -> None:
    case = block()
    total = context_of(case, len(case["seed"]))
    assert total is not None
    if entries == 36:
        entries = len(case["seed"])
        said = said.replace("36", str(entries))
        if position == 35:
            position, said = entries - 1, said.replace("position 35", f"position {entries - 1}")
    assert where(case, Mismatch("claim", position, "1", "2", entries)) == said


def test_a_context_vector_of_zeros_takes_one_line() -> None:
    assert describe({"Γ": (Shape(2), Shape()), "x": rational_vector([0, 0, 0])})[1:] == [
        "x =",
        "  0 everywhere (3 entries)",
    ]


def test_a_position_outside() -> None:
    with pytest.raises(IndexError, match="position 3 in a context vector of 3 entries"):
        NamedContext((Shape(3),)).locate(3)


def test_contexts_of_graphs_and_of_parts() -> None:
    graph = GraphSpec((Shape(2),), (NodeSpec("scale", (0,), {"c": fmpq(2)}),))
    assert [found.context for found in contexts_of({"g": graph})] == [(Shape(2),), (Shape(2), Shape(2))]
    parts = {"Γ": (Shape(2),), "ss": (Shape(),), "x": rational_vector([1, 2, 3])}
    assert describe(parts)[2:] == ["x =", "  entry 0 [2]: [1, 2]", "  entry 1 []: [3]"]


def test_a_graph_is_shown_node_by_node() -> None:
    graph = GraphSpec((Shape(2),), (NodeSpec("scale", (0,), {"c": fmpq(2)}), NodeSpec("add", (0, 1))))
    assert describe({"g": graph}) == [
        "g: GraphSpec",
        "  context = ([2])",
        "  nodes[0]: NodeSpec",
        "    kind = scale",
        "    inputs[0] = 0",
        "    parameters.c = 2",
        "  nodes[1]: NodeSpec",
        "    kind = add",
        "    inputs[0] = 0",
        "    inputs[1] = 1",
    ]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (fmpq(1, 3), "1/3"),
        (Shape(2, 0), "[2, 0]"),
        ((), "()"),
        ((Shape(), Shape(3)), "([], [3])"),
        (rational_vector([]), "[]"),
        (rational_vector([0]), "[0]"),
        (rational_vector([0, 0]), "0 (2 entries)"),
        (rational_vector(range(12)), "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]"),
        (rational_vector(range(1, 14)), "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, … (13 entries)]"),
        (basis_vector(20, 17), "0 except [17] = 1 (20 entries)"),
        ((fmpq(1), fmpq(0)), "[1, 0]"),
        (PositionWise(3, 1, 2, (fmpq(1), fmpq(0))), "1 x 2 weight at 3 positions: [1, 0]"),
        ("huge", "huge"),
    ],
)
def test_values(value: Any, said: str) -> None:
    assert text(value) == said


def test_long_numbers_are_rounded_for_the_eye_only() -> None:
    assert number(fmpq(10**22)) == "1" + "0" * 22
    assert number(fmpq(10**30, 3)) == "≈3.33333e+29"


def test_a_tensor_is_its_shape_and_entries() -> None:
    assert describe({"t": tensor(Shape(1, 2), [3, 4])}) == ["t: Tensor", "  shape = [1, 2]", "  entries = [3, 4]"]
