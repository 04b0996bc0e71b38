"""Contexts as flat vectors, the vector-level runs of a graph, and derivative certificates.

Twin of `NN/Proofs/Autograd/Tape/Core/FDeriv.lean`. A context vector is the concatenation of the
flattened entries, in order. Where Lean says `CtxVec Γ`, here a flat array goes with its context.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from mirror.algebra.soundness import TList
from mirror.arithmetic import Arithmetic, Array, Scalar
from mirror.arithmetic.rigorous import working_precision
from mirror.core.soundness import Graph, Node
from mirror.core.vectorization import Vec, of_vec_e, to_vec_e
from mirror.frames import named
from mirror.linear_map import LinearFunction, LinearMap
from mirror.links import link_as, mirrors
from mirror.spec.core.shape import Context, Shape, size
from mirror.spec.core.tensor.core import Tensor
from mirror.spec.core.tensor_reduction_shape.shape_change import flatten_spec, unflatten_spec

# A flat vector of length `ctx_size(context)`.
CtxVec = Array
link_as("Proofs.Autograd.CtxVec", __name__, "CtxVec")


@mirrors("Proofs.Autograd.toVecT")
def to_vec_t(t: Tensor) -> Vec:
    """A tensor as a vector, row-major, the outermost index slowest."""
    return to_vec_e(flatten_spec(t))


@mirrors("Proofs.Autograd.ofVecT")
def of_vec_t(shape: Shape, v: Vec) -> Tensor:
    """The tensor of a row-major vector; raises `ValueError` for another length."""
    return unflatten_spec(shape, of_vec_e(v))


@mirrors("Proofs.Autograd.ctxSize")
@lru_cache(maxsize=4096)
def ctx_size(context: Context) -> int:
    """The total number of entries of a context; 0 for the empty one."""
    return sum(size(s) for s in context)


@mirrors("Proofs.Autograd.vecOfFun")
def vec_of_fun(n: int, f: Callable[[int], Scalar]) -> Vec:
    """The vector of n scalars given by its coordinate function, as a numpy object array."""
    out = np.empty(n, dtype=object)
    out[:] = [f(i) for i in range(n)]
    return out


@mirrors("Proofs.Autograd.flattenCtx")
def flatten_ctx(ar: Arithmetic, xs: TList) -> CtxVec:
    """A typed list as one vector, head first."""
    return ar.concat([ar.zeros(0), *(to_vec_t(t) for t in xs)])


@mirrors("Proofs.Autograd.unflattenCtx")
def unflatten_ctx(context: Context, v: CtxVec) -> TList:
    """A vector as a typed list; raises `ValueError` for another length."""
    _require_length(v, ctx_size(context), "the context", context)
    tensors, start = [], 0
    for shape in context:
        stop = start + size(shape)
        tensors.append(of_vec_t(shape, v[start:stop]))
        start = stop
    return TList(tuple(tensors))


def _require_length(v: Vec, n: int, where: str, context: Context | None = None) -> None:
    if v.shape != (n,):
        # A context is spelled out only here: every node of every run comes by.
        whole = where if context is None else f"{where} {context}"
        raise ValueError(f"got an array of shape {tuple(v.shape)}, expected a vector of length {n} for {whole}")


@mirrors("Proofs.Autograd.castVec")
def cast_vec(m: int, v: Vec) -> Vec:
    """The same coordinates along an equality of lengths; raises `ValueError` where they differ."""
    _require_length(v, m, "a cast")
    return v


@mirrors("Proofs.Autograd.appendVec")
def append_vec(ar: Arithmetic, a: Vec, b: Vec) -> Vec:
    """Two vectors end to end."""
    return ar.concat([a, b])


@mirrors("Proofs.Autograd.castCtxVec")
def cast_ctx_vec(source: Context, target: Context, v: CtxVec) -> CtxVec:
    """`cast_vec` along an equality of contexts; raises `ValueError` where they differ."""
    if source != target:
        raise ValueError(f"cannot cast a vector of the context {source} to {target}")
    return cast_vec(ctx_size(target), v)


@mirrors("Proofs.Autograd.snocCtx")
def snoc_ctx(ar: Arithmetic, ctx: CtxVec, t: Vec) -> CtxVec:
    """Append one block at the end of a context vector."""
    return append_vec(ar, ctx, t)


@mirrors("Proofs.Autograd.unsnocCtx")
def unsnoc_ctx(shape: Shape, ctx: CtxVec) -> tuple[CtxVec, Vec]:
    """Split off the last block, of shape `shape`."""
    cut = ctx.shape[0] - size(shape)
    return ctx[:cut], ctx[cut:]


# ---- a node on flat vectors


@mirrors("Proofs.Autograd.Node.forwardVec")
def forward_vec(ar: Arithmetic, node: Node, x: CtxVec) -> Vec:
    """The node's forward map on flat vectors."""
    # `Node.forwardVec_ofVec`: for a node built from vector-level maps the conjugation cancels.
    if node.vec is not None:
        return node.vec.forward(ar, x)
    return to_vec_t(node.forward(ar, unflatten_ctx(node.context, x)))


