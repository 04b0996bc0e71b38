"""`pytest --lean-source DIR`: the Lean names of the tests that ran, held against a Lean project."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_leanmirror.ours import require
from pytest_leanmirror.table import lean_names

if TYPE_CHECKING:
    from theorems.tools.tracing.marks import LeanMark
    from theorems.tools.tracing.record import Trace


class RunTrace:
    """Gathers the names of all tests of a run, from this process and from workers, and traces them at its end.

    Raises `UsageError` where the folder is no Lean project, or the lock no lock.
    """

    def __init__(self, config: pytest.Config, source: str) -> None:
        require("lean_refs", "theorems")
        from theorems.tools.tracing.errors import NotTraced
        from theorems.tools.tracing.lock import read_lock
        from theorems.tools.tracing.project import read_project
        from theorems.tools.tracing.settings import settings_of

        try:
            settings = settings_of(config.rootpath)
            self._agreed = read_lock(settings.lock)
            self._project = read_project(config.invocation_params.dir / Path(source), settings.ignore)
        except NotTraced as why:
            raise pytest.UsageError(f"--lean-source: {why}") from why
        self._marks: dict[tuple[str, str], LeanMark] = {}
        self._trace: Trace | None = None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        from theorems.tools.tracing.marks import LeanMark

        file, line, _ = report.location
        for name in lean_names(report.user_properties):
            self._marks[name, report.nodeid] = LeanMark(name, report.nodeid, file, (line or 0) + 1)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        from theorems.tools.tracing.comparing import trace
        from theorems.tools.tracing.marks import MarkReading

        if session.config.option.collectonly:
            return
        files = len({mark.file for mark in self._marks.values()})
        self._trace = trace(self._project, MarkReading(tuple(self._marks.values()), files), self._agreed)
        if session.exitstatus == pytest.ExitCode.OK:
            if not self._marks:
                session.exitstatus = pytest.ExitCode.NO_TESTS_COLLECTED
            elif not self._trace.holds():
                session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl(trylast=True)  # after the table of what was tried
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self._trace is None:
            return
        from theorems.tools.tracing.words import told_of_a_run

        terminalreporter.section("Lean project")
        for line, fails in told_of_a_run(self._trace):
            terminalreporter.line(line, red=fails)
