"""Theorems as tests: the fixture that runs one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from pytest_leanmirror.options import examples, profile, seed
from pytest_leanmirror.ours import hidden
from pytest_leanmirror.table import lean_names
from pytest_leanmirror.workers import note_names

if TYPE_CHECKING:
    from theorems.engine.report import Report
    from theorems.engine.theorem import Theorem


# What a run of a theorem, or of a Hypothesis test, adds to a test's properties.
_SHOWN = ("verdict", "tried", "accepted", "empty", "width", "arithmetic", "seed")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Begin afresh: a test that is run again shows what this run of it shows."""
    if lean_names(item.user_properties):
        item.user_properties[:] = [pair for pair in item.user_properties if pair[0] not in _SHOWN]
        note_names(item)


@pytest.fixture
def check_theorem(request: pytest.FixtureRequest) -> Callable[[Theorem], Report]:
    """Runs a theorem under the profile and number of instances that the options say.

    The test fails unless the theorem passes, with the shrunk instance and the command that replays
    it. One test runs one theorem: `check_theorem` raises `UsageError` when it is called again.
    """
    node, config = request.node, request.config
    if reason := hidden("lean_refs", "mirror", "theorems"):
        pytest.fail(f"check_theorem: {reason}", pytrace=False)

    def check(theorem: Theorem) -> Report:
        __tracebackhide__ = True
        from theorems.engine import checking
        from theorems.tools.reports.outcomes import Outcome, status

        properties = dict(node.user_properties)
        if "verdict" in properties:
            raise pytest.UsageError(f"{node.nodeid} runs {theorem.name} after another theorem: one test runs one")
        if theorem.name not in lean_names(node.user_properties):
            node.user_properties.append(("theorem", theorem.name))
            note_names(node)
        report = checking.check(theorem, examples=examples(config), seed=seed(config), profile=profile(config))
        node.user_properties += [
            ("verdict", status(Outcome(theorem.name, report))),
            ("tried", report.tried),
            ("accepted", report.accepted),
            ("empty", report.empty),
            ("width", report.width),
            ("arithmetic", report.arithmetic),
            ("seed", report.seed),
        ]
        if not report.passed:
            from theorems.tools.pytest_failure import write_up

            pytest.fail(write_up(report, node.nodeid, config.rootpath), pytrace=False)
        return report

    return check
