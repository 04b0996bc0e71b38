"""A random value of an evaluated Lean type, as the mirror has it and as Lean has it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from flint import fmpq
from hypothesis import strategies as st

from lean_refs.evaluator.described import type_itself
from lean_refs.evaluator.errors import ContractError
from lean_refs.evaluator.machine import Sought, force
from lean_refs.evaluator.values import REAL, Fin, FunctionType, LeanType, LeanValue
from mirror.arithmetic import BALL
from mirror.core.fderiv import GraphFDerivCorrect, GraphFDerivCorrectAt, ctx_size, eval_vec
from mirror.core.soundness import Graph, Idx
from mirror.linear_map import PositionWise
from mirror.node_kinds import node_certificate_at
from mirror.nodes.graph_composition import DGraph
from mirror.ops.norm.layer_norm import Inputs
from mirror.spec.core.shape import Context, Shape
from theorems.engine.graphs import global_certificate
from theorems.engine.strategies.maps import smooth_maps
from theorems.engine.strategies.shapes import contexts, dimensions, shapes, tensor_of, typed_list
from theorems.tools.audit.evaluated import far as reach
from theorems.tools.audit.evaluated import forms
from theorems.tools.audit.evaluated.arguments import Drawn
from theorems.tools.audit.evaluated.coordinates import dimension, is_fin, of_coordinates
from theorems.tools.audit.evaluated.errors import NoArgumentError, UndrawableError
from theorems.tools.audit.evaluated.functions import MapOfVectors, Operation, Polynomial
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
from theorems.tools.audit.evaluated.nodes import derivative_of, node_into
from theorems.tools.output.counted import counted

Both = tuple[Any, LeanValue]


def drawn_value(d: Drawn, type_: LeanValue, name: str = "") -> Both:
    """A value of the type for the argument `name`; raises `UndrawableError` for a type of which none is drawn."""
    type_ = type_itself(type_)
    if isinstance(type_, FunctionType):
        return _function(d, name, type_)
    for called, arguments in type_.via:
        if called in (GRAPH_CERTIFICATE, GRAPH_CERTIFICATE_AT):
            return _graph_certificate(d, arguments[2:])
    make = _MAKE.get(type_.head)
    if make is None:
        raise UndrawableError(f"no value of the type {type_.head} is drawn")
    if len(type_.arguments) != _ARGUMENTS.get(type_.head, len(type_.arguments)):
        raise ContractError(f"{type_.head} with {counted(len(type_.arguments), 'argument')}")
    return make(d, name, type_.arguments)


# ---- numbers, shapes and contexts


def closed(type_: LeanValue, value: Any) -> Both:
    """A number, a shape, a context or a type as both sides have it."""
    match force(type_).head:
        case "Spec.Shape":
            return value, forms.shape(value)
        case "List":
            return value, forms.context(value)
    return value, value


def _dimension(d: Drawn, _: str, __: Sequence[LeanValue]) -> Both:
    return closed(LeanType("Nat"), d.draw(dimensions(d.sizes)))


def _shape(d: Drawn, _: str, __: Sequence[LeanValue]) -> Both:
    return closed(LeanType(SHAPE), d.draw(shapes(d.sizes)))


def _context(d: Drawn, _: str, __: Sequence[LeanValue]) -> Both:
    return closed(LeanType("List"), d.draw(contexts(d.sizes)))


def _type(_: Drawn, __: str, ___: Sequence[LeanValue]) -> Both:
    return REAL, REAL


def _number(d: Drawn, name: str, _: Sequence[LeanValue]) -> Both:
    x = d.fill.nonzero() if not name.startswith("ε") else _epsilon(d)
    return x, x


def _epsilon(d: Drawn) -> fmpq:
    """One of those; of a far instance none twice, so that one norm with the other's shows."""
    taken = [a.mirror for a in d.arguments.values() if d.far and a.name.startswith("ε")]
    return d.draw(st.sampled_from([x for x in EPSILONS if x not in taken]))


# ε of a norm: mostly positive, as the hypotheses ask; a negative one now and then.
EPSILONS = (fmpq(1), fmpq(1, 100), fmpq(1, 100000), fmpq(3, 2), fmpq(-1, 3))


