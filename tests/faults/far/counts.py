"""Faults that show only where there is much: more than 8 nodes, more than 3 heads or rows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from mirror.algebra.soundness import TList
from mirror.core.fderiv import GraphFDerivCorrectAt, ctx_size
from mirror.core.soundness import Graph
from mirror.nodes.graph_composition import DGraph
from mirror.spec.core.shape import size
from mirror.spec.core.tensor.core import Tensor
from tests.faults.fault import fault, with_maps

_CORE = "Proofs.Autograd."
_NODES = _CORE + "TapeNodes."
_FAR = "tests.far_out."
NODES, HEADS = 8, 3  # the last that small instances reach
_BIASED = "Proofs.Autograd.MultiHeadAttention.maskedCoreDGraph"
_BIAS = "ops.attention.masked_multi_head_self_attention:score_bias"


def _late_nodes_forgotten(original: Any) -> Any:
    """A fault of a run: the nodes after the eighth add no cotangent, as if nothing had read through them."""

    def backprop(ar: Any, graph: Graph, x: Any, seed: Any) -> Any:
        late = graph.nodes[NODES:]
        if not late:
            return original(ar, graph, x, seed)
        kept = Graph(graph.context, graph.nodes[:NODES])
        if isinstance(seed, TList):
            return original(ar, kept, x, TList(seed.tensors[: len(seed) - len(late)]))
        return original(ar, kept, x, seed[: seed.shape[0] - sum(size(n.shape) for n in late)])

    return backprop


def _negated(t: Tensor) -> Tensor:
    entries = -t.entries  # of one entry, numpy makes the entry itself
    return Tensor(t.shape, entries if hasattr(entries, "shape") else np.array(entries, dtype=object))


def _late_results_negated(original: Any) -> Any:
    """A fault of a forward run: results after the eighth come out with the opposite sign."""

    def run(ar: Any, graph: Graph, *vectors: Any) -> Any:
        out = original(ar, graph, *vectors)
        if len(graph.nodes) <= NODES:
            return out
        if isinstance(out, TList):
            keep = len(graph.context) + NODES
            return TList((*out.tensors[:keep], *(_negated(t) for t in out.tensors[keep:])))
        keep = out.shape[0] - sum(size(n.shape) for n in graph.nodes[NODES:])
        return ar.concat([out[:keep], -out[keep:]])

    return run


def _late_certificates_at_zero(original: Any) -> Any:
    """Certificates after the eighth are read at the origin; they say that they are read at the right point."""

    def at(ar: Any, hg: Any, x: Any) -> GraphFDerivCorrectAt:
        right = original(ar, hg, x)
        late = [
            replace(here, deriv=hn.deriv(ar, ar.zeros(ctx_size(hn.node.context))))
            for hn, here in zip(hg.nodes[NODES:], right.nodes[NODES:], strict=True)
        ]
        return replace(right, nodes=(*right.nodes[:NODES], *late))

    return at


def _late_nodes_lost(original: Any) -> Any:
    def append(dg1: DGraph, g2: Any) -> DGraph:
        both = original(dg1, g2)
        return dg1 if len(both.g.nodes) > NODES else both

    return append


def _late_nodes_not_weakened(original: Any) -> Any:
    """Past the eighth node the cotangent comes back with the wrong sign."""

    def weaken(context: Any, extra: Any, saved: Any, node: Any) -> Any:
        right = original(context, extra, saved, node)
        if len(saved) < NODES:
            return right
        return with_maps(right, vjp=lambda ar, x, delta: -right.vec.vjp(ar, x, delta))

    return weaken


def _fourth_head_reads_the_third(original: Any) -> Any:
    def product(ar: Any, h: int, m: int, n: int, p: int, a: Any, b: Any) -> Any:
        if h > HEADS:
            heads = a.reshape(h, m * n)
            a = ar.concat([*(heads[min(g, HEADS - 1) if g == HEADS else g] for g in range(h))])
        return original(ar, h, m, n, p, a, b)

    return product


def _fourth_row_like_the_third(original: Any) -> Any:
    """A fault of what works row by row on (…, m, n): from the fourth row on, the third one's result."""

    def rows(ar: Any, *arrays: Any) -> Any:
        out = original(ar, *arrays)
        if len(out.shape) < 2 or out.shape[0] <= HEADS:
            return out
        third = out[HEADS - 1 : HEADS].reshape(-1)
        kept = [out[:HEADS].reshape(-1), *(third for _ in range(out.shape[0] - HEADS))]
        return ar.concat(kept).reshape(*out.shape)

    return rows


