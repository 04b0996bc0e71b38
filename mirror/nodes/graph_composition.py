"""Certified graphs, appending them, and re-running one in a longer context.

Twin of `NN/Proofs/Autograd/Tape/Nodes/GraphComposition.lean`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from mirror.arithmetic import Arithmetic
from mirror.core.fderiv import (
    CtxVec,
    GraphFDerivCorrect,
    GraphFDerivCorrectAt,
    NodeFDerivCorrect,
    cast_clm,
    certificate_at,
    ctx_size,
    eval_vec,
    forward_vec,
    node_jvp_vec,
    node_vjp_vec,
    pair,
)
from mirror.core.soundness import Graph, Node
from mirror.core.vectorization import Vec
from mirror.linear_map import LinearFunction, LinearMap
from mirror.links import mirrors
from mirror.nodes.context import node_of_vec
from mirror.nodes.reductions import take_left_vec, take_right_vec
from mirror.spec.core.shape import Context


@mirrors("Proofs.Autograd.DGraph")
@dataclass(frozen=True, slots=True, eq=False)
class DGraph:
    """A graph with a global derivative certificate for each of its nodes."""

    g: Graph
    hg: GraphFDerivCorrect

    def __post_init__(self) -> None:
        if self.hg.graph is not self.g:
            raise ValueError("the certificate is for another graph")


@mirrors("Proofs.Autograd.DGraph.takeLeftCLM")
def take_left_clm(m: int, n: int) -> LinearMap:
    """The first m of m + n coordinates."""

    def apply(ar: Arithmetic, v: CtxVec) -> CtxVec:
        return take_left_vec(m, v)

    def adjoint(ar: Arithmetic, w: CtxVec) -> CtxVec:
        return ar.concat([w, ar.zeros(n)])

    return LinearFunction(m + n, m, apply, adjoint)


@mirrors("Proofs.Autograd.DGraph.takeRightCLM")
def take_right_clm(m: int, n: int) -> LinearMap:
    """The last n of m + n coordinates."""

    def apply(ar: Arithmetic, v: CtxVec) -> CtxVec:
        return take_right_vec(m, v)

    def adjoint(ar: Arithmetic, w: CtxVec) -> CtxVec:
        return ar.concat([ar.zeros(m), w])

    return LinearFunction(m + n, n, apply, adjoint)


@mirrors("Proofs.Autograd.DGraph.dropMiddleCLM")
@lru_cache(maxsize=256)
def drop_middle_clm(context: Context, extra: Context, saved: Context) -> LinearMap:
    """The projection of `context ++ extra ++ saved` that drops `extra`; its adjoint inserts zeros there."""
    left, middle, right = ctx_size(context), ctx_size(extra), ctx_size(saved)
    base = take_left_clm(left, middle).comp(take_left_clm(left + middle, right))
    tail = take_right_clm(left + middle, right)
    return cast_clm(left + right, ctx_size((*context, *saved))).comp(pair(base, tail))


@mirrors("Proofs.Autograd.DGraph.weakenNodeMiddle")
def weaken_node_middle(context: Context, extra: Context, saved: Context, node: Node) -> Node:
    """A node of `context ++ saved`, read in `context ++ extra ++ saved` without looking at `extra`.

    Everything goes through L = `drop_middle_clm`, so the extra entries get a zero cotangent from it.
    """
    drop = drop_middle_clm(context, extra, saved)

    def jvp(ar: Arithmetic, x: CtxVec, dx: CtxVec) -> Vec:
        return node_jvp_vec(ar, node, drop(ar, x), drop(ar, dx))

    def vjp(ar: Arithmetic, x: CtxVec, delta: Vec) -> CtxVec:
        return drop.apply_adjoint(ar, node_vjp_vec(ar, node, drop(ar, x), delta))

    everything, shift = (*context, *extra, *saved), len(extra)
    moved = tuple(
        replace(idx, context=everything, i=idx.i + (shift if idx.i >= len(context) else 0)) for idx in node.inputs
    )
    return node_of_vec(
        everything,
        node.shape,
        lambda ar, x: forward_vec(ar, node, drop(ar, x)),
        jvp,
        vjp,
        kind=node.kind,
        inputs=moved,
        parameters=node.parameters,
    )


@mirrors("Proofs.Autograd.DGraph.weakenNodeMiddleFDerivCorrect")
def weaken_node_middle_certificate(
    context: Context, extra: Context, saved: Context, hn: NodeFDerivCorrect, weakened: Node
) -> NodeFDerivCorrect:
    """The weakened node's certificate: the derivative at L x, after L."""
    drop = drop_middle_clm(context, extra, saved)
    return NodeFDerivCorrect(weakened, lambda ar, x: hn.deriv(ar, drop(ar, x)).comp(drop))


