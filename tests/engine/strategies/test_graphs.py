"""Drawn nodes and graphs: every kind, sharing, fan-out and edge dimensions occur; all are well-typed."""

from __future__ import annotations

from collections import Counter
from functools import cache
from importlib import import_module

import pytest
from flint import arb, fmpq

from mirror.arithmetic import BALL, EXACT, Undecided, precision, rational_vector
from mirror.core.fderiv import ctx_size, eval_vec, forward_vec
from mirror.linear_map import Identity
from mirror.ops.norm.layer_norm import WHOLE_NODE
from mirror.spec.core.shape import Context, Shape
from tests.engine.strategies.sampling import sample
from theorems.core.fderiv.graphs import AT_CORNER, CASES, certified_at_point, certified_everywhere, node_points
from theorems.engine.activity import active_inputs
from theorems.engine.codec import decode, encode
from theorems.engine.graphs import GraphSpec, NodeSpec
from theorems.engine.registry import get, theorems
from theorems.engine.sizes import Sizes
from theorems.engine.strategies.graph_points import (
    Admits,
    decided,
    differentiable,
    flat,
    graph_points,
    lifted,
    norm_at_corner,
    resolved,
    suited,
    variance,
)
from theorems.engine.strategies.graphs import (
    ALL_KINDS,
    LONG_CONTEXT,
    RATIONAL_KINDS,
    SMOOTH_KINDS,
    graph_specs,
    node_counts,
    operand_contexts,
    rich_contexts,
)
from theorems.engine.strategies.pruning import alone, of_inputs, pruned, rested_on
from theorems.engine.strategies.values import Fill, fills

SIZES = Sizes()
COUNT = 300


@cache
def drawn() -> list[GraphSpec]:
    """Graphs of all kinds."""
    specs = fills().flatmap(lambda fill: graph_specs(fill, SIZES, kinds=ALL_KINDS))
    return sample(specs, COUNT)


@cache
def drawn_at_points() -> list[dict]:
    """Graphs of all kinds with a point at which each node is differentiable."""
    return sample(fills().flatmap(lambda fill: graph_points(fill, SIZES)), COUNT)


def readers(g: GraphSpec) -> Counter[int]:
    """How often each entry is read."""
    return Counter(i for node in g.nodes for i in node.inputs)


def full_context(g: GraphSpec) -> Context:
    return (*g.context, *g.build().saved)


@pytest.mark.unmeasured
def test_every_kind_occurs() -> None:
    assert {node.kind for g in drawn() for node in g.nodes} == set(ALL_KINDS)


def test_only_the_kinds_asked_for_occur() -> None:
    specs = sample(graph_specs(Fill("integers", 1), SIZES, kinds=RATIONAL_KINDS), 100)
    assert {node.kind for g in specs for node in g.nodes} <= set(RATIONAL_KINDS) < set(SMOOTH_KINDS)


def test_sharing_and_fan_out_occur() -> None:
    shared = [g for g in drawn() if max(readers(g).values(), default=0) >= 2]
    assert len(shared) > COUNT / 10
    results_shared = [g for g in shared if any(k >= 2 for i, k in readers(g).items() if i >= len(g.context))]
    assert results_shared, "no intermediate result is read twice"


def test_fan_out_to_one_node_twice_occurs() -> None:
    for kind in ("add", "sub", "mul"):
        assert any(n.kind == kind and n.inputs[0] == n.inputs[1] for g in drawn() for n in g.nodes), kind


def test_dimensions_zero_and_one_occur_and_most_graphs_have_inputs() -> None:
    assert {0, 1} <= {n for g in drawn() for s in full_context(g) for n in s}
    assert sum(ctx_size(g.context) > 0 for g in drawn()) > COUNT / 2


def test_empty_and_full_sized_graphs_occur() -> None:
    counts = Counter(len(g.nodes) for g in drawn())
    assert set(range(SIZES.nodes + 1)) <= set(counts)
    assert counts[0] < COUNT / 5
    assert min(sample(node_counts(SIZES), 100)) == 0


