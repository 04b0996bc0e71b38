"""Whether the instances and the searches say what a label says."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from theorems.engine.case import Case
from theorems.engine.theorem import Theorem
from theorems.tools.hypotheses.activity import active
from theorems.tools.hypotheses.labels import Label, Weighed
from theorems.tools.hypotheses.record import Known
from theorems.tools.hypotheses.search import Ending, Found, outcome
from theorems.tools.output.counted import counted


def contradictions(theorem: Theorem, entry: Weighed, record: Known) -> list[str]:
    """What speaks against an entry: an instance that does not show what it is to show, or a search that found more."""
    if entry.typed:
        return []
    why = list(_of_meeting(theorem, record.met.get(theorem.name)))
    found = record.of(entry)
    if entry.label is Label.PART:
        return why
    if found is None or not found.tried:
        return [*why, f"{entry.named} is {entry.label}, and no search says so"]
    if found.apart:
        why.append(f"{entry.named} are no equivalent hypotheses: told apart by {counted(found.apart, 'instance')}")
    return [*why, *(f"{entry.named} is {entry.label}, {flaw}" for flaw in _FLAWS[entry.label](theorem, entry, found))]


def _of_meeting(theorem: Theorem, case: Case | None) -> Iterator[str]:
    if case is None:
        yield f"nothing that was tried meets the hypotheses of {theorem.name}"
        return
    if failed := theorem.failed_hypotheses(case):
        yield f"the instance that is to meet the hypotheses of {theorem.name} fails {', '.join(failed)}"
    elif not theorem.judge(case).verdict.passes:
        yield f"the instance that meets the hypotheses of {theorem.name} fails its conclusion"
    elif not active(theorem, case):
        yield f"the instance that meets the hypotheses of {theorem.name} is not active"


def _necessary(theorem: Theorem, entry: Weighed, found: Found) -> Iterator[str]:
    yield from _shows(theorem, entry, found.counterexample, Ending.FALSE)


def _redundant(theorem: Theorem, entry: Weighed, found: Found) -> Iterator[str]:
    if found.without:
        yield f"but the others hold and this does not in {counted(found.without, 'instance')}"


def _not_needed(theorem: Theorem, entry: Weighed, found: Found) -> Iterator[str]:
    yield from _not_false(theorem, entry, found)
    yield from _shows(theorem, entry, found.separates, Ending.TRUE)


def _not_false(theorem: Theorem, entry: Weighed, found: Found) -> Iterator[str]:
    if false := found.outcomes.get(Ending.FALSE, 0):
        yield f"but without it the conclusion is false in {counted(false, 'instance')}"


_FLAWS: dict[Label, Callable[[Theorem, Weighed, Found], Iterator[str]]] = {
    Label.NECESSARY: _necessary,
    Label.REDUNDANT: _redundant,
    Label.NOT_NEEDED: _not_needed,
    Label.UNDETERMINED: _not_false,
}


def _shows(theorem: Theorem, entry: Weighed, case: Case | None, wanted: Ending) -> Iterator[str]:
    if case is None:
        yield "and no instance shows it"
        return
    failed = theorem.failed_hypotheses(case)
    ended = outcome(theorem, entry.hypotheses, case)
    if ended is not wanted:
        yield f"but its instance shows {_IN_WORDS[ended].format(', '.join(failed))}"
    elif set(failed) != set(entry.hypotheses):
        yield f"but its instance fails {', '.join(failed)} alone"


_IN_WORDS = {
    Ending.OTHERS_FAIL: "nothing: it fails {}",
    Ending.HELD: "nothing: it satisfies every hypothesis",
    Ending.FALSE: "that the conclusion is false without it",
    Ending.TRUE: "that the conclusion holds without it",
    Ending.UNSEEN: "nothing: it is undecided whether {} holds",
    Ending.EMPTY: "nothing: no number is compared",
    Ending.UNDECIDED: "nothing: the conclusion is undecided",
}