@mirrors("Proofs.Autograd.Node.jvpVec")
def node_jvp_vec(ar: Arithmetic, node: Node, x: CtxVec, dx: CtxVec) -> Vec:
    """The node's tangent map on flat vectors."""
    if node.vec is not None:
        return node.vec.jvp(ar, x, dx)
    return to_vec_t(node.jvp(ar, unflatten_ctx(node.context, x), unflatten_ctx(node.context, dx)))


@mirrors("Proofs.Autograd.Node.vjpVec")
def node_vjp_vec(ar: Arithmetic, node: Node, x: CtxVec, delta: Vec) -> CtxVec:
    """The node's cotangent map on flat vectors: a cotangent on its whole context."""
    if node.vec is not None:
        return node.vec.vjp(ar, x, delta)
    context = unflatten_ctx(node.context, x)
    return flatten_ctx(ar, node.vjp(ar, context, of_vec_t(node.shape, delta)))


# ---- a graph on flat vectors


# The forward runs made within `shared_evaluations`: what each was made of, so that it stays alive, and its values.
_EVALUATED: ContextVar[dict[Any, tuple[Any, CtxVec]] | None] = ContextVar("evaluated", default=None)


@contextmanager
def shared_evaluations() -> Iterator[None]:
    """Within it a forward run is made once: of one graph object at one vector object and one precision.

    What is evaluated there is the same as without it, as long as nothing changes a graph, a vector or a function.
    """
    token = _EVALUATED.set({})
    try:
        yield
    finally:
        _EVALUATED.reset(token)


@mirrors("Proofs.Autograd.Graph.evalVec")
def eval_vec(ar: Arithmetic, graph: Graph, x: CtxVec) -> CtxVec:
    """Forward run on flat vectors: the inputs, then the result of every node.

    Raises `ValueError` for an input of another length.
    """
    _require_length(x, ctx_size(graph.context), "the inputs", graph.context)
    if (evaluated := _EVALUATED.get()) is None:
        return _run(ar, graph, x)
    key = id(ar), id(graph), id(x), working_precision()
    if key not in evaluated:
        evaluated[key] = (ar, graph, x), _run(ar, graph, x)
    return evaluated[key][1]


def _run(ar: Arithmetic, graph: Graph, x: CtxVec) -> CtxVec:
    for node in graph.nodes:
        x = snoc_ctx(ar, x, forward_vec(ar, node, x))
    return x


@mirrors("Proofs.Autograd.Graph.jvpVec")
def jvp_vec(ar: Arithmetic, graph: Graph, x: CtxVec, dx: CtxVec) -> CtxVec:
    """Forward-mode run on flat vectors: tangents of the inputs, then of every result."""
    _require_length(dx, ctx_size(graph.context), "the tangents of", graph.context)
    context = eval_vec(ar, graph, x)
    for node in graph.nodes:
        dx = snoc_ctx(ar, dx, node_jvp_vec(ar, node, context[: dx.shape[0]], dx))
    return dx


@mirrors("Proofs.Autograd.Graph.backpropVec")
def backprop_vec(ar: Arithmetic, graph: Graph, x: CtxVec, seed: CtxVec) -> CtxVec:
    """Reverse run on flat vectors: a cotangent on inputs and results, pulled back to the inputs.

    Every node adds its contribution to the cotangent of what it read, so fan-out accumulates.
    """
    everything = (*graph.context, *graph.saved)
    _require_length(seed, ctx_size(everything), "a seed on", everything)
    context = eval_vec(ar, graph, x)
    for node in reversed(graph.nodes):
        seed, delta = unsnoc_ctx(node.shape, seed)
        seed = seed + node_vjp_vec(ar, node, context[: seed.shape[0]], delta)
    return seed


# ---- derivative certificates: data that a Lean proof checks and a theorem test tries