@mirrors("Proofs.Autograd.DGraph.nil")
def nil(context: Context) -> DGraph:
    """The empty certified graph."""
    graph = Graph.nil(context)
    return DGraph(graph, GraphFDerivCorrect(graph, ()))


@mirrors("Proofs.Autograd.DGraph.snoc")
def snoc(dg: DGraph, hn: NodeFDerivCorrect) -> DGraph:
    """Append a node with its certificate."""
    graph = dg.g.snoc(hn.node)
    return DGraph(graph, GraphFDerivCorrect(graph, (*dg.hg.nodes, hn)))


@mirrors("Proofs.Autograd.DGraph.castNodeContext")
def cast_node_context(context: Context, node: Node) -> Node:
    """The same node along an equality of contexts; raises `ValueError` where they differ."""
    if node.context != context:
        raise ValueError(f"cannot cast a node of the context {node.context} to {context}")
    return node


@mirrors("Proofs.Autograd.DGraph.castNodeFDerivCorrect")
def cast_node_certificate(context: Context, hn: NodeFDerivCorrect) -> NodeFDerivCorrect:
    """The same certificate along an equality of contexts."""
    return NodeFDerivCorrect(cast_node_context(context, hn.node), hn.deriv)


@mirrors("Proofs.Autograd.DGraph.graphFDerivCorrectAtOfCorrect")
def graph_certificate_at(ar: Arithmetic, hg: GraphFDerivCorrect, x: CtxVec) -> GraphFDerivCorrectAt:
    """A global graph certificate read at one input point."""
    everything = eval_vec(ar, hg.graph, x)
    at = tuple(certificate_at(ar, hn, everything[: ctx_size(hn.node.context)]) for hn in hg.nodes)
    return GraphFDerivCorrectAt(hg.graph, x, at)


@mirrors("Proofs.Autograd.DGraph.appendCore")
def append_core(dg1: DGraph, hg2: GraphFDerivCorrect) -> DGraph:
    """The recursion behind `append`: the second graph's nodes, one after the other."""
    appended = dg1
    for hn in hg2.nodes:
        context = (*appended.g.context, *appended.g.saved)
        appended = snoc(appended, cast_node_certificate(context, hn))
    return appended


@mirrors("Proofs.Autograd.DGraph.append")
def append(dg1: DGraph, dg2: DGraph) -> DGraph:
    """Run a second graph over the inputs and results of the first; the saved lists concatenate.

    Raises `ValueError` where the second does not stand in the first one's full context.
    """
    everything = (*dg1.g.context, *dg1.g.saved)
    if dg2.g.context != everything:
        raise ValueError(f"the second graph stands in {dg2.g.context}, the first one offers {everything}")
    return append_core(dg1, dg2.hg)


@mirrors("Proofs.Autograd.DGraph.weakenContextCore")
def weaken_context_core(extra: Context, hg: GraphFDerivCorrect) -> DGraph:
    """The recursion behind `weaken_context`: every node weakened past the same extra entries."""
    context, saved = hg.graph.context, hg.graph.saved
    weakened = nil((*context, *extra))
    for k, hn in enumerate(hg.nodes):
        node = weaken_node_middle(context, extra, saved[:k], hn.node)
        weakened = snoc(weakened, weaken_node_middle_certificate(context, extra, saved[:k], hn, node))
    return weakened


@mirrors("Proofs.Autograd.DGraph.weakenContext")
def weaken_context(dg: DGraph, extra: Context) -> DGraph:
    """The same nodes in the context `context ++ extra`; nothing reads the extra entries."""
    return weaken_context_core(extra, dg.hg)
