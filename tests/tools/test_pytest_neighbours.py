"""The plugin beside other plugins and conftests: reruns, killed workers, expected failures, options of our names."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import pytest

from pytest_leanmirror.table import Row
from pytest_leanmirror.workers import pytest_handlecrashitem
from tests.tools.test_pytest_plugin import rows, usage_error
from theorems import theorems

# See test_pytest_plugin.py: what pytester imports in this process is forgotten, and numpy cannot be imported twice.
theorems()
import_module("theorems.tools.pytest_failure")


# ---- reruns

# What pytest-rerunfailures does: it runs the protocol of a test again, and reports what failed before as "rerun".
RERUNNING = """
import os
import pytest
from _pytest.runner import runtestprotocol

@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item, nextitem):
    for attempt in (1, 2):
        item.attempt = attempt
        os.environ["ATTEMPT"] = str(attempt)
        reports = runtestprotocol(item, nextitem=nextitem, log=False)
        again = attempt == 1 and any(report.failed for report in reports)
        for report in reports:
            report.outcome = "rerun" if again and report.failed else report.outcome
            if report.when == "call" or not report.passed:
                item.ihook.pytest_runtest_logreport(report=report)
        if not again:
            return True
    return True

def pytest_report_teststatus(report):
    if report.outcome == "rerun":
        return "rerun", "R", "RERUN"
"""

FLAKY = """
import os
import pytest
from hypothesis import given, settings, strategies as st
from theorems import get
import theorems.nodes.context as room

@pytest.mark.lean("Mine.flaky")
@settings(max_examples=10, derandomize=True, database=None)
@given(st.integers(0, 1000))
def test_flaky(n):
    assert os.environ["ATTEMPT"] == "2"

@pytest.mark.lean("Mine.wrong")
def test_wrong():
    assert False

@pytest.mark.lean("Mine.late")
def test_late(late):
    pass

@pytest.fixture
def late(request):
    assert request.node.attempt > 1

def test_theorem(request, check_theorem, monkeypatch):
    if request.node.attempt == 1:
        monkeypatch.setattr(room, "single", lambda ar, idx, v: ar.zeros(idx.total))
    check_theorem(get("inner_get_single"))
"""


def test_a_test_that_is_run_again_counts_once(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTEMPT", "0")  # what the conftest sets is undone with it
    pytester.makeconftest(RERUNNING)
    pytester.makepyfile(test_flaky=FLAKY)
    result = pytester.runpytest_inprocess("--leanmirror-examples=5")
    result.assert_outcomes(passed=3, failed=1)
    assert rows(result) == [
        ["theorem", "rerun", "10", "10", "-", "-", "Mine.flaky"],
        ["theorem", "rerun", "-", "-", "-", "-", "Mine.late"],
        ["theorem", "failed", "-", "-", "-", "-", "Mine.wrong"],
        ["theorem", "rerun", "5", "5", "0", "0", "Proofs.Autograd.CtxVec.inner_get_single"],
    ]
    result.stdout.fnmatch_lines(["4 theorems, 1 failing, 3 rerun: 15 instances tried, 15 accepted, 0 empty"])


def test_an_outcome_that_nobody_knows_is_shown_and_fails_nothing() -> None:
    row = Row("theorem", "Mine.one")
    row.add("postponed", {}, 0.0)
    assert row.good
    assert row.cells()[1] == "postponed"
    row.add("failed", {}, 0.0)
    assert not row.good


# ---- expected failures


def test_expected_failures_have_words_of_their_own(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest
        from theorems import get
        import theorems.nodes.context as room

        @pytest.mark.lean("Mine.expected")
        @pytest.mark.xfail
        def test_expected(): assert False

        @pytest.mark.lean("Mine.not_run")
        @pytest.mark.xfail(run=False)
        def test_not_run(): assert False

        @pytest.mark.lean("Mine.surprising")
        @pytest.mark.xfail(strict=False)
        def test_surprising(): pass

        @pytest.mark.lean("Mine.strict")
        @pytest.mark.xfail(strict=True)
        def test_strict(): pass

        @pytest.mark.xfail
        def test_theorem(check_theorem, monkeypatch):
            monkeypatch.setattr(room, "single", lambda ar, idx, v: ar.zeros(idx.total))
            check_theorem(get("inner_get_single"))
        """
    )
    result = pytester.runpytest_inprocess("--leanmirror-examples=5")
    result.assert_outcomes(xfailed=3, xpassed=1, failed=1)
    assert {row[-1]: row[1] for row in rows(result)} == {
        "Mine.expected": "xfailed",
        "Mine.not_run": "xfailed",
        "Mine.surprising": "xpassed",
        "Mine.strict": "failed",
        "Proofs.Autograd.CtxVec.inner_get_single": "xfailed",
    }
    result.stdout.fnmatch_lines(["5 theorems, 1 failing, 3 xfailed, 1 xpassed*"])