def _fin(d: Drawn, _: str, arguments: Sequence[LeanValue]) -> Both:
    bound = force(arguments[0])
    if not bound:
        raise NoArgumentError("an index of `Fin 0`")
    i = bound - 1 if _late(d) else d.draw(st.integers(0, bound - 1))
    return i, Fin(i, bound)


def _late(d: Drawn) -> bool:
    """Whether the last entry is taken: of a long context mostly."""
    return d.far and d.draw(st.integers(0, 2)) > 0


def _vector(d: Drawn, name: str, arguments: Sequence[LeanValue]) -> Both:
    v = vector(d, force(force(arguments[1]).arguments[0]))
    if d.far and name == "bias":
        v = reach.masking(d.draw, v)
    return v, tuple(v)


def vector(d: Drawn, n: int) -> np.ndarray:
    """A vector, of positive entries where hypotheses may ask for those."""
    v = d.fill.vector(n)
    return np.array([abs(x) + fmpq(1, 2) for x in v], dtype=object).reshape(n) if d.positive else v


def _tensor(d: Drawn, _: str, arguments: Sequence[LeanValue]) -> Both:
    if force(arguments[0]) != REAL:
        raise UndrawableError("a tensor of what are no real numbers")
    t = tensor_of(d.fill, forms.read_shape(arguments[1]))
    return t, forms.tensor(t)


def _list(d: Drawn, _: str, arguments: Sequence[LeanValue]) -> Both:
    xs = typed_list(d.fill, forms.read_context(arguments[1]))
    return xs, forms.typed_list(xs)


def _index_in(d: Drawn, context: Context, shape: Shape, other: int = -1) -> Idx:
    """An index of an entry of that shape, if there are several of another one than `other`."""
    places = [i for i, found in enumerate(context) if found == shape]
    places = [i for i in places if i != other] or places
    if not places:
        raise NoArgumentError(f"an index of an entry {shape} in {context}")
    if _late(d):
        places = [i for i in places if i >= reach.LATE] or places[-1:]
    return Idx(context, d.draw(st.sampled_from(places)), shape)


def _index(d: Drawn, _: str, arguments: Sequence[LeanValue]) -> Both:
    idx = _index_in(d, forms.read_context(arguments[0]), forms.read_shape(arguments[1]))
    return idx, forms.index(idx)


def _inputs(d: Drawn, _: str, arguments: Sequence[LeanValue]) -> Both:
    context, (m, n) = forms.read_context(arguments[0]), map(force, arguments[1:])
    x, gamma = _index_in(d, context, Shape(m, n)), _index_in(d, context, Shape(n))
    # Of far ones every other has one entry as γ and β, which collects the cotangents of both; else they are two.
    beta = gamma if d.far and d.draw(st.booleans()) else _index_in(d, context, Shape(n), gamma.i)
    found = Inputs(x, gamma, beta)
    return found, forms.inputs(found)


def _linear(d: Drawn, _: str, arguments: Sequence[LeanValue]) -> Both:
    columns, rows = map(dimension, arguments)
    if columns is None or rows is None:
        raise UndrawableError("a linear map between spaces without coordinates")
    found = PositionWise(1, rows, columns, d.fill.weights(rows * columns))
    return found, forms.linear(found, *arguments)


def _node(d: Drawn, _: str, arguments: Sequence[LeanValue]) -> Both:
    context, shape = forms.read_context(arguments[0]), forms.read_shape(arguments[1])
    found = node_into(d.draw, d.fill, context, shape, smooth=d.smooth)
    return found, forms.node(found)


def drawn_graph(d: Drawn, context: Context, saved: Context) -> Graph:
    """A graph in the context whose results have these shapes."""
    graph = Graph.nil(context)
    for shape in saved:
        known = (*graph.context, *graph.saved)
        graph = graph.snoc(node_into(d.draw, d.fill, known, shape, smooth=d.smooth))
    return graph


def _graph(d: Drawn, _: str, arguments: Sequence[LeanValue]) -> Both:
    found = drawn_graph(d, *map(forms.read_context, arguments))
    return found, forms.graph(found)


def _of(d: Drawn, lean: LeanValue) -> Any:
    """The mirror's side of an argument that is drawn already."""
    for a in d.arguments.values():
        if a.lean is force(lean):
            return a.mirror
    raise UndrawableError("a certificate of what is no argument itself")


