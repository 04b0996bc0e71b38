"""Faults of the wiring of every theorem, made by the same few operators, each with its owner."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from tests.faults.checking.fault import CheckingFault, Owner, blunt
from tests.faults.checking.wiring.operators import (
    Rewires,
    claiming_nothing,
    drawing_of,
    left_with_itself,
    of_claims,
    of_hypothesis,
    right_with_itself,
    swapped,
    without_first_binder,
    without_hypothesis,
)
from tests.faults.checking.wiring.outside import OUTSIDE
from tests.faults.checking.wiring.owners import Audited, Itself, Labelled, Outside, Refuting
from tests.faults.checking.wiring.swaps import swaps
from theorems.engine.registry import theorems
from theorems.engine.theorem import Theorem

_REGISTERED = "theorems.engine.theorem:_THEOREMS"


def rewired(name: str, what: str, owner: Owner, rewires: Rewires) -> CheckingFault:
    """A fault of one registered theorem."""

    def breaks(registered: dict[str, Theorem]) -> Any:
        return {**registered, name: rewires(registered[name])}

    return blunt(f"{name}: {what}", owner, _REGISTERED, breaks)


def renamed(theorem: Theorem, other: Theorem) -> CheckingFault:
    """Two theorems that stand under each other's names."""

    def breaks(registered: dict[str, Theorem]) -> Any:
        a, b = registered[theorem.name], registered[other.name]
        return {**registered, a.name: replace(b, name=a.name), b.name: replace(a, name=b.name)}

    what = f"{theorem.name}: stands under the name of {other.name}"
    return blunt(what, Audited(theorem.name), _REGISTERED, breaks)


def faults_of(theorem: Theorem) -> Iterator[CheckingFault]:
    """All faults of one theorem's wiring."""
    name, everything = theorem.name, list(theorems().values())
    yield rewired(name, "claims nothing", Itself(name), claiming_nothing)
    yield rewired(name, "compares the left side with itself", Refuting(name), of_claims(left_with_itself))
    yield rewired(name, "compares the right side with itself", Refuting(name), of_claims(right_with_itself))
    other = next(t for t in everything if t.instances is not theorem.instances)
    yield rewired(name, f"draws the instances of {other.name}", Itself(name), drawing_of(other))
    yield renamed(theorem, next(t for t in everything if t.binders != theorem.binders))
    if theorem.binders:
        yield rewired(name, "lacks the first binder", Audited(name), without_first_binder)
    if pair := swaps().get(name):
        yield rewired(name, f"takes {pair[0]} and {pair[1]} for each other", Itself(name), swapped(*pair))
    for h in theorem.hypotheses:
        yield rewired(name, f"does not ask for {h.name}", Audited(name), without_hypothesis(h.name))
        yield rewired(name, f"{h.name} is negated", Itself(name), of_hypothesis(h.name, lambda found: not found))
        owner = Outside(name, h.name) if (name, h.name) in OUTSIDE else Labelled(name, h.name)
        yield rewired(name, f"{h.name} is always true", owner, of_hypothesis(h.name, lambda _: True))


WIRING = {name: tuple(faults_of(theorem)) for name, theorem in theorems().items()}