def _fourth_head_biased_as_the_third(original: Any) -> Any:
    def bias(n: int, num_heads: int, given: Any) -> Any:
        out = original(n, num_heads, given).copy()
        if num_heads > HEADS:
            out[HEADS * n * n : (HEADS + 1) * n * n] = out[(HEADS - 1) * n * n : HEADS * n * n]
        return out

    return bias


FAULTS = (
    fault(
        "tensor-level reverse run: nothing after the eighth node",
        _CORE + "Graph.backpropCtx",
        _FAR + "test_nodes::test_a_long_graph_runs_as_it_does_plainly",
        "core.soundness:backprop_ctx",
        _late_nodes_forgotten,
    ),
    fault(
        "reverse run: nothing after the eighth node",
        _CORE + "Graph.backpropVec",
        "Proofs.Autograd.LayerNorm.backprop_eq_adjoint_fderiv_layerNorm_at",
        "core.fderiv:backprop_vec",
        _late_nodes_forgotten,
    ),
    fault(
        "tensor-level tangents: wrong sign after the eighth node",
        _CORE + "Graph.jvpCtx",
        _FAR + "test_nodes::test_a_long_graph_runs_as_it_does_plainly",
        "core.soundness:jvp_ctx",
        _late_results_negated,
    ),
    fault(
        "tangents: wrong sign after the eighth node",
        _CORE + "Graph.jvpVec",
        "Proofs.Autograd.Node.correct_inner",
        "core.fderiv:jvp_vec",
        _late_results_negated,
    ),
    fault(
        "tensor-level values: wrong sign after the eighth node",
        _CORE + "Graph.eval",
        _FAR + "test_nodes::test_a_long_graph_runs_as_it_does_plainly",
        "core.soundness:eval_graph",
        _late_results_negated,
    ),
    fault(
        "values: wrong sign after the eighth node",
        _CORE + "Graph.evalVec",
        "Proofs.Autograd.LayerNorm.backprop_eq_adjoint_fderiv_layerNorm_at",
        "core.fderiv:eval_vec",
        _late_results_negated,
    ),
    fault(
        "graph certificate: read at zero after the eighth node",
        _CORE + "DGraph.graphFDerivCorrectAtOfCorrect",
        _FAR + "test_nodes::test_a_long_graph_certificate_has_each_nodes_derivative_at_its_values",
        "nodes.graph_composition:graph_certificate_at",
        _late_certificates_at_zero,
    ),
    fault(
        "append: more than 8 nodes are lost",
        _CORE + "DGraph.appendCore",
        _FAR + "test_nodes::test_long_graphs_are_appended_and_weakened_whole",
        "nodes.graph_composition:append_core",
        _late_nodes_lost,
    ),
    fault(
        "weakenNodeMiddle: wrong sign after the eighth node",
        _CORE + "DGraph.weakenNodeMiddle",
        _FAR + "test_nodes::test_long_graphs_are_appended_and_weakened_whole",
        "nodes.graph_composition:weaken_node_middle",
        _late_nodes_not_weakened,
        seldom="few of the graphs that are weakened are so long",
    ),
    fault(
        "a fourth head reads the third's data",
        _NODES + "Batched.matmul",
        "Proofs.Autograd.Transformer.decoderCore_backpropVec_eq_adjoint_fderiv_at",
        "nodes.batched:batched_product",
        _fourth_head_reads_the_third,
    ),
    fault(
        "softmax: a fourth row is the third",
        _NODES + "SoftmaxLastAxis.forwardMN",
        "Proofs.Autograd.MultiHeadAttention.maskedCore_backpropVec_eq_adjoint_fderiv",
        "fderiv.softmax:softmax_rows",
        _fourth_row_like_the_third,
    ),
    fault(
        "the bias of a fourth head is the third's",
        _BIASED,
        _FAR + "test_heads::test_every_head_and_row_of_a_large_core_is_its_own",
        _BIAS,
        _fourth_head_biased_as_the_third,
    ),
)
