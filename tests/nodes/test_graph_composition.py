"""Certified graphs: projections, weakened nodes, appended graphs, longer contexts."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mirror.arithmetic import EXACT
from mirror.core.fderiv import (
    GraphFDerivCorrect,
    backprop_vec,
    eval_vec,
    forward_vec,
    jvp_vec,
    node_jvp_vec,
    node_vjp_vec,
)
from mirror.core.soundness import Graph, Idx
from mirror.nodes.arithmetic import add, add_certificate, mul, mul_certificate
from mirror.nodes.context import get
from mirror.nodes.graph_composition import (
    DGraph,
    append,
    append_core,
    cast_node_certificate,
    cast_node_context,
    drop_middle_clm,
    graph_certificate_at,
    nil,
    snoc,
    take_left_clm,
    take_right_clm,
    weaken_context,
    weaken_context_core,
    weaken_node_middle,
    weaken_node_middle_certificate,
)
from mirror.spec.core.shape import Context, Shape
from tests.plain import SMALL, Numbers, assert_matrix, count, numbers, total, vector
from tests.plain_graphs import KINDS, GraphCase, graph_cases, run_plainly
from theorems.engine.graphs import GraphSpec, global_certificate
from theorems.engine.strategies.graphs import graph_specs, node_specs, rich_contexts
from theorems.engine.strategies.shapes import contexts
from theorems.engine.strategies.values import Fill

TWO = (Shape(2), Shape(2))
A, B = Idx(TWO, 0, Shape(2)), Idx(TWO, 1, Shape(2))


# ---- projections


@pytest.mark.lean("Proofs.Autograd.DGraph.takeLeftCLM", "Proofs.Autograd.DGraph.takeRightCLM")
@example(13, 15)
@given(st.integers(0, 4), st.integers(0, 4))
def test_left_and_right_are_the_first_and_the_last_coordinates(m: int, n: int) -> None:
    assert_matrix(take_left_clm(m, n), m, m + n, lambda i, j: int(j == i))
    assert_matrix(take_right_clm(m, n), n, m + n, lambda i, j: int(j == m + i))


@pytest.mark.lean("Proofs.Autograd.DGraph.dropMiddleCLM")
@given(contexts(SMALL), contexts(SMALL), contexts(SMALL))
def test_drop_middle_removes_exactly_the_extra_block(context: Context, extra: Context, saved: Context) -> None:
    left, middle, right = total(context), total(extra), total(saved)
    kept = [*range(left), *range(left + middle, left + middle + right)]
    drop = drop_middle_clm(context, extra, saved)
    assert_matrix(drop, left + right, left + middle + right, lambda i, j: int(j == kept[i]))


# ---- weakened nodes


@dataclass(frozen=True, eq=False)
class Weakened:
    """A node that stands in `context ++ saved`, entries to insert between the two, and values."""

    context: Context
    extra: Context
    saved: Context
    node: Any
    certificate: Any
    x: Numbers
    dx: Numbers
    delta: Numbers

    def without_extra(self, v: Numbers) -> Numbers:
        cut = total(self.context)
        return v[:cut] + v[cut + total(self.extra) :]

    def with_zeros(self, v: Numbers) -> Numbers:
        cut = total(self.context)
        return v[:cut] + [Fraction(0)] * total(self.extra) + v[cut:]


@st.composite
def weakened_nodes(draw: st.DrawFn) -> Weakened:
    fill = Fill(draw(st.sampled_from(("one-hot", "integers", "dyadic"))), draw(st.integers(0, 2**32 - 1)))
    everything = draw(rich_contexts(SMALL))
    cut = draw(st.integers(0, len(everything)))
    extra = draw(contexts(SMALL))
    spec = draw(node_specs(everything, fill, SMALL, KINDS))
    node = spec.build(everything)
    n = total(everything) + total(extra)
    return Weakened(
        context=everything[:cut],
        extra=extra,
        saved=everything[cut:],
        node=node,
        certificate=global_certificate(node),
        x=numbers(fill.vector(n)),
        dx=numbers(fill.vector(n)),
        delta=numbers(fill.vector(count(node.shape))),
    )


@pytest.mark.lean("Proofs.Autograd.DGraph.weakenNodeMiddle")
@given(weakened_nodes())
def test_a_weakened_node_ignores_the_extra_entries(case: Weakened) -> None:
    weakened = weaken_node_middle(case.context, case.extra, case.saved, case.node)
    assert list(weakened.context) == [*case.context, *case.extra, *case.saved]
    assert (weakened.shape, weakened.kind) == (case.node.shape, case.node.kind)
    assert weakened.parameters is case.node.parameters

    x, dx, delta = vector(case.x), vector(case.dx), vector(case.delta)
    short_x, short_dx = vector(case.without_extra(case.x)), vector(case.without_extra(case.dx))
    assert numbers(forward_vec(EXACT, weakened, x)) == numbers(forward_vec(EXACT, case.node, short_x))
    assert numbers(node_jvp_vec(EXACT, weakened, x, dx)) == numbers(node_jvp_vec(EXACT, case.node, short_x, short_dx))
    pulled_back = numbers(node_vjp_vec(EXACT, case.node, short_x, delta))
    assert numbers(node_vjp_vec(EXACT, weakened, x, delta)) == case.with_zeros(pulled_back)


@pytest.mark.lean("Proofs.Autograd.DGraph.weakenNodeMiddle")
@given(weakened_nodes())
def test_weakened_indices_shift_past_the_extra_entries(case: Weakened) -> None:
    weakened = weaken_node_middle(case.context, case.extra, case.saved, case.node)
    x, short = vector(case.x), vector(case.without_extra(case.x))
    for old, new in zip(case.node.inputs, weakened.inputs, strict=True):
        shift = len(case.extra) if old.i >= len(case.context) else 0
        assert (new.i, new.shape, new.context) == (old.i + shift, old.shape, weakened.context)
        assert numbers(get(new, x)) == numbers(get(old, short))


@pytest.mark.lean("Proofs.Autograd.DGraph.weakenNodeMiddleFDerivCorrect")
@given(weakened_nodes())
def test_the_weakened_certificate_has_zero_columns_at_the_extra_entries(case: Weakened) -> None:
    weakened = weaken_node_middle(case.context, case.extra, case.saved, case.node)
    certificate = weaken_node_middle_certificate(case.context, case.extra, case.saved, case.certificate, weakened)
    assert certificate.node is weakened
    short = case.certificate.deriv(EXACT, vector(case.without_extra(case.x))).matrix(EXACT)
    columns = [[*row] for row in short.T]
    start, stop = total(case.context), total(case.context) + total(case.extra)

    def entry(i: int, j: int) -> Any:
        if start <= j < stop:
            return 0
        return numbers(columns[j if j < start else j - (stop - start)][i])[0]

    assert_matrix(certificate.deriv(EXACT, vector(case.x)), count(case.node.shape), len(case.x), entry)


# ---- certified graphs


def nodes_of(dg: DGraph) -> list[str]:
    return [node.kind for node in dg.g.nodes]


@pytest.mark.lean("Proofs.Autograd.DGraph", "Proofs.Autograd.DGraph.nil", "Proofs.Autograd.DGraph.snoc")
def test_a_certified_graph_grows_by_a_node_and_its_certificate() -> None:
    empty = nil(TWO)
    assert (empty.g.context, empty.g.nodes, empty.hg.nodes) == (TWO, (), ())
    first = add_certificate(add(A, B))
    one = snoc(empty, first)
    longer = (*TWO, Shape(2))
    second = mul_certificate(mul(Idx(longer, 2, Shape(2)), Idx(longer, 0, Shape(2))))
    two = snoc(one, second)
    assert two.g.nodes == (first.node, second.node)
    assert two.hg.nodes == (first, second)
    assert two.hg.graph is two.g


@pytest.mark.lean("Proofs.Autograd.DGraph")
def test_a_certified_graph_refuses_the_certificate_of_another_graph() -> None:
    node = add(A, B)
    graph, twin = Graph.nil(TWO).snoc(node), Graph.nil(TWO).snoc(node)
    certificate = GraphFDerivCorrect(twin, (add_certificate(node),))
    with pytest.raises(ValueError, match="the certificate is for another graph"):
        DGraph(graph, certificate)


@pytest.mark.lean("Proofs.Autograd.DGraph.snoc")
def test_a_certified_graph_refuses_a_node_of_another_context() -> None:
    alone = (Shape(2),)
    node = add(Idx(alone, 0, Shape(2)), Idx(alone, 0, Shape(2)))
    with pytest.raises(ValueError, match=r"node 0 \(add\) stands in the context \(\[2\],\), but the graph offers"):
        snoc(nil(TWO), add_certificate(node))


@pytest.mark.lean("Proofs.Autograd.DGraph.castNodeContext", "Proofs.Autograd.DGraph.castNodeFDerivCorrect")
def test_a_cast_node_is_the_same_node_and_another_context_is_refused() -> None:
    hn = mul_certificate(mul(A, B))
    same = (Shape(2), Shape(2))
    assert cast_node_context(same, hn.node) is hn.node
    cast = cast_node_certificate(same, hn)
    assert (cast.node, cast.deriv) == (hn.node, hn.deriv)
    for call in (lambda: cast_node_context((Shape(2),), hn.node), lambda: cast_node_certificate((Shape(2),), hn)):
        with pytest.raises(ValueError, match=r"cannot cast a node of the context \(\[2\], \[2\]\) to \(\[2\],\)"):
            call()


@pytest.mark.lean("Proofs.Autograd.DGraph.graphFDerivCorrectAtOfCorrect")
@given(graph_cases())
def test_a_graph_certificate_is_read_where_the_graph_evaluates_each_node(case: GraphCase) -> None:
    dg = case.spec.certified()
    values, at = case.plainly().values, graph_certificate_at(EXACT, dg.hg, case.x)
    assert at.graph is dg.g
    assert numbers(at.x) == numbers(case.x)
    assert len(at.nodes) == len(dg.g.nodes)
    for hn, node, here in zip(dg.hg.nodes, dg.g.nodes, at.nodes, strict=True):
        point = values[: total(node.context)]
        assert here.node is node
        assert numbers(here.x) == point
        h = case.fill.vector(len(point))
        assert numbers(here.deriv(EXACT, h)) == numbers(hn.deriv(EXACT, vector(point))(EXACT, h))


@st.composite
def two_graphs(draw: st.DrawFn) -> tuple[GraphCase, GraphSpec]:
    """A graph, and a second one over its inputs and results."""
    first = draw(graph_cases())
    everything = (*first.spec.context, *first.spec.build().saved)
    return first, draw(graph_specs(first.fill, SMALL, context=everything, kinds=KINDS))


@pytest.mark.lean("Proofs.Autograd.DGraph.append", "Proofs.Autograd.DGraph.appendCore")
@given(two_graphs())
def test_an_appended_graph_runs_the_nodes_of_both_in_order(case: tuple[GraphCase, GraphSpec]) -> None:
    first, second = case
    dg1, dg2 = first.spec.certified(), second.certified()
    plainly = run_plainly(GraphSpec(first.spec.context, (*first.spec.nodes, *second.nodes)), numbers(first.x))
    seed = first.fill.vector(len(plainly.duals))
    for both in (append(dg1, dg2), append_core(dg1, dg2.hg)):
        assert both.g.context == first.spec.context
        assert all(a is b for a, b in zip(both.g.nodes, (*dg1.g.nodes, *dg2.g.nodes), strict=True))
        assert both.g.saved == (*dg1.g.saved, *dg2.g.saved)
        assert [hn.deriv for hn in both.hg.nodes] == [hn.deriv for hn in (*dg1.hg.nodes, *dg2.hg.nodes)]
        assert numbers(eval_vec(EXACT, both.g, first.x)) == plainly.values
        assert numbers(backprop_vec(EXACT, both.g, first.x, seed)) == plainly.pulled_back(numbers(seed))


@pytest.mark.lean("Proofs.Autograd.DGraph.append")
def test_an_appended_graph_stands_in_the_full_context_of_the_first() -> None:
    first = snoc(nil(TWO), add_certificate(add(A, B)))
    message = r"the second graph stands in \(\[2\], \[2\]\), the first one offers \(\[2\], \[2\], \[2\]\)"
    with pytest.raises(ValueError, match=message):
        append(first, nil(TWO))


@pytest.mark.lean("Proofs.Autograd.DGraph.weakenContext", "Proofs.Autograd.DGraph.weakenContextCore")
@given(graph_cases(), contexts(SMALL))
def test_a_graph_in_a_longer_context_carries_the_extra_entries_along(case: GraphCase, extra: Context) -> None:
    dg, plainly = case.spec.certified(), case.plainly()
    inputs, more = total(case.spec.context), total(extra)
    aside, tangent = numbers(case.fill.vector(more)), numbers(case.fill.vector(more))
    x, dx = vector(numbers(case.x) + aside), vector(numbers(case.dx) + tangent)

    def inserted(v: Numbers, middle: Numbers) -> Numbers:
        return v[:inputs] + middle + v[inputs:]

    seed = numbers(case.seed)
    back = plainly.pulled_back(seed)
    for weakened in (weaken_context(dg, extra), weaken_context_core(extra, dg.hg)):
        assert weakened.g.context == (*case.spec.context, *extra)
        assert weakened.g.saved == dg.g.saved
        assert nodes_of(weakened) == nodes_of(dg)
        assert numbers(eval_vec(EXACT, weakened.g, x)) == inserted(plainly.values, aside)
        tangents = plainly.tangent(numbers(case.dx))
        assert numbers(jvp_vec(EXACT, weakened.g, x, dx)) == inserted(tangents, tangent)
        # What the seed holds for the extra entries comes back unchanged: no node adds to it.
        longer = vector(inserted(seed, aside))
        assert numbers(backprop_vec(EXACT, weakened.g, x, longer)) == back + aside


@pytest.mark.lean("Proofs.Autograd.DGraph.weakenContext")
def test_the_weakened_context_inserts_between_inputs_and_results() -> None:
    dg = snoc(nil(TWO), add_certificate(add(A, B)))
    longer = (*TWO, Shape(2))
    dg = snoc(dg, mul_certificate(mul(Idx(longer, 2, Shape(2)), Idx(longer, 1, Shape(2)))))
    weakened = weaken_context(dg, (Shape(3), Shape()))
    assert [[idx.i for idx in node.inputs] for node in weakened.g.nodes] == [[0, 1], [4, 1]]
    assert weakened.g.nodes[1].context == (Shape(2), Shape(2), Shape(3), Shape(), Shape(2))
