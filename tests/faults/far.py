"""Faults that show only far out: at positions, sizes, counts and magnitudes beyond what small instances have."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from flint import arb, fmpq

from mirror.algebra.soundness import TList
from mirror.core.fderiv import GraphFDerivCorrectAt, NodeFDerivCorrect, ctx_size
from mirror.core.soundness import Graph, Idx
from mirror.linear_map import LinearFunction
from mirror.nodes.context import get_clm, single
from mirror.nodes.graph_composition import DGraph
from mirror.spec.core.shape import Shape, size
from mirror.spec.core.tensor.core import Tensor
from tests.faults.fault import Fault, fault, node_fault, with_maps

_CORE = "Proofs.Autograd."
_NODES = _CORE + "TapeNodes."
_FAR = "tests.test_far_out::"
POSITION, LENGTH, NODES, HEADS = 21, 12, 8, 3  # the last that small instances reach, or the first that they do not
GAP, TINY = fmpq(-(10**9)), fmpq(1, 2**70)


# ---- positions: from 21 on


def _offset_after_the_block(original: Any) -> Any:
    def post_init(idx: Idx) -> None:
        original(idx)
        if idx.i >= POSITION:
            length = idx.stop - idx.start
            stop = min(idx.stop + length, idx.total)
            object.__setattr__(idx, "start", stop - length)
            object.__setattr__(idx, "stop", stop)

    return post_init


def _neighbour(context: Any, i: int, shape: Shape) -> int:
    """Another position of the same shape, where a far position has one; else the position itself."""
    return next((k for k in range(i) if context[k] == shape), i) if i >= POSITION else i


def _far_weakened_to_another(_: Any) -> Any:
    return lambda idx, rest: Idx((*idx.context, *rest), _neighbour(idx.context, idx.i, idx.shape), idx.shape)


def _far_last_is_another(original: Any) -> Any:
    def last(context: Any, saved: Any, shape: Shape) -> Idx:
        idx = original(context, saved, shape)
        return Idx(idx.context, _neighbour(idx.context, idx.i, shape), shape)

    return last


def _far_entry_read_elsewhere(original: Any) -> Any:
    def read(xs: TList, idx: Idx) -> Tensor:
        return original(xs, Idx(idx.context, _neighbour(idx.context, idx.i, idx.shape), idx.shape))

    return read


def _far_entry_written_elsewhere(original: Any) -> Any:
    def written(ar: Any, idx: Idx, v: Any) -> Any:
        return original(ar, Idx(idx.context, _neighbour(idx.context, idx.i, idx.shape), idx.shape), v)

    return written


def _far_block_read_elsewhere(original: Any) -> Any:
    def read(context: Any, i: int, *rest: Any) -> Any:
        return original(context, _neighbour(context, i, context[i]), *rest)

    return read


def _far_raw_written_elsewhere(original: Any) -> Any:
    return lambda ar, context, i, v: original(ar, context, _neighbour(context, i, context[i]), v)


def _far_pairs_forgotten(original: Any) -> Any:
    return lambda ar, xs, ys: original(ar, TList(xs.tensors[:POSITION]), TList(ys.tensors[:POSITION]))


def _far_blocks_reversed(original: Any) -> Any:
    def unflatten(context: Any, v: Any) -> TList:
        tensors = original(context, v).tensors
        return TList(tuple(t if k < POSITION else _backwards(t) for k, t in enumerate(tensors)))

    return unflatten


def _far_blocks_written_reversed(original: Any) -> Any:
    def flatten(ar: Any, xs: TList) -> Any:
        return original(ar, TList(tuple(t if k < POSITION else _backwards(t) for k, t in enumerate(xs))))

    return flatten


def _far_blocks_uncounted(original: Any) -> Any:
    return lambda context: original(context[:POSITION])


# ---- lengths: more than 12 entries


def _backwards(t: Tensor) -> Tensor:
    return Tensor(t.shape, t.entries.reshape(-1)[::-1].reshape(t.shape))


def _long_vector_unflattened_backwards(original: Any) -> Any:
    def unflatten(shape: Shape, v: Tensor) -> Tensor:
        t = original(shape, v)
        return _backwards(t) if len(shape) == 1 and size(shape) > LENGTH else t

    return unflatten


def _long_unflattened_backwards(original: Any) -> Any:
    def unflatten(shape: Shape, v: Tensor) -> Tensor:
        t = original(shape, v)
        return _backwards(t) if size(shape) > LENGTH else t

    return unflatten


def _long_flattened_backwards(original: Any) -> Any:
    def flatten(t: Tensor) -> Tensor:
        flat = original(t)
        return _backwards(flat) if size(t.shape) > LENGTH else flat

    return flatten


def _long_backwards(original: Any) -> Any:
    """A fault of a function whose result is an array: too long a one comes out backwards."""

    def faulty(*args: Any) -> Any:
        out = original(*args)
        return out.reshape(-1)[::-1].reshape(out.shape) if np.size(out) > LENGTH else out

    return faulty


# ---- counts: more than 8 nodes, more than 3 heads


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


def _late_results_negated(original: Any) -> Any:
    """A fault of a forward run: results after the eighth come out with the opposite sign."""

    def run(ar: Any, graph: Graph, *vectors: Any) -> Any:
        out = original(ar, graph, *vectors)
        if len(graph.nodes) <= NODES:
            return out
        if isinstance(out, TList):
            keep = len(graph.context) + NODES
            return TList((*out.tensors[:keep], *(Tensor(t.shape, -t.entries) for t in out.tensors[keep:])))
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


# ---- magnitudes


def _clipped_bias(original: Any) -> Any:
    def bias(n: int, num_heads: int, given: Any) -> Any:
        out = original(n, num_heads, given)
        out[:] = [max(q, GAP) for q in out]
        return out

    return bias


def _clipped_from_above(original: Any) -> Any:
    def bias(n: int, num_heads: int, given: Any) -> Any:
        out = original(n, num_heads, given)
        out[:] = [min(q, -GAP) for q in out]
        return out

    return bias


def _flat_where_tiny(original: Any) -> Any:
    """A fault of a scalar derivative: it is 0 where the argument is nonzero and nearer to 0 than 2⁻⁷⁰."""

    def entry(value: Any, x: Any) -> Any:
        return fmpq(0) if x != 0 and arb(x).abs_upper() < TINY else value

    def derivative(ar: Any, x: Any) -> Any:
        out = original(ar, x)
        if not isinstance(out, np.ndarray):
            return out
        return np.asarray(np.frompyfunc(entry, 2, 1)(out, x), dtype=object)

    return derivative


# ---- one entry read twice


def _first_reading_only(node: Any) -> Any:
    a, b = node.inputs
    if a != b:
        return node.vec.vjp
    return lambda ar, x, delta: node.vec.vjp(ar, x, delta) * fmpq(1, 2)


def _sub_first_reading_only(node: Any) -> Any:
    a, b = node.inputs
    return node.vec.vjp if a != b else lambda ar, x, delta: single(ar, a, delta)


def _first_reading_only_in_the_certificate(original: Any) -> Any:
    def certificate(node: Any) -> NodeFDerivCorrect:
        right = original(node)
        if len(set(node.inputs)) == len(node.inputs):
            return right

        def deriv(ar: Any, x: Any) -> Any:
            whole = right.deriv(ar, x)
            return LinearFunction(
                whole.domain, whole.codomain, whole.apply, lambda ar, w: whole.apply_adjoint(ar, w) * fmpq(1, 2)
            )

        return NodeFDerivCorrect(node, deriv)

    return certificate


def _gamma_forgotten_where_it_is_beta(node: Any) -> Any:
    _, gamma, beta = node.inputs
    if gamma != beta:
        return node.vec.vjp

    def vjp(ar: Any, x: Any, delta: Any) -> Any:
        right = node.vec.vjp(ar, x, delta)
        to_both = get_clm(gamma).apply(ar, right)
        to_beta = ar.sum(delta.reshape(*node.shape), axis=0)
        return right - single(ar, gamma, to_both - to_beta)

    return vjp


def _same(name: str, lean: str, target: str, vjp: Any = _first_reading_only) -> Fault:
    owner = _FAR + "test_one_entry_read_twice_collects_both_cotangents"
    return fault(f"{name}: one entry read twice counts once", _NODES + lean, owner, target, node_fault(vjp=vjp))


_SHAPE_CHANGE = "spec.core.tensor_reduction_shape.shape_change"
_BIASED = "Proofs.Autograd.MultiHeadAttention.maskedCoreDGraph"
_BIAS = "ops.attention.masked_multi_head_self_attention:score_bias"

FAULTS = (
    fault(
        "an index's offset wrong from position 21 on",
        _CORE + "Idx",
        _FAR + "test_a_late_block_is_read_at_its_offset",
        "core.soundness:Idx.__post_init__",
        _offset_after_the_block,
    ),
    fault(
        "weaken: another entry from position 21 on",
        _CORE + "Idx.weaken",
        _FAR + "test_a_late_index_keeps_its_position",
        "util.idx:weaken",
        _far_weakened_to_another,
    ),
    fault(
        "last: another entry from position 21 on",
        _CORE + "Idx.last",
        _FAR + "test_a_late_index_keeps_its_position",
        "util.idx:last",
        _far_last_is_another,
    ),
    fault(
        "getIdx: another entry from position 21 on",
        _CORE + "getIdx",
        _FAR + "test_a_late_block_is_written_at_its_offset",
        "core.soundness:get_idx",
        _far_entry_read_elsewhere,
    ),
    fault(
        "TList.single: another entry from position 21 on",
        _CORE + "TList.single",
        _FAR + "test_a_late_block_is_written_at_its_offset",
        "core.soundness:single",
        _far_entry_written_elsewhere,
    ),
    fault(
        "single: another block from position 21 on",
        _CORE + "CtxVec.single",
        _FAR + "test_a_late_block_is_written_at_its_offset",
        "nodes.context:single",
        _far_entry_written_elsewhere,
    ),
    fault(
        "getRaw: another block from position 21 on",
        _CORE + "CtxVec.getRaw",
        _FAR + "test_a_late_block_is_read_at_its_offset",
        "nodes.context:get_raw",
        _far_block_read_elsewhere,
    ),
    fault(
        "singleRaw: another block from position 21 on",
        _CORE + "CtxVec.singleRaw",
        _FAR + "test_a_late_block_is_written_at_its_offset",
        "nodes.context:single_raw",
        _far_raw_written_elsewhere,
    ),
    fault(
        "getCLMRaw: another block from position 21 on",
        _CORE + "CtxVec.getCLMRaw",
        _FAR + "test_a_late_block_is_read_at_its_offset",
        "nodes.context:get_clm_raw",
        _far_block_read_elsewhere,
    ),
    fault(
        "dotList: nothing from position 21 on",
        _CORE + "TList.dotList",
        _FAR + "test_a_long_context_is_laid_end_to_end",
        "core.soundness:dot_list",
        _far_pairs_forgotten,
    ),
    fault(
        "unflattenCtx: blocks backwards from position 21 on",
        _CORE + "unflattenCtx",
        _FAR + "test_a_long_context_is_laid_end_to_end",
        "core.fderiv:unflatten_ctx",
        _far_blocks_reversed,
    ),
    fault(
        "flattenCtx: blocks backwards from position 21 on",
        _CORE + "flattenCtx",
        _FAR + "test_a_long_context_is_laid_end_to_end",
        "core.fderiv:flatten_ctx",
        _far_blocks_written_reversed,
    ),
    fault(
        "ctxSize: nothing from position 21 on",
        _CORE + "ctxSize",
        _FAR + "test_a_long_context_is_laid_end_to_end",
        "core.fderiv:ctx_size",
        _far_blocks_uncounted,
    ),
    fault(
        "a vector longer than 12 unflattened backwards",
        "Spec.Tensor.unflattenSpec",
        _FAR + "test_a_long_entry_is_read_row_major",
        _SHAPE_CHANGE + ":unflatten_spec",
        _long_vector_unflattened_backwards,
    ),
    fault(
        "more than 12 entries unflattened backwards",
        "Spec.Tensor.unflattenSpec",
        _FAR + "test_a_long_entry_is_read_row_major",
        _SHAPE_CHANGE + ":unflatten_spec",
        _long_unflattened_backwards,
    ),
    fault(
        "more than 12 entries flattened backwards",
        "Spec.Tensor.flattenSpec",
        _FAR + "test_a_long_entry_is_read_row_major",
        _SHAPE_CHANGE + ":flatten_spec",
        _long_flattened_backwards,
    ),
    fault(
        "heads: more than 12 entries backwards",
        _NODES + "Batched.heads",
        _FAR + "test_many_long_rows_are_stretches",
        "nodes.batched:heads",
        _long_backwards,
    ),
    fault(
        "rows: more than 12 entries backwards",
        _NODES + "SoftmaxLastAxis.rows",
        _FAR + "test_many_long_rows_are_stretches",
        "nodes.softmax:rows",
        _long_backwards,
    ),
    fault(
        "tensor-level reverse run: nothing after the eighth node",
        _CORE + "Graph.backpropCtx",
        _FAR + "test_a_long_graph_runs_as_it_does_plainly",
        "core.soundness:backprop_ctx",
        _late_nodes_forgotten,
    ),
    fault(
        "reverse run: nothing after the eighth node",
        _CORE + "Graph.backpropVec",
        _FAR + "test_a_long_graph_runs_as_it_does_plainly",
        "core.fderiv:backprop_vec",
        _late_nodes_forgotten,
    ),
    fault(
        "tensor-level tangents: wrong sign after the eighth node",
        _CORE + "Graph.jvpCtx",
        _FAR + "test_a_long_graph_runs_as_it_does_plainly",
        "core.soundness:jvp_ctx",
        _late_results_negated,
    ),
    fault(
        "tangents: wrong sign after the eighth node",
        _CORE + "Graph.jvpVec",
        _FAR + "test_a_long_graph_runs_as_it_does_plainly",
        "core.fderiv:jvp_vec",
        _late_results_negated,
    ),
    fault(
        "tensor-level values: wrong sign after the eighth node",
        _CORE + "Graph.eval",
        _FAR + "test_a_long_graph_runs_as_it_does_plainly",
        "core.soundness:eval_graph",
        _late_results_negated,
    ),
    fault(
        "values: wrong sign after the eighth node",
        _CORE + "Graph.evalVec",
        _FAR + "test_a_long_graph_runs_as_it_does_plainly",
        "core.fderiv:eval_vec",
        _late_results_negated,
    ),
    fault(
        "graph certificate: read at zero after the eighth node",
        _CORE + "DGraph.graphFDerivCorrectAtOfCorrect",
        _FAR + "test_a_long_graph_certificate_has_each_nodes_derivative_at_its_values",
        "nodes.graph_composition:graph_certificate_at",
        _late_certificates_at_zero,
    ),
    fault(
        "append: more than 8 nodes are lost",
        _CORE + "DGraph.appendCore",
        _FAR + "test_long_graphs_are_appended_and_weakened_whole",
        "nodes.graph_composition:append_core",
        _late_nodes_lost,
    ),
    fault(
        "weakenNodeMiddle: wrong sign after the eighth node",
        _CORE + "DGraph.weakenNodeMiddle",
        _FAR + "test_long_graphs_are_appended_and_weakened_whole",
        "nodes.graph_composition:weaken_node_middle",
        _late_nodes_not_weakened,
    ),
    fault(
        "a fourth head reads the third's data",
        _NODES + "Batched.matmul",
        _FAR + "test_many_heads_are_multiplied_each_by_its_own",
        "nodes.batched:batched_product",
        _fourth_head_reads_the_third,
    ),
    fault(
        "softmax: a fourth row is the third",
        _NODES + "SoftmaxLastAxis.forwardMN",
        _FAR + "test_many_rows_are_normalised_each_by_itself",
        "fderiv.softmax:softmax_rows",
        _fourth_row_like_the_third,
    ),
    fault(
        "the bias of a fourth head is the third's",
        _BIASED,
        _FAR + "test_every_head_and_row_of_a_large_core_is_its_own",
        _BIAS,
        _fourth_head_biased_as_the_third,
    ),
    fault(
        "a bias is clipped at -1e9", _BIASED, _FAR + "test_a_bias_of_any_size_is_added_as_it_is", _BIAS, _clipped_bias
    ),
    fault(
        "a bias is clipped at 1e9",
        _BIASED,
        _FAR + "test_a_bias_of_any_size_is_added_as_it_is",
        _BIAS,
        _clipped_from_above,
    ),
    _same("matmul", "Batched.matmul", "nodes.batched:matmul"),
    _same("mul", "mul", "nodes.arithmetic:mul"),
    _same("add", "add", "nodes.arithmetic:add"),
    _same("sub", "sub", "nodes.arithmetic:sub", _sub_first_reading_only),
    fault(
        "matmul's certificate: one entry read twice counts once",
        _NODES + "Batched.matmulFderiv",
        _FAR + "test_one_entry_read_twice_collects_both_cotangents",
        "nodes.batched:matmul_certificate",
        _first_reading_only_in_the_certificate,
    ),
    fault(
        "mul's certificate: one entry read twice counts once",
        _NODES + "mulFderiv",
        _FAR + "test_one_entry_read_twice_collects_both_cotangents",
        "nodes.arithmetic:mul_certificate",
        _first_reading_only_in_the_certificate,
    ),
    fault(
        "add's certificate: one entry read twice counts once",
        _NODES + "addFderiv",
        _FAR + "test_one_entry_read_twice_collects_both_cotangents",
        "nodes.arithmetic:add_certificate",
        _first_reading_only_in_the_certificate,
    ),
    fault(
        "LayerNorm as a node: γ forgotten where it is β",
        _CORE + "LayerNorm.wholeNode",
        _FAR + "test_a_norm_whose_shift_is_its_gain_collects_both_cotangents",
        "ops.norm.layer_norm.whole:whole_node",
        node_fault(vjp=_gamma_forgotten_where_it_is_beta),
    ),
    fault(
        "√'s derivative is 0 below 2⁻⁷⁰",
        _NODES + "sqrtClamp",
        _FAR + "test_a_slope_is_its_formula_at_every_magnitude",
        "nodes.elementwise:sqrt_clamp_deriv",
        _flat_where_tiny,
    ),
    fault(
        "inverse's derivative is 0 below 2⁻⁷⁰",
        _NODES + "inv",
        _FAR + "test_a_slope_is_its_formula_at_every_magnitude",
        "nodes.elementwise:inverse_deriv",
        _flat_where_tiny,
    ),
    fault(
        "GELU's derivative is 0 below 2⁻⁷⁰",
        "Activation.Math.geluDerivSpec",
        _FAR + "test_a_slope_is_its_formula_at_every_magnitude",
        "spec.layers.activation:gelu_deriv_spec",
        _flat_where_tiny,
    ),
    fault(
        "tanh's derivative is 0 below 2⁻⁷⁰",
        "Activation.Math.tanhDerivSpec",
        _FAR + "test_a_slope_is_its_formula_at_every_magnitude",
        "spec.layers.activation:tanh_deriv_spec",
        _flat_where_tiny,
    ),
)
