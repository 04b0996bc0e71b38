"""What a failing theorem test says: the shrunk instance, where the two sides differ, and how to run it again."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

from theorems.engine.registry import theorems
from theorems.engine.report import Report
from theorems.tools.cli.render import failure_lines
from theorems.tools.reports.outcomes import Outcome
from theorems.tools.reports.replay import write_failure

FAILURES = Path("report", "failures")


def write_up(report: Report, nodeid: str, root: Path) -> str:
    """The failure in words; where the theorem is one of the registry, a file under `root` replays its instance."""
    replay, note = None, []
    if report.failure and report.theorem in theorems():
        try:
            replay = Path(os.path.relpath(write_failure(report, root / FAILURES)))
        except OSError as why:
            note = [f"  no replay file: {why}"]
    again = f"  run it again: {shlex.join(_command(report, nodeid))}"
    return "\n".join([*failure_lines(Outcome(report.theorem, report), replay), *note, again]).lstrip("\n")


def _command(report: Report, nodeid: str) -> list[str]:
    # The long names: a suite may have options of its own that are called like our short ones.
    options = {"profile": report.profile, "examples": report.examples, "seed": report.seed}
    given = [part for name, value in options.items() for part in (f"--leanmirror-{name}", str(value))]
    return ["pytest", nodeid, *given]
