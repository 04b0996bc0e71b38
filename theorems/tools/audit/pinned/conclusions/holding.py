"""The executable property held against what the pin keeps of the text of its theorem."""

from __future__ import annotations

from collections.abc import Iterator

from theorems.engine.asking import given
from theorems.engine.case import Case
from theorems.engine.codec import MalformedInstance
from theorems.engine.evidence.verdicts import Claim, Equal, Holds, judge
from theorems.engine.theorem import PRECISIONS, Theorem
from theorems.tools.audit.evaluated.outcome import ComparisonEnding, FunctionComparison
from theorems.tools.audit.pinned.conclusions.record import PinnedStatement, PinnedTheorem
from theorems.tools.audit.pinned.conclusions.sides import in_all_directions, of_property
from theorems.tools.audit.pinned.holding import first_apart

NO_COUNTERPART = "no counterpart"  # which another section says is missing


def in_the_property(pinned: PinnedTheorem, theorem: Theorem | None) -> FunctionComparison:
    """Whether the executable property of the theorem gives what is pinned."""
    if pinned.outside:
        return FunctionComparison(pinned.name, ComparisonEnding.NOT_EVALUATED, why=pinned.outside)
    if theorem is None:
        return FunctionComparison(pinned.name, ComparisonEnding.NOT_EVALUATED, why=NO_COUNTERPART)
    found = first_apart(pinned.name, pinned.instances, lambda one: _claims(theorem, one), PRECISIONS)
    if found.ending is ComparisonEnding.SAME and not any(one.conclusion for one in pinned.instances):
        return FunctionComparison(pinned.name, ComparisonEnding.MISSING, why="nothing of its conclusion is pinned")
    return found


def _claims(theorem: Theorem, pinned: PinnedStatement) -> Iterator[Claim]:
    """What must hold if the property says of an instance what is pinned."""
    case = in_all_directions(pinned.instance())
    if lacking := theorem.lacking(case):
        raise MalformedInstance(f"the instance has no {', '.join(lacking)}")
    yield from _hypotheses(theorem, case, pinned)
    if pinned.conclusion is None:
        yield Holds("the conclusion", not all(pinned.hypotheses.values()), "nothing of it is pinned")
        return
    kept = pinned.sides()
    claims = list(given(theorem.conclusion, case, theorem.arithmetic))
    if not kept.left and judge(claims).reals:
        yield Holds("both sides of the conclusion", False, "no number of either is pinned")
    found = of_property(theorem, case, claims, kept)
    for side, ours, theirs in (
        ("the left side", kept.left, found.left),
        ("the right side", kept.right, found.right),
        ("the value of what is differentiated", kept.value, found.value),
    ):
        yield Equal(f"{side} of the conclusion", ours, theirs)
    if pinned.conclusion["holds"]:
        yield from claims
    else:
        yield Holds("the conclusion", not judge(claims).verdict.passes, "it holds here, and not as pinned")


def _hypotheses(theorem: Theorem, case: Case, pinned: PinnedStatement) -> Iterator[Claim]:
    known, kept = {h.name: h for h in theorem.hypotheses}, pinned.hypotheses
    yield Holds(
        "the hypotheses", known.keys() == kept.keys(), f"{sorted(kept)} pinned, {sorted(known)} here", compared=0
    )
    for name, truth in kept.items():
        holds = bool(given(known[name].holds, case, theorem.arithmetic))
        said = "holds as pinned, and not here" if truth else "holds here, and not as pinned"
        yield Holds(f"the hypothesis {name}", holds == truth, said)