def test_an_entry_multiplies_itself_in_half_of_the_operand_contexts() -> None:
    square = sum(m == n for (_, m, n), *_ in sample(operand_contexts(SIZES), COUNT))
    assert COUNT / 2 < square < 0.8 * COUNT


@pytest.mark.unmeasured
def test_some_contexts_have_more_than_twenty_entries_and_some_graphs_more_than_eight_nodes() -> None:
    long = sum(len(context) > 20 for context in sample(rich_contexts(SIZES), COUNT))
    deep = sum(count > 8 for count in sample(node_counts(SIZES), COUNT))
    assert COUNT / 60 < long < COUNT / 10
    assert COUNT / 60 < deep < COUNT / 10
    late = [i for case in drawn_at_points() for node in case["g"].nodes for i in node.inputs if i >= LONG_CONTEXT]
    assert late, "nothing reads beyond the first twenty entries"


def test_built_graphs_are_well_typed() -> None:
    for g in drawn():
        known = g.context
        for spec, node in zip(g.nodes, g.build().nodes, strict=True):
            assert (node.context, node.kind) == (known, spec.kind)
            assert tuple(idx.i for idx in node.inputs) == spec.inputs
            known = (*known, node.shape)


def test_smooth_graphs_are_certified_node_by_node() -> None:
    for g in sample(graph_specs(Fill("integers", 1), SIZES), 50):
        certificate = g.certificate()
        assert [hn.node.kind for hn in certificate.nodes] == [spec.kind for spec in g.nodes]


def test_a_graph_survives_its_encoding() -> None:
    for case in drawn_at_points()[:50]:
        assert encode(decode(encode(case))) == encode(case)


# ---- graphs at points


def test_every_kind_occurs_at_points_where_it_is_differentiable() -> None:
    assert {n.kind for case in drawn_at_points() for n in case["g"].nodes} == set(ALL_KINDS)


def test_points_meet_their_hypotheses_by_construction() -> None:
    # Here a wrong derivative in a certificate shows: a theorem would count its hypothesis as not met.
    with precision(640):
        assert all(certified_at_point(BALL, case["g"], case["x"]) for case in drawn_at_points())


@pytest.mark.unmeasured
def test_smooth_graphs_meet_their_hypothesis_everywhere() -> None:
    smooth = fills().flatmap(lambda fill: graph_points(fill, SIZES, SMOOTH_KINDS))
    with precision(640):
        assert all(certified_everywhere(BALL, case["g"], case["x"]) for case in sample(smooth, COUNT))


def test_a_value_that_no_precision_resolves_is_left_out() -> None:
    assert resolved(BALL.exp(rational_vector([-(10**9), 300])))
    assert not resolved(BALL.exp(rational_vector([0, 400])))
    exponentials = graph_points(Fill("huge", 1), SIZES, ("elemwise",))
    kept = [case["g"].nodes for case in sample(exponentials, 60)]
    assert 10 < sum(map(bool, kept)) < 60


def test_theorems_about_drawn_graphs_say_what_is_not_drawn() -> None:
    """The bounds are those of the strategy, and each theorem whose graphs stand at a point says them."""
    module = import_module("theorems.engine.strategies.graph_points")
    assert (arb(2) ** 512, arb(2) ** 1024) == (module._LARGEST, module._STEEPEST)
    assert [module.NOT_DRAWN.count(bound) for bound in ("2^512", "2^1024")] == [1, 1]
    graphs = [get(name) for name in theorems() if get(name).name.startswith("Proofs.Autograd.Graph.")]
    assert len(graphs) > 7
    assert [t.name for t in graphs if module.NOT_DRAWN not in t.covers_not] == []


def test_without_a_value_that_is_resolved_a_graph_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("theorems.engine.strategies.graph_points"), "resolved", lambda *_: False)
    assert {case["g"].nodes for case in sample(graph_points(Fill("integers", 1), SIZES), 5)} == {()}


