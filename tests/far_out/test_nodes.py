"""Graphs of more than eight nodes: runs, certificates, appending and weakening."""

from __future__ import annotations

from fractions import Fraction

import pytest
from flint import fmpq

from mirror.arithmetic import EXACT
from mirror.core.fderiv import (
    backprop_vec,
    eval_vec,
    jvp_vec,
)
from mirror.core.soundness import backprop_ctx, eval_graph, jvp_ctx
from mirror.nodes.graph_composition import append, graph_certificate_at, weaken_context
from mirror.spec.core.shape import Shape
from tests.far_out.plainly import entries, typed, values
from tests.plain import numbers, total, vector
from tests.plain_graphs import run_plainly
from theorems.engine.graphs import GraphSpec, NodeSpec

A = "Proofs.Autograd."


def long_graph(count: int) -> GraphSpec:
    """Nodes that each read the one before and one far before, of four kinds in turn."""
    context = (Shape(2), Shape(2))
    kinds = (("add", {}), ("scale", {"c": fmpq(-1, 2)}), ("sub", {}), ("mul", {}))
    nodes = []
    for k in range(count):
        kind, given = kinds[k % 4] if k % 8 != 7 else kinds[0]
        nodes.append(NodeSpec(kind, (k + 1,) if kind == "scale" else (k + 1, k // 3), given))
    return GraphSpec(context, tuple(nodes))


@pytest.mark.lean(f"{A}Graph.eval", f"{A}Graph.jvpCtx", f"{A}Graph.backpropCtx")
@pytest.mark.lean(f"{A}Graph.evalVec", f"{A}Graph.jvpVec", f"{A}Graph.backpropVec")
def test_a_long_graph_runs_as_it_does_plainly() -> None:
    spec, x, dx = long_graph(20), [Fraction(1), Fraction(-2), Fraction(1, 2), Fraction(3)], values(4)
    graph, plainly = spec.build(), run_plainly(spec, x)
    everything = (*graph.context, *graph.saved)
    seed = values(total(everything))
    assert numbers(eval_vec(EXACT, graph, vector(x))) == plainly.values
    assert numbers(jvp_vec(EXACT, graph, vector(x), vector(dx))) == plainly.tangent(dx)
    assert numbers(backprop_vec(EXACT, graph, vector(x), vector(seed))) == plainly.pulled_back(seed)
    inputs = typed(graph.context, x)
    assert entries(eval_graph(EXACT, graph, inputs)) == plainly.values
    assert entries(jvp_ctx(EXACT, graph, inputs, typed(graph.context, dx))) == plainly.tangent(dx)
    assert entries(backprop_ctx(EXACT, graph, inputs, typed(everything, seed))) == plainly.pulled_back(seed)


@pytest.mark.lean(f"{A}DGraph.graphFDerivCorrectAtOfCorrect", f"{A}DGraph.snoc", f"{A}GraphFDerivCorrectAt")
def test_a_long_graph_certificate_has_each_nodes_derivative_at_its_values() -> None:
    spec, x = long_graph(20), [Fraction(1), Fraction(-2), Fraction(1, 2), Fraction(3)]
    dg, plainly = spec.certified(), run_plainly(spec, x)
    at = graph_certificate_at(EXACT, dg.hg, vector(x))
    assert len(at.nodes) == len(dg.g.nodes) == 20
    tangents, start = plainly.tangent([Fraction(1)] * 4), 4
    for hn, node in zip(at.nodes, dg.g.nodes, strict=True):
        assert hn.node is node
        assert numbers(hn.x) == plainly.values[:start]
        assert numbers(hn.deriv(EXACT, vector(tangents[:start]))) == tangents[start : start + 2]
        start += 2


@pytest.mark.lean(f"{A}DGraph.append", f"{A}DGraph.appendCore")
@pytest.mark.lean(f"{A}DGraph.weakenContext", f"{A}DGraph.weakenContextCore", f"{A}DGraph.weakenNodeMiddle")
def test_long_graphs_are_appended_and_weakened_whole() -> None:
    spec, x, extra = long_graph(20), [Fraction(1), Fraction(-2), Fraction(1, 2), Fraction(3)], (Shape(3), Shape())
    plainly = run_plainly(spec, x)
    seed, aside = values(len(plainly.duals)), values(4)
    first = GraphSpec(spec.context, spec.nodes[:6])
    everything = (*first.context, *first.build().saved)
    both = append(first.certified(), GraphSpec(everything, spec.nodes[6:]).certified())
    assert numbers(eval_vec(EXACT, both.g, vector(x))) == plainly.values
    assert numbers(backprop_vec(EXACT, both.g, vector(x), vector(seed))) == plainly.pulled_back(seed)
    longer = weaken_context(spec.certified(), extra)
    assert numbers(eval_vec(EXACT, longer.g, vector(x + aside))) == x + aside + plainly.values[4:]
    pulled = backprop_vec(EXACT, longer.g, vector(x + aside), vector(seed[:4] + aside + seed[4:]))
    assert numbers(pulled) == plainly.pulled_back(seed) + aside
