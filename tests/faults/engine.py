"""Faults of contexts, indices, flattening and the runs of a graph."""

from __future__ import annotations

from typing import Any

from mirror.algebra.soundness import TList, unsnoc
from mirror.core.fderiv import eval_vec, node_jvp_vec, node_vjp_vec, unsnoc_ctx
from mirror.core.soundness import Idx, eval_graph
from mirror.linear_map import LinearFunction
from mirror.nodes.graph_composition import DGraph, append_core
from mirror.spec.core.shape import Shape, size
from mirror.spec.core.tensor.core import Tensor
from tests.faults.fault import Fault, fault


def _overwritten_cotangent(_: Any) -> Any:
    def backprop(ar: Any, graph: Any, x: Any, seed: Any) -> Any:
        context = eval_vec(ar, graph, x)
        for node in reversed(graph.nodes):
            seed, delta = unsnoc_ctx(node.shape, seed)
            seed = node_vjp_vec(ar, node, context[: seed.shape[0]], delta)
        return seed

    return backprop


def _dropped_accumulation(_: Any) -> Any:
    def backprop(ar: Any, graph: Any, x: Any, seed: Any) -> Any:
        context = eval_vec(ar, graph, x)
        for node in reversed(graph.nodes):
            seed, delta = unsnoc_ctx(node.shape, seed)
            contribution = node_vjp_vec(ar, node, context[: seed.shape[0]], delta)
            for i, c in enumerate(contribution):
                if not (isinstance(c, int) or c == 0):
                    seed[i] = c
        return seed

    return backprop


def _seed_on_inputs_lost(original: Any) -> Any:
    def backprop(ar: Any, graph: Any, x: Any, seed: Any) -> Any:
        n = x.shape[0]
        return original(ar, graph, x, ar.concat([ar.zeros(n), seed[n:]]))

    return backprop


def _tensor_run_loses_a_cotangent(_: Any) -> Any:
    def backprop(ar: Any, graph: Any, x: Any, seed: Any) -> Any:
        context = eval_graph(ar, graph, x)
        for node in reversed(graph.nodes):
            seed, delta = unsnoc(seed)
            seed = node.vjp(ar, TList(context.tensors[: len(seed)]), delta)
        return seed

    return backprop


def _jvp_at_the_tangent(_: Any) -> Any:
    def jvp(ar: Any, graph: Any, x: Any, dx: Any) -> Any:
        for node in graph.nodes:
            dx = ar.concat([dx, node_jvp_vec(ar, node, dx, dx)])
        return dx

    return jvp


def _shifted(original: Any) -> Any:
    def weaken(idx: Idx, rest: Any) -> Idx:
        i = next((k for k in range(idx.i + 1, len(idx.context)) if idx.context[k] == idx.shape), idx.i)
        return Idx((*idx.context, *rest), i, idx.shape)

    return weaken


def _earliest_of_the_shape(_: Any) -> Any:
    def last(context: Any, saved: Any, shape: Shape) -> Idx:
        everything = (*context, *saved, shape)
        return Idx(everything, everything.index(shape), shape)

    return last


