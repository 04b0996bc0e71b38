"""Nodes and graphs as data: what a random graph is drawn as, printed as and replayed from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from mirror.arithmetic import Arithmetic, Array
from mirror.core.fderiv import (
    GraphFDerivCorrect,
    GraphFDerivCorrectAt,
    NodeFDerivCorrect,
    NodeFDerivCorrectAt,
    certificate_at,
    ctx_size,
    eval_vec,
)
from mirror.core.soundness import Graph, Idx, Node
from mirror.nodes import arithmetic, batched, elementwise, matrix
from mirror.nodes.graph_composition import DGraph, nil, snoc
from mirror.ops.norm.layer_norm import Inputs, whole_node, whole_node_certificate_at
from mirror.spec.core.shape import Context, Shape


def tanh(ar: Arithmetic, x: Array) -> Array:
    """tanh, for random smooth entrywise nodes."""
    return ar.tanh(x)


def tanh_prime(ar: Arithmetic, x: Array) -> Array:
    """1 - tanh²."""
    t = ar.tanh(x)
    return 1 - t * t


def cube(ar: Arithmetic, x: Array) -> Array:
    """x³, a polynomial that the exact arithmetic can follow."""
    return x * x * x


def cube_prime(ar: Arithmetic, x: Array) -> Array:
    """3·x²."""
    return 3 * x * x


ELEMENTWISE = {"tanh": (tanh, tanh_prime), "cube": (cube, cube_prime)}


@dataclass(frozen=True, slots=True, eq=False)
class NodeSpec:
    """A node by kind, input positions and parameters; `build` makes it in a context."""

    kind: str
    inputs: tuple[int, ...]
    parameters: dict[str, Any] = field(default_factory=dict)

    def build(self, context: Context) -> Node:
        """The node; raises `ValueError` where it does not fit the context."""
        at = tuple(Idx(context, i, context[i]) for i in self.inputs)
        return BUILDERS[self.kind](at, self.parameters)


Builder = Callable[[tuple[Idx, ...], dict[str, Any]], Node]

BUILDERS: dict[str, Builder] = {
    "affine": lambda at, p: arithmetic.affine(at[0], Shape(*p["shape"]), p["A"], p["b"]),
    "add": lambda at, p: arithmetic.add(*at),
    "sub": lambda at, p: arithmetic.sub(*at),
    "mul": lambda at, p: arithmetic.mul(*at),
    "scale": lambda at, p: arithmetic.scale(at[0], p["c"]),
    "elemwise": lambda at, p: elementwise.elemwise(at[0], *ELEMENTWISE[p["f"]]),
    "gelu": lambda at, p: elementwise.gelu(at[0]),
    "inv": lambda at, p: elementwise.inv(at[0]),
    "sqrtClamp": lambda at, p: elementwise.sqrt_clamp(at[0]),
    "broadcastRow": lambda at, p: matrix.broadcast_row(at[0], p["n"]),
    "broadcastCol": lambda at, p: matrix.broadcast_col(at[0], p["m"]),
    "rowMean": lambda at, p: matrix.row_mean(at[0]),
    "matmul": lambda at, p: batched.matmul(*at),
    "softmaxLast": lambda at, p: batched.softmax_last(at[0]),
    "wholeNode": lambda at, p: whole_node(Inputs(*at), p["ε"]),
}

# The kinds with a global certificate. inv, sqrtClamp and wholeNode have one only at some points.
CERTIFICATES: dict[str, Callable[[Node], NodeFDerivCorrect]] = {
    "affine": arithmetic.affine_certificate,
    "add": arithmetic.add_certificate,
    "sub": arithmetic.sub_certificate,
    "mul": arithmetic.mul_certificate,
    "scale": arithmetic.scale_certificate,
    "elemwise": elementwise.elemwise_certificate,
    "gelu": elementwise.gelu_certificate,
    "broadcastRow": matrix.broadcast_row_certificate,
    "broadcastCol": matrix.broadcast_col_certificate,
    "rowMean": matrix.row_mean_certificate,
    "matmul": batched.matmul_certificate,
    "softmaxLast": batched.softmax_last_certificate,
}
LOCAL_CERTIFICATES: dict[str, Callable[[Arithmetic, Node, Array], NodeFDerivCorrectAt]] = {
    "inv": elementwise.inv_certificate_at,
    "sqrtClamp": elementwise.sqrt_clamp_certificate_at,
    "wholeNode": whole_node_certificate_at,
}
# The kinds that leave ℚ only when a value asks for it; with only these a graph stays rational.
RATIONAL = frozenset(CERTIFICATES) - {"gelu", "softmaxLast"}


@dataclass(frozen=True, slots=True, eq=False)
class GraphSpec:
    """A graph as its input context and its nodes in order."""

    context: Context
    nodes: tuple[NodeSpec, ...]

    def build(self) -> Graph:
        """The graph."""
        graph = Graph.nil(self.context)
        for spec in self.nodes:
            graph = graph.snoc(spec.build((*graph.context, *graph.saved)))
        return graph

    def certified(self) -> DGraph:
        """The graph with a global certificate for each node; raises `KeyError` for a kind without one."""
        dg = nil(self.context)
        for spec in self.nodes:
            dg = snoc(dg, CERTIFICATES[spec.kind](spec.build((*dg.g.context, *dg.g.saved))))
        return dg

    def certificate(self) -> GraphFDerivCorrect:
        """The certificate of `certified`."""
        return self.certified().hg

    def certificate_at(self, ar: Arithmetic, x: Array) -> GraphFDerivCorrectAt:
        """The certificate at the input x, of nodes of any kind; whether it is true depends on x."""
        graph = self.build()
        everything = eval_vec(ar, graph, x)
        nodes = (node_certificate_at(ar, node, everything[: ctx_size(node.context)]) for node in graph.nodes)
        return GraphFDerivCorrectAt(graph, x, tuple(nodes))


def node_certificate_at(ar: Arithmetic, node: Node, here: Array) -> NodeFDerivCorrectAt:
    """A node's certificate where it is evaluated: its global one there, or the one for that point."""
    if node.kind in LOCAL_CERTIFICATES:
        return LOCAL_CERTIFICATES[node.kind](ar, node, here)
    return certificate_at(ar, CERTIFICATES[node.kind](node), here)
