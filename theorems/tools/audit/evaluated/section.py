"""What the text of definitions and theorems says on random instances, and what the mirror and the properties say."""

from __future__ import annotations

from collections.abc import Iterable

from theorems.tools.audit.evaluated.outcome import ComparisonEnding, FunctionComparison
from theorems.tools.audit.findings import AuditVerdict, Finding, Section, error, fails, holds, not_checked

TITLE, CONCLUSIONS = "same function", "same conclusion"
_SAME = {
    TITLE: "the text and the mirror give the same values",
    CONCLUSIONS: "the hypotheses and the conclusion of the text hold, and so does the property",
}


def same_function(outcomes: Iterable[FunctionComparison]) -> Section:
    """One finding for each definition; the summary counts them."""
    return _section(TITLE, outcomes)


def same_conclusion(outcomes: Iterable[FunctionComparison]) -> Section:
    """One finding for each theorem; the summary counts them."""
    return _section(CONCLUSIONS, outcomes)


def _section(title: str, outcomes: Iterable[FunctionComparison]) -> Section:
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
    return Section(title, summary, tuple(_finding(title, outcome) for outcome in ended))


def _finding(title: str, outcome: FunctionComparison) -> Finding:
    match outcome.ending:
        case ComparisonEnding.SAME:
            silent = f"; others say nothing: {'; '.join(outcome.silent)}" if outcome.silent else ""
            more = f"; {outcome.why}" if outcome.why else ""
            return holds(outcome.name, f"{_SAME[title]} ({_instances(outcome)}{more}{silent})")
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
    """A line for each declaration that is not the same, or not evaluated, with the reason."""
    words = {AuditVerdict.FAILS: "different", AuditVerdict.NOT_CHECKED: "not evaluated", AuditVerdict.ERROR: "failed"}
    return [f"{words[f.verdict]}: {f.name}: {f.basis}" for f in section.findings if f.verdict in words]
