"""A value of Lean against a value of the mirror, by the evaluated type of Lean: claims that can be judged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from lean_refs.evaluator.machine import force
from lean_refs.evaluator.values import Fin, FunctionType, LeanType, LeanValue, euclidean
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
from mirror.linear_map import LinearMap as MirrorMap
from mirror.linear_map import basis_vector
from mirror.nodes.graph_composition import DGraph
from mirror.ops.norm.layer_norm import Inputs
from mirror.spec.core.shape import Context, Shape, size
from mirror.spec.core.tensor.core import Tensor
from theorems.engine.evidence.verdicts import Claim, Equal, Holds
from theorems.engine.strategies.shapes import tensor_of, typed_list
from theorems.engine.strategies.values import Fill
from theorems.tools.audit.evaluated import forms
from theorems.tools.audit.evaluated.coordinates import coordinates, dimension, entries, is_fin, of_coordinates
from theorems.tools.audit.evaluated.errors import UndrawableError
from theorems.tools.audit.evaluated.names import (
    DGRAPH,
    GRAPH,
    GRAPH_CERTIFICATE,
    GRAPH_CERTIFICATE_AT,
    IDX,
    INPUTS,
    NODE,
    NODE_CERTIFICATE,
    NODE_CERTIFICATE_AT,
    SHAPE,
    TENSOR,
    TLIST,
)
from theorems.tools.audit.evaluated.numbers import ZERO


def claims(type_: LeanValue, lean: LeanValue, mirror: Any, fill: Fill, at: str = "") -> Iterator[Claim]:
    """What must hold if the two are the same value of the type; `at` says which part of the result they are."""
    type_ = force(type_)
    if isinstance(type_, FunctionType):
        yield from _at_every_point(type_, lean, mirror, fill, at)
        return
    for name, arguments in type_.via:
        if name in (GRAPH_CERTIFICATE, GRAPH_CERTIFICATE_AT):
            yield _of_kind(at, mirror, GraphFDerivCorrect if name == GRAPH_CERTIFICATE else GraphFDerivCorrectAt)
            yield from _graph_certificate(name, arguments, lean, mirror, fill, at)
            return
    compare = _COMPARE.get(type_.head)
    if compare is None:
        raise UndrawableError(f"values of the type {type_.head} are not compared")
    yield _of_kind(at, mirror, _KINDS.get(type_.head, object))
    yield from compare(type_.arguments, lean, mirror, fill, at)


def _at_every_point(type_: FunctionType, lean: LeanValue, mirror: Any, fill: Fill, at: str) -> Iterator[Claim]:
    if not is_fin(type_.domain):
        raise UndrawableError("a function on an infinite type is not compared by itself")
    count = force(force(type_.domain).arguments[0])
    yield _alike(at, "the number of values", count, len(mirror))
    for k in range(count):
        i = Fin(k, count)
        yield from claims(type_.codomain(i), force(lean)(i), mirror[k], fill, f"{at}value {k}, ")


def _data(read: Callable[[LeanValue], Any]) -> Callable[..., Iterator[Claim]]:
    """Data that is the same or not."""

    def compare(_: Any, lean: LeanValue, mirror: Any, __: Fill, at: str) -> Iterator[Claim]:
        found = read(force(lean))
        yield Holds(f"{at}the value", found == mirror, f"{found} in Lean, {mirror} in the mirror")

    return compare


def _numbers(head: str) -> Callable[..., Iterator[Claim]]:
    """The coordinates of a number or a vector."""

    def compare(arguments: Any, lean: LeanValue, mirror: Any, _: Fill, at: str) -> Iterator[Claim]:
        yield Equal(f"{at}the numbers", coordinates(LeanType(head, arguments), lean), entries(mirror))

    return compare


def _pair(arguments: Sequence[LeanValue], lean: LeanValue, mirror: Any, fill: Fill, at: str) -> Iterator[Claim]:
    known = force(lean)
    yield from claims(arguments[0], known.first, mirror[0], fill, f"{at}first, ")
    yield from claims(arguments[1], known.second, mirror[1], fill, f"{at}second, ")


def _tensor(_: Any, lean: LeanValue, mirror: Any, __: Fill, at: str) -> Iterator[Claim]:
    found = forms.read_tensor(lean)
    yield _alike(at, "the shape", found.shape, mirror.shape)
    yield Equal(f"{at}the entries", entries(found.entries), entries(mirror.entries))


def _list(_: Any, lean: LeanValue, mirror: Any, __: Fill, at: str) -> Iterator[Claim]:
    found = forms.read_list(lean)
    yield _alike(at, "the context", found.context, mirror.context)
    for k, (a, b) in enumerate(zip(found, mirror, strict=True)):
        yield Equal(f"{at}entry {k}", entries(a.entries), entries(b.entries))


def _of_kind(at: str, mirror: Any, kind: type) -> Claim:
    """The mirror has a value that can be compared at all."""
    found = type(mirror).__name__
    return Holds(f"{at}the kind of value", isinstance(mirror, kind), f"{found} in the mirror, not {kind.__name__}", 0)


def _alike(at: str, what: str, lean: Any, mirror: Any, counts: int = 0) -> Claim:
    """The two are of one kind, which is no evidence by itself."""
    return Holds(f"{at}{what}", lean == mirror, f"{lean} in Lean, {mirror} in the mirror", counts)


def _index(arguments: Sequence[LeanValue], lean: LeanValue, mirror: Idx, _: Fill, at: str) -> Iterator[Claim]:
    place, bound = forms.read_index(lean)
    yield _alike(at, "the context", forms.read_context(arguments[0]), mirror.context)
    yield _alike(at, "the shape there", forms.read_shape(arguments[1]), mirror.shape)
    same = (place, bound) == (mirror.i, len(mirror.context))
    yield Holds(f"{at}the position", same, f"{place} in Lean, {mirror.i} in the mirror")


def _inputs(arguments: Sequence[LeanValue], lean: LeanValue, mirror: Any, fill: Fill, at: str) -> Iterator[Claim]:
    m, n = map(force, arguments[1:])
    for name, shape in (("x", Shape(m, n)), ("gamma", Shape(n)), ("beta", Shape(n))):
        type_ = arguments[0], forms.shape(shape)
        yield from _index(type_, force(lean).fields[name], getattr(mirror, name), fill, f"{at}{name}, ")


def _linear(arguments: Sequence[LeanValue], lean: LeanValue, mirror: MirrorMap, fill: Fill, at: str) -> Iterator[Claim]:
    """On the basis, so completely; and the adjoint that the mirror keeps, against the matrix of Lean's map."""
    domain, codomain = arguments
    columns, rows = dimension(domain), dimension(codomain)
    if columns is None or rows is None:
        raise UndrawableError("a linear map between spaces without coordinates")
    yield _alike(at, "the dimensions", (columns, rows), (mirror.domain, mirror.codomain))
    known = force(lean)
    basis = [basis_vector(columns, j) for j in range(columns)]
    found = [coordinates(codomain, known(of_coordinates(domain, list(e)))) for e in basis]
    for j, e in enumerate(basis):
        yield Equal(f"{at}on basis vector {j}", found[j], entries(mirror.apply(BALL, e)))
    for i in range(rows):
        back = mirror.apply_adjoint(BALL, basis_vector(rows, i))
        yield Equal(f"{at}the adjoint on basis vector {i}", [column[i] for column in found], entries(back))


