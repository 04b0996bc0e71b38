"""Instances that break hypotheses of ours, at the boundary too: the text's must fail there, and no other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from flint import arb, fmpq

from theorems.engine.case import Case
from theorems.engine.evidence.verdicts import Judgement, Verdict
from theorems.engine.theorem import Theorem
from theorems.tools.audit.evaluated.conclusions import Concluded
from theorems.tools.audit.evaluated.outcome import ComparisonEnding, Ended
from theorems.tools.hypotheses.record import recorded


def breaking(theorem: Theorem, *, certificates: bool) -> Iterator[Case]:
    """The instances that `leanmirror hypotheses` keeps of the theorem; without `certificates`, not of those alone.

    Where a certificate fails there is a corner, at which the text does not say: of a block it takes long to see that.
    """
    data = {h.name for h in theorem.hypotheses if h.data}
    for (name, broken), found in recorded().searches.items():
        if name == theorem.name and (certificates or not data.issuperset(broken)):
            yield from (case for case in (found.counterexample, found.separates) if case is not None)


def turned(case: Case) -> Case | None:
    """The instance with the sign of each of its numbers turned: off the boundary of what says that one is positive.

    None where it has no number by itself.
    """
    numbers = {name: -value for name, value in case.items() if isinstance(value, fmpq | arb | np.ndarray)}
    return {**case, **numbers} if numbers else None


def breaks(theorem: Theorem, said: Concluded, case: Case) -> Ended:
    """Same where a hypothesis fails on both sides and none on one alone; at a corner the text does not say."""
    ending = ComparisonEnding.CORNER, "whether a hypothesis fails at a corner"
    for name, judgement in of_ours(theorem, said.hypotheses).items():
        hypothesis = next(h for h in theorem.hypotheses if h.name == name)
        ours = theorem.satisfies(hypothesis, case)
        if ours is None or judgement.verdict is Verdict.UNDECIDED:
            continue
        if judgement.verdict.passes != ours:
            one, other = ("holds", "does not") if judgement.verdict.passes else ("does not hold", "does")
            return ComparisonEnding.DIFFERS, f"the hypothesis {name} {one} in the text and {other} here"
        ending = ending if ours else (ComparisonEnding.SAME, "")
    return ending


def of_ours(theorem: Theorem, said: Mapping[str, Judgement]) -> Mapping[str, Judgement]:
    """The text's hypotheses by our names: one without a name is the one of ours that has no other."""
    ours = [h.name for h in theorem.hypotheses]
    left = [name for name in ours if name not in said]
    named = {name: judgement for name, judgement in said.items() if name in ours}
    unnamed = said.get("")
    return named | ({left[0]: unnamed} if unnamed is not None and left else {})
