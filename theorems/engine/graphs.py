"""Nodes and graphs as data: what a random graph is drawn as, printed as and replayed from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from flint import fmpq

from lean_refs.names import did_you_mean
from mirror.arithmetic import Arithmetic, Array
from mirror.core.fderiv import GraphFDerivCorrect, GraphFDerivCorrectAt, NodeFDerivCorrect, ctx_size, eval_vec
from mirror.core.soundness import Graph, Idx, Node
from mirror.linear_map import LinearMap
from mirror.node_kinds import NodeKind, Parameter, node_certificate_at
from mirror.nodes.graph_composition import DGraph, nil, snoc
from mirror.rooms import node_kinds
from mirror.spec.core.shape import Context, Shape
from theorems.engine.kinds import is_a

KINDS = node_kinds()


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
# A function with another one's derivative: a node of it exists and satisfies adjointness, but it has no certificate.
MISDECLARED = {"cube with tanh'": (cube, tanh_prime)}
_FUNCTIONS = {**ELEMENTWISE, **MISDECLARED}


# What stands for a parameter in a `NodeSpec`: a function goes by its name.
_STANDS_FOR: dict[Parameter, type[Any]] = {
    Parameter.SHAPE: Shape,
    Parameter.MAP: LinearMap,
    Parameter.VECTOR: np.ndarray,
    Parameter.NUMBER: fmpq,
    Parameter.DIMENSION: int,
    Parameter.FUNCTION: str,
    Parameter.EPSILON: fmpq,
}


@dataclass(frozen=True, slots=True, eq=False)
class NodeSpec:
    """A node by kind, input positions and parameters; `build` makes it in a context.

    Raises `ValueError` for a kind that no node has, and for parameters that are not the kind's.
    """

    kind: str
    inputs: tuple[int, ...]
    parameters: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"no node is of the kind {self.kind!r}{did_you_mean(str(self.kind), KINDS)}")
        wanted = {name: _STANDS_FOR[parameter] for name, parameter in KINDS[self.kind].parameters.items()}
        if self.parameters.keys() != wanted.keys():
            raise ValueError(f"{self.kind} takes {', '.join(wanted) or 'nothing'}, got {', '.join(self.parameters)}")
        for name, value in self.parameters.items():
            if not is_a(value, wanted[name]):
                raise ValueError(f"{name} of {self.kind} is {value!r}, expected {wanted[name].__name__}")

    def build(self, context: Context) -> Node:
        """The node; raises `ValueError` where it does not fit the context."""
        kind = KINDS[self.kind]
        at = tuple(Idx(context, i, context[i]) for i in self.inputs)
        return kind.make(at, *self._arguments(kind))

    def _arguments(self, kind: NodeKind) -> Iterator[Any]:
        """The constructor's arguments after the inputs: a function goes by name here, and is two arguments there."""
        for name, parameter in kind.parameters.items():
            value = self.parameters[name]
            yield from _FUNCTIONS[value] if parameter is Parameter.FUNCTION else (value,)


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
        """The graph with a global certificate for each node; raises `LookupError` for a kind without one."""
        dg = nil(self.context)
        for spec in self.nodes:
            dg = snoc(dg, global_certificate(spec.build((*dg.g.context, *dg.g.saved))))
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


def global_certificate(node: Node) -> NodeFDerivCorrect:
    """A node's certificate at every point; raises `LookupError` for a kind that has one only at some points."""
    certificate = KINDS[node.kind].certificate
    if certificate is None:
        raise LookupError(f"a node of the kind {node.kind} has a certificate only at some points")
    return certificate(node)
