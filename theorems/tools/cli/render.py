"""What the command prints: the table of a run, its failures, its totals."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from lean_refs import load_pin
from theorems.engine.evidence.shared import in_one_line
from theorems.engine.evidence.verdicts import Verdict
from theorems.engine.report import Failure, Report
from theorems.tools.cli.render_shares import print_shares
from theorems.tools.output.counted import counted
from theorems.tools.reports.instances import describe, where
from theorems.tools.reports.outcomes import ERROR, Outcome, status, why_vacuous
from theorems.tools.reports.shares import by_family, never_active

if TYPE_CHECKING:
    from theorems.tools.cli.parallel import Plan

WIDTH = 240  # where nobody's terminal sets one: room for every full Lean name and path
WIDEST = 1000  # more than any table asks for
# The columns after a theorem's name and verdict; `distinct` is left out where every instance differs from the others.
FIGURES = ("tried", "distinct", "accepted", "empty", "arithmetic", "widest enclosure", "time")
COUNTS = FIGURES[:4]
COLOURS = {"equal": "green", "enclosed": "green", "undecided": "yellow", "vacuous": "yellow"}
ASSUMED = (
    "Assumed: FLINT's exact and ball arithmetic, CPython and numpy are right; the pin (TorchLean {revision}) says "
    "what Lean says; a normed space is tried as ℝᵏ. Random instances are evidence, not proof."
)


WRONG_INSTANCE = "a certificate is wrong, or the strategy: the theorem says nothing about such an instance"


def console(stream: IO[str] | None = None) -> Console:
    """A console on the stream (standard output by default), as wide as its terminal, or `WIDTH` columns."""
    file = stream or sys.stdout
    return Console(file=file, width=None if file.isatty() else WIDTH, highlight=False, markup=False, emoji=False)


@contextmanager
def progress(total: int) -> Iterator[Callable[[str], None]]:
    """A bar on standard error that the yielded function advances, only where that is a terminal."""
    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    shown = sys.stderr.isatty()
    with Progress(*columns, console=console(sys.stderr), transient=True, disable=not shown) as bar:
        task = bar.add_task("", total=total)
        yield lambda name: bar.update(task, advance=1, description=name.rsplit(".", 1)[-1])


def print_run(outcomes: Sequence[Outcome], plan: Plan, replays: Mapping[str, Path]) -> None:
    """The table, then every failure with the command that replays it, then totals, what is assumed and shared."""
    out = console()
    table = _table(outcomes)
    if out.measure(table, options=out.options.update(max_width=WIDEST)).maximum <= out.width:
        out.print(table)
    else:
        _print_narrow(out, outcomes)
    for outcome in outcomes:
        for line in failure_lines(outcome, replays.get(outcome.theorem)):
            out.print(line, soft_wrap=True)
    print_shares(out, by_family(o.report.traits for o in outcomes if o.report), WIDEST)
    if never := never_active(o.theorem for o in outcomes):
        names = ", ".join(f"{name} ({why})" for name, why in never.items())
        out.print(f"Not measured, because no instance can be active: {names}.", soft_wrap=True)
    for line in total_lines(outcomes, plan):
        out.print(line, soft_wrap=True)


def _table(outcomes: Sequence[Outcome]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("theorem", overflow="fold")
    table.add_column("verdict", no_wrap=True)
    headings = _headings(outcomes)
    for heading in headings:
        table.add_column(heading, justify="left" if heading == "arithmetic" else "right", no_wrap=True)
    for outcome in outcomes:
        figures = _figures(outcome)
        table.add_row(outcome.theorem, _verdict(outcome), *(figures.get(heading, "") for heading in headings))
    return table


def _headings(outcomes: Sequence[Outcome]) -> list[str]:
    repeated = any(o.report and o.report.distinct < o.report.tried for o in outcomes)
    return [heading for heading in FIGURES if heading != "distinct" or repeated]


def _print_narrow(out: Console, outcomes: Sequence[Outcome]) -> None:
    """The same figures under each name, for a terminal that the table does not fit."""
    headings = _headings(outcomes)
    for outcome in outcomes:
        out.print(outcome.theorem, soft_wrap=True)
        figures = _figures(outcome)
        counts = [f"{figures.get(heading, 0)} {heading}" for heading in headings if heading in COUNTS]
        rest = [figures[heading] for heading in headings if heading not in COUNTS and figures.get(heading)]
        out.print("  ", _verdict(outcome), ", ".join(("", *counts, *rest)), sep="", soft_wrap=True)


def _verdict(outcome: Outcome) -> Text:
    how = status(outcome)
    return Text(how, style=COLOURS.get(how, "red"))


def _figures(outcome: Outcome) -> dict[str, str]:
    """The cells of a theorem's row, by heading; none where there is no report."""
    report = outcome.report
    if report is None:
        return {}
    counts = (str(getattr(report, count)) for count in COUNTS)
    rest = (report.arithmetic, _width(report), f"{report.seconds:.2f} s")
    return dict(zip(FIGURES, (*counts, *rest), strict=True))


