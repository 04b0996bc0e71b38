"""The pytest plugin in somebody else's suite: names, selection, counts, properties, failures, silence."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import import_module
from importlib.metadata import entry_points
from xml.etree import ElementTree as ET

import pytest

from theorems import theorems
from theorems.engine.sizes import PROFILES

# A suite that pytester runs in this process must not be the first to import anything of ours: what it
# imports is forgotten afterwards, and numpy cannot be imported twice.
theorems()
import_module("theorems.tools.pytest_failure")

MARKED = """
import pytest
from hypothesis import assume, given, settings, strategies as st

EXAMPLES = settings(max_examples=20, derandomize=True, database=None)
# Of bits, because what integers() draws depends on the modules that happen to be loaded.
NUMBERS = st.lists(st.booleans(), min_size=8, max_size=8).map(lambda bits: sum(b << k for k, b in enumerate(bits)))

@pytest.mark.lean("Proofs.Mine.add_comm")
@EXAMPLES
@given(NUMBERS, NUMBERS)
def test_add_comm(a, b):
    assume(a % 3)
    assert a + b == b + a

@pytest.mark.lean("Proofs.Mine.small")
@EXAMPLES
@given(NUMBERS)
def test_small(a):
    assert a < 100

@pytest.mark.lean("Proofs.Autograd.CtxVec.get", "Proofs.Autograd.CtxVec.single")
def test_plain():
    pass

@pytest.mark.lean("Proofs.Mine.later")
def test_later():
    pytest.skip("not yet")

@pytest.fixture
def broken():
    raise RuntimeError

@pytest.mark.lean("Proofs.Mine.broken")
def test_broken(broken):
    pass

def test_unmarked():
    pass
"""

# A theorem that is false from the first nonzero vector on, one that nothing satisfies, and a true one.
INJECTED = """
from dataclasses import replace
import pytest
from hypothesis import strategies as st
from mirror.arithmetic import EXACT
from theorems import get
from theorems.engine.evidence.verdicts import Equal
from theorems.engine.families import Family
from theorems.engine.strategies.values import fills
from theorems.engine.theorem import Hypothesis, Theorem

@st.composite
def vectors(draw, sizes):
    return {"n": (n := draw(st.integers(1, 3))), "x": draw(fills()).vector(n)}

def is_zero(ar, x):
    yield Equal("x = 0", x, 0 * x)

def make(name, *hypotheses):
    said = "x = 0", "Every vector is zero.", "(x)"
    return Theorem(name, *said, vectors, is_zero, hypotheses, EXACT, family=Family.VECTORS)

FALSE = make("Proofs.Fake.every_vector_is_zero")
VACUOUS = replace(make("Proofs.Fake.vacuous"), conclusion=lambda ar: iter(()))

@pytest.mark.lean(FALSE.name)
def test_false(check_theorem):
    check_theorem(FALSE)

@pytest.mark.lean(VACUOUS.name)
def test_vacuous(check_theorem):
    check_theorem(VACUOUS)

UNSATISFIED = make("Proofs.Fake.unsatisfied", Hypothesis("h", "never", lambda ar, x: False))

@pytest.mark.lean(UNSATISFIED.name)
def test_unsatisfied(check_theorem):
    check_theorem(UNSATISFIED)

def test_true(check_theorem):
    assert check_theorem(get("inner_get_single")).accepted == 7

def test_twice(check_theorem):
    check_theorem(get("inner_get_single"))
    check_theorem(FALSE)
"""


def rows(result: pytest.RunResult) -> list[list[str]]:
    """The table's cells without the time, which differs from run to run; times are `0.00 s`."""
    lines = result.outlines[result.outlines.index(next(x for x in result.outlines if x.startswith("kind"))) + 1 :]
    table = [line.split() for line in lines if line.startswith(("theorem ", "definition "))]
    return [[*cells[:6], cells[-1]] for cells in table]


