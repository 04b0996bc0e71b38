"""The failures of a run: a replay file for each."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from theorems.tools.output.files import CannotWrite
from theorems.tools.reports.outcomes import Outcome
from theorems.tools.reports.replay import write_failure

FAILURES = Path("report", "failures")


def write_failures(outcomes: Iterable[Outcome]) -> dict[str, Path]:
    """Write a replay file for each failure; those that could be written, by theorem."""
    written: dict[str, Path] = {}
    refused: list[str] = []
    for outcome in outcomes:
        if outcome.report is None or outcome.report.failure is None:
            continue
        try:
            written[outcome.theorem] = write_failure(outcome.report, FAILURES)
        except CannotWrite as why:
            refused.append(f"{outcome.theorem}: {why}")
    if refused:
        others = f" (and none for {len(refused) - 1} more)" if refused[1:] else ""
        click.echo(f"leanmirror: no replay file for {refused[0]}{others}", err=True)
    return written