def _columns_first(_: Any) -> Any:
    def flatten(t: Tensor) -> Tensor:
        entries = t.entries
        for axis in range(len(t.shape) // 2):
            entries = entries.swapaxes(axis, len(t.shape) - 1 - axis)
        return Tensor(Shape(size(t.shape)), entries.reshape(-1))

    return flatten


def _rows_from_columns(original: Any) -> Any:
    def unflatten(shape: Shape, v: Tensor) -> Tensor:
        entries = original(Shape(*reversed(shape)), v).entries
        for axis in range(len(shape) // 2):
            entries = entries.swapaxes(axis, len(shape) - 1 - axis)
        return Tensor(shape, entries)

    return unflatten


def _rotated(original: Any) -> Any:
    def get(idx: Idx, x: Any) -> Any:
        block = original(idx, x)
        return block if block.shape[0] < 2 else block[::-1]

    return get


def _always_the_first_of_the_shape(original: Any) -> Any:
    def single(ar: Any, idx: Idx, v: Any) -> Any:
        return original(ar, Idx(idx.context, idx.context.index(idx.shape), idx.shape), v)

    return single


def _extras_get_the_context(original: Any) -> Any:
    def drop(context: Any, extra: Any, saved: Any) -> Any:
        right = original(context, extra, saved)
        left = sum(size(s) for s in context)
        middle = sum(size(s) for s in extra)

        def adjoint(ar: Any, w: Any) -> Any:
            out = right.apply_adjoint(ar, w)
            leaked = w[: min(middle, w.shape[0])]
            padded = ar.concat([leaked, ar.zeros(middle - leaked.shape[0])])
            return ar.concat([out[:left], padded, out[left + middle :]])

        return LinearFunction(right.domain, right.codomain, right.apply, adjoint)

    return drop


def _drops_the_front(original: Any) -> Any:
    def drop(context: Any, extra: Any, saved: Any) -> Any:
        right = original(context, extra, saved)
        cut = right.domain - right.codomain
        return LinearFunction(
            right.domain,
            right.codomain,
            lambda ar, v: v[cut:],
            lambda ar, w: ar.concat([ar.zeros(cut), w]),
        )

    return drop


def _last_pair_forgotten(original: Any) -> Any:
    def dot(ar: Any, xs: TList, ys: TList) -> Any:
        return original(ar, TList(xs.tensors[:-1]), TList(ys.tensors[:-1]))

    return dot


def _append_reversed(_: Any) -> Any:
    def append(dg1: DGraph, dg2: DGraph) -> DGraph:
        return append_core(dg1, dg2.hg) if len(dg2.hg.nodes) < 2 else dg1

    return append


_SHAPE_CHANGE = "spec.core.tensor_reduction_shape.shape_change"
_CORE = "Proofs.Autograd."

FAULTS = (
    fault(
        "overwritten instead of added cotangent",
        _CORE + "Graph.backpropVec",
        "Proofs.Autograd.Graph.backprop_correct_inner",
        "core.fderiv:backprop_vec",
        _overwritten_cotangent,
    ),
    fault(
        "dropped accumulation at fan-out",
        _CORE + "Graph.backpropVec",
        "Proofs.Autograd.Graph.backprop_correct_inner",
        "core.fderiv:backprop_vec",
        _dropped_accumulation,
    ),
    fault(
        "seed on the inputs lost",
        _CORE + "Graph.backpropVec",
        "Proofs.Autograd.Graph.backprop_correct_inner",
        "core.fderiv:backprop_vec",
        _seed_on_inputs_lost,
    ),
    fault(
        "tensor-level run overwrites the cotangent",
        _CORE + "Graph.backpropCtx",
        "Proofs.Autograd.Graph.backprop_correct",
        "core.soundness:backprop_ctx",
        _tensor_run_loses_a_cotangent,
    ),
    fault(
        "jvp evaluated at the tangent",
        _CORE + "Graph.jvpVec",
        "Proofs.Autograd.Graph.backprop_correct_inner",
        "core.fderiv:jvp_vec",
        _jvp_at_the_tangent,
    ),
    fault(
        "weakening shifts the index",
        _CORE + "Idx.weaken",
        "Proofs.Autograd.Idx.get_append_left",
        "util.idx:weaken",
        _shifted,
    ),
    fault(
        "last is the first entry of its shape",
        _CORE + "Idx.last",
        "Proofs.Autograd.Idx.get_append_last",
        "util.idx:last",
        _earliest_of_the_shape,
    ),
    fault(
        "column-major flattening",
        "Spec.Tensor.flattenSpec",
        "Spec.Tensor.Private.flattenSpec_dim_apply",
        _SHAPE_CHANGE + ":flatten_spec",
        _columns_first,
    ),
    Fault(
        "column-major flattening, consistently",
        "Spec.Tensor.flattenSpec",
        "Spec.Tensor.Private.flattenSpec_dim_apply",
        ((_SHAPE_CHANGE + ":flatten_spec", _columns_first), (_SHAPE_CHANGE + ":unflatten_spec", _rows_from_columns)),
    ),
    fault(
        "get reads its block backwards",
        _CORE + "CtxVec.get",
        "Proofs.Autograd.CtxVec.inner_get_single",
        "nodes.context:get",
        _rotated,
    ),
    fault(
        "single writes to the first block of the shape",
        _CORE + "CtxVec.single",
        "Proofs.Autograd.Node.correct_inner",
        "nodes.context:single",
        _always_the_first_of_the_shape,
    ),
    fault(
        "extra entries receive gradient",
        _CORE + "DGraph.dropMiddleCLM",
        "Proofs.Autograd.DGraph.weakenContext_backpropVec_eq_adjoint_fderiv",
        "nodes.graph_composition:drop_middle_clm",
        _extras_get_the_context,
    ),
    fault(
        "dropMiddle drops the front",
        _CORE + "DGraph.dropMiddleCLM",
        "Proofs.Autograd.DGraph.dropMiddleCLM_apply",
        "nodes.graph_composition:drop_middle_clm",
        _drops_the_front,
    ),
    fault(
        "dotList forgets the last pair",
        _CORE + "TList.dotList",
        "Proofs.Autograd.dotList_eq_inner_flattenCtx",
        "core.soundness:dot_list",
        _last_pair_forgotten,
    ),
    fault(
        "append loses a longer second graph",
        _CORE + "DGraph.append",
        "tests.nodes.test_graph_composition::test_an_appended_graph_runs_the_nodes_of_both_in_order",
        "nodes.graph_composition:append",
        _append_reversed,
    ),
)