def _node(arguments: Sequence[LeanValue], lean: LeanValue, mirror: Node, fill: Fill, at: str) -> Iterator[Claim]:
    """By forward, jvp and vjp at drawn points."""
    context, shape = forms.read_context(arguments[0]), forms.read_shape(arguments[1])
    yield _alike(at, "the context", context, mirror.context)
    yield _alike(at, "the shape", shape, mirror.shape)
    yield from _runs(context, shape, lean, mirror, fill, at)


def _runs(context: Context, shape: Shape, lean: LeanValue, mirror: Node, fill: Fill, at: str) -> Iterator[Claim]:
    fields = force(lean).fields
    x, dx, delta = typed_list(fill, context), typed_list(fill, context), tensor_of(fill, shape)
    here = forms.typed_list(x)
    yield from _tensor((), force(fields["forward"])(here), mirror.forward(BALL, x), fill, f"{at}forward, ")
    moved = force(force(fields["jvp"])(here))(forms.typed_list(dx))
    yield from _tensor((), moved, mirror.jvp(BALL, x, dx), fill, f"{at}jvp, ")
    back = force(force(fields["vjp"])(here))(forms.tensor(delta))
    yield from _list((), back, mirror.vjp(BALL, x, delta), fill, f"{at}vjp, ")


def _graph(arguments: Sequence[LeanValue], lean: LeanValue, mirror: Graph, fill: Fill, at: str) -> Iterator[Claim]:
    """Node by node, which is what all three runs are made of; each at points of its own."""
    context, saved = map(forms.read_context, arguments)
    yield _alike(at, "the inputs", context, mirror.context)
    yield _alike(at, "the results", saved, mirror.saved)
    nodes = _nodes(lean)
    yield _alike(at, "the number of nodes", len(nodes), len(mirror.nodes), counts=1)
    known = context
    for k, (one, ours) in enumerate(zip(nodes, mirror.nodes, strict=True)):
        yield from _runs(known, saved[k], one, ours, fill, f"{at}node {k}, ")
        known = (*known, saved[k])