# ---- workers that are killed

CRASHING = """
import os
import pytest
from hypothesis import strategies as st
from theorems import get
import theorems.nodes.context as room

@pytest.mark.lean("Mine.crash")
def test_call():
    os._exit(1)

@pytest.mark.lean("Mine.setup")
def test_setup(crash_before): pass

@pytest.fixture
def crash_before():
    os._exit(1)

@pytest.mark.lean("Proofs.Autograd.CtxVec.get")
def test_teardown(crash_after): pass

@pytest.fixture
def crash_after():
    yield
    os._exit(1)

def test_theorem(check_theorem, monkeypatch):
    monkeypatch.setattr(room, "single", lambda ar, idx, v: os._exit(1))
    check_theorem(get("inner_get_single"))

def test_unmarked():
    os._exit(1)

@pytest.mark.lean("Mine.whole")
def test_whole(): pass
"""


def test_a_killed_worker_leaves_its_theorem_in_the_table(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_crashing=CRASHING)
    result = pytester.runpytest_inprocess("-n1", "--leanmirror-examples=5")
    assert {row[-1]: row[:2] for row in rows(result)} == {
        "Mine.crash": ["theorem", "error"],
        "Mine.setup": ["theorem", "error"],
        "Mine.whole": ["theorem", "passed"],
        "Proofs.Autograd.CtxVec.get": ["definition", "error"],
        "Proofs.Autograd.CtxVec.inner_get_single": ["theorem", "error"],
    }
    result.stdout.fnmatch_lines(["4 theorems, 3 failing*", "1 definition, 1 failing"])


@pytest.mark.parametrize(
    ("noted", "names"),
    [
        (None, []),
        ("", []),
        ('["test_it.py::test_before", [["theorem", "Mine.one"]]]', []),
        ('["test_it.py::test_it", [["theorem", "Mine.one"]]]', [("theorem", "Mine.one")]),
    ],
    ids=["nothing", "half a note", "the test before", "this test"],
)
def test_a_crash_has_the_names_of_its_own_test(tmp_path: Path, noted: str | None, names: list[tuple[str, str]]) -> None:
    if noted is not None:
        (tmp_path / "gw0").write_text(noted)
    node = SimpleNamespace(workerinput={"leanmirror_notes": str(tmp_path / "gw0")})
    report = SimpleNamespace(node=node, user_properties=[])
    pytest_handlecrashitem("test_it.py::test_it", report)
    assert report.user_properties == names


# ---- options of our names


