"""Looking for what a label needs: an instance that meets all hypotheses, one that fails some and the conclusion."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from hypothesis import strategies as st

from mirror.core.fderiv import shared_evaluations
from theorems.engine.case import Case
from theorems.engine.codec import encode
from theorems.engine.draws import draws
from theorems.engine.evidence.verdicts import Verdict
from theorems.engine.simplify import one_direction, simplify
from theorems.engine.sizes import Sizes
from theorems.engine.theorem import Theorem
from theorems.tools.hypotheses.activity import active

TRIES = 400  # instances that a search draws


class Ending(StrEnum):
    """What an instance turned out to be when some hypotheses were dropped."""

    NO_INSTANCE = "no instance"  # Lean's types admit none of this shape
    OTHERS_FAIL = "another fails"  # a hypothesis that is not dropped fails
    HELD = "held"  # the dropped ones hold all the same
    UNSEEN = "unseen"  # whether the dropped ones hold is undecided
    FALSE = "false"  # without them the conclusion is false
    TRUE = "true"  # without them the conclusion holds
    EMPTY = "empty"  # without them nothing is compared
    UNDECIDED = "undecided"  # without them the conclusion is undecided


WITHOUT = (Ending.FALSE, Ending.TRUE, Ending.EMPTY, Ending.UNDECIDED)  # where the dropped ones fail and the others hold


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: how many instances turned out how, and of the equivalent hypotheses how many came apart.

    `counterexample` fails the hypotheses and the conclusion; where there is none, `separates` fails the hypotheses.
    """

    outcomes: dict[str, int] = field(default_factory=dict)
    apart: int = 0
    counterexample: Case | None = None
    separates: Case | None = None

    @property
    def tried(self) -> int:
        """How many instances were drawn."""
        return sum(self.outcomes.values())

    @property
    def without(self) -> int:
        """How many of them fail the dropped hypotheses, and no other."""
        return sum(self.outcomes.get(o, 0) for o in WITHOUT)


@shared_evaluations()
def outcome(theorem: Theorem, names: Sequence[str], case: Case | None) -> Ending:
    """What an instance is when the named hypotheses are dropped."""
    if case is None:
        return Ending.NO_INSTANCE
    holds = {h.name: theorem.satisfies(h, case) for h in theorem.hypotheses}
    if not all(held for name, held in holds.items() if name not in names):
        return Ending.OTHERS_FAIL
    if False not in holds.values():
        return Ending.HELD if all(holds.values()) else Ending.UNSEEN
    judgement = theorem.judge(case)
    if judgement.verdict.passes:
        return Ending.EMPTY if judgement.empty else Ending.TRUE
    return Ending.FALSE if judgement.verdict is Verdict.REFUTED else Ending.UNDECIDED


def search(
    theorem: Theorem, names: Sequence[str], instances: st.SearchStrategy[Case | None], seed: int, tries: int = TRIES
) -> Found:
    """Drop the named hypotheses on so many instances; of those that show something a plain one is kept."""
    turned_out: dict[Ending, list[Case]] = {o: [] for o in Ending}
    for case in draws(instances, seed, tries):
        turned_out[outcome(theorem, names, case)].append(case)
    apart = [c for o in WITHOUT for c in turned_out[o] if len(theorem.failed_hypotheses(c)) < len(names)]

    def plain(wanted: Ending) -> Case | None:
        return plainest(turned_out[wanted], lambda case: outcome(theorem, names, case) is wanted)

    outcomes = {str(o): len(cases) for o, cases in turned_out.items() if cases}
    counterexample = plain(Ending.FALSE)
    return Found(outcomes, len(apart), counterexample, None if counterexample else plain(Ending.TRUE))


def meeting(theorem: Theorem, seed: int, tries: int = TRIES) -> Case | None:
    """A plain instance that satisfies every hypothesis, passes and is active; None where none is drawn."""

    def meets(case: Case) -> bool:
        return not theorem.failed_hypotheses(case) and theorem.judge(case).verdict.passes and active(theorem, case)

    return plainest([c for c in draws(theorem.instances(Sizes()), seed, tries) if meets(c)], meets)


def plainest(cases: list[Case], shows: Callable[[Case], bool]) -> Case | None:
    """The shortest of the instances with the fewest empty parts, with zeros and ones where it still shows the same.

    None where there are no instances.
    """
    if not cases:
        return None
    return simplify(one_direction(min(cases, key=_plainness), shows), shows)


def _plainness(case: Case) -> tuple[int, int]:
    text = json.dumps(encode(dict(case)))
    return text.count("[]"), len(text)