def _certificate(d: Drawn, _: str, arguments: Sequence[LeanValue]) -> Both:
    found = global_certificate(_of(d, arguments[2]))
    return found, forms.certificate(found)


def _graph_certificate(d: Drawn, arguments: Sequence[LeanValue]) -> Both:
    """A certificate of a drawn graph, at every point or at a drawn one."""
    graph, *point = (_of(d, argument) for argument in arguments)
    if not point:
        found = GraphFDerivCorrect(graph, tuple(map(global_certificate, graph.nodes)))
        return found, forms.graph_certificate(found)
    everything = eval_vec(BALL, graph, point[0])
    nodes = (node_certificate_at(BALL, node, everything[: ctx_size(node.context)]) for node in graph.nodes)
    at = GraphFDerivCorrectAt(graph, point[0], tuple(nodes))
    return at, forms.graph_certificate(at)


def _certificate_at(_: Drawn, __: str, arguments: Sequence[LeanValue]) -> Both:
    context, shape = forms.read_context(arguments[0]), forms.read_shape(arguments[1])
    found = derivative_of(context, shape, arguments[2], arguments[3])
    return found, forms.certificate_at(found)


def _certified_graph(d: Drawn, _: str, arguments: Sequence[LeanValue]) -> Both:
    graph = drawn_graph(d, *map(forms.read_context, arguments))
    found = DGraph(graph, GraphFDerivCorrect(graph, tuple(map(global_certificate, graph.nodes))))
    return found, forms.certified_graph(found)


_MAKE: Mapping[str, Callable[[Drawn, str, Sequence[LeanValue]], Both]] = {
    "Nat": _dimension,
    "Type": _type,
    "List": _context,
    SHAPE: _shape,
    "Real": _number,
    "Fin": _fin,
    "EuclideanSpace": _vector,
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


# How many arguments types of the source have, where values of them are drawn.
_ARGUMENTS: Mapping[str, int] = {
    TENSOR: 2, TLIST: 2, IDX: 2, INPUTS: 3, NODE: 2, GRAPH: 2, DGRAPH: 2, NODE_CERTIFICATE: 3, NODE_CERTIFICATE_AT: 4
}  # fmt: skip

# ---- functions


def _function(d: Drawn, name: str, type_: FunctionType) -> Both:
    domain = force(type_.domain)
    if is_fin(domain):
        size = dimension(type_)
        if size is None:
            raise UndrawableError(f"the function {name} with values in no space")
        count = force(domain.arguments[0])
        v = vector(d, size)
        shaped = v if _is_number(type_.codomain(Fin(0, max(count, 1)))) else v.reshape(count, size // max(count, 1))
        return shaped, of_coordinates(type_, list(v))
    result = force(type_.codomain(Sought("")))
    if _is_number(domain):
        found = Operation.drawn(d.fill) if isinstance(result, FunctionType) else _real_function(d, name)
    else:
        found = _map(d, domain, result)
    return found, found.in_lean()


def _is_number(type_: LeanValue) -> bool:
    return force(type_) == REAL


def _real_function(d: Drawn, name: str) -> Polynomial:
    """A real function, or the derivative of the one before it where its name says so."""
    earlier = [a.mirror for a in d.arguments.values() if a.name and a.name + "'" == name]
    return earlier[0].derivative() if earlier and d.derivatives else Polynomial.drawn(d.fill)


def _map(d: Drawn, domain: LeanValue, result: LeanValue) -> MapOfVectors:
    """A map of vectors; of two arguments, the derivative of the one before it, or the adjoint of that."""
    n = dimension(domain)
    if not isinstance(result, FunctionType):
        m = dimension(result)
        if n is None or m is None:
            raise UndrawableError("a map between spaces without coordinates")
        return MapOfVectors(d.draw(smooth_maps(d.fill, n, m)), "value")
    maps = [a.mirror.map for a in d.arguments.values() if isinstance(a.mirror, MapOfVectors)]
    roles = {a.mirror.role for a in d.arguments.values() if isinstance(a.mirror, MapOfVectors)}
    return MapOfVectors(maps[0], "vjp" if "jvp" in roles else "jvp")
