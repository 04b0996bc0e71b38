"""Numbers, data and arguments as JSON and back: rationals exactly, balls with their radius."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

import numpy as np
from flint import arb

from lean_refs.evaluator.values import REAL, LeanType
from mirror.arithmetic import BALL
from mirror.core.fderiv import (
    GraphFDerivCorrect,
    GraphFDerivCorrectAt,
    NodeFDerivCorrect,
    NodeFDerivCorrectAt,
)
from mirror.core.soundness import Graph, Node
from mirror.linear_map import LinearMap, basis_vector
from mirror.node_kinds import Parameter
from mirror.nodes.graph_composition import DGraph
from mirror.ops.norm.layer_norm import Inputs
from theorems.engine.codec import MalformedInstance, decode, encode
from theorems.engine.graphs import ELEMENTWISE, KINDS, GraphSpec, NodeSpec, global_certificate
from theorems.tools.audit.evaluated.functions import MapOfVectors, Operation, Polynomial
from theorems.tools.audit.evaluated.nodes import of_matrix

DIGITS = 45  # of a ball: less than a billion, it is narrower than 2⁻¹⁰⁰


# ---- numbers: `3/2`, or a ball as `0.84147±1e-45`


def numbers_text(entries: Iterable[Any]) -> str:
    """Numbers as one text."""
    return " ".join(map(_number_text, entries))


def _number_text(x: Any) -> str:
    if not isinstance(x, arb):
        return str(x)
    middle, _, radius = x.str(DIGITS).strip("[]").partition("+/-")
    return f"{middle.strip() or 0}±{radius.strip() or 0}"


def numbers_of(text: Any) -> list[Any]:
    """The numbers of a text; raises `MalformedInstance` for another one."""
    if not isinstance(text, str):
        raise MalformedInstance(f"numbers are written as text, got {str(text)[:60]}")
    return [_number(word) for word in text.split()]


def _number(word: str) -> Any:
    middle, is_ball, radius = word.partition("±")
    if not is_ball:
        return _rational(word)
    try:
        return arb(f"[{middle} +/- {radius}]")
    except ValueError as why:
        raise MalformedInstance(f"{word[:60]} is no number") from why


@cache
def _rational(word: str) -> Any:
    return decode({"rational": word})


# ---- arguments


def argument_data(value: Any) -> Any:
    """An argument of the mirror as JSON; raises `TypeError` for a kind that is not kept."""
    match value:
        case LeanType():
            return {"type": value.head}
        case np.ndarray():
            return {"numbers": numbers_text(value.reshape(-1)), "of": list(value.shape)}
        case Polynomial(coefficients):
            return {"polynomial": numbers_text(coefficients)}
        case Operation(coefficients):
            return {"operation": numbers_text(coefficients)}
        case MapOfVectors():
            return {"map": encode(value.map), "role": value.role}
        case Inputs():
            return {"inputs": [encode(idx) for idx in (value.x, value.gamma, value.beta)]}
        case NodeFDerivCorrect():
            return {"certificate": argument_data(value.node)}
        case NodeFDerivCorrectAt():
            return {"derivative": _matrix(value.deriv), "at": argument_data(value.x)}
        case Node():
            return {"node": encode(_spec(value)), "in": encode(value.context)}
        case Graph():
            return {"graph": encode(_graph_spec(value))}
        case DGraph():
            return {"certified": encode(_graph_spec(value.g))}
        case GraphFDerivCorrect():
            return {"certificates": encode(_graph_spec(value.graph))}
        case GraphFDerivCorrectAt():
            return {"certificates": encode(_graph_spec(value.graph)), "at": argument_data(value.x)}
    return encode(value)


def argument_of(data: Any) -> Any:
    """The argument of a JSON; raises `MalformedInstance` for another one."""
    match data:
        case {"type": "Real"}:
            return REAL
        case {"numbers": text, "of": list(dims)}:
            return _array(numbers_of(text), dims)
        case {"polynomial": text}:
            return Polynomial(tuple(numbers_of(text)))
        case {"operation": text}:
            return Operation(tuple(numbers_of(text)))
        case {"map": made, "role": str(role)}:
            return MapOfVectors(decode(made), role)
        case {"inputs": list(places)}:
            return Inputs(*map(decode, places))
        case {"certificate": node}:
            return global_certificate(argument_of(node))
        case {"derivative": matrix, "at": x}:
            return NodeFDerivCorrectAt(None, argument_of(x), of_matrix(argument_of(matrix)))  # pyright: ignore[reportArgumentType]
        case {"node": spec, "in": context}:
            return decode(spec).build(decode(context))
        case {"graph": spec}:
            return decode(spec).build()
        case {"certified": spec}:
            return decode(spec).certified()
        case {"certificates": spec, "at": x}:
            return decode(spec).certificate_at(BALL, argument_of(x))
        case {"certificates": spec}:
            return decode(spec).certificate()
    return decode(data)


def _array(numbers: list[Any], dims: list[int]) -> np.ndarray:
    found = np.empty(len(numbers), dtype=object)
    found[:] = numbers
    return found.reshape(dims)


def _matrix(linear: LinearMap) -> Any:
    """The matrix of a map, by what the adjoint makes of the basis: a row each."""
    rows = [linear.apply_adjoint(BALL, basis_vector(linear.codomain, i)) for i in range(linear.codomain)]
    return argument_data(np.array(rows, dtype=object).reshape(linear.codomain, linear.domain))


def _graph_spec(graph: Graph) -> GraphSpec:
    return GraphSpec(graph.context, tuple(map(_spec, graph.nodes)))


def _spec(node: Node) -> NodeSpec:
    """The node as its kind, what it reads and its parameters."""
    kinds = KINDS[node.kind].parameters.items()
    return NodeSpec(
        node.kind, tuple(idx.i for idx in node.inputs), {name: _parameter(node, name, p) for name, p in kinds}
    )


def _parameter(node: Node, name: str, parameter: Parameter) -> Any:
    match parameter:
        case Parameter.SHAPE:
            return node.shape
        case Parameter.DIMENSION:  # the one that the entry read does not have
            return node.shape[1] if name == "n" else node.shape[0]
        case Parameter.FUNCTION:
            return next(called for called, (f, _) in ELEMENTWISE.items() if f is node.parameters[name])
    return node.parameters[name]
