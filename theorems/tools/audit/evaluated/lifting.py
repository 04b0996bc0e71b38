"""A value of a theorem's instance as Lean has it, with its Lean type."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from flint import arb, fmpq

from lean_refs.evaluator.compiler import Typed
from lean_refs.evaluator.machine import Sought, force, peek
from lean_refs.evaluator.values import (
    NAT,
    REAL,
    Fin,
    FunctionType,
    LeanType,
    LeanValue,
    Pair,
    arrow,
    continuous,
    euclidean,
    fin,
)
from mirror.algebra.soundness import TList
from mirror.core.soundness import Idx, Node
from mirror.linear_map import LinearMap
from mirror.spec.core.shape import Shape
from mirror.spec.core.tensor.core import Tensor
from theorems.engine.graphs import GraphSpec
from theorems.engine.lean_values import FoldStep, ListOfNumbers, OnNumbers, OnVectors
from theorems.engine.maps import Differential, SmoothMap
from theorems.tools.audit.evaluated import forms
from theorems.tools.audit.evaluated.coordinates import array, coordinates, entries, of_coordinates
from theorems.tools.audit.evaluated.functions import MapOfVectors
from theorems.tools.audit.evaluated.matching import UnmatchedError
from theorems.tools.audit.evaluated.names import DGRAPH, GRAPH, IDX, NODE, SHAPE, TENSOR, TLIST


def lifted(value: Any, expected: LeanValue) -> Typed:
    """The value and its type; `expected`, as far as it is known, decides between the forms that a value can have.

    What has no form of the type expected has its own. Raises `UnmatchedError` for what has none in Lean.
    """
    wanted = peek(expected)
    if isinstance(wanted, FunctionType) and _on_fin(wanted) and isinstance(value, np.ndarray | tuple):
        return _function(value, wanted)
    return _of_type(value, wanted) if isinstance(wanted, LeanType) else _by_itself(value)


def _of_type(value: Any, wanted: LeanType) -> Typed:
    """Indices, pairs and certified graphs look like other values in an instance."""
    if not fits(value, wanted):
        return _by_itself(value)
    match wanted.head:
        case "Fin":
            return Fin(value.i if isinstance(value, Idx) else value, force(wanted.arguments[0])), wanted
        case "Prod":
            parts = [lifted(part, type_) for part, type_ in zip(value, wanted.arguments, strict=True)]
            return Pair(parts[0][0], parts[1][0]), LeanType("Prod", tuple(type_ for _, type_ in parts))
        case head if head == DGRAPH:
            made = value.certified()
            ends = forms.context(made.g.context), forms.context(made.g.saved)
            return forms.certified_graph(made), LeanType(DGRAPH, ends)
    return _by_itself(value)


def _by_itself(value: Any) -> Typed:
    """The one form of a value."""
    match value:
        case OnNumbers():
            return _on_numbers(value), arrow(REAL, REAL)
        case OnVectors():
            return _on_vectors(value, ())
        case ListOfNumbers():
            return value.entries, LeanType("List", (REAL,))
        case FoldStep():
            folded = _by_itself(value.start)[1]
            step = lambda a: lambda x: value.function(force(a), force(x))  # noqa: E731
            return step, arrow(folded, arrow(REAL, folded))
        case int():
            return value, NAT
        case fmpq() | arb():
            return value, REAL
        case np.ndarray():
            return tuple(value), euclidean(len(value))
        case Shape():
            return forms.shape(value), LeanType(SHAPE)
        case tuple():
            return forms.context(value), LeanType("List", (LeanType(SHAPE),))
        case Tensor():
            return forms.tensor(value), _tensors(value.shape)
        case TList():
            return forms.typed_list(value), LeanType(TLIST, (REAL, forms.context(value.context)))
        case Idx():
            return forms.index(value), LeanType(IDX, (forms.context(value.context), forms.shape(value.shape)))
        case Node():
            return forms.node(value), LeanType(NODE, (forms.context(value.context), forms.shape(value.shape)))
        case GraphSpec():
            made = value.build()
            return forms.graph(made), LeanType(GRAPH, (forms.context(made.context), forms.context(made.saved)))
        case SmoothMap():
            ends = euclidean(value.domain), euclidean(value.codomain)
            return MapOfVectors(value, "value").in_lean(), arrow(*ends)
        case LinearMap():
            ends = euclidean(value.domain), euclidean(value.codomain)
            return forms.linear(value, *ends), continuous(*ends)
    raise UnmatchedError(f"a {type(value).__name__} has no form in Lean")


def _on_numbers(given: OnNumbers) -> Callable[[LeanValue], LeanValue]:
    def apply(x: LeanValue) -> LeanValue:
        v = array([force(x)])
        return entries(given.function(forms.arithmetic_for(v), v))[0]

    return apply


def _on_vectors(given: OnVectors, before: tuple[LeanValue, ...]) -> Typed:
    """The curried function after some of its vectors."""
    spaces, result = [euclidean(n) for n in given.lengths], euclidean(given.result)
    if len(before) == len(spaces):
        vectors = [array(coordinates(space, v)) for space, v in zip(spaces, before, strict=True)]
        return of_coordinates(result, entries(given.function(forms.arithmetic_for(*vectors), *vectors))), result
    type_: LeanValue = result
    for domain in reversed(spaces[len(before) :]):
        type_ = arrow(domain, type_)
    return lambda v: _on_vectors(given, (*before, v))[0], type_


def _on_fin(wanted: FunctionType) -> bool:
    domain = peek(wanted.domain)
    return isinstance(domain, LeanType) and domain.head == "Fin"


def _tensors(shape: Shape) -> LeanType:
    return LeanType(TENSOR, (REAL, forms.shape(shape)))


def _function(value: Any, wanted: FunctionType) -> Typed:
    """Vectors and tuples of tensors as functions on `Fin n`."""
    if isinstance(value, tuple):
        tensors = [forms.tensor(one) for one in value]
        type_ = _tensors(value[0].shape) if value else peek(wanted.codomain(Sought("")))
        return lambda i: tensors[force(i).value], arrow(fin(len(tensors)), type_)
    codomain = peek(wanted.codomain(Sought("")))
    if not isinstance(codomain, LeanType) or codomain.head == "Real":
        wanted = arrow(fin(len(value)), REAL)
    return of_coordinates(wanted, list(value)), wanted


def fits(value: Any, expected: LeanValue) -> bool:
    """Whether a value can be of a type, as far as that is known."""
    wanted = peek(expected)
    if isinstance(wanted, FunctionType):
        if _on_fin(wanted):
            return isinstance(value, np.ndarray) or (
                type(value) is tuple and all(isinstance(one, Tensor) for one in value)
            )
        return isinstance(value, SmoothMap | OnNumbers | OnVectors | FoldStep)
    if not isinstance(wanted, LeanType):
        return isinstance(value, np.ndarray)
    if wanted.head == "List":
        return type(value) is tuple and all(isinstance(one, Shape) for one in value)
    if wanted.head == "Prod":
        return type(value) is tuple and len(value) == len(wanted.arguments)
    return isinstance(value, _KINDS.get(wanted.head, ()))


_KINDS: dict[str, tuple[type, ...]] = {
    "Nat": (int,),
    "Real": (fmpq,),
    "Fin": (int, Idx),
    "EuclideanSpace": (np.ndarray,),
    "ContinuousLinearMap": (LinearMap, Differential),
    SHAPE: (Shape,),
    TENSOR: (Tensor,),
    TLIST: (TList,),
    IDX: (Idx,),
    NODE: (Node,),
    GRAPH: (GraphSpec,),
    DGRAPH: (GraphSpec,),
}
