"""What the text of definitions evaluates to on random arguments is what their counterparts compute there."""

from __future__ import annotations

from collections.abc import Iterable

from theorems.tools.audit.evaluated.outcome import Ending, Outcome
from theorems.tools.audit.findings import AuditVerdict, Finding, Section, fails, holds, not_checked

TITLE = "same function"


def same_function(outcomes: Iterable[Outcome]) -> Section:
    """One finding for each definition; the summary counts them."""
    ended = sorted(outcomes, key=lambda outcome: outcome.name)
    of = {ending: sum(o.ending is ending for o in ended) for ending in Ending}
    summary = (
        f"{of[Ending.SAME]} of {len(ended)}, {of[Ending.DIFFERS]} different, {of[Ending.NOT_EVALUATED]} not evaluated"
    )
    return Section(TITLE, summary, tuple(map(_finding, ended)))


def _finding(outcome: Outcome) -> Finding:
    match outcome.ending:
        case Ending.SAME:
            return holds(outcome.name, f"the text and the mirror give the same values ({_instances(outcome)})")
        case Ending.DIFFERS:
            return fails(outcome.name, f"differs at {outcome.why}")
    return not_checked(outcome.name, outcome.why)


def _instances(outcome: Outcome) -> str:
    return "1 instance" if outcome.instances == 1 else f"{outcome.instances} instances"


def exceptions(section: Section) -> list[str]:
    """A line for each definition that is not the same function, or not evaluated, with the reason."""
    words = {AuditVerdict.FAILS: "different", AuditVerdict.NOT_CHECKED: "not evaluated"}
    return [f"{words[f.verdict]}: {f.name}: {f.basis}" for f in section.findings if f.verdict in words]
