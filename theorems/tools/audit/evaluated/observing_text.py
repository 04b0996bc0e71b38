"""A value of Lean in parts, by its evaluated type."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from lean_refs.evaluator.arithmetic import applied
from lean_refs.evaluator.described import type_itself
from lean_refs.evaluator.machine import force
from lean_refs.evaluator.values import FunctionType, LeanType, LeanValue, euclidean
from mirror.core.fderiv import ctx_size
from mirror.linear_map import basis_vector
from mirror.spec.core.shape import Context, Shape, size
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
from theorems.tools.audit.evaluated.parts import LONGEST_BASIS, Observed, ObservedData, ObservedNumbers


def in_text(type_: LeanValue, value: LeanValue, fill: Fill, at: str = "") -> Iterator[Observed]:
    """The parts of a value of the type; nodes and maps at points of `fill`. `at` says which part of a whole it is.

    Raises `UndrawableError` for a type whose values are not taken apart.
    """
    type_ = type_itself(type_)
    if isinstance(type_, FunctionType):
        yield _at_every_point(type_, value, at)
        return
    for name, arguments in type_.via:
        if name in (GRAPH_CERTIFICATE, GRAPH_CERTIFICATE_AT):
            yield from _graph_certificate(name, arguments, value, fill, at)
            return
    observe = _OBSERVE.get(type_.head)
    if observe is None:
        raise UndrawableError(f"values of the type {type_.head} are not compared")
    yield from observe(type_.arguments, value, fill, at)


def _at_every_point(type_: FunctionType, value: LeanValue, at: str) -> Observed:
    if not is_fin(type_.domain):
        raise UndrawableError("a function on an infinite type is not compared by itself")
    if dimension(type_) is None:
        raise UndrawableError("a function on `Fin n` is compared where its values are numbers")
    return ObservedNumbers(f"{at}the numbers", coordinates(type_, value))


def _data(read: Callable[[LeanValue], Any]) -> Callable[..., Iterator[Observed]]:
    """Data that is the same or not."""

    def observe(_: Any, value: LeanValue, __: Fill, at: str) -> Iterator[Observed]:
        yield ObservedData(f"{at}the value", read(force(value)))

    return observe


def _numbers(head: str) -> Callable[..., Iterator[Observed]]:
    """The coordinates of a number or a vector."""

    def observe(arguments: Any, value: LeanValue, _: Fill, at: str) -> Iterator[Observed]:
        yield ObservedNumbers(f"{at}the numbers", coordinates(LeanType(head, arguments), value))

    return observe


def _pair(arguments: Sequence[LeanValue], value: LeanValue, fill: Fill, at: str) -> Iterator[Observed]:
    known = force(value)
    yield from in_text(arguments[0], known.first, fill, f"{at}first, ")
    yield from in_text(arguments[1], known.second, fill, f"{at}second, ")


def _tensor(_: Any, value: LeanValue, __: Fill, at: str) -> Iterator[Observed]:
    found = forms.read_tensor(value)
    yield ObservedData(f"{at}the shape", found.shape, 0)
    yield ObservedNumbers(f"{at}the entries", entries(found.entries))


def _list(_: Any, value: LeanValue, __: Fill, at: str) -> Iterator[Observed]:
    found = forms.read_list(value)
    yield ObservedData(f"{at}the context", found.context, 0)
    for k, entry in enumerate(found):
        yield ObservedNumbers(f"{at}entry {k}", entries(entry.entries))


def _index(arguments: Sequence[LeanValue], value: LeanValue, _: Fill, at: str) -> Iterator[Observed]:
    place, bound = forms.read_index(value)
    yield ObservedData(f"{at}the context", forms.read_context(arguments[0]), 0)
    yield ObservedData(f"{at}the shape there", forms.read_shape(arguments[1]), 0)
    yield ObservedData(f"{at}the length of the context", bound, 0)
    yield ObservedData(f"{at}the position", place)


def _inputs(arguments: Sequence[LeanValue], value: LeanValue, fill: Fill, at: str) -> Iterator[Observed]:
    m, n = map(force, arguments[1:])
    for name, shape in (("x", Shape(m, n)), ("gamma", Shape(n)), ("beta", Shape(n))):
        yield from _index((arguments[0], forms.shape(shape)), forms.fields(value)[name], fill, f"{at}{name}, ")


def _linear(arguments: Sequence[LeanValue], value: LeanValue, fill: Fill, at: str) -> Iterator[Observed]:
    """On the basis, so completely, its adjoint being the matrix across; on long vectors at one."""
    domain, codomain = arguments
    columns, rows = dimension(domain), dimension(codomain)
    if columns is None or rows is None:
        raise UndrawableError("a linear map between spaces without coordinates")
    if columns > LONGEST_BASIS:
        yield from _at_one_vector(domain, codomain, value, fill, at)
        return
    yield ObservedData(f"{at}the dimensions", (columns, rows), 0)
    found: list[list[Any]] = []
    for j in range(columns):
        found.append(coordinates(codomain, applied(value, of_coordinates(domain, list(basis_vector(columns, j))))))
        yield ObservedNumbers(f"{at}on basis vector {j}", found[j])
    for i in range(rows):
        yield ObservedNumbers(f"{at}the adjoint on basis vector {i}", [column[i] for column in found])


def _node(arguments: Sequence[LeanValue], value: LeanValue, fill: Fill, at: str) -> Iterator[Observed]:
    """By forward, jvp and vjp at points of the fill."""
    context, shape = forms.read_context(arguments[0]), forms.read_shape(arguments[1])
    yield ObservedData(f"{at}the context", context, 0)
    yield ObservedData(f"{at}the shape", shape, 0)
    yield from _runs(context, shape, value, fill, at)


def _runs(context: Context, shape: Shape, value: LeanValue, fill: Fill, at: str) -> Iterator[Observed]:
    fields = forms.fields(value)
    x, dx, delta = typed_list(fill, context), typed_list(fill, context), tensor_of(fill, shape)
    here = forms.typed_list(x)
    yield from _tensor((), applied(fields["forward"], here), fill, f"{at}forward, ")
    moved = applied(applied(fields["jvp"], here), forms.typed_list(dx))
    yield from _tensor((), moved, fill, f"{at}jvp, ")
    back = applied(applied(fields["vjp"], here), forms.tensor(delta))
    yield from _list((), back, fill, f"{at}vjp, ")


def _graph(arguments: Sequence[LeanValue], value: LeanValue, fill: Fill, at: str) -> Iterator[Observed]:
    """Node by node, which is what all three runs are made of; each at points of its own."""
    context, saved = map(forms.read_context, arguments)
    yield ObservedData(f"{at}the inputs", context, 0)
    yield ObservedData(f"{at}the results", saved, 0)
    nodes = _nodes(value)
    yield ObservedData(f"{at}the number of nodes", len(nodes))
    known = context
    for k, one in enumerate(nodes):
        yield from _runs(known, saved[k], one, fill, f"{at}node {k}, ")
        known = (*known, saved[k])


def _nodes(value: LeanValue) -> list[LeanValue]:
    found: list[LeanValue] = []
    known = force(value)
    while known.arguments:
        _, _, known, node = map(force, known.arguments)
        found.append(node)
    return found[::-1]


def _certificate(arguments: Sequence[LeanValue], value: LeanValue, fill: Fill, at: str) -> Iterator[Observed]:
    context, shape, node = arguments[:3]
    yield from _node((context, shape), node, fill, f"{at}its node, ")
    x = fill.vector(ctx_size(forms.read_context(context)))
    yield from _deriv(context, shape, applied(forms.fields(value)["deriv"], tuple(x)), fill, at)


def _deriv(context: LeanValue, shape: LeanValue, value: LeanValue, fill: Fill, at: str) -> Iterator[Observed]:
    yield from _linear(_ends(context, shape), value, fill, f"{at}its derivative, ")


def _ends(context: LeanValue, shape: LeanValue) -> tuple[LeanValue, LeanValue]:
    return euclidean(ctx_size(forms.read_context(context))), euclidean(size(forms.read_shape(shape)))


def _at_one_vector(domain: LeanValue, codomain: LeanValue, value: LeanValue, fill: Fill, at: str) -> Iterator[Observed]:
    """A linear map on one vector, and its adjoint between that and another: where another instance has a basis."""
    columns, rows = dimension(domain), dimension(codomain)
    v, w = fill.vector(columns or 0), fill.vector(rows or 0)
    yield ObservedData(f"{at}the dimensions", (columns, rows), 0)
    found = coordinates(codomain, applied(value, of_coordinates(domain, list(v))))
    yield ObservedNumbers(f"{at}at a vector", found)
    yield ObservedNumbers(f"{at}its adjoint at another", [sum((a * b for a, b in zip(found, w, strict=True)), ZERO)])


def _certificate_at(arguments: Sequence[LeanValue], value: LeanValue, fill: Fill, at: str) -> Iterator[Observed]:
    context, shape, node, x = arguments
    yield from _node((context, shape), node, fill, f"{at}its node, ")
    yield ObservedNumbers(f"{at}its point", [force(e) for e in force(x)])
    yield from _deriv(context, shape, forms.fields(value)["deriv"], fill, at)


def _graph_certificate(
    name: str, arguments: Sequence[LeanValue], value: LeanValue, fill: Fill, at: str
) -> Iterator[Observed]:
    """A derivative for each node: at a point of its own, or at what the graph computes there."""
    context, saved = map(forms.read_context, arguments[:2])
    yield from _graph(arguments[:2], arguments[2], fill, f"{at}its graph, ")
    found = _certificates(value)
    yield ObservedData(f"{at}the number of certificates", len(found), 0)
    local = name == GRAPH_CERTIFICATE_AT
    if local:
        yield ObservedNumbers(f"{at}its point", [force(e) for e in force(arguments[3])])
    known = context
    for k, one in enumerate(found):
        ends, part = _ends(forms.context(known), forms.shape(saved[k])), f"{at}node {k}, its derivative, "
        deriv = forms.fields(one)["deriv"]
        if local:
            yield ObservedData(f"{at}node {k}, its point is what the graph computes there", True, 0)  # the type says so
        else:
            deriv = applied(deriv, tuple(fill.vector(ctx_size(known))))
        yield from _at_one_vector(*ends, deriv, fill, part)
        known = (*known, saved[k])


def _certificates(value: LeanValue) -> list[LeanValue]:
    found: list[LeanValue] = []
    known = force(value)
    while hasattr(known, "first"):
        found.append(known.second)
        known = force(known.first)
    return found[::-1]


def _certified_graph(arguments: Sequence[LeanValue], value: LeanValue, fill: Fill, at: str) -> Iterator[Observed]:
    fields = forms.fields(value)
    yield from _graph_certificate(GRAPH_CERTIFICATE, (*arguments, fields["g"]), fields["hg"], fill, at)


_OBSERVE: Mapping[str, Callable[..., Iterator[Observed]]] = {
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