def _nodes(lean: LeanValue) -> list[LeanValue]:
    found: list[LeanValue] = []
    known = force(lean)
    while known.arguments:
        _, _, known, node = map(force, known.arguments)
        found.append(node)
    return found[::-1]


def _certificate(arguments: Sequence[LeanValue], lean: LeanValue, mirror: Any, fill: Fill, at: str) -> Iterator[Claim]:
    context, shape, node = arguments[:3]
    yield from _node((context, shape), node, mirror.node, fill, f"{at}its node, ")
    x = fill.vector(ctx_size(forms.read_context(context)))
    yield from _deriv(context, shape, force(force(lean).fields["deriv"])(tuple(x)), mirror.deriv(BALL, x), fill, at)


def _deriv(
    context: LeanValue, shape: LeanValue, lean: LeanValue, mirror: MirrorMap, fill: Fill, at: str
) -> Iterator[Claim]:
    yield from _linear(_ends(context, shape), lean, mirror, fill, f"{at}its derivative, ")


def _ends(context: LeanValue, shape: LeanValue) -> tuple[LeanValue, LeanValue]:
    return euclidean(ctx_size(forms.read_context(context))), euclidean(size(forms.read_shape(shape)))


def _drawn(
    context: LeanValue, shape: LeanValue, lean: LeanValue, mirror: MirrorMap, fill: Fill, at: str
) -> Iterator[Claim]:
    """A derivative on one drawn vector, and its adjoint on another: each node's is compared on the basis by itself."""
    domain, codomain = _ends(context, shape)
    v, w = fill.vector(mirror.domain), fill.vector(mirror.codomain)
    yield _alike(at, "the dimensions", (dimension(domain), dimension(codomain)), (mirror.domain, mirror.codomain))
    found = coordinates(codomain, force(lean)(of_coordinates(domain, list(v))))
    yield Equal(f"{at}its derivative", found, entries(mirror.apply(BALL, v)))
    against = sum((a * b for a, b in zip(found, w, strict=True)), start=ZERO)
    back = sum((a * b for a, b in zip(v, entries(mirror.apply_adjoint(BALL, w)), strict=True)), start=ZERO)
    yield Equal(f"{at}the adjoint of its derivative", against, back)


