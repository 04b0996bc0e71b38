"""The table at the end of a pytest run: for each Lean name the verdict and how much was tried."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pytest

from pytest_leanmirror.ours import hidden

KINDS = ("theorem", "definition")

# How a row ends is the last of these that any of its tests ended with. `rerun` stands for whatever pytest itself has
# no such word for: a test that had to be run again, say.
_GOOD = ("skipped", "passed", "equal", "enclosed", "xfailed", "xpassed", "rerun")
_VERDICTS = (*_GOOD, "vacuous", "undecided", "refuted", "unsatisfied", "raised", "failed", "error")
_TOLD = ("skipped", "xfailed", "xpassed", "rerun")  # neither holds nor fails: the totals tell of it
_OUTCOMES = ("passed", "failed", "skipped")  # pytest's own; plugins have more
_HEADINGS = ("kind", "verdict", "tried", "accepted", "empty", "widest", "time")

Properties = Iterable[tuple[str, object]]


def lean_names(properties: Properties) -> list[str]:
    """The Lean names among a test's properties."""
    return [str(value) for key, value in properties if key in KINDS]


def _weight(verdict: str) -> int:
    return _VERDICTS.index(verdict if verdict in _VERDICTS else "rerun")


@dataclass(slots=True)
class Row:
    """What all tests of one Lean name showed together; a theorem's run and tests about it are two rows.

    `tried` and `accepted` are None where no test counts examples, `empty` and `width` where none runs a theorem.
    """

    kind: str
    name: str
    verdict: str = "skipped"
    tried: int | None = None
    accepted: int | None = None
    empty: int | None = None
    width: float | None = None
    seconds: float = 0.0

    @property
    def good(self) -> bool:
        """Whether nothing about it failed."""
        return _weight(self.verdict) < len(_GOOD)

    def add(self, verdict: str, properties: dict[str, object], seconds: float) -> None:
        """Add one test's outcome and numbers."""
        self.verdict = max(self.verdict, verdict, key=_weight)
        self.seconds += seconds
        if "tried" in properties:
            self.tried = (self.tried or 0) + int(str(properties["tried"]))
            self.accepted = (self.accepted or 0) + int(str(properties["accepted"]))
        if "empty" in properties:
            self.empty = (self.empty or 0) + int(str(properties["empty"]))
        if "width" in properties:
            self.width = max(self.width or 0.0, float(str(properties["width"])))

    def cells(self) -> tuple[str, ...]:
        """The cells under the headings; the name is not among them."""
        counts = ("-" if n is None else str(n) for n in (self.tried, self.accepted, self.empty))
        width = "-" if self.width is None else f"{self.width:.0e}" if self.width else "0"
        return (self.kind, self.verdict, *counts, width, f"{self.seconds:.2f} s")


class Table:
    """Gathers the reports of all tests that carry Lean names, from this process and from workers."""

    def __init__(self, config: pytest.Config, notes: Iterable[str] = ()) -> None:
        self._config = config
        self._notes = notes
        self._rows: dict[tuple[str, bool], Row] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when != "call" and report.passed:
            return
        properties = dict(report.user_properties)
        # A test that is run again counts once, with what its last run says.
        counted = properties if report.when == "call" and report.outcome in _OUTCOMES else {}
        for kind, name in report.user_properties:
            if kind in KINDS:
                row = self._rows.setdefault((str(name), "verdict" in properties), Row(kind, str(name)))
                row.add(_verdict(report, properties), counted, report.duration)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if not self._rows:
            return
        rows = sorted(self._rows.values(), key=lambda row: (KINDS.index(row.kind), row.name, row.width is None))
        quiet = self._config.get_verbosity() < 0
        terminalreporter.section("Lean theorems and definitions")
        shown = [row for row in rows if not (quiet and row.good)]
        if shown:
            _write_rows(terminalreporter, shown)
        for kind in KINDS:
            if of_kind := [row for row in rows if row.kind == kind]:
                terminalreporter.line(_total(kind, of_kind))
        for note in self._notes:
            terminalreporter.line(note)
        if reason := hidden("lean_refs"):
            terminalreporter.line(f"definitions are counted among the theorems: {reason}")


def _verdict(report: pytest.TestReport, properties: dict[str, object]) -> str:
    if report.when != "call" and report.failed:
        return "error"
    if hasattr(report, "wasxfail"):
        return "xfailed" if report.skipped else "xpassed"
    said = str(properties.get("verdict", report.outcome))
    return said if (said in _GOOD) == (report.outcome != "failed") else report.outcome


def _write_rows(terminalreporter: pytest.TerminalReporter, rows: list[Row]) -> None:
    lines = [_HEADINGS, *(row.cells() for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    # The name is last, so that a long one wraps without breaking the columns.
    for cells, name, good in zip(
        lines, ["name", *(r.name for r in rows)], [True, *(r.good for r in rows)], strict=True
    ):
        words = [c.ljust(w) if i < 2 else c.rjust(w) for i, (c, w) in enumerate(zip(cells, widths, strict=True))]
        terminalreporter.line("  ".join([*words, name]), red=not good)


def _counted(number: int, what: str) -> str:
    """As the commands count: their words are not imported here, where a folder of the user's may hide them."""
    return f"{number} {what if number == 1 else what + 's'}"


def _total(kind: str, rows: list[Row]) -> str:
    names = {row.name for row in rows}
    bad = {row.name for row in rows if not row.good}
    told = [f"{n} {word}" for word in _TOLD if (n := len({row.name for row in rows if row.verdict == word}))]
    said = ", ".join([_counted(len(names), kind), f"{len(bad)} failing", *told])
    counted = [row for row in rows if row.tried is not None]
    if not counted:
        return said
    tried, accepted = sum(row.tried or 0 for row in counted), sum(row.accepted or 0 for row in counted)
    empty = [row.empty for row in rows if row.empty is not None]
    compared_nothing = f", {sum(empty)} empty" if empty else ""
    return f"{said}: {_counted(tried, 'instance')} tried, {accepted} accepted{compared_nothing}"
