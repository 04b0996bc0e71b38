"""Pinned arguments given to a text: those of one name, else of one place, in the forms of Lean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from lean_refs.evaluator.machine import force
from lean_refs.evaluator.targets import LeanParameter, Target
from lean_refs.evaluator.values import PROOF, REAL, Fin, LeanType, LeanValue
from mirror.algebra.soundness import TList
from mirror.core.fderiv import GraphFDerivCorrect, GraphFDerivCorrectAt, NodeFDerivCorrect, NodeFDerivCorrectAt
from mirror.core.soundness import Graph, Idx, Node
from mirror.linear_map import LinearMap
from mirror.nodes.graph_composition import DGraph
from mirror.ops.norm.layer_norm import Inputs
from mirror.spec.core.shape import Shape
from mirror.spec.core.tensor.core import Tensor
from theorems.tools.audit.evaluated import forms
from theorems.tools.audit.evaluated.arguments import DrawnArgument
from theorems.tools.audit.evaluated.coordinates import is_fin, of_coordinates
from theorems.tools.audit.evaluated.errors import UndrawableError
from theorems.tools.audit.evaluated.functions import MapOfVectors, Operation, Polynomial

_ANONYMOUS = ("", "_")


def given_to(target: Target, pinned: Sequence[DrawnArgument]) -> list[DrawnArgument]:
    """The arguments of a text that may call for others; raises `UndrawableError` where it calls for a new one."""
    named = {a.name: a for a in pinned if a.name not in _ANONYMOUS}
    others = [a for a in pinned if a.name in _ANONYMOUS and a.mirror is not None]
    found: list[DrawnArgument] = []
    for k, parameter in enumerate(target.parameters):
        if _is_left_open(parameter, k, target, found):
            break
        type_ = _type(parameter, found)
        if parameter.proof or parameter.kind == "[":
            found.append(DrawnArgument(parameter.name, parameter.kind, None, PROOF, type_))
            continue
        kept = named.get(parameter.name) or (others.pop(0) if parameter.name in _ANONYMOUS and others else None)
        if kept is None:
            raise UndrawableError(f"the text takes an argument {parameter.name or '_'}, for which nothing is pinned")
        found.append(DrawnArgument(parameter.name, parameter.kind, kept.mirror, in_lean(type_, kept.mirror), type_))
    return found


def _is_left_open(parameter: LeanParameter, k: int, target: Target, found: Sequence[DrawnArgument]) -> bool:
    """Whether it is the argument of a function on `Fin n`, which is compared at every point."""
    last = parameter.name in _ANONYMOUS and k == len(target.parameters) - 1
    return last and is_fin(_type(parameter, found))


def _type(parameter: LeanParameter, before: Sequence[DrawnArgument]) -> LeanValue:
    if parameter.kind == "[":
        return PROOF
    return force(parameter.type_in(tuple((a.lean, a.type) for a in before)))


def in_lean(type_: LeanValue, mirror: Any) -> LeanValue:
    """A value of the mirror as Lean has it, in a type that it is one of; raises `UndrawableError` where it is none."""
    match mirror:
        case int() if isinstance(type_, LeanType) and type_.head == "Fin":
            return Fin(mirror, force(type_.arguments[0]))
        case LeanType():
            return REAL
        case Polynomial() | Operation() | MapOfVectors():
            return mirror.in_lean()
        case np.ndarray():
            return of_coordinates(type_, list(mirror.reshape(-1)))
        case LinearMap() if isinstance(type_, LeanType):
            return forms.linear(mirror, *type_.arguments)
    form = next((form for kind, form in _FORMS.items() if isinstance(mirror, kind)), None)
    return mirror if form is None else form(mirror)


_FORMS: dict[type, Any] = {
    Shape: forms.shape,
    tuple: forms.context,
    Tensor: forms.tensor,
    TList: forms.typed_list,
    Idx: forms.index,
    Inputs: forms.inputs,
    Node: forms.node,
    Graph: forms.graph,
    DGraph: forms.certified_graph,
    NodeFDerivCorrect: forms.certificate,
    NodeFDerivCorrectAt: forms.certificate_at,
    GraphFDerivCorrect: forms.graph_certificate,
    GraphFDerivCorrectAt: forms.graph_certificate,
}
