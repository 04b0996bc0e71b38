"""Mechanical faults of one theorem: each makes the wrongly wired theorem of the right one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from mirror.arithmetic import Arithmetic
from theorems.engine.asking import asks_for, named_by
from theorems.engine.asking import given as called
from theorems.engine.case import MARKS
from theorems.engine.evidence.verdicts import AtMost, Claim, Equal, Holds
from theorems.engine.theorem import Conclusion, Theorem

Rewires = Callable[[Theorem], Theorem]


def claiming_nothing(theorem: Theorem) -> Theorem:
    """The conclusion yields no claim."""
    return replace(theorem, conclusion=_in_place_of(theorem.conclusion, lambda ar, **values: iter(())))


def of_claims(change: Callable[[Claim], Claim]) -> Rewires:
    """Each claim of the conclusion is changed."""

    def rewires(theorem: Theorem) -> Theorem:
        def conclusion(ar: Arithmetic, **values: Any) -> Iterator[Claim]:
            yield from map(change, called(theorem.conclusion, values, ar))

        return replace(theorem, conclusion=_in_place_of(theorem.conclusion, conclusion))

    return rewires


def _in_place_of(right: Conclusion, wrong: Callable[..., Iterator[Claim]]) -> Conclusion:
    return asks_for(named_by(right), instead_of=right, marks=MARKS)(wrong)


def left_with_itself(claim: Claim) -> Claim:
    """The left side is compared with itself, and held against a bound of its own size."""
    match claim:
        case Equal(label, left, _):
            return Equal(label, left, left)
        case AtMost(label, left, _, width):
            return AtMost(label, left, left, width)
        case Holds(label, _, detail, compared):
            return Holds(label, True, detail, compared)


def right_with_itself(claim: Claim) -> Claim:
    """The right side is compared with itself, and a bound with itself."""
    match claim:
        case Equal(label, _, right):
            return Equal(label, right, right)
        case AtMost(label, _, bound, width):
            return AtMost(label, bound, bound, width)
        case Holds():
            return left_with_itself(claim)


def swapped(a: str, b: str) -> Rewires:
    """Two values of an instance are taken for each other in the conclusion."""

    def rewires(theorem: Theorem) -> Theorem:
        def conclusion(ar: Arithmetic, **values: Any) -> Iterator[Claim]:
            yield from called(theorem.conclusion, {**values, a: values[b], b: values[a]}, ar)

        return replace(theorem, conclusion=_in_place_of(theorem.conclusion, conclusion))

    return rewires


def of_hypothesis(name: str, change: Callable[[Any], Any]) -> Rewires:
    """The outcome of one hypothesis is changed."""

    def rewires(theorem: Theorem) -> Theorem:
        def changed(hypothesis: Any) -> Any:
            def holds(ar: Arithmetic, **values: Any) -> bool:
                return change(called(hypothesis.holds, values, ar))

            wrong = asks_for(named_by(hypothesis.holds), instead_of=hypothesis.holds, marks=MARKS)(holds)
            return replace(hypothesis, holds=wrong)

        kept = tuple(changed(h) if h.name == name else h for h in theorem.hypotheses)
        return replace(theorem, hypotheses=kept)

    return rewires


def without_hypothesis(name: str) -> Rewires:
    """One hypothesis is not asked for."""
    return lambda theorem: replace(theorem, hypotheses=tuple(h for h in theorem.hypotheses if h.name != name))


def without_first_binder(theorem: Theorem) -> Theorem:
    """The first group of binders is left out."""
    return replace(theorem, binders=theorem.binders[theorem.binders.index(_CLOSING[theorem.binders[0]]) + 1 :].strip())


_CLOSING = {"(": ")", "{": "}", "[": "]", "⦃": "⦄"}


def drawing_of(other: Theorem) -> Rewires:
    """The instances are those of another theorem."""
    return lambda theorem: replace(theorem, instances=other.instances)
