"""The certificates of LayerNorm, as a graph and as one node, at one input."""

from __future__ import annotations

from flint import fmpq

from mirror.arithmetic import Arithmetic
from mirror.core.fderiv import (
    CtxVec,
    GraphFDerivCorrectAt,
    NodeFDerivCorrectAt,
    ctx_size,
    eval_vec,
    node_jvp_vec,
    node_vjp_vec,
)
from mirror.core.soundness import Node
from mirror.core.vectorization import Vec
from mirror.linear_map import LinearFunction
from mirror.links import mirrors
from mirror.node_kinds import node_certificate_at
from mirror.ops.norm.layer_norm.graph import layer_norm_graph
from mirror.spec.core.shape import size


@mirrors("Proofs.Autograd.LayerNorm.layerNormGraphFderivCorrectAt")
def layer_norm_certificate_at(ar: Arithmetic, m: int, n: int, eps: fmpq, x: CtxVec) -> GraphFDerivCorrectAt:
    """The graph's certificate at x, from `hVarEpsPos` and `hStdNe0`.

    Only the standard deviation and its inverse need those hypotheses; the other nodes have global
    certificates.
    """
    graph = layer_norm_graph(m, n, eps)
    everything = eval_vec(ar, graph, x)
    nodes = (node_certificate_at(ar, node, everything[: ctx_size(node.context)]) for node in graph.nodes)
    return GraphFDerivCorrectAt(graph, x, tuple(nodes))


@mirrors("Proofs.Autograd.LayerNorm.wholeNodeFDerivCorrectAt")
def whole_node_certificate_at(ar: Arithmetic, node: Node, x: CtxVec) -> NodeFDerivCorrectAt:
    """The whole node's certificate at x, from `hVarEpsPos` and `hStdNe0` on its packed inputs."""

    def apply(ar: Arithmetic, dx: CtxVec) -> Vec:
        return node_jvp_vec(ar, node, x, dx)

    def adjoint(ar: Arithmetic, delta: Vec) -> CtxVec:
        return node_vjp_vec(ar, node, x, delta)

    deriv = LinearFunction(ctx_size(node.context), size(node.shape), apply, adjoint)
    return NodeFDerivCorrectAt(node, x, deriv)
