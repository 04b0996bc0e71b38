"""Indices, typed contexts and tensor-level runs."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirror.algebra import soundness as algebra
from mirror.algebra.soundness import zero
from mirror.arithmetic import EXACT
from mirror.core import soundness
from mirror.core.soundness import (
    Graph,
    Idx,
    backprop_ctx,
    cons,
    dot_list,
    eval_graph,
    get_idx,
    jvp_ctx,
    single,
)
from mirror.nodes.arithmetic import add, scale
from mirror.spec.core.shape import Context, Shape
from mirror.spec.core.tensor.core import tensor
from tests.plain import SIZES, block, count, numbers, placed, scattered, total
from tests.plain_graphs import GraphCase, graph_cases
from theorems.engine.strategies.shapes import contexts, shapes, tensor_of, typed_list
from theorems.engine.strategies.values import Fill, fills

TWO = (Shape(2, 3), Shape(4))


def entries(xs: soundness.TList) -> list[Fraction]:
    """All entries of a typed list, tensor after tensor."""
    return [q for t in xs for q in numbers(t.entries)]


# ---- typed lists and indices


@pytest.mark.lean("Proofs.Autograd.TList")
def test_real_typed_lists_are_the_general_ones() -> None:
    assert soundness.TList is algebra.TList


@pytest.mark.lean("Proofs.Autograd.TList", "Proofs.Autograd.TList.cons")
@given(shapes(SIZES), contexts(SIZES), fills())
def test_cons_puts_a_tensor_in_front(shape: Shape, context: Context, fill: Fill) -> None:
    t, xs = tensor_of(fill, shape), typed_list(fill, context)
    longer = cons(t, xs)
    assert longer.context == (shape, *context)
    assert entries(longer) == numbers(t.entries) + entries(xs)


@pytest.mark.lean("Proofs.Autograd.TList.dotList")
@given(contexts(SIZES), fills())
def test_dot_list_sums_all_products(context: Context, fill: Fill) -> None:
    xs, ys = typed_list(fill, context), typed_list(fill, context)
    expected = Fraction(0)
    for a, b in zip(entries(xs), entries(ys), strict=True):
        expected += a * b
    assert numbers(dot_list(EXACT, xs, ys)) == [expected]


@pytest.mark.lean("Proofs.Autograd.TList.dotList")
def test_dot_list_refuses_two_contexts() -> None:
    with pytest.raises(ValueError, match=r"dotList needs one context, got \(\[6\],\) and \(\[2, 3\],\)"):
        dot_list(EXACT, zero(EXACT, (Shape(6),)), zero(EXACT, (Shape(2, 3),)))


@pytest.mark.lean("Proofs.Autograd.Idx")
@given(contexts(SIZES, least=1), st.data())
def test_an_index_is_a_position_with_the_shape_found_there(context: Context, data: st.DataObject) -> None:
    i = data.draw(st.integers(0, len(context) - 1))
    idx = Idx(context, i, context[i])
    assert (idx.i, idx.shape) == (i, context[i])
    before, after = total(context[:i]), total(context[i + 1 :])
    assert (idx.start, idx.stop, idx.total) == (before, before + count(idx.shape), before + count(idx.shape) + after)


@pytest.mark.lean("Proofs.Autograd.Idx")
@pytest.mark.parametrize("i", [-1, 2, 9])
def test_an_index_stands_inside_its_context(i: int) -> None:
    with pytest.raises(IndexError, match=rf"index {i} into a context of 2 entries: \(\[2, 3\], \[4\]\)"):
        Idx(TWO, i, Shape(4))


@pytest.mark.lean("Proofs.Autograd.Idx")
def test_an_index_has_the_shape_that_its_context_has_there() -> None:
    message = r"index 0 has shape \[2, 3\], expected \[3, 2\], in the context \(\[2, 3\], \[4\]\)"
    with pytest.raises(ValueError, match=message):
        Idx(TWO, 0, Shape(3, 2))


@pytest.mark.lean("Proofs.Autograd.getIdx")
@given(shapes(SIZES).flatmap(placed), fills())
def test_get_idx_reads_the_entry(found: tuple[Idx], fill: Fill) -> None:
    (idx,) = found
    xs = typed_list(fill, idx.context)
    assert numbers(get_idx(xs, idx).entries) == block(idx.context, idx.i, entries(xs))


@pytest.mark.lean("Proofs.Autograd.getIdx")
def test_get_idx_refuses_a_list_of_another_context() -> None:
    with pytest.raises(ValueError, match=r"an index into \(.*\) cannot read a list of context \(\[4\],\)"):
        get_idx(zero(EXACT, (Shape(4),)), Idx(TWO, 1, Shape(4)))


@pytest.mark.lean("Proofs.Autograd.TList.single")
@given(shapes(SIZES).flatmap(placed), fills())
def test_single_writes_one_entry_and_zeros(found: tuple[Idx], fill: Fill) -> None:
    (idx,) = found
    v = tensor_of(fill, idx.shape)
    written = single(EXACT, idx, v)
    assert written.context == idx.context
    assert entries(written) == scattered(idx.context, idx.i, numbers(v.entries))


@pytest.mark.lean("Proofs.Autograd.TList.single")
def test_single_refuses_another_shape() -> None:
    with pytest.raises(ValueError, match=r"a tensor of shape \[2, 2\] cannot stand at an index of shape \[4\]"):
        single(EXACT, Idx(TWO, 1, Shape(4)), tensor(Shape(2, 2), range(4)))


# ---- nodes and graphs


@pytest.mark.lean("Proofs.Autograd.Node")
def test_a_node_reads_only_its_own_context() -> None:
    node = scale(Idx(TWO, 1, Shape(4)), EXACT.half)
    assert (node.context, node.shape) == (TWO, Shape(4))
    with pytest.raises(
        ValueError,
        match=r"scale reads index 1 of the context \(\[2, 3\], \[4\]\), but stands in the context \(\[4\], \[4\]\)",
    ):
        replace(node, context=(Shape(4), Shape(4)))


@pytest.mark.lean("Proofs.Autograd.Graph")
@given(graph_cases())
def test_a_graph_grows_its_context_by_each_result(case: GraphCase) -> None:
    graph = case.spec.build()
    known = list(case.spec.context)
    for node in graph.nodes:
        assert list(node.context) == known
        known.append(node.shape)
    assert list(graph.context) + list(graph.saved) == known


@pytest.mark.lean("Proofs.Autograd.Graph")
def test_nil_has_no_nodes_and_snoc_adds_one() -> None:
    empty = Graph.nil(TWO)
    assert (empty.context, empty.nodes, empty.saved) == (TWO, (), ())
    node = scale(Idx(TWO, 1, Shape(4)), EXACT.half)
    assert empty.snoc(node).nodes == (node,)
    assert empty.snoc(node).saved == (Shape(4),)


@pytest.mark.lean("Proofs.Autograd.Graph")
def test_a_node_must_fit_the_context_that_it_is_appended_to() -> None:
    node = scale(Idx(TWO, 1, Shape(4)), EXACT.half)
    message = r"node 1 \(scale\) stands in the context \(\[2, 3\], \[4\]\), but the graph offers \(.*, \[4\]\) there"
    with pytest.raises(ValueError, match=message):
        Graph.nil(TWO).snoc(node).snoc(node)
    with pytest.raises(ValueError, match=r"node 0 \(scale\)"):
        Graph((Shape(4),), (node,))


def typed(context: Context, values: object) -> soundness.TList:
    """A flat vector as a typed list, cut at the offsets."""
    return soundness.TList(tuple(tensor(s, block(context, i, numbers(values))) for i, s in enumerate(context)))


@pytest.mark.lean("Proofs.Autograd.Graph.eval", "Proofs.Autograd.Graph.jvpCtx", "Proofs.Autograd.Graph.backpropCtx")
@given(graph_cases())
def test_tensor_level_runs_are_the_values_the_jacobian_and_its_transpose(case: GraphCase) -> None:
    graph, plainly = case.spec.build(), case.plainly()
    everything = (*graph.context, *graph.saved)
    x, dx, seed = typed(graph.context, case.x), typed(graph.context, case.dx), typed(everything, case.seed)
    values, tangents = eval_graph(EXACT, graph, x), jvp_ctx(EXACT, graph, x, dx)
    assert values.context == tangents.context == everything
    assert entries(values) == plainly.values
    assert entries(tangents) == plainly.tangent(numbers(case.dx))
    cotangents = backprop_ctx(EXACT, graph, x, seed)
    assert cotangents.context == graph.context
    assert entries(cotangents) == plainly.pulled_back(numbers(case.seed))


@pytest.mark.lean("Proofs.Autograd.Graph.backpropCtx")
def test_fan_out_accumulates() -> None:
    one = (Shape(),)
    x = Idx(one, 0, Shape())
    graph = Graph.nil(one).snoc(add(x, x))
    seed = soundness.TList((tensor(Shape(), [10]), tensor(Shape(), [1])))
    assert entries(backprop_ctx(EXACT, graph, zero(EXACT, one), seed)) == [12]


@pytest.mark.parametrize("role", ["input", "tangent", "seed"])
def test_a_run_refuses_a_list_of_another_context(role: str) -> None:
    graph = Graph.nil(TWO).snoc(scale(Idx(TWO, 1, Shape(4)), EXACT.half))
    good, bad = zero(EXACT, TWO), zero(EXACT, (Shape(4),))
    runs = {
        "input": lambda: eval_graph(EXACT, graph, bad),
        "tangent": lambda: jvp_ctx(EXACT, graph, good, bad),
        "seed": lambda: backprop_ctx(EXACT, graph, good, good),
    }
    with pytest.raises(ValueError, match=rf"the {role} has context \(.*\), expected \(.*\), for a graph of 1 nodes"):
        runs[role]()