def test_a_node_at_a_corner_is_decided_but_not_differentiable() -> None:
    context = (Shape(2),)
    for kind in ("inv", "sqrtClamp"):
        node = NodeSpec(kind, (0,)).build(context)
        corner = EXACT.zeros(2)
        assert decided(node, corner)
        assert not differentiable(node, corner)
        assert differentiable(node, corner + 1)


def test_a_node_that_cannot_be_decided_is_not_admitted() -> None:
    node, straddling = NodeSpec("inv", (0,)).build((Shape(1),)), EXACT.zeros(1) + arb(0, 1)
    assert not decided(node, straddling)
    assert not differentiable(node, straddling)


@pytest.mark.parametrize("admits", [decided, differentiable])
def test_a_slope_that_no_precision_resolves_is_not_admitted(admits: Admits) -> None:
    root = NodeSpec("sqrtClamp", (0,)).build((Shape(1),))
    near, nearer = (BALL.exp(rational_vector([x])) for x in (-100, -36864))
    assert resolved(forward_vec(BALL, root, nearer))
    assert (admits(root, near), admits(root, nearer)) == (True, False)
    norm = NodeSpec(WHOLE_NODE.name, (0, 1, 2), {"ε": fmpq(0)}).build((Shape(1, 3), Shape(3), Shape(3)))
    near, nearer = (rational_vector([0, fmpq(1, 2**k), fmpq(3, 2**k), *[1] * 6]) for k in (200, 1200))
    assert (admits(norm, near), admits(norm, nearer)) == (True, False)


def test_a_node_that_may_not_stand_at_its_point_is_replaced() -> None:
    context, x = (Shape(1, 2), Shape(2), Shape(2)), rational_vector([1, 4, 0, 0, 0, 0])
    corner, inverse = norm_at_corner((0, 1, 2), context, x), NodeSpec("inv", (1,))
    assert [p.parameters for p in suited(corner, context, x, differentiable)] == [{"ε": fmpq(1)}]
    lift, moved = suited(inverse, context, x, differentiable)
    assert (lift.kind, lift.inputs, moved.kind, moved.inputs) == ("affine", (1,), "inv", (3,))
    assert [p for s in (corner, inverse) for p in suited(s, context, x, decided)] == [corner, inverse]


def test_a_lifted_entry_is_at_least_one() -> None:
    context, values = (Shape(3),), EXACT.zeros(3) + fmpq(-7, 2)
    spec = lifted(0, context, values)
    assert isinstance(spec.parameters["A"], Identity)
    graph = GraphSpec(context, (spec,)).build()
    assert all(v >= 1 for v in eval_vec(EXACT, graph, values)[3:])


def test_a_value_without_a_finite_bound_cannot_be_lifted() -> None:
    with pytest.raises(Undecided, match="no finite bound"):
        lifted(0, (Shape(1),), rational_vector([0]) + arb("inf"))


def test_layer_norms_stand_at_zero_variance_exactly() -> None:
    context = (Shape(3), Shape(1, 2), Shape(2), Shape(2))
    values = rational_vector([7, 8, 9, 1, 4, 0, 0, 0, 0])
    spec = norm_at_corner((1, 2, 3), context, values)
    assert spec.parameters["ε"] == fmpq(-9, 4) == -variance(values[3:5])
    assert not differentiable(spec.build(context), values)


@pytest.mark.parametrize("shape", [Shape(0, 2), Shape(2, 0)])
def test_a_layer_norm_without_entries_has_no_corner(shape: Shape) -> None:
    context = (shape, Shape(shape[1]), Shape(shape[1]))
    assert norm_at_corner((0, 1, 2), context, EXACT.zeros(ctx_size(context))).parameters["ε"] == 1


