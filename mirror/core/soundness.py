"""Typed contexts, nodes and graphs, run tensor by tensor.

Twin of `NN/Proofs/Autograd/Tape/Core/Soundness.lean`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate
from typing import Any

from mirror.algebra.soundness import TList, add, snoc, unsnoc, zero
from mirror.arithmetic import Arithmetic, Array, Scalar
from mirror.frames import named
from mirror.links import link_as, mirrors
from mirror.spec.core.shape import Context, Shape, size
from mirror.spec.core.tensor.core import Tensor
from mirror.tensor.basic.folds import dot

# Lean specialises `Algebra.TList` to ℝ; here the arithmetic is chosen by whoever evaluates.
link_as("Proofs.Autograd.TList", __name__, "TList")


@mirrors("Proofs.Autograd.TList.cons")
def cons(x: Tensor, xs: TList) -> TList:
    """The list with `x` in front."""
    return TList((x, *xs.tensors))


@mirrors("Proofs.Autograd.TList.dotList")
def dot_list(ar: Arithmetic, xs: TList, ys: TList) -> Scalar:
    """The sum of the tensor dot products; raises `ValueError` for two contexts."""
    if xs.context != ys.context:
        raise ValueError(f"dotList needs one context, got {xs.context} and {ys.context}")
    total = ar.sum(ar.zeros(0), axis=0)
    for a, b in zip(xs, ys, strict=True):
        total = dot(ar, a, b) + total
    return total


@mirrors("Proofs.Autograd.Idx")
@dataclass(frozen=True, slots=True)
class Idx:
    """A position `i` in a context whose entry there has shape `shape`.

    Raises `IndexError` for a position outside the context and `ValueError` for an entry of another
    shape.
    """

    context: Context
    i: int
    shape: Shape
    start: int = field(init=False, repr=False, compare=False)
    stop: int = field(init=False, repr=False, compare=False)
    total: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not 0 <= self.i < len(self.context):
            raise IndexError(f"index {self.i} into a context of {len(self.context)} entries: {self.context}")
        found = self.context[self.i]
        if found != self.shape:
            raise ValueError(f"index {self.i} has shape {found}, expected {self.shape}, in the context {self.context}")
        # Where the entry lies in a flat context vector: fixed by the context, so computed once.
        starts = _starts(self.context)
        object.__setattr__(self, "start", starts[self.i])
        object.__setattr__(self, "stop", starts[self.i + 1])
        object.__setattr__(self, "total", starts[-1])


@lru_cache(maxsize=4096)
def _starts(context: Context) -> tuple[int, ...]:
    """Where each entry starts in a flat context vector, and where the last one ends."""
    return tuple(accumulate((size(shape) for shape in context), initial=0))


@mirrors("Proofs.Autograd.getIdx")
def get_idx(xs: TList, idx: Idx) -> Tensor:
    """Entry `idx` of a typed list; raises `ValueError` for a list of another context."""
    if xs.context != idx.context:
        raise ValueError(f"an index into {idx.context} cannot read a list of context {xs.context}")
    return xs[idx.i]


@mirrors("Proofs.Autograd.TList.single")
def single(ar: Arithmetic, idx: Idx, v: Tensor) -> TList:
    """The typed list with `v` at `idx` and zeros elsewhere; raises `ValueError` for another shape."""
    if v.shape != idx.shape:
        raise ValueError(f"a tensor of shape {v.shape} cannot stand at an index of shape {idx.shape}")
    zeros = zero(ar, idx.context).tensors
    return TList((*zeros[: idx.i], v, *zeros[idx.i + 1 :]))


@dataclass(frozen=True, slots=True)
class VecMaps:
    """The vector-level forward, jvp and vjp that `node_of_vec` builds a node from."""

    forward: Callable[[Arithmetic, Array], Array]
    jvp: Callable[[Arithmetic, Array, Array], Array]
    vjp: Callable[[Arithmetic, Array, Array], Array]

    def of_kind(self, kind: str) -> VecMaps:
        """The same maps, which tracebacks and profiles show as `kind.forward`, `kind.jvp` and `kind.vjp`."""
        return VecMaps(named(self.forward, kind, "forward"), named(self.jvp, kind, "jvp"), named(self.vjp, kind, "vjp"))


@mirrors("Proofs.Autograd.Node")
@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """One operation: it reads a typed context and yields a tensor of shape `shape`.

    Lean's proof field `correct` (⟨jvp x dx, δ⟩ = ⟨dx, vjp x δ⟩) is a theorem test here. `kind`,
    `inputs` and `parameters` say what the node is, as plain data; `vec` holds the vector-level
    maps of a node that was built from them.
    """

    context: Context
    shape: Shape
    forward: Callable[[Arithmetic, TList], Tensor]
    jvp: Callable[[Arithmetic, TList, TList], Tensor]
    vjp: Callable[[Arithmetic, TList, Tensor], TList]
    kind: str = "node"
    inputs: tuple[Idx, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    vec: VecMaps | None = None

    def __post_init__(self) -> None:
        for idx in self.inputs:
            if idx.context != self.context:
                raise ValueError(
                    f"{self.kind} reads index {idx.i} of the context {idx.context}, "
                    f"but stands in the context {self.context}"
                )


@mirrors("Proofs.Autograd.Graph")
@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """A list of nodes in static single assignment: each may read the inputs and all earlier results."""

    context: Context
    nodes: tuple[Node, ...] = ()

    def __post_init__(self) -> None:
        known = self.context
        for k, node in enumerate(self.nodes):
            if node.context != known:
                raise ValueError(
                    f"node {k} ({node.kind}) stands in the context {node.context}, but the graph offers {known} there"
                )
            known = (*known, node.shape)

    @property
    def saved(self) -> Context:
        """The shapes of the results (Lean's `ss`)."""
        return tuple(node.shape for node in self.nodes)

    @staticmethod
    def nil(context: Context) -> Graph:
        """The empty graph."""
        return Graph(context)

    def snoc(self, node: Node) -> Graph:
        """Append a node; raises `ValueError` where it stands in another context."""
        return Graph(self.context, (*self.nodes, node))


def _require(graph: Graph, xs: TList, expected: Context, role: str) -> None:
    if xs.context != expected:
        raise ValueError(
            f"the {role} has context {xs.context}, expected {expected}, for a graph of {len(graph.nodes)} nodes"
        )


@mirrors("Proofs.Autograd.Graph.eval")
def eval_graph(ar: Arithmetic, graph: Graph, x: TList) -> TList:
    """Forward run: the inputs, then the result of every node."""
    _require(graph, x, graph.context, "input")
    for node in graph.nodes:
        x = snoc(x, node.forward(ar, x))
    return x


@mirrors("Proofs.Autograd.Graph.jvpCtx")
def jvp_ctx(ar: Arithmetic, graph: Graph, x: TList, dx: TList) -> TList:
    """Forward-mode run: tangents of the inputs, then of every result."""
    _require(graph, dx, graph.context, "tangent")
    context = eval_graph(ar, graph, x)
    for node in graph.nodes:
        dx = snoc(dx, node.jvp(ar, TList(context.tensors[: len(dx)]), dx))
    return dx


@mirrors("Proofs.Autograd.Graph.backpropCtx")
def backprop_ctx(ar: Arithmetic, graph: Graph, x: TList, seed: TList) -> TList:
    """Reverse run: cotangents of all entries pulled back, with accumulation, to the inputs."""
    _require(graph, seed, (*graph.context, *graph.saved), "seed")
    context = eval_graph(ar, graph, x)
    for node in reversed(graph.nodes):
        seed, delta = unsnoc(seed)
        seed = add(seed, node.vjp(ar, TList(context.tensors[: len(seed)]), delta))
    return seed