@pytest.fixture(params=["conftest", "plugin"])
def with_options(request: pytest.FixtureRequest, pytester: pytest.Pytester) -> Iterator[list[str]]:
    """A suite that has options called like our short ones, in its conftest or in a plugin; what to call it with."""
    source = """
    def pytest_addoption(parser):
        parser.addoption("--theorem", action="store_true", help="theirs")
        parser.getgroup("theirs").addoption("--theorem-seed", type=int)
    """
    pytester.makepyfile(
        test_it="""
        import pytest
        @pytest.mark.lean("Mine.one")
        def test_one(request):
            assert request.config.getoption("--theorem") is True
            assert request.config.getoption("--theorem-seed") == 7
        @pytest.mark.lean("Mine.two")
        def test_two(): pass
        """
    )
    if request.param == "conftest":
        pytester.makeconftest(source)
        yield []
    else:
        pytester.makepyfile(their_plugin=source)
        yield ["-p", "their_plugin"]


def test_options_of_a_suite_go_on_working_and_ours_have_a_longer_name(
    pytester: pytest.Pytester, with_options: list[str]
) -> None:
    theirs = [*with_options, "--theorem", "--theorem-seed=7"]
    result = pytester.runpytest_subprocess(*theirs, "--leanmirror-theorem=one", "--theorem-examples=3")
    result.assert_outcomes(passed=1, deselected=1)
    result.stdout.fnmatch_lines(
        [
            "--theorem is another option in this suite: leanmirror's is --leanmirror-theorem",
            "--theorem-seed is another option in this suite: leanmirror's is --leanmirror-seed",
        ]
    )
    result.stdout.no_fnmatch_line("--theorem-examples is another option*")


@pytest.mark.parametrize("ours", [["--theorem", "one"], ["--leanmirror-theorem", "one"], ["--theorem=one"]])
def test_conftests_below_testpaths_are_read_for_their_options(pytester: pytest.Pytester, ours: list[str]) -> None:
    pytester.makepyprojecttoml("[tool.pytest]\ntestpaths = ['spec']\npython_files = ['*.py']\n")
    pytester.mkdir("spec")
    (pytester.path / "spec/conftest.py").write_text("def pytest_addoption(parser): parser.addoption('--slow')\n")
    (pytester.path / "spec/it.py").write_text("import pytest\n@pytest.mark.lean('A.one')\ndef test_one(): pass\n")
    pytester.runpytest_inprocess(*ours, "--slow=yes").assert_outcomes(passed=1)


def test_both_names_of_an_option_select(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        "import pytest\n@pytest.mark.lean('A.one')\ndef test_one(): pass\n"
        "@pytest.mark.lean('A.two')\ndef test_two(): pass\n@pytest.mark.lean('A.three')\ndef test_three(): pass\n"
    )
    pytester.runpytest_inprocess("--theorem", "one", "--leanmirror-theorem", "two").assert_outcomes(
        passed=2, deselected=1
    )
    (line,) = usage_error(pytester.runpytest_inprocess("--leanmirror-theorem=for"))
    assert line == "ERROR: --leanmirror-theorem: no collected test is about for"


def test_the_help_shows_both_names(pytester: pytest.Pytester) -> None:
    result = pytester.runpytest_inprocess("--help")
    result.stdout.fnmatch_lines(["Lean theorems as tests:", "*--leanmirror-theorem=GLOB*", "*--theorem=GLOB*same as*"])


# ---- a failing test of one's own


def test_a_failing_test_says_the_claim_the_position_and_both_sides(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest
        from flint import fmpq
        from hypothesis import given, strategies as st
        from mirror.arithmetic import BALL, precision, rational_vector
        from theorems import has_fderiv_at, judge

        @pytest.mark.lean("Mine.square")
        @given(st.integers(1, 9))
        def test_square(n):
            x, h = rational_vector([fmpq(n)]), rational_vector([1])
            with precision(320):
                judge(has_fderiv_at(lambda ar, x: x * x, x, lambda h: 3 * x * h, [h])).assert_passes()
        """
    )
    result = pytester.runpytest_inprocess()
    result.stdout.fnmatch_lines(
        [
            "E *AssertionError: refuted: *",
            "E *at position 0",
            "E *left: *",
            "E *right: *",
            "E *test_square(",
            "theorem  failed *Mine.square",
        ]
    )