def _certificate_at(
    arguments: Sequence[LeanValue], lean: LeanValue, mirror: Any, fill: Fill, at: str
) -> Iterator[Claim]:
    context, shape, node, x = arguments
    yield from _node((context, shape), node, mirror.node, fill, f"{at}its node, ")
    yield Equal(f"{at}its point", [force(e) for e in force(x)], entries(mirror.x))
    yield from _deriv(context, shape, force(lean).fields["deriv"], mirror.deriv, fill, at)


def _graph_certificate(
    name: str, arguments: Sequence[LeanValue], lean: LeanValue, mirror: Any, fill: Fill, at: str
) -> Iterator[Claim]:
    """A derivative for each node: at a point of its own, or at what the graph computes there."""
    context, saved = map(forms.read_context, arguments[:2])
    yield from _graph(arguments[:2], arguments[2], mirror.graph, fill, f"{at}its graph, ")
    found = _certificates(lean)
    yield _alike(at, "the number of certificates", len(found), len(mirror.nodes))
    everything = None
    if name == GRAPH_CERTIFICATE_AT:
        yield Equal(f"{at}its point", [force(e) for e in force(arguments[3])], entries(mirror.x))
        everything = eval_vec(BALL, mirror.graph, mirror.x)
    known = context
    for k, (one, ours) in enumerate(zip(found, mirror.nodes, strict=True)):
        ends, part = (forms.context(known), forms.shape(saved[k])), f"{at}node {k}, "
        deriv = force(one).fields["deriv"]
        if everything is not None:
            yield Equal(f"{part}its point", entries(everything[: ctx_size(known)]), entries(ours.x))
            yield from _drawn(*ends, deriv, ours.deriv, fill, part)
        else:
            x = fill.vector(ctx_size(known))
            yield from _drawn(*ends, force(deriv)(tuple(x)), ours.deriv(BALL, x), fill, part)
        known = (*known, saved[k])


def _certificates(lean: LeanValue) -> list[LeanValue]:
    found: list[LeanValue] = []
    known = force(lean)
    while hasattr(known, "first"):
        found.append(known.second)
        known = force(known.first)
    return found[::-1]


def _certified_graph(
    arguments: Sequence[LeanValue], lean: LeanValue, mirror: Any, fill: Fill, at: str
) -> Iterator[Claim]:
    fields = force(lean).fields
    yield from _graph_certificate(GRAPH_CERTIFICATE, (*arguments, fields["g"]), fields["hg"], mirror.hg, fill, at)


# What the mirror has where Lean has a value of the type; of numbers and vectors, whatever makes an array.
_KINDS: Mapping[str, type] = {
    "Nat": int,
    "Fin": int,
    "List": tuple,
    SHAPE: Shape,
    "Prod": tuple,
    "ContinuousLinearMap": MirrorMap,
    TENSOR: Tensor,
    TLIST: TList,
    IDX: Idx,
    INPUTS: Inputs,
    NODE: Node,
    GRAPH: Graph,
    DGRAPH: DGraph,
    NODE_CERTIFICATE: NodeFDerivCorrect,
    NODE_CERTIFICATE_AT: NodeFDerivCorrectAt,
}
_COMPARE: Mapping[str, Callable[..., Iterator[Claim]]] = {
    "Nat": _data(lambda x: x),
    "Fin": _data(lambda x: x.value),
    "List": _data(forms.read_context),
    SHAPE: _data(forms.read_shape),
    "Real": _numbers("Real"),
    "EuclideanSpace": _numbers("EuclideanSpace"),
    "Prod": _pair,
    "ContinuousLinearMap": _linear,
    TENSOR: _tensor,
    TLIST: _list,
    IDX: _index,
    INPUTS: _inputs,
    NODE: _node,
    GRAPH: _graph,
    DGRAPH: _certified_graph,
    NODE_CERTIFICATE: _certificate,
    NODE_CERTIFICATE_AT: _certificate_at,
}
