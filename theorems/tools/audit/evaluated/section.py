"""What the text of definitions evaluates to on random arguments is what their counterparts compute there."""

from __future__ import annotations

from collections.abc import Iterable

from theorems.tools.audit.evaluated.outcome import ComparisonEnding, FunctionComparison
from theorems.tools.audit.findings import AuditVerdict, Finding, Section, error, fails, holds, not_checked

TITLE = "same function"


def same_function(outcomes: Iterable[FunctionComparison]) -> Section:
    """One finding for each definition; the summary counts them."""
    ended = sorted(outcomes, key=lambda outcome: outcome.name)
    same, different, raised, outside, failed = (
        sum(o.ending is ending for o in ended)
        for ending in (
            ComparisonEnding.SAME,
            ComparisonEnding.DIFFERS,
            ComparisonEnding.RAISED,
            ComparisonEnding.NOT_EVALUATED,
            ComparisonEnding.FAILED,
        )
    )
    different += raised  # a mirror that raises is another function: Lean's are total
    summary = f"{same} of {len(ended)}, {different} different, {outside} not evaluated"
    summary += f", leanmirror itself failed on {failed}" if failed else ""
    return Section(TITLE, summary, tuple(map(_finding, ended)))


def _finding(outcome: FunctionComparison) -> Finding:
    match outcome.ending:
        case ComparisonEnding.SAME:
            return holds(outcome.name, f"the text and the mirror give the same values ({_instances(outcome)})")
        case ComparisonEnding.DIFFERS:
            return fails(outcome.name, f"differs at {outcome.why}")
        case ComparisonEnding.RAISED:
            return fails(outcome.name, f"the counterpart raises {outcome.why}")
        case ComparisonEnding.FAILED:
            return error(outcome.name, outcome.why)
    return not_checked(outcome.name, outcome.why)


def _instances(outcome: FunctionComparison) -> str:
    return "1 instance" if outcome.instances == 1 else f"{outcome.instances} instances"


def exceptions(section: Section) -> list[str]:
    """A line for each definition that is not the same function, or not evaluated, with the reason."""
    words = {AuditVerdict.FAILS: "different", AuditVerdict.NOT_CHECKED: "not evaluated", AuditVerdict.ERROR: "failed"}
    return [f"{words[f.verdict]}: {f.name}: {f.basis}" for f in section.findings if f.verdict in words]
