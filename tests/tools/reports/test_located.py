"""The first wrong node in words: where it stands, what it reads, what disagrees."""

from __future__ import annotations

from typing import Any

import pytest
from flint import fmpq

from mirror.arithmetic import rational_vector
from mirror.core.soundness import Graph, Idx, Node
from mirror.linear_map import Identity
from mirror.nodes.arithmetic import add, scale
from mirror.nodes.context import node_of_vec
from mirror.ops.attention.masked_multi_head_self_attention import masked_core_dgraph
from mirror.ops.norm.layer_norm import layer_norm_graph
from mirror.ops.transformer.feed_forward import seq_ffn_residual_dgraph
from mirror.spec.core.shape import Shape
from tests.engine.test_locating import DECODER, HERE, LITTLE, TWO, in_nodes, raising, running, scaled
from tests.faults.fault import fault, node_fault, with_maps
from tests.tools.reports.blocks import block
from theorems.engine.evidence.nodes import NodePart
from theorems.engine.graph_run import GraphRun
from theorems.engine.locating import WrongNode, first_wrong_node
from theorems.tools.reports.located import NONE_IS_WRONG, NORM_IS_RIGHT, locate, located
from theorems.tools.reports.named_contexts import named_graph


def said(node: Node, **run: Any) -> list[str]:
    return located({}, first_wrong_node(running(GraphRun(Graph(TWO, (node,)), HERE, **run)), {}))


def test_no_wrong_node() -> None:
    assert said(scaled()) == list(NONE_IS_WRONG)


def test_a_part_that_raises() -> None:
    assert said(with_maps(scaled(), vjp=raising), name="the first norm") == [
        "located: node 0 of 1 of the graph of the first norm, counted from 0: scale",
        "  it reads entry 0 [2]",
        "  it makes entry 2 [2]",
        "  its vjp raises ZeroDivisionError: boo",
        "  its vjp on tensors raises ZeroDivisionError: boo",
        "  it is the first node",
    ]


def test_a_result_of_another_length() -> None:
    assert said(with_maps(scaled(), jvp=lambda ar, x, dx: 3 * dx[:1]))[3:8] == [
        "  its jvp is not D, the derivative of its forward map:",
        "    for h = 1 at entry 0 [2] at [0], 0 elsewhere",
        "    at their lengths",
        "      jvp h: 1 entries",
        "      D h:   2 entries",
    ]


def test_a_forward_map_alone_and_a_cotangent_of_the_instance() -> None:
    assert "  its jvp and vjp are adjoint to each other, so it may be the forward map that is wrong" in said(
        with_maps(scaled(), forward=lambda ar, x: 4 * x[:2])
    )


def test_a_direction_that_is_no_unit_vector_is_described() -> None:
    lines = said(with_maps(scaled(), jvp=lambda ar, x, dx: 3 * dx[:2] + dx[4:] * LITTLE))
    assert "    for the h that moves all that the node does not read" in lines


def test_nodes_before_the_wrong_one_are_said_to_be_right() -> None:
    graph = Graph(TWO).snoc(scaled())
    everything = (*TWO, Shape(2))
    bad = with_maps(add(Idx(everything, 0, Shape(2)), Idx(everything, 2, Shape(2))), vjp=raising)
    one = located({}, first_wrong_node(running(GraphRun(graph.snoc(bad), HERE)), {}))
    assert one[-1] == "  node 0 is right at this instance, those after it were not examined"
    assert one[1] == "  it reads entry 0 [2], entry 2 [2]"
    more = Graph(TWO).snoc(scaled()).snoc(scale(Idx(everything, 2, Shape(2)), fmpq(1)))
    longer = (*everything, Shape(2))
    bad = with_maps(add(Idx(longer, 0, Shape(2)), Idx(longer, 3, Shape(2))), vjp=raising)
    two = located({}, first_wrong_node(running(GraphRun(more.snoc(bad), HERE)), {}))
    assert two[-1] == "  nodes 0 to 1 are right at this instance, those after it were not examined"


