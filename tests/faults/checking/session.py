"""Tests of this suite, run in one session of pytest, each while something is changed."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, redirect_stderr, redirect_stdout
from io import StringIO

import pytest

from tests.source import ROOT

# What would get in the way of a run in this process, which may have imported Hypothesis and drawn from it already.
PLUGINS = ("cacheprovider", "xdist", "randomly")
WARNINGS = ("pytest.PytestAssertRewriteWarning", "hypothesis.errors.HypothesisSideeffectWarning")
QUIETLY = (
    *("-q", "--no-header", "--tb=no"),
    *(f"-pno:{name}" for name in PLUGINS),
    *(f"-Wignore::{name}" for name in WARNINGS),
)
Run = tuple[str, AbstractContextManager[None]]


def passing(runs: Sequence[Run]) -> list[bool]:
    """Whether each test passes within its context: a test is `tests/file.py::name`, with or without a parameter.

    A session costs more than most of the tests, so they share one. Raises `LookupError` for what is no test.
    """
    one_by_one, said = _OneByOne(runs), StringIO()
    tests = [str(ROOT / test) for test in dict.fromkeys(test for test, _ in runs)]
    with redirect_stdout(said), redirect_stderr(said):
        code = pytest.main([*QUIETLY, "--rootdir", str(ROOT), *tests], plugins=[one_by_one])
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        raise LookupError(f"{', '.join(dict.fromkeys(t for t, _ in runs))} cannot be run as a test:\n{said.getvalue()}")
    return one_by_one.passed


class _OneByOne:
    """A plugin that runs the tests in the order that is asked for, one of them several times where that is so."""

    def __init__(self, runs: Sequence[Run]) -> None:
        self.runs = runs
        self.passed: list[bool] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        for test, context in self.runs:
            self.passed.append(True)
            with context:
                for item in session.items:
                    if item.nodeid in (test, f"{test}[{item.nodeid.partition('[')[2]}"):
                        item.ihook.pytest_runtest_protocol(item=item, nextitem=None)
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.passed[-1] &= not report.failed
