"""What a failing theorem test says: the shrunk instance, where the two sides differ, and how to replay it."""

from __future__ import annotations

from pathlib import Path

from theorems.checking import Report
from theorems.theorem import Theorem


def verdict_of(report: Report) -> str:
    """The verdict, or `vacuous` where no instance satisfied the hypotheses."""
    return "vacuous" if report.verdict.passes and not report.accepted else str(report.verdict)


def write_up(theorem: Theorem, report: Report, root: Path) -> str:
    """The text of the failure."""
    run = f"profile {report.profile}, seed {report.seed}, {report.examples} instances"
    if report.failure is None:
        return f"{theorem.name} is {verdict_of(report)}: none of {report.tried} instances was accepted ({run})"
    case = "\n".join(f"  {k} = {v}" for k, v in report.failure.case.items())
    return f"{theorem.name} is {report.verdict} ({run})\n{case}\n{report.failure.judgement.mismatch}"
