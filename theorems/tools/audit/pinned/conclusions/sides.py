"""The numbers of both sides of what a conclusion says, the text's or the property's, at an instance cut for that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lean_refs.evaluator.machine import force
from lean_refs.evaluator.values import LeanValue
from mirror.core.fderiv import eval_vec
from mirror.linear_map import basis_vector
from theorems.engine.asking import given
from theorems.engine.case import MARKS, Case
from theorems.engine.evidence.verdicts import Claim, Equal
from theorems.engine.graphs import NodeSpec
from theorems.engine.theorem import Theorem
from theorems.tools.audit.evaluated.coordinates import coordinates
from theorems.tools.audit.evaluated.stated import Stated


@dataclass(frozen=True, slots=True)
class BothSides:
    """The numbers of the two sides, and the value at the point of what the conclusion differentiates there."""

    left: Sequence[Any]
    right: Sequence[Any]
    value: Sequence[Any] = ()


def apart(case: Case) -> list[Case]:
    """The instance, as one for each of its nodes where it has several; with one direction and no marks."""
    kept = {name: value for name, value in case.items() if name not in MARKS}
    nodes = next((len(v) for v in kept.values() if type(v) is tuple and v and isinstance(v[0], NodeSpec)), 1)
    return [{name: _only(name, value, k) for name, value in kept.items()} for k in range(nodes)]


def _only(name: str, value: Any, k: int) -> Any:
    several = type(value) is tuple and value and (name == "cases" or isinstance(value[0], np.ndarray | NodeSpec))
    return (value[k],) if several else value


def in_all_directions(case: Case) -> Case:
    """The instance with every basis vector as a direction, so that the property says all of a linear map."""
    if not case.get("directions"):
        return case
    size = len(case["directions"][0])
    return {**case, "directions": tuple(basis_vector(size, j) for j in range(size))}


def both(claims: Iterable[Claim]) -> tuple[list[Any], list[Any]]:
    """The numbers of either side of all equations among claims, one after the other."""
    equations = [claim for claim in claims if isinstance(claim, Equal)]
    return [x for e in equations for x in _entries(e.left)], [x for e in equations for x in _entries(e.right)]


def _entries(side: Any) -> list[Any]:
    return list(np.asarray(side, dtype=object).reshape(-1))


def of_property(theorem: Theorem, case: Case, claims: Iterable[Claim], like: BothSides) -> BothSides:
    """The property's numbers, as many as those that they are held against: what it says besides comes later."""
    left, right = both(claims)
    value = _value(theorem, case) if like.value else ()
    return BothSides(left[: len(like.left)], right[: len(like.right)], value)


def differentiates(theorem: Theorem) -> bool:
    """Whether the property tells what it differentiates."""
    return theorem.differentiates is not None or theorem.runs is not None


def _value(theorem: Theorem, case: Case) -> Sequence[Any]:
    if theorem.differentiates is not None:
        made = given(theorem.differentiates, case, theorem.arithmetic)
        return list(made.f(theorem.arithmetic, made.x))
    return [y for run in theorem.graph_runs(case) for y in eval_vec(theorem.arithmetic, run.graph, run.x)]


class StatedWithValues(Stated):
    """A conclusion that keeps the values of what it differentiates, beside what it claims."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.values: list[Any] = []

    def _derivative(self, head: str, parts: Sequence[LeanValue], at: str) -> Any:
        codomain, f, x = (parts[1], parts[2], parts[4]) if head == "HasFDerivAt" else (parts[0], parts[1], parts[3])
        self.values += coordinates(codomain, force(f)(x))
        return super()._derivative(head, parts, at)
