"""A value of the mirror in parts, by its class: those that `observing_text` takes a value of Lean apart into."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import accumulate
from typing import Any

import numpy as np
from flint import arb

from mirror.algebra.soundness import TList
from mirror.arithmetic import BALL
from mirror.core.fderiv import (
    GraphFDerivCorrect,
    GraphFDerivCorrectAt,
    NodeFDerivCorrect,
    NodeFDerivCorrectAt,
    ctx_size,
    eval_vec,
)
from mirror.core.soundness import Graph, Idx, Node
from mirror.linear_map import LinearMap, basis_vector
from mirror.nodes.graph_composition import DGraph
from mirror.ops.norm.layer_norm import Inputs
from mirror.spec.core.shape import Context, Shape
from mirror.spec.core.tensor.core import Tensor
from theorems.engine.strategies.shapes import tensor_of, typed_list
from theorems.engine.strategies.values import Fill
from theorems.tools.audit.evaluated.coordinates import entries
from theorems.tools.audit.evaluated.numbers import ZERO
from theorems.tools.audit.evaluated.parts import LONGEST_BASIS, Observed, ObservedData, ObservedNumbers


def in_mirror(value: Any, fill: Fill, at: str = "") -> Iterator[Observed]:
    """The parts of a value; nodes and maps at points of `fill`. `at` says which part of a whole it is."""
    observe = next((found for kind, found in _OBSERVE.items() if isinstance(value, kind)), None)
    if observe is not None:
        yield from observe(value, fill, at)
    else:  # whatever makes an array
        yield ObservedNumbers(f"{at}the numbers", entries(value))


def _data(value: Any, _: Fill, at: str) -> Iterator[Observed]:
    yield ObservedData(f"{at}the value", value)


def _tuple(value: tuple[Any, ...], fill: Fill, at: str) -> Iterator[Observed]:
    """A context, or a pair."""
    if all(isinstance(one, Shape) for one in value):
        yield ObservedData(f"{at}the value", value)
    else:
        for name, one in zip(("first", "second"), value, strict=True):
            yield from in_mirror(one, fill, f"{at}{name}, ")


def _tensor(value: Tensor, _: Fill, at: str) -> Iterator[Observed]:
    yield ObservedData(f"{at}the shape", value.shape, 0)
    yield ObservedNumbers(f"{at}the entries", entries(value.entries))


def _list(value: TList, _: Fill, at: str) -> Iterator[Observed]:
    yield ObservedData(f"{at}the context", value.context, 0)
    for k, entry in enumerate(value):
        yield ObservedNumbers(f"{at}entry {k}", entries(entry.entries))


def _index(value: Idx, _: Fill, at: str) -> Iterator[Observed]:
    yield ObservedData(f"{at}the context", value.context, 0)
    yield ObservedData(f"{at}the shape there", value.shape, 0)
    yield ObservedData(f"{at}the length of the context", len(value.context), 0)
    yield ObservedData(f"{at}the position", value.i)


def _inputs(value: Inputs, fill: Fill, at: str) -> Iterator[Observed]:
    for name in ("x", "gamma", "beta"):
        yield from _index(getattr(value, name), fill, f"{at}{name}, ")


def _linear(value: LinearMap, fill: Fill, at: str) -> Iterator[Observed]:
    if value.domain > LONGEST_BASIS:
        yield from _at_one_vector(value, fill, at)
        return
    yield ObservedData(f"{at}the dimensions", (value.domain, value.codomain), 0)
    for j in range(value.domain):
        yield ObservedNumbers(f"{at}on basis vector {j}", entries(value.apply(BALL, basis_vector(value.domain, j))))
    for i in range(value.codomain):
        back = value.apply_adjoint(BALL, basis_vector(value.codomain, i))
        yield ObservedNumbers(f"{at}the adjoint on basis vector {i}", entries(back))


def _node(value: Node, fill: Fill, at: str) -> Iterator[Observed]:
    yield ObservedData(f"{at}the context", value.context, 0)
    yield ObservedData(f"{at}the shape", value.shape, 0)
    yield from _runs(value.context, value.shape, value, fill, at)


def _runs(context: Context, shape: Shape, node: Node, fill: Fill, at: str) -> Iterator[Observed]:
    x, dx, delta = typed_list(fill, context), typed_list(fill, context), tensor_of(fill, shape)
    yield from _tensor(node.forward(BALL, x), fill, f"{at}forward, ")
    yield from _tensor(node.jvp(BALL, x, dx), fill, f"{at}jvp, ")
    yield from _list(node.vjp(BALL, x, delta), fill, f"{at}vjp, ")


def _graph(value: Graph, fill: Fill, at: str) -> Iterator[Observed]:
    yield ObservedData(f"{at}the inputs", value.context, 0)
    yield ObservedData(f"{at}the results", value.saved, 0)
    yield ObservedData(f"{at}the number of nodes", len(value.nodes))
    for k, (node, known) in enumerate(zip(value.nodes, _offered(value), strict=True)):
        yield from _runs(known, node.shape, node, fill, f"{at}node {k}, ")


def _offered(graph: Graph) -> list[Context]:
    """What the graph offers to each node."""
    return list(accumulate(((shape,) for shape in graph.saved), initial=graph.context))[: len(graph.nodes)]


def _certificate(value: NodeFDerivCorrect, fill: Fill, at: str) -> Iterator[Observed]:
    yield from _node(value.node, fill, f"{at}its node, ")
    x = fill.vector(ctx_size(value.node.context))
    yield from _linear(value.deriv(BALL, x), fill, f"{at}its derivative, ")


def _certificate_at(value: NodeFDerivCorrectAt, fill: Fill, at: str) -> Iterator[Observed]:
    yield from _node(value.node, fill, f"{at}its node, ")
    yield ObservedNumbers(f"{at}its point", entries(value.x))
    yield from _linear(value.deriv, fill, f"{at}its derivative, ")


def _certificates(value: GraphFDerivCorrect, fill: Fill, at: str) -> Iterator[Observed]:
    yield from _graph(value.graph, fill, f"{at}its graph, ")
    yield ObservedData(f"{at}the number of certificates", len(value.nodes), 0)
    for k, (one, known) in enumerate(zip(value.nodes, _offered(value.graph), strict=True)):
        derivative = one.deriv(BALL, fill.vector(ctx_size(known)))
        yield from _at_one_vector(derivative, fill, f"{at}node {k}, its derivative, ")


def _certificates_at(value: GraphFDerivCorrectAt, fill: Fill, at: str) -> Iterator[Observed]:
    yield from _graph(value.graph, fill, f"{at}its graph, ")
    yield ObservedData(f"{at}the number of certificates", len(value.nodes), 0)
    yield ObservedNumbers(f"{at}its point", entries(value.x))
    everything = eval_vec(BALL, value.graph, value.x)
    for k, (one, known) in enumerate(zip(value.nodes, _offered(value.graph), strict=True)):
        here = _overlap(everything[: ctx_size(known)], one.x)
        yield ObservedData(f"{at}node {k}, its point is what the graph computes there", here, 0)
        yield from _at_one_vector(one.deriv, fill, f"{at}node {k}, its derivative, ")


def _overlap(a: np.ndarray, b: np.ndarray) -> bool:
    return len(a) == len(b) and all(arb(x).overlaps(arb(y)) for x, y in zip(a, b, strict=True))


def _at_one_vector(value: LinearMap, fill: Fill, at: str) -> Iterator[Observed]:
    v, w = fill.vector(value.domain), fill.vector(value.codomain)
    yield ObservedData(f"{at}the dimensions", (value.domain, value.codomain), 0)
    yield ObservedNumbers(f"{at}at a vector", entries(value.apply(BALL, v)))
    back = sum((a * b for a, b in zip(v, entries(value.apply_adjoint(BALL, w)), strict=True)), ZERO)
    yield ObservedNumbers(f"{at}its adjoint at another", [back])


def _certified_graph(value: DGraph, fill: Fill, at: str) -> Iterator[Observed]:
    yield from _certificates(value.hg, fill, at)


_OBSERVE: Mapping[type, Callable[[Any, Fill, str], Iterator[Observed]]] = {
    int: _data,
    Shape: _data,  # before tuples, which it is one of
    tuple: _tuple,
    Tensor: _tensor,
    TList: _list,
    Idx: _index,
    Inputs: _inputs,
    LinearMap: _linear,
    Node: _node,
    Graph: _graph,
    NodeFDerivCorrect: _certificate,
    NodeFDerivCorrectAt: _certificate_at,
    GraphFDerivCorrect: _certificates,
    GraphFDerivCorrectAt: _certificates_at,
    DGraph: _certified_graph,
}
