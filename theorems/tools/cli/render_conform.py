"""What `leanmirror conform` prints: the verdict, the rows that are not inside, the shapes, the worst entries."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from rich.table import Table

from theorems.tools.cli.render import WIDEST, console
from theorems.tools.conformance.folding import folded
from theorems.tools.conformance.judging import JudgedEntry
from theorems.tools.conformance.report import ConformanceReport, described, device
from theorems.tools.conformance.tallies import Line, Tally
from theorems.tools.conformance.values import ORDINARY
from theorems.tools.output.counted import counted

COUNTS = ("inside", "outside", "undecided")


def print_report(report: ConformanceReport, *, verbose: bool = False) -> None:
    """The whole report on standard output; with `verbose` every row, in order."""
    out = console()
    for line in head_lines(report):
        out.print(line, soft_wrap=True)
    out.print("")
    rows, inside, left_out = (report.lines, (), 0) if verbose else folded(report.lines)
    lines = [*rows, *inside]
    wide = table(lines)
    if out.measure(wide, options=out.options.update(max_width=WIDEST)).maximum <= out.width:
        out.print(wide)
    else:
        for line in lines:
            out.print(narrow(line), style=_style(line), soft_wrap=True)
    if left_out:
        out.print(f"{left_out} more not inside: --verbose prints every row, --json writes them.")
    for line in (*failed_lines(report), *worst_lines(report), *closing_lines(report)):
        out.print(line, soft_wrap=True)


def head_lines(report: ConformanceReport) -> Iterator[str]:
    """The verdict, what was examined, and the shapes."""
    if report.examined:
        yield report.headline
        yield ""
    arrays, w = report.of.arrays.name, report.wanted
    examined = f"{report.of.name}: {report.of.kind.name} in {arrays}, {w.dtype} on {device()}"
    yield f"{examined}, seed {w.seed}, gradients {report.of.gradients}"
    for shape in w.shapes:
        yield f"  {shape.name}: {described(shape, report.of.kind.name)}"


def table(lines: Iterable[Line]) -> Table:
    """Counts, largest errors and largest bounds of outputs and gradients."""
    found = Table(box=None, pad_edge=False, header_style="bold")
    found.add_column("shape", no_wrap=True)
    found.add_column("mask", no_wrap=True)
    found.add_column("values", no_wrap=True)
    for heading in ("instances", *COUNTS, "error", "bound"):
        found.add_column(heading, justify="right", no_wrap=True)
    for heading in (f"gradients {COUNTS[0]}", *COUNTS[1:], "error", "bound"):
        found.add_column(heading, justify="right", no_wrap=True)
    for line in lines:
        found.add_row(*_row(line), style=_style(line))
    return found


def _style(line: Line) -> str | None:
    return "red" if line.outside else "yellow" if line.failed else None


def narrow(line: Line) -> str:
    """The same figures in one line of text, for a terminal that the table does not fit."""
    said = f"{_named(line)}: {counted(line.instances, 'instance')}"
    if line.failed:
        return f"{said}; not examined: {line.failed}"
    for part, t in (("outputs", line.output), ("gradients", line.gradients)):
        counts = ", ".join(f"{getattr(t, c)} {c}" for c in COUNTS) if t else "not checked"
        known = f", error {t.error:.1e}, bound {t.bound:.1e}" if t and t.inside + t.outside else ""
        said += f"; {part} {counts}{known}"
    return said


def _named(line: Line) -> str:
    shape, mask, values = line.row
    return f"{shape.name}, {mask}" if values == ORDINARY else f"{shape.name}, {mask}, {values}"


def _row(line: Line) -> Iterator[str]:
    yield from (line.row.shape.name, line.row.mask, line.row.values, str(line.instances))
    if line.output is None:
        yield "not examined"
        return
    yield from _figures(line.output)
    yield from _figures(line.gradients) if line.gradients else ("not checked", *[""] * 4)


def _figures(t: Tally) -> Iterator[str]:
    yield from (str(getattr(t, count)) for count in COUNTS)
    known = t.inside + t.outside
    yield from (f"{t.error:.1e}", f"{t.bound:.1e}") if known else ("", "")


def failed_lines(report: ConformanceReport) -> Iterator[str]:
    """Each reason why rows were not examined, with the first of them and how many more there are."""
    by_reason: dict[str, list[Line]] = {}
    for line in report.failed:
        by_reason.setdefault(line.failed, []).append(line)
    for reason, (first, *more) in by_reason.items():
        yield ""
        yield f"not examined: {reason}"
        yield f"  {first.row}" + (f", and {len(more)} more row{'s' * (len(more) > 1)}" if more else "")
        yield f"  again: {report.again(first)}"


def worst_lines(report: ConformanceReport) -> Iterator[str]:
    """The worst output and the worst cotangent: what was returned, what is real, and how to see it again."""
    for part in ("output", "gradients"):
        if pair := report.worst(part):
            line, t = pair
            e = t.worst
            yield ""
            yield f"worst of the {'outputs' if part == 'output' else part}, {e.verdict}: {e.place}"
            yield f"  {line.row}, instance {t.number} of seed {report.wanted.seed}"
            yield f"  got   {e.got}"
            if e.real:
                yield f"  real  {e.real}"
                yield f"  error {_error(e)}, bound {e.bound:.1e}{_times(e.used)}"
            yield f"  again: {report.again(line)}"


def _error(e: JudgedEntry) -> str:
    """The error, as an interval where the real value is not known much better."""
    least = max(e.error - 2 * e.radius, 0.0)
    return f"from {least:.1e} to {e.error:.1e}" if e.radius > 0.01 * e.error > 0 else f"{e.error:.1e}"


def _times(used: float) -> str:
    if used < 1 or used == math.inf:
        return f", {used:.2g} of the bound" if 0 < used < 1 else ""
    return f", {used:,.1f} times the bound"


def closing_lines(report: ConformanceReport) -> Iterator[str]:
    """What is assumed, and the last word; that alone where nothing was examined."""
    yield ""
    if not report.examined:
        yield report.sentence
        return
    yield from report.conduct
    yield f"Assumed: {report.assumes}."
    if device() != "cpu":
        yield f"The bounds are those of CPUs; how far exp and tanh are off on {device()} was not measured."
    yield (
        "Errors are distances from the real-number value of Lean's function, bounds those of what the formulas can "
        "arrive at in that arithmetic. Random instances are evidence, not proof."
    )
    if report.suspicion:
        yield report.suspicion
    yield f"Other rules on the same instances: {report.other_rules}."
    yield report.sentence