def test_a_node_that_says_nothing_of_itself_reads_its_whole_context() -> None:
    maps = scaled().vec
    assert maps
    node = node_of_vec(TWO, Shape(2), maps.forward, maps.jvp, raising)
    assert said(node)[:2] == ["located: node 0 of 1, counted from 0: node", "  it reads its whole context"]


def test_a_norm_is_looked_into() -> None:
    with fault("sub", "", "", "nodes.arithmetic:sub", node_fault(vjp=lambda node: raising)).applied():
        lines = located(block(), first_wrong_node(DECODER, block()))
    assert lines[0] == "located: node 7 of 13, counted from 0: wholeNode"
    assert lines[lines.index("  nodes 0 to 6 are right at this instance, those after it were not examined") + 1 :][
        :4
    ] == [
        "  the norm's own graph: node 2 of 14, counted from 0: sub",
        "    it reads entry 0 (X) [1, 2], entry 4 (mean in each column) [1, 2]",
        "    it makes entry 5 (centered) [1, 2]",
        "    its vjp raises ZeroDivisionError: boo",
    ]


def test_a_norm_whose_own_nodes_are_right_is_named_alone() -> None:
    with in_nodes((7, NodePart.VJP)).applied():
        lines = located(block(), first_wrong_node(DECODER, block()))
    assert lines[0] == "located: node 7 of 13, counted from 0: wholeNode"
    assert [line for line in lines if "own graph" in line] == lines[-1:] == [f"  {NORM_IS_RIGHT}"]


def test_of_a_norm_that_stays_undecided_nothing_else_is_said() -> None:
    (run,) = DECODER.graph_runs(block())
    lines = located(block(), WrongNode(run, 7, (), undecided="the sign of x at 4096 bits"))
    assert not any("own graph" in line for line in lines)


def test_a_graph_that_cannot_be_built_is_said_to_be_so() -> None:
    broken = fault("gelu", "", "", "nodes.elementwise:gelu", lambda original: raising)
    with broken.applied():
        (line,) = locate(DECODER, block())
    assert line == "located: no node, for the graph cannot be built: ZeroDivisionError: boo"


def test_a_node_that_stays_undecided() -> None:
    wrong = WrongNode(GraphRun(Graph(TWO, (scaled(),)), HERE), 0, (), undecided="the sign of x at 4096 bits")
    assert located({}, wrong)[3] == (
        "  whether it is right stays undecided at the highest precision: the sign of x at 4096 bits"
    )


# ---- what the entries are called

NORM = layer_norm_graph(2, 3, fmpq(1))
CORE = {"n": 2, "num_heads": 1, "head_dim": 3}
FEED_FORWARD = {"seq_len": 2, "d_model": 3, "d_ff": 3}
ZERO = rational_vector([0] * 6)


@pytest.mark.parametrize(
    ("case", "graph", "first", "last"),
    [
        (
            {"m": 2, "n": 3, "eps": fmpq(1)},
            layer_norm_graph(2, 3, fmpq(1)),
            "entry 0 (X) [2, 3]",
            "entry 16 (y) [2, 3]",
        ),
        ({"seq_len": 2, "d_model": 3}, layer_norm_graph(2, 3, fmpq(1)), "entry 0 (X) [2, 3]", "entry 16 (y) [2, 3]"),
        (CORE, masked_core_dgraph(2, 1, 3, fmpq(1)).g, "entry 0 (Q) [1, 2, 3]", "entry 7 (heads' output) [1, 2, 3]"),
        (
            FEED_FORWARD,
            seq_ffn_residual_dgraph(2, 3, 3, Identity(6), ZERO, Identity(6), ZERO).g,
            "entry 0 (input) [2, 3]",
            "entry 4 (residual sum) [2, 3]",
        ),
        ({}, Graph(TWO, (scaled(),)), "entry 0 [2]", "entry 2 [2]"),
        ({"m": 2, "n": 5, "eps": fmpq(1)}, NORM, "entry 0 [2, 3]", "entry 16 [2, 3]"),
    ],
)
def test_entries_have_the_names_of_the_graph(case: dict[str, Any], graph: Graph, first: str, last: str) -> None:
    names = named_graph(case, graph)
    assert len(names.names) in (0, len(names.context))
    assert (names.entry(0), names.entry(len(names.context) - 1)) == (first, last)