@mirrors("Proofs.Autograd.NodeFDerivCorrect")
@dataclass(frozen=True, slots=True, eq=False)
class NodeFDerivCorrect:
    """A node with its derivative at every point.

    Lean's proof fields say that `deriv(x)` is the Fréchet derivative of the forward map at x and
    that the node's jvp applies it; the tests try both.
    """

    node: Node
    deriv: Callable[[Arithmetic, CtxVec], LinearMap]

    def __post_init__(self) -> None:
        object.__setattr__(self, "deriv", named(self.deriv, self.node.kind, "deriv"))


@mirrors("Proofs.Autograd.NodeFDerivCorrectAt")
@dataclass(frozen=True, slots=True, eq=False)
class NodeFDerivCorrectAt:
    """A node with its derivative at one point `x`."""

    node: Node
    x: CtxVec
    deriv: LinearMap


@mirrors("Proofs.Autograd.NodeFDerivCorrect.at")
def certificate_at(ar: Arithmetic, hn: NodeFDerivCorrect, x: CtxVec) -> NodeFDerivCorrectAt:
    """A global certificate read at one point."""
    return NodeFDerivCorrectAt(hn.node, x, hn.deriv(ar, x))


def _require_certificates(graph: Graph, nodes: tuple[Node, ...]) -> None:
    if len(nodes) != len(graph.nodes) or any(a is not b for a, b in zip(nodes, graph.nodes, strict=True)):
        raise ValueError(
            f"the certificates are for nodes {[n.kind for n in nodes]}, the graph has {[n.kind for n in graph.nodes]}"
        )


@mirrors("Proofs.Autograd.GraphFDerivCorrect")
@dataclass(frozen=True, slots=True, eq=False)
class GraphFDerivCorrect:
    """One global certificate for each node of a graph; raises `ValueError` where they do not match."""

    graph: Graph
    nodes: tuple[NodeFDerivCorrect, ...]

    def __post_init__(self) -> None:
        _require_certificates(self.graph, tuple(hn.node for hn in self.nodes))


@mirrors("Proofs.Autograd.GraphFDerivCorrectAt")
@dataclass(frozen=True, slots=True, eq=False)
class GraphFDerivCorrectAt:
    """One certificate for each node of a graph, each at the values that the graph gives it at `x`."""

    graph: Graph
    x: CtxVec
    nodes: tuple[NodeFDerivCorrectAt, ...]

    def __post_init__(self) -> None:
        _require_certificates(self.graph, tuple(hn.node for hn in self.nodes))


# ---- the structural linear maps


@mirrors("Proofs.Autograd.Graph.appendCLM")
def append_clm(m: int, n: int) -> LinearMap:
    """(a, b) ↦ a ++ b, with the pair itself stored end to end: the identity of ℝ^(m + n)."""
    return cast_clm(m + n, m + n)


@mirrors("Proofs.Autograd.Graph.castCLM")
def cast_clm(n: int, m: int) -> LinearMap:
    """`cast_vec` as a linear map; raises `ValueError` unless n = m."""
    if n != m:
        raise ValueError(f"cannot cast ℝ^{n} to ℝ^{m}")

    def apply(ar: Arithmetic, v: Array) -> Array:
        return cast_vec(m, v)

    return LinearFunction(n, m, apply, apply)


@mirrors("Proofs.Autograd.Graph.snocCLM")
def snoc_clm(context: Context, shape: Shape) -> LinearMap:
    """`snoc_ctx` as a linear map on pairs stored end to end."""
    n = ctx_size(context)
    return cast_clm(n + size(shape), ctx_size((*context, shape))).comp(append_clm(n, size(shape)))


def pair(first: LinearMap, second: LinearMap) -> LinearMap:
    """v ↦ (first v, second v) stored end to end (Mathlib's `ContinuousLinearMap.prod`)."""
    if first.domain != second.domain:
        raise ValueError(f"a pair of maps needs one domain, got ℝ^{first.domain} and ℝ^{second.domain}")
    cut = first.codomain

    def apply(ar: Arithmetic, v: Array) -> Array:
        return ar.concat([first.apply(ar, v), second.apply(ar, v)])

    def adjoint(ar: Arithmetic, w: Array) -> Array:
        return first.apply_adjoint(ar, w[:cut]) + second.apply_adjoint(ar, w[cut:])

    return LinearFunction(first.domain, cut + second.codomain, apply, adjoint)
