"""The first wrong node is found at its place, whatever of it is wrong; a graph of right nodes has none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flint import arb, fmpq

from mirror.algebra.soundness import zero
from mirror.arithmetic import BALL, Arithmetic, Array, precision, rational_vector
from mirror.core.fderiv import NodeFDerivCorrect
from mirror.core.soundness import Graph, Idx, Node
from mirror.linear_map import LinearFunction, LinearMap, dense
from mirror.nodes.arithmetic import add, affine, scale
from mirror.nodes.context import node_of_vec
from mirror.nodes.elementwise import inv
from mirror.ops.norm.layer_norm import WHOLE_NODE
from mirror.spec.core.shape import Shape
from tests.engine.strategies.sampling import sample
from tests.faults.fault import Fault, fault, with_maps
from tests.tools.reports.blocks import block
from theorems import get, select
from theorems.engine.evidence.held import Held
from theorems.engine.evidence.nodes import NodePart, disagreements, jvp_and_vjp_agree
from theorems.engine.graph_run import GraphRun
from theorems.engine.locating import WrongNode, first_wrong_node
from theorems.engine.sizes import PROFILES
from theorems.engine.theorem import Theorem

DECODER = get("decoderCore_backpropVec_eq_adjoint_fderiv_at")
LITTLE = fmpq(1, 2**30)


def wrong_jvp(node: Node) -> Any:
    """The jvp, a little off in the last entry of the result along the first coordinate that is read."""
    j = node.inputs[0].start

    def jvp(ar: Arithmetic, x: Array, dx: Array) -> Array:
        right = node.vec.jvp(ar, x, dx)  # type: ignore[union-attr]
        return ar.concat([right[:-1], right[-1:] + dx[j : j + 1] * LITTLE])

    return jvp


def wrong_vjp(node: Node) -> Any:
    """The vjp, a little off in the first coordinate that is read, of the last entry of the result."""
    j = node.inputs[0].start

    def vjp(ar: Arithmetic, x: Array, δ: Array) -> Array:
        right = node.vec.vjp(ar, x, δ)  # type: ignore[union-attr]
        return ar.concat([right[:j], right[j : j + 1] + δ[-1:] * LITTLE, right[j + 1 :]])

    return vjp


WRONG: dict[NodePart, Callable[[Node], dict[str, Any]]] = {
    NodePart.JVP: lambda node: {"jvp": wrong_jvp(node)},
    NodePart.VJP: lambda node: {"vjp": wrong_vjp(node)},
}


def with_fault(graph: Graph, position: int, part: NodePart) -> Graph:
    nodes = list(graph.nodes)
    nodes[position] = with_maps(nodes[position], **WRONG[part](nodes[position]))
    return Graph(graph.context, tuple(nodes))


def in_nodes(*places: tuple[int, NodePart]) -> Fault:
    """A fault of the decoder core in the nodes at those positions alone."""

    def breaks(original: Any) -> Any:
        def faulty(*args: Any) -> Graph:
            graph = original(*args)
            for position, part in places:
                graph = with_fault(graph, position, part)
            return graph

        return faulty

    name = "Proofs.Autograd.Transformer.decoderCoreGraph"
    return fault("some nodes", name, DECODER.name, "ops.transformer.decoder_block:decoder_core_graph", breaks)


def found_in(wrong: WrongNode | None) -> tuple[int, set[NodePart]]:
    assert wrong is not None
    return wrong.position, {found.part for found in wrong.disagreements}


def expected(node: Node, part: NodePart) -> set[NodePart]:
    """The part alone; a whole LayerNorm's certificate is made of the node's own jvp and vjp."""
    certified = {NodePart.JVP: NodePart.CERTIFICATE, NodePart.VJP: NodePart.ADJOINT}
    return {part, certified[part]} if node.kind == WHOLE_NODE.name else {part}


@pytest.mark.unmeasured
@pytest.mark.parametrize("part", WRONG)
@pytest.mark.parametrize("position", range(13))
def test_a_fault_in_one_node_of_the_decoder_core_is_found_there(position: int, part: NodePart) -> None:
    with in_nodes((position, part)).applied():
        wrong = first_wrong_node(DECODER, block())
    assert wrong is not None
    assert found_in(wrong) == (position, expected(wrong.node, part))


def test_the_first_of_two_wrong_nodes_is_named() -> None:
    with in_nodes((9, NodePart.JVP), (4, NodePart.VJP)).applied():
        assert found_in(first_wrong_node(DECODER, block())) == (4, {NodePart.VJP})


GRAPHS = [t for t in select() if t.runs]


@pytest.mark.unmeasured
@pytest.mark.parametrize("theorem", GRAPHS, ids=lambda t: t.name.split("Autograd.")[-1])
def test_every_theorem_with_a_graph_can_be_searched(theorem: Theorem) -> None:
    """All nodes are right; with a fault in the last node of the last graph that has one, that is found."""
    case = roomy(theorem)
    assert first_wrong_node(theorem, case) is None
    with precision(320):
        *before, run = (r for r in theorem.graph_runs(case) if r.graph.nodes)
    position = len(run.graph.nodes) - 1
    faulty = replace(run, graph=with_fault(run.graph, position, NodePart.VJP))
    found = first_wrong_node(replace(theorem, runs=lambda ar: [*before, faulty]), case)
    assert found is not None
    assert found.run is faulty
    assert found_in(found) == (position, expected(found.node, NodePart.VJP))


def roomy(theorem: Theorem) -> Any:
    """An instance whose last node reads and makes at least one number."""

    def has_room(case: Any) -> bool:
        with precision(320):
            nodes = [run.graph.nodes[-1] for run in theorem.graph_runs(case) if run.graph.nodes]
        return bool(nodes) and 0 not in (*nodes[-1].shape, *nodes[-1].inputs[0].shape)

    return next(case for case in sample(theorem.instances(PROFILES["quick"].sizes), 40) if has_room(case))


# ---- one node


TWO = (Shape(2), Shape(3))
HERE = rational_vector([3, -2, 1, 5, 7])


def scaled() -> Node:
    return scale(Idx(TWO, 0, Shape(2)), fmpq(3))


def named(node: Node, here: Array = HERE) -> set[NodePart]:
    with precision(320):
        return {found.part for found in disagreements(Held(BALL, node, here))}


def test_a_right_node_has_nothing_that_disagrees() -> None:
    assert named(scaled()) == set()


def raising(*_: Any) -> Any:
    raise ZeroDivisionError("boo")


@pytest.mark.parametrize(
    ("maps", "parts"),
    [
        (
            {"jvp": lambda ar, x, dx: 3 * dx[:2] + dx[4:] * LITTLE},
            {NodePart.JVP},
        ),  # reads what it says it does not read
        ({"vjp": lambda ar, x, δ: ar.concat([3 * δ, ar.zeros(2), δ[:1] * LITTLE])}, {NodePart.VJP}),
        # Only unit vectors show these: along (1, -2, …) they are right.
        ({"jvp": lambda ar, x, dx: 3 * dx[:2] + (2 * dx[:1] + dx[1:2])}, {NodePart.JVP}),
        ({"vjp": lambda ar, x, δ: ar.concat([3 * δ, ar.zeros(2), 2 * δ[:1] + δ[1:]])}, {NodePart.VJP}),
        (
            {"forward": lambda ar, x: 3 * x[:2] * x[2:4]},
            {NodePart.JVP, NodePart.VJP, NodePart.CERTIFICATE, NodePart.ADJOINT},
        ),
        ({"jvp": lambda ar, x, dx: 3 * dx[:2] + 1}, {NodePart.JVP}),
        ({"jvp": lambda ar, x, dx: 3 * dx[:1]}, {NodePart.JVP, NodePart.TENSORS}),
        ({"jvp": raising}, {NodePart.JVP, NodePart.TENSORS}),
        ({"vjp": raising}, {NodePart.VJP, NodePart.TENSOR_VJP}),
    ],
)
def test_what_of_a_node_is_wrong(maps: dict[str, Any], parts: set[NodePart]) -> None:
    assert named(with_maps(scaled(), **maps)) == parts


def test_maps_on_tensors_are_held_against_those_on_vectors() -> None:
    assert named(replace(scaled(), vjp=lambda ar, x, δ: zero(ar, TWO))) == {NodePart.TENSOR_VJP}


def test_a_certificate_of_another_derivative_or_with_another_adjoint_is_named() -> None:
    def changed(change: Callable[[LinearMap], LinearMap]) -> set[NodePart]:
        def breaks(original: Any) -> Any:
            return lambda node: NodeFDerivCorrect(node, lambda ar, x: change(original(node).deriv(ar, x)))

        with fault("a certificate", "", "", "nodes.arithmetic:scale_certificate", breaks).applied():
            return named(scaled())

    assert changed(lambda d: d) == set()
    assert changed(lambda d: d + d) == {NodePart.CERTIFICATE, NodePart.ADJOINT}
    assert changed(lambda d: LinearFunction(5, 2, d.apply, lambda ar, w: ar.zeros(5))) == {NodePart.ADJOINT}


def test_an_untransposed_vjp_is_not_adjoint_to_the_jvp() -> None:
    shear = dense([[1, 2], [3, 4]])
    node = affine(Idx(TWO, 0, Shape(2)), Shape(2), shear, rational_vector([0, 0]))
    untransposed = with_maps(node, vjp=lambda ar, x, δ: ar.concat([shear.apply(ar, δ), ar.zeros(3)]))
    assert jvp_and_vjp_agree(Held(BALL, node, HERE))
    assert not jvp_and_vjp_agree(Held(BALL, untransposed, HERE))


def test_a_node_that_says_nothing_of_itself_is_tried_on_its_whole_context() -> None:
    node = scaled()
    assert node.vec
    nameless = node_of_vec(TWO, Shape(2), node.vec.forward, node.vec.jvp, node.vec.vjp)
    assert named(nameless) == set()
    assert named(with_maps(nameless, jvp=lambda ar, x, dx: 3 * dx[:2] + dx[4:] * LITTLE)) == {NodePart.JVP}


def test_a_node_that_reads_more_than_it_says_is_held_to_what_it_reads() -> None:
    def maps(ar: Arithmetic, x: Array) -> Array:
        return 3 * x[:2] + x[2:4]

    vjp = lambda ar, x, δ: ar.concat([3 * δ, δ, ar.zeros(1)])  # noqa: E731
    jvp = lambda ar, x, dx: maps(ar, dx)  # noqa: E731
    assert named(node_of_vec(TWO, Shape(2), maps, jvp, vjp, inputs=(Idx(TWO, 0, Shape(2)),))) == set()


def test_a_fault_in_a_later_input_is_shown_by_its_coordinate() -> None:
    two = (Shape(2), Shape(2))
    node = add(Idx(two, 0, Shape(2)), Idx(two, 1, Shape(2)))
    wrong = with_maps(node, jvp=lambda ar, x, dx: dx[:2] + dx[2:] * rational_vector([1, 2]))
    with precision(320):
        (found,) = (f for f in disagreements(Held(BALL, wrong, HERE[:4])) if f.part is NodePart.JVP)
    assert found.probe
    assert found.probe.coordinate == 3


def test_at_a_corner_the_jvp_is_held_to_be_linear_and_the_vjp_its_adjoint() -> None:
    node, corner = inv(Idx(TWO, 0, Shape(2))), rational_vector([0, 2, 0, 0, 0])
    assert node.vec
    right = node.vec
    assert named(node, corner) == set()
    assert named(with_maps(node, jvp=lambda ar, x, dx: right.jvp(ar, x, dx) + 1), corner) >= {NodePart.JVP}
    assert named(with_maps(node, vjp=wrong_vjp(node)), corner) == {NodePart.VJP}


def test_a_forward_map_that_raises_ends_the_search_there() -> None:
    bad = with_maps(scaled(), forward=raising)
    graph = Graph(TWO).snoc(bad)
    wrong = first_wrong_node(
        running(GraphRun(graph.snoc(scale(Idx((*TWO, Shape(2)), 2, Shape(2)), fmpq(1))), HERE)), {}
    )
    assert found_in(wrong) == (0, {NodePart.FORWARD})


def running(run: GraphRun) -> Theorem:
    return replace(DECODER, runs=lambda ar: [run])


def test_a_node_that_no_precision_decides_is_said_to_be_undecided() -> None:
    node, wide = inv(Idx(TWO, 0, Shape(2))), HERE.copy()
    wide[0] = arb(0, 1)
    wrong = first_wrong_node(running(GraphRun(Graph(TWO, (node,)), wide)), {})
    assert wrong is not None
    assert wrong.undecided.startswith("the sign of ")
    wide[0] = arb(3, 1)
    wrong = first_wrong_node(running(GraphRun(Graph(TWO, (node,)), wide)), {})
    assert wrong is not None
    assert wrong.undecided.startswith("jvp: at position 0, ")


def test_what_an_instance_runs_through_a_node_is_tried_too() -> None:
    """A cotangent or a tangent that no unit vector shows to be wrong."""

    def clipped(ar: Arithmetic, x: Array, δ: Array) -> Array:
        return ar.concat([3 * (δ if not any(v > 100 for v in δ) else 0 * δ), ar.zeros(3)])

    graph = Graph(TWO, (with_maps(scaled(), vjp=clipped),))
    assert first_wrong_node(running(GraphRun(graph, HERE)), {}) is None
    assert found_in(
        first_wrong_node(running(GraphRun(graph, HERE, cotangents=(rational_vector([0] * 6 + [101]),))), {})
    ) == (0, {NodePart.VJP})


def test_what_an_instance_runs_is_carried_from_node_to_node() -> None:
    """Forward by the derivatives before a node, backward with all that the nodes after it add."""

    def moderate(v: Array) -> Array:
        return v if not any(entry > 100 for entry in v) else 0 * v

    first, at = scaled(), Idx((*TWO, Shape(2)), 2, Shape(2))
    then = scale(at, fmpq(3))
    forwards = Graph(TWO, (first, with_maps(then, jvp=lambda ar, x, dx: moderate(3 * dx[5:7]))))
    backwards = Graph(TWO, (with_maps(first, vjp=lambda ar, x, δ: ar.concat([3 * moderate(δ), ar.zeros(3)])), then))
    assert first_wrong_node(running(GraphRun(forwards, HERE)), {}) is None
    assert first_wrong_node(running(GraphRun(backwards, HERE)), {}) is None
    tangent, seed = rational_vector([20, 0, 0, 0, 0]), rational_vector([0] * 5 + [30, 0, 30, 0])
    assert found_in(first_wrong_node(running(GraphRun(forwards, HERE, tangents=(tangent,))), {})) == (1, {NodePart.JVP})
    found = first_wrong_node(running(GraphRun(backwards, HERE, cotangents=(seed,))), {})
    assert found_in(found) == (0, {NodePart.VJP})
