"""How the run of one theorem ended: with a report, or with an error that is no verdict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from theorems.engine.evidence.verdicts import Verdict
from theorems.engine.report import MOST_LEFT_OUT, Report
from theorems.tools.output.counted import counted

ERROR = "error"  # the machinery failed, not the theorem


@dataclass(frozen=True, slots=True)
class Outcome:
    """A theorem's report, or why there is none; and the choices behind its failure, as Hypothesis saves them."""

    theorem: str
    report: Report | None = None
    error: str = ""
    choices: tuple[bytes, ...] = ()


def status(outcome: Outcome) -> str:
    """The verdict; `error` where there is no report."""
    return ERROR if outcome.report is None else str(outcome.report.verdict)


def why_vacuous(report: Report) -> str:
    """What too many of a theorem's instances were, in one line."""
    kinds = ((report.empty, "compared nothing"), (report.boundary, "were undecided at a boundary"))
    said = " and ".join(f"{count} {what}" for count, what in kinds if count)
    if not report.tried:
        return "no instance was examined"
    if not report.accepted:
        return f"no instance was accepted: of {report.tried}, {said}"
    return f"{said}, of {counted(report.tried, 'instance')}: at most {MOST_LEFT_OUT:.0%} may"


def exit_code(outcomes: Iterable[Outcome]) -> int:
    """How a run ends, the gravest first.

    1: a theorem fails (refuted, undecided, raised, unsatisfied), whatever else happened; 3: the machinery failed on
    one; 2: one was not examined, or there was none; 0: every theorem holds.
    """
    found = [(o.report is not None and o.report.passed, status(o)) for o in outcomes]
    failing = {how for passed, how in found if not passed}
    if failing - {Verdict.VACUOUS, ERROR}:
        return 1
    if ERROR in failing:
        return 3
    return 0 if found and not failing else 2