def _width(report: Report) -> str:
    if not report.passed:
        return ""
    if report.verdict is Verdict.EQUAL:
        return "exact"
    return f"{report.width:.1e}" if report.width else "0"


def failure_lines(outcome: Outcome, replay: Path | None) -> list[str]:
    """How a theorem failed: the claim, both sides, where they differ, the instance; nothing where it passed."""
    report = outcome.report
    if report is None:
        return ["", f"{outcome.theorem}: {ERROR}", f"  {outcome.error}"]
    if report.verdict is Verdict.VACUOUS:
        return ["", f"{outcome.theorem}: {report.verdict}, {why_vacuous(report)}"]
    if report.failure is None:
        return []
    command = [f"  replay it: leanmirror replay {shlex.quote(str(replay))}"] if replay else []
    return ["", f"{outcome.theorem}: {status(outcome)}", *witness_lines(report.failure), *command]


def witness_lines(failure: Failure) -> list[str]:
    """The claim, both sides, where they differ, and the instance."""
    lines = [*_difference(failure), "instance, shrunk:", *("  " + line for line in describe(failure.case))]
    return ["  " + line for line in lines]


def _difference(failure: Failure) -> Iterator[str]:
    mismatch = failure.judgement.mismatch
    if mismatch is None:
        return
    yield f"claim: {mismatch.claim}"
    if mismatch.entries:
        yield f"at {where(failure.case, mismatch)}"
    yield f"  left:  {mismatch.left}"
    yield f"  right: {mismatch.right}"
    if failure.judgement.verdict is Verdict.UNSATISFIED:
        yield WRONG_INSTANCE


def total_lines(outcomes: Sequence[Outcome], plan: Plan) -> list[str]:
    """How many theorems hold, on how many instances, what is assumed, and what both sides of a claim share."""
    reports = [o.report for o in outcomes if o.report]
    passed = sum(r.passed for r in reports)
    tried, different, accepted, empty = (sum(getattr(r, count) for r in reports) for count in COUNTS)
    distinct = f", {different:,} of them distinct" if different < tried else ""
    share = f" ({empty / tried:.1%})" if empty else ""
    counts = f"{counted(tried, 'instance')} tried{distinct}, {accepted:,} accepted, {empty:,} empty{share}"
    boundary = sum(r.boundary for r in reports)
    undecided = f", {boundary:,} undecided at a boundary and left out" if boundary else ""
    seconds = f"{sum(r.seconds for r in reports):.2f} s of work"
    run = f"profile {plan.profile}, seed {plan.seed}"
    holds = f"{passed} of {counted(len(outcomes), 'theorem')} {'holds' if len(outcomes) == 1 else 'hold'}"
    assumed = ASSUMED.format(revision=load_pin().revision[:7])
    return ["", f"{holds}: {counts}{undecided}; {seconds} ({run})", assumed, in_one_line()]