@pytest.mark.unmeasured
def test_nodes_of_every_kind_are_drawn_together_and_alone() -> None:
    cases = [case["cases"] for case in sample(node_points(SIZES), COUNT)]
    together = sum(drawn == CASES for drawn in cases)
    assert set(CASES) == {*ALL_KINDS, AT_CORNER}
    assert COUNT / 5 < together < COUNT
    assert all(len(drawn) == 1 for drawn in cases if drawn != CASES)


def test_a_norm_stands_at_its_corner_where_it_has_one() -> None:
    long_rows = 0
    for case in sample(node_points(SIZES), 100):
        corners = [spec for name, spec in zip(case["cases"], case["node"], strict=True) if name == AT_CORNER]
        for spec in corners:
            m, n = case["Γ"][spec.inputs[0]]
            if m and n >= 2:
                long_rows += 1
                assert not differentiable(spec.build(case["Γ"]), case["ctxV"])
    assert long_rows > 10


@pytest.mark.unmeasured
def test_graphs_that_need_no_derivative_meet_corners_that_rationals_decide() -> None:
    cases = sample(fills().flatmap(lambda fill: graph_points(fill, SIZES, admits=decided)), COUNT)
    with precision(1664):
        corners = [case for case in cases if not certified_at_point(BALL, case["g"], case["x"])]
    assert len(corners) > COUNT / 50


# ---- graphs that can refute something


def dense_graphs() -> list[dict]:
    dense = fills(("integers", "fractions")).map(lambda fill: Fill(fill.family, fill.seed, dense=True))
    return sample(dense.flatmap(lambda fill: graph_points(fill, SIZES)), COUNT)


def test_a_graph_is_pruned_to_what_its_last_result_rests_on() -> None:
    two = Shape(2)
    nodes = (NodeSpec("add", (0, 2)), NodeSpec("tanh", (1,)), NodeSpec("mul", (3, 0)))
    g = GraphSpec((two, two, two), nodes)
    assert rested_on(g) == [0, 2, 3, 5]
    less = pruned(g, rested_on(g))
    assert (less.context, [(n.kind, n.inputs) for n in less.nodes]) == ((two, two), [("add", (0, 1)), ("mul", (2, 0))])
    assert list(of_inputs(rational_vector(range(6)), g.context, rested_on(g))) == [0, 1, 4, 5]
    assert rested_on(GraphSpec((two, two), ())) == [0, 1]
    node, context, kept = alone(nodes[0], g.context)
    assert (node.inputs, context, kept) == ((0, 1), (two, two), [0, 2, 3])


@pytest.mark.unmeasured
def test_every_input_of_a_graph_with_dense_values_is_read_unless_it_is_a_long_one() -> None:
    graphs = [case["g"] for case in dense_graphs()]
    whole = [rested_on(g) == list(range(len(g.context) + len(g.nodes))) for g in graphs]
    short = [len(g.context) < LONG_CONTEXT and len(g.nodes) < 9 for g in graphs]
    assert all(w for w, s in zip(whole, short, strict=True) if s)
    assert sum(short) > 0.85 * COUNT
    assert any(len(g.context) >= LONG_CONTEXT for g in graphs)
    assert {node.kind for g in graphs for node in g.nodes} == set(ALL_KINDS)


@pytest.mark.unmeasured
def test_most_graphs_with_dense_values_are_active_in_every_input() -> None:
    found = [active_inputs(case["g"].build(), case["x"]) for case in dense_graphs()[:150]]
    assert sum(map(all, found)) > 0.65 * len(found)
    assert sum(map(any, found)) > 0.85 * len(found)


def test_a_node_that_does_not_move_is_seen() -> None:
    x = rational_vector([100, 3])
    assert flat(NodeSpec("tanh", (0,)).build((Shape(1), Shape(1))), x)
    assert not flat(NodeSpec("tanh", (1,)).build((Shape(1), Shape(1))), x)
    assert flat(NodeSpec("sub", (1, 1)).build((Shape(1), Shape(1))), x)
    # What cannot be seen does not count against a node.
    assert not flat(NodeSpec("inv", (0,)).build((Shape(1),)), rational_vector([0]))