def usage_error(result: pytest.RunResult) -> list[str]:
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "Traceback" not in result.stdout.str() + result.stderr.str()
    return [line for line in result.errlines if line.strip()]


@pytest.fixture
def foreign(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makepyfile(test_foreign=MARKED)
    return pytester


# ---- light and silent


def test_the_distribution_offers_the_plugin() -> None:
    (plugin,) = entry_points(group="pytest11", name="pytest_leanmirror")
    assert plugin.value == "pytest_leanmirror"


def test_importing_the_plugin_imports_nothing_heavy() -> None:
    code = "import json, sys, pytest; had = set(sys.modules); import pytest_leanmirror; "
    code += "print(json.dumps(sorted(set(sys.modules) - had)))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    new = {module.partition(".")[0] for module in json.loads(found.stdout)}
    assert new - sys.stdlib_module_names == {"pytest_leanmirror"}


def test_importing_the_plugin_takes_less_than_50_ms() -> None:
    # Of the processor's time: that of the wall is also other people's.
    code = "import pytest, time; t = time.process_time(); import pytest_leanmirror; print(time.process_time() - t)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert float(found.stdout) < 0.05


def test_a_suite_without_marks_sees_nothing(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        "import sys\ndef test_light():\n    assert not {'hypothesis', 'flint', 'jax'} & set(sys.modules)\n"
    )
    result = pytester.runpytest_subprocess("-p", "no:hypothesispytest")
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("*Lean*")


def test_the_marker_is_registered(foreign: pytest.Pytester) -> None:
    result = foreign.runpytest_inprocess("--strict-markers", "-k", "plain")
    result.assert_outcomes(passed=1, deselected=5)
    foreign.runpytest_inprocess("--markers").stdout.fnmatch_lines(["@pytest.mark.lean(name, ...): *"])


# ---- the table


def test_every_name_has_a_row_with_its_counts(foreign: pytest.Pytester) -> None:
    result = foreign.runpytest_inprocess("--hypothesis-show-statistics")
    result.assert_outcomes(passed=3, failed=1, errors=1, skipped=1)
    table = {row[-1]: row[:-1] for row in rows(result)}
    assert [row[-1] for row in rows(result)] == [
        "Proofs.Mine.add_comm",
        "Proofs.Mine.broken",
        "Proofs.Mine.later",
        "Proofs.Mine.small",
        "Proofs.Autograd.CtxVec.get",
        "Proofs.Autograd.CtxVec.single",
    ]
    assert table["Proofs.Mine.broken"] == ["theorem", "error", "-", "-", "-", "-"]
    assert table["Proofs.Mine.later"] == ["theorem", "skipped", "-", "-", "-", "-"]
    assert table["Proofs.Autograd.CtxVec.get"] == ["definition", "passed", "-", "-", "-", "-"]
    kind, verdict, tried, accepted, *_ = table["Proofs.Mine.add_comm"]
    assert (kind, verdict, accepted) == ("theorem", "passed", "20")
    result.stdout.fnmatch_lines([f"*- 20 passing, 0 failing, and {int(tried) - 20} invalid test cases*"])
    kind, verdict, tried, accepted, *_ = table["Proofs.Mine.small"]
    assert (kind, verdict, int(tried) - int(accepted)) == ("theorem", "failed", 1)
    result.stdout.fnmatch_lines(
        ["4 theorems, 2 failing, 1 skipped: * instances tried, * accepted", "2 definitions, 0 failing"]
    )


def test_the_table_is_the_same_in_workers_and_without_xdist(foreign: pytest.Pytester) -> None:
    tables = [rows(foreign.runpytest_inprocess(*how)) for how in (["-n0"], ["-n2"], ["-p", "no:xdist"])]
    assert len(tables[0]) == 6
    assert tables[1] == tables[0]
    assert tables[2] == tables[0]


def test_counting_does_not_change_what_hypothesis_draws(foreign: pytest.Pytester) -> None:
    source = MARKED.replace("assert a + b", "print('drew', a, b)\n    assert a + b")
    foreign.makepyfile(test_foreign=source)
    with_plugin = foreign.runpytest_subprocess("-s", "-k", "add_comm")
    without = foreign.runpytest_subprocess("-s", "-k", "add_comm", "-p", "no:pytest_leanmirror")
    drawn = [[line for line in r.outlines if "drew" in line] for r in (with_plugin, without)]
    assert len(drawn[0]) == 20
    assert drawn[0] == drawn[1]


def test_several_tests_of_one_name_make_one_row(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest
        @pytest.mark.lean("Proofs.Mine.one")
        class TestOne:
            @pytest.mark.lean("Proofs.Mine.one", "Proofs.Mine.two")
            @pytest.mark.parametrize("n", [1, 2])
            def test_it(self, n):
                assert n < 2
        """
    )
    assert rows(pytester.runpytest_inprocess()) == [
        ["theorem", "failed", "-", "-", "-", "-", "Proofs.Mine.one"],
        ["theorem", "failed", "-", "-", "-", "-", "Proofs.Mine.two"],
    ]


def test_a_quiet_run_shows_only_what_fails(foreign: pytest.Pytester) -> None:
    result = foreign.runpytest_inprocess("-q")
    assert [row[-1] for row in rows(result)] == ["Proofs.Mine.broken", "Proofs.Mine.small"]
    result.stdout.fnmatch_lines(["2 definitions, 0 failing"])
    foreign.runpytest_inprocess("-q", "-k", "plain").stdout.no_fnmatch_line("kind*")


def test_a_teardown_that_fails_is_an_error_of_the_name(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest
        @pytest.fixture
        def untidy():
            yield
            raise RuntimeError
        @pytest.mark.lean("Proofs.Mine.one")
        def test_it(untidy): pass
        """
    )
    assert rows(pytester.runpytest_inprocess()) == [["theorem", "error", "-", "-", "-", "-", "Proofs.Mine.one"]]


# ---- JUnit


@pytest.mark.parametrize("workers", ["-n0", "-n2"])
def test_junit_carries_names_and_counts(foreign: pytest.Pytester, workers: str) -> None:
    foreign.runpytest_inprocess(workers, "--junitxml=junit.xml")
    found = {
        case.attrib["name"]: [(p.attrib["name"], p.attrib["value"]) for p in case.iterfind("properties/property")]
        for case in ET.parse(foreign.path / "junit.xml").iterfind(".//testcase")
    }
    names = ["Proofs.Autograd.CtxVec.get", "Proofs.Autograd.CtxVec.single"]
    assert found["test_plain"] == [("definition", name) for name in names]
    assert found["test_unmarked"] == []
    properties = dict(found["test_add_comm"])
    assert properties.keys() == {"theorem", "tried", "accepted"}
    assert (properties["theorem"], properties["accepted"]) == ("Proofs.Mine.add_comm", "20")


# ---- selection


@pytest.mark.parametrize(
    ("patterns", "selected", "workers"),
    [
        (["Proofs.Mine.add_comm"], ["Proofs.Mine.add_comm"], "-n0"),
        (["add_comm", "CtxVec.get"], ["Proofs.Mine.add_comm", "Proofs.Autograd.CtxVec.get"], "-n2"),
        (["*.a*_comm"], ["Proofs.Mine.add_comm"], "-n0"),
    ],
)
def test_a_name_a_suffix_or_a_glob_selects(
    foreign: pytest.Pytester, patterns: list[str], selected: list[str], workers: str
) -> None:
    result = foreign.runpytest_inprocess(workers, *(f"--theorem={p}" for p in patterns))
    result.assert_outcomes(passed=len(selected), **({} if workers == "-n2" else {"deselected": 6 - len(selected)}))
    assert {row[-1] for row in rows(result)} >= set(selected)


@pytest.mark.parametrize("workers", ["-n0", "-n2"])
def test_an_unknown_name_suggests_the_nearest(foreign: pytest.Pytester, workers: str) -> None:
    line = "ERROR: --theorem: no collected test is about ad_comm; did you mean Proofs.Mine.add_comm?"
    assert usage_error(foreign.runpytest_inprocess(workers, "--theorem=ad_comm", "--theorem=small")) == [line]


def test_a_name_without_any_marks_says_so(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_it(): pass")
    line = "ERROR: --theorem: nothing is called add_comm: no collected test carries the lean marker"
    assert usage_error(pytester.runpytest_inprocess("--theorem=add_comm")) == [line]


@pytest.mark.parametrize("arguments", ["", "3", "''", "'A', kind=1"])
def test_a_marker_without_names_is_refused(pytester: pytest.Pytester, arguments: str) -> None:
    pytester.makepyfile(test_it=f"import pytest\n@pytest.mark.lean({arguments})\ndef test_it(): pass")
    line = f"ERROR: test_it.py::test_it: lean({arguments}) should be lean(name, ...) with full Lean names"
    assert usage_error(pytester.runpytest_inprocess()) == [line]


@pytest.mark.parametrize(
    ("option", "says"),
    [
        (
            "--leanmirror-profile=quik",
            "there is no profile 'quik': choose one of quick, full, nightly",
        ),
        ("--theorem-examples=0", "'0' is not a whole number of at least 1"),
        ("--theorem-examples=many", "'many' is not a whole number of at least 1"),
        ("--theorem-seed=-1", "'-1' is not a whole number of at least 0"),
        ("--leanmirror-seed=-1", "'-1' is not a whole number of at least 0"),
    ],
)
@pytest.mark.parametrize("workers", ["-n0", "-n2"])
def test_a_wrong_option_is_one_line(foreign: pytest.Pytester, option: str, says: str, workers: str) -> None:
    line = f"ERROR: {option.partition('=')[0]}: {says}"
    assert usage_error(foreign.runpytest_inprocess(option, workers)) == [line]


# ---- theorems as tests


def test_a_false_theorem_fails_with_its_shrunk_instance(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_injected=INJECTED)
    some = "false or vacuous or unsatisfied or true"
    result = pytester.runpytest_inprocess("--theorem-examples=7", "-k", some, "--junitxml=j.xml")
    result.assert_outcomes(failed=3, passed=1, deselected=1)
    result.stdout.fnmatch_lines(
        [
            "Proofs.Fake.every_vector_is_zero: refuted",
            "  claim: x = 0",
            "    n = 1",
            "    x = [[]1[]]",
            "  run it again: pytest test_injected.py::test_false --leanmirror-profile quick"
            " --leanmirror-examples 7 --leanmirror-seed 0",
            "Proofs.Fake.vacuous: vacuous, no instance was accepted: of 7, 7 compared nothing",
            "Proofs.Fake.unsatisfied: unsatisfied",
            "  claim: hypothesis h",
        ]
    )
    result.stdout.no_fnmatch_line("*Traceback*")
    table = {row[-1]: row for row in rows(result)}
    assert table["Proofs.Fake.every_vector_is_zero"][1] == "refuted"
    assert table["Proofs.Fake.vacuous"][:5] == ["theorem", "vacuous", "7", "0", "7"]
    assert table["Proofs.Fake.unsatisfied"][:5] == ["theorem", "unsatisfied", "1", "0", "0"]
    name = "Proofs.Autograd.CtxVec.inner_get_single"
    assert table[name] == ["theorem", "equal", "7", "7", "0", "0", name]
    cases = ET.parse(pytester.path / "j.xml").iterfind(".//testcase[@name='test_true']/properties/property")
    found = {p.attrib["name"]: p.attrib["value"] for p in cases}
    counts = {"tried": "7", "accepted": "7", "empty": "0"}
    wanted = {"theorem": name, "verdict": "equal", **counts, "arithmetic": "exact", "seed": "0"}
    assert wanted.items() <= found.items()


def test_the_same_seed_draws_the_same_instances(pytester: pytest.Pytester) -> None:
    source = INJECTED.replace("yield Equal", "print('drew', *x)\n    yield Equal")
    pytester.makepyfile(test_injected=source)
    drawn = []
    for seed in ("1", "1", "2"):
        result = pytester.runpytest_inprocess("-s", "--theorem-examples=9", "--theorem-seed", seed, "-k", "false")
        drawn.append([line for line in result.outlines if "drew" in line])
    assert drawn[0] == drawn[1] != drawn[2]


def test_one_test_runs_one_theorem(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_injected=INJECTED)
    result = pytester.runpytest_inprocess("-k", "twice", "--theorem-examples=2")
    result.assert_outcomes(failed=1, deselected=4)
    result.stdout.fnmatch_lines(
        ["*UsageError: *test_twice runs Proofs.Fake.every_vector_is_zero after another theorem*"]
    )
    assert rows(result)[0][1] == "failed"


def test_a_registered_theorem_that_fails_leaves_a_file_to_replay(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        test_faulty="""
        import pytest
        from theorems import get
        import theorems.nodes.context as room

        def test_it(check_theorem, monkeypatch):
            monkeypatch.setattr(room, "single", lambda ar, idx, v: ar.zeros(idx.total))
            check_theorem(get("inner_get_single"))
        """
    )
    result = pytester.runpytest_inprocess()
    result.assert_outcomes(failed=1)
    name = "Proofs.Autograd.CtxVec.inner_get_single"
    result.stdout.fnmatch_lines([f"{name}: refuted", f"  replay it: leanmirror replay report/failures/{name}.json"])
    assert json.loads((pytester.path / "report" / "failures" / f"{name}.json").read_text("utf-8"))["theorem"] == name


def test_a_replay_file_that_cannot_be_written_is_said(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        test_faulty="""
        import theorems.nodes.context as room
        from theorems import get

        def test_it(check_theorem, monkeypatch):
            monkeypatch.setattr(room, "single", lambda ar, idx, v: ar.zeros(idx.total))
            check_theorem(get("inner_get_single"))
        """
    )
    (pytester.path / "report").write_text("a file where the folder should be")
    result = pytester.runpytest_inprocess()
    result.stdout.fnmatch_lines(
        ["*: refuted", "  no replay file: *", "  run it again: pytest test_faulty.py::test_it *"]
    )


# ---- Hypothesis profiles


@pytest.mark.parametrize("on_ci", [False, True])
@pytest.mark.parametrize("name", PROFILES)
def test_the_profiles_are_there_for_hypothesis(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, name: str, on_ci: bool
) -> None:
    if on_ci:
        monkeypatch.setenv("CI", "true")
    else:
        monkeypatch.delenv("CI", raising=False)
    pytester.makepyfile(
        """
        from hypothesis import settings
        def test_it(request):
            now = settings.default
            print("settings", now.max_examples, now.derandomize, now.database is None, now.deadline)
        """
    )
    result = pytester.runpytest_subprocess("-s", f"--hypothesis-profile={name}")
    profile = PROFILES[name]
    fixed = profile.seed is not None
    result.stdout.fnmatch_lines([f"*settings {profile.examples // 2} {fixed} {fixed} None*"])


def test_a_suite_keeps_its_own_profile_of_that_name(pytester: pytest.Pytester) -> None:
    pytester.makeconftest("from hypothesis import settings\nsettings.register_profile('nightly', max_examples=7)\n")
    pytester.makepyfile(
        "from hypothesis import settings\ndef test_it():\n    assert settings.default.max_examples == 7\n"
    )
    pytester.runpytest_subprocess("--hypothesis-profile=nightly").assert_outcomes(passed=1)
