"""Parts of what is printed that no run of one exact theorem shows."""

from __future__ import annotations

import dataclasses

import pytest

from tests.tools.cli.conftest import NAME
from theorems.engine.checking import check
from theorems.engine.evidence.verdicts import Judgement, Verdict
from theorems.engine.registry import get
from theorems.engine.report import Failure, Report
from theorems.tools.cli import render
from theorems.tools.cli.parallel import Plan
from theorems.tools.cli.render import _figures as figures
from theorems.tools.cli.render import failure_lines, print_run, total_lines, witness_lines
from theorems.tools.reports.outcomes import Outcome


@pytest.fixture
def report() -> Report:
    return dataclasses.replace(check(get(NAME), examples=3), distinct=3)


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({}, "exact"),
        ({"ending": Verdict.ENCLOSED, "width": 2.5e-77}, "2.5e-77"),
        ({"ending": Verdict.ENCLOSED, "width": 0.0}, "0"),
        ({"ending": Verdict.REFUTED, "width": 1.0}, ""),
    ],
)
def test_the_widest_enclosure(report: Report, fields: dict[str, object], shown: str) -> None:
    changed = dataclasses.replace(report, **fields)  # type: ignore[arg-type]
    assert figures(Outcome(NAME, changed))["widest enclosure"] == shown


def test_a_terminal_too_narrow_for_the_table_gets_two_lines_a_theorem(
    report: Report, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(render, "WIDTH", 60)
    print_run([Outcome(NAME, report), Outcome(NAME, error="boo")], Plan("quick", 0), {})
    seconds = f"{report.seconds:.2f} s"
    assert capsys.readouterr().out.splitlines()[:4] == [
        NAME,
        f"  equal, 3 tried, 3 accepted, 0 empty, exact, exact, {seconds}",
        NAME,
        "  error, 0 tried, 0 accepted, 0 empty",
    ]


def test_distinct_instances_are_counted_where_some_repeat(
    report: Report, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    repeated = Outcome(NAME, dataclasses.replace(report, distinct=2))
    print_run([repeated, Outcome(NAME, report)], Plan("quick", 0), {})
    heading, first, second, *_, totals, _, _ = capsys.readouterr().out.splitlines()
    assert heading.split()[:5] == ["theorem", "verdict", "tried", "distinct", "accepted"]
    assert [row.split()[2:5] for row in (first, second)] == [["3", "2", "3"], ["3", "3", "3"]]
    assert ": 6 instances tried, 5 of them distinct, 6 accepted, 0 empty; " in totals
    monkeypatch.setattr(render, "WIDTH", 60)
    print_run([repeated], Plan("quick", 0), {})
    assert "  equal, 3 tried, 2 distinct, 3 accepted, 0 empty, exact, exact, " in capsys.readouterr().out


def test_boundary_instances_are_counted_in_the_totals(report: Report) -> None:
    changed = dataclasses.replace(report, boundary=2)
    totals = "\n".join(total_lines([Outcome(NAME, changed)], Plan("quick", 0)))
    assert "3 accepted, 0 empty, 2 undecided at a boundary and left out; " in totals


def test_empty_instances_are_counted_in_the_totals_with_their_share(report: Report) -> None:
    changed = dataclasses.replace(report, accepted=2, empty=1)
    totals = "\n".join(total_lines([Outcome(NAME, changed)], Plan("quick", 0)))
    assert "3 instances tried, 2 accepted, 1 empty (33.3%); " in totals


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({"accepted": 0, "empty": 3}, "no instance was accepted: of 3, 3 compared nothing"),
        (
            {"accepted": 0, "empty": 1, "boundary": 2},
            "no instance was accepted: of 3, 1 compared nothing and 2 were undecided at a boundary",
        ),
        (
            {"tried": 200, "accepted": 169, "empty": 0, "boundary": 31},
            "31 were undecided at a boundary, of 200 instances: at most 15% may",
        ),
    ],
)
def test_what_was_left_out_is_said_in_one_line(report: Report, counts: dict[str, int], said: str) -> None:
    outcome = Outcome(NAME, dataclasses.replace(report, **counts))  # type: ignore[arg-type]
    assert failure_lines(outcome, None) == ["", f"{NAME}: vacuous, {said}"]


def test_a_failure_without_a_known_place_shows_its_instance() -> None:
    assert witness_lines(Failure({"n": 1}, Judgement(Verdict.UNDECIDED))) == ["  instance, shrunk:", "    n = 1"]


def test_a_failure_without_a_file_names_no_command(report: Report) -> None:
    failed = dataclasses.replace(report, ending=Verdict.REFUTED, failure=Failure({"n": 1}, Judgement(Verdict.REFUTED)))
    assert not [line for line in failure_lines(Outcome(NAME, failed), None) if "replay" in line]
