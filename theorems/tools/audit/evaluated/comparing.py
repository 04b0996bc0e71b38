"""A value of Lean against a value of the mirror, by the evaluated type of Lean: claims that can be judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from lean_refs.evaluator.machine import force
from lean_refs.evaluator.values import LeanType, LeanValue
from mirror.algebra.soundness import TList
from mirror.core.fderiv import GraphFDerivCorrect, GraphFDerivCorrectAt, NodeFDerivCorrect, NodeFDerivCorrectAt
from mirror.core.soundness import Graph, Idx, Node
from mirror.linear_map import LinearMap
from mirror.nodes.graph_composition import DGraph
from mirror.ops.norm.layer_norm import Inputs
from mirror.spec.core.shape import Shape
from mirror.spec.core.tensor.core import Tensor
from theorems.engine.evidence.verdicts import Claim, Holds
from theorems.engine.strategies.values import Fill
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
from theorems.tools.audit.evaluated.observing_mirror import in_mirror
from theorems.tools.audit.evaluated.observing_text import in_text
from theorems.tools.audit.evaluated.parts import alike


def claims(type_: LeanValue, lean: LeanValue, mirror: Any, fill: Fill) -> Iterator[Claim]:
    """What must hold if the two are the same value of the type."""
    kind, found = _kind(force(type_)), type(mirror).__name__
    what = f"{found} in the mirror, not {kind.__name__}"
    yield Holds("the kind of value", isinstance(mirror, kind), what, 0)
    yield from alike(in_text(type_, lean, fill), in_mirror(mirror, deepcopy(fill)))


def _kind(type_: LeanValue) -> type:
    """What the mirror has where Lean has a value of the type; of numbers and vectors, whatever makes an array."""
    if not isinstance(type_, LeanType):
        return object
    called = next((KINDS[name] for name, _ in type_.via if name in _CALLED), None)
    return called or KINDS.get(type_.head, object)


_CALLED = (GRAPH_CERTIFICATE, GRAPH_CERTIFICATE_AT)  # names of types, which are built of pairs
KINDS: Mapping[str, type] = {
    "Nat": int,
    "Fin": int,
    "List": tuple,
    SHAPE: Shape,
    "Prod": tuple,
    "ContinuousLinearMap": LinearMap,
    TENSOR: Tensor,
    TLIST: TList,
    IDX: Idx,
    INPUTS: Inputs,
    NODE: Node,
    GRAPH: Graph,
    DGRAPH: DGraph,
    NODE_CERTIFICATE: NodeFDerivCorrect,
    NODE_CERTIFICATE_AT: NodeFDerivCorrectAt,
    GRAPH_CERTIFICATE: GraphFDerivCorrect,
    GRAPH_CERTIFICATE_AT: GraphFDerivCorrectAt,
}
