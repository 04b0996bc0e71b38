"""What the text of definitions and theorems says on random instances, and what the mirror and the properties say."""

from __future__ import annotations

from collections.abc import Iterable

from theorems.tools.audit.evaluated.outcome import ComparisonEnding, FunctionComparison
from theorems.tools.audit.findings import Finding, Section, error, fails, holds, not_checked

TITLE, CONCLUSIONS = "same function", "same conclusion"
_SAME = {
    TITLE: "the text and the mirror give the same values",
    CONCLUSIONS: "the hypotheses and the conclusion of the text hold, and so does the property",
}
_PINNED = {
    TITLE: "the mirror gives what is pinned of the text",
    CONCLUSIONS: "the property gives what is pinned of the text's hypotheses and of both sides of its conclusion",
}


def same_function(outcomes: Iterable[FunctionComparison], *, pinned: bool = False) -> Section:
    """One finding for each definition; the summary counts them. `pinned`: the numbers of the text stand for it."""
    return _section(TITLE, outcomes, pinned)


def same_conclusion(outcomes: Iterable[FunctionComparison], *, pinned: bool = False) -> Section:
    """One finding for each theorem; the summary counts them. `pinned` as for definitions."""
    return _section(CONCLUSIONS, outcomes, pinned)


def _section(title: str, outcomes: Iterable[FunctionComparison], pinned: bool) -> Section:
    same_as = _PINNED[title] if pinned else _SAME[title]
    ended = sorted(outcomes, key=lambda outcome: outcome.name)
    same, different, raised, outside, failed, missing = (
        sum(o.ending is ending for o in ended)
        for ending in (
            ComparisonEnding.SAME,
            ComparisonEnding.DIFFERS,
            ComparisonEnding.RAISED,
            ComparisonEnding.NOT_EVALUATED,
            ComparisonEnding.FAILED,
            ComparisonEnding.MISSING,
        )
    )
    different += raised  # a mirror that raises is another function: Lean's are total
    outside += sum(o.ending is ComparisonEnding.ILL_TYPED for o in ended)
    summary = f"{same} of {len(ended)}, {different} different, {outside} not evaluated"
    summary += f", leanmirror itself failed on {failed}" if failed else ""
    summary += f", {missing} without pinned numbers" if missing else ""
    summary += " (at pinned numbers)" if pinned else ""
    return Section(title, summary, tuple(_finding(outcome, same_as) for outcome in ended), same_as)


def _finding(outcome: FunctionComparison, same_as: str) -> Finding:
    match outcome.ending:
        case ComparisonEnding.SAME:
            silent = f"; others say nothing: {'; '.join(outcome.silent)}" if outcome.silent else ""
            more = f"; {outcome.why}" if outcome.why else ""
            return holds(outcome.name, f"{same_as} ({outcome.in_words}{more}{silent})")
        case ComparisonEnding.MISSING:
            return fails(outcome.name, outcome.why)
        case ComparisonEnding.DIFFERS:
            return fails(outcome.name, f"differs at {outcome.why}")
        case ComparisonEnding.RAISED:
            return fails(outcome.name, f"the counterpart raises {outcome.why}")
        case ComparisonEnding.FAILED:
            return error(outcome.name, outcome.why)
    return not_checked(outcome.name, outcome.why)
