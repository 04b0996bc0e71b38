"""`pytest --lean-source DIR`: the same inside a run, with the marks that the tests had then."""

from __future__ import annotations

import shutil
from importlib import import_module
from itertools import takewhile

import pytest

from tests.tools.tracing.conftest import CART, TESTS, Shop

# What a suite in this process is the first to import is forgotten after it.
for module in ("comparing", "lock", "marks", "project", "settings", "words"):
    import_module(f"theorems.tools.tracing.{module}")

COMPUTED = """
import pytest
NAMES = {k: f"Cart.total_{k}" for k in ("append", "nil")}

@pytest.mark.lean(NAMES["append"])
def test_append(): pass

@pytest.mark.lean("Cart.discounted_le", "Cart.total_nil")
def test_discount(): pass
"""


@pytest.fixture
def shop(pytester: pytest.Pytester) -> Shop:
    """The cart in pytester's folder, agreed to."""
    shutil.copytree(CART / "lean", pytester.path / "lean")
    found = Shop(pytester.path)
    found.write("pyproject.toml", '[tool.leanmirror]\nsource = "lean"\n')
    found.write("tests/test_cart.py", TESTS)
    found.accepted()
    return found


def run(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    return pytester.runpytest_inprocess("-p", "no:cacheprovider", *arguments)


def told(result: pytest.RunResult) -> list[str]:
    """The lines of the section about the project."""
    start = next(k for k, line in enumerate(result.outlines) if line.strip("= ") == "Lean project")
    return list(takewhile(lambda line: line and not line.startswith("="), result.outlines[start + 1 :]))


def test_a_run_in_which_all_is_as_agreed(pytester: pytest.Pytester, shop: Shop) -> None:
    result = run(pytester, "--lean-source", "lean")
    assert result.ret == pytest.ExitCode.OK
    assert told(result) == ["2 names: 2 agreed; 1 of 3 theorems without a test (of this run)"]


def test_a_changed_statement_fails_the_run(pytester: pytest.Pytester, shop: Shop) -> None:
    shop.edit("lean/Cart/Total.lean", "percent ≤ 100)", "percent ≤ 99)")
    result = run(pytester, "--leanmirror-lean-source=lean")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(passed=2)
    assert told(result)[:4] == [
        "changed  Cart.discounted_le",
        "         its statement changed",
        "         theorem, Cart/Total.lean:19",
        "         tests/test_cart.py::test_discount (tests/test_cart.py:11)",
    ]


@pytest.mark.unmeasured
def test_names_that_only_a_run_knows_are_held_too(pytester: pytest.Pytester, shop: Shop) -> None:
    shop.write("tests/test_cart.py", COMPUTED)
    result = run(pytester, "--lean-source", "lean")
    assert result.ret == pytest.ExitCode.OK
    assert told(result)[0] == "new      Cart.total_nil"
    assert told(result)[-1] == "3 names: 1 new, 2 agreed"


@pytest.mark.unmeasured
def test_a_part_of_the_tests_is_a_part_of_the_trace(pytester: pytest.Pytester, shop: Shop) -> None:
    shop.edit("lean/Cart/Total.lean", "percent ≤ 100)", "percent ≤ 99)")
    result = run(pytester, "--lean-source", "lean", "-k", "append")
    assert result.ret == pytest.ExitCode.OK
    assert told(result) == ["1 name: 1 agreed; 2 of 3 theorems without a test (of this run)"]


def test_a_run_without_names_examines_nothing(pytester: pytest.Pytester, shop: Shop) -> None:
    shop.write("tests/test_cart.py", "def test_it(): pass\n")
    result = run(pytester, "--lean-source", "lean")
    assert result.ret == pytest.ExitCode.NO_TESTS_COLLECTED
    assert told(result) == ["no test of this run carries the lean marker: nothing was examined"]


def test_a_failing_test_stays_what_fails(pytester: pytest.Pytester, shop: Shop) -> None:
    shop.write("tests/test_cart.py", COMPUTED.replace("def test_append(): pass", "def test_append(): assert False"))
    assert run(pytester, "--lean-source", "lean").ret == pytest.ExitCode.TESTS_FAILED


def test_collecting_alone_traces_nothing(pytester: pytest.Pytester, shop: Shop) -> None:
    result = run(pytester, "--lean-source", "lean", "--collect-only")
    assert result.ret == pytest.ExitCode.OK
    assert "Lean project" not in result.stdout.str()


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("gone", "gone is not there: the folder of a Lean project is expected"),
        ("tests", "tests is no Lean project: no .lean file lies below it"),
    ],
)
def test_a_wrong_source_is_one_line_before_anything_runs(
    pytester: pytest.Pytester, shop: Shop, source: str, said: str
) -> None:
    result = run(pytester, "--lean-source", source)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert result.errlines == [f"ERROR: --lean-source: {said}", ""]


def test_a_corrupt_lock_is_one_line(pytester: pytest.Pytester, shop: Shop) -> None:
    shop.write("leanmirror.lock", "?")
    result = run(pytester, "--lean-source", "lean")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert result.errlines[0].startswith("ERROR: --lean-source: leanmirror.lock is no lock")


@pytest.mark.unmeasured
def test_the_workers_of_xdist_tell_their_names(pytester: pytest.Pytester, shop: Shop) -> None:
    shop.edit("lean/Cart/Total.lean", "percent ≤ 100)", "percent ≤ 99)")
    result = run(pytester, "--lean-source", "lean", "-n", "1")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert told(result)[0] == "changed  Cart.discounted_le"


@pytest.mark.unmeasured
def test_the_option_of_somebody_else_keeps_its_name(pytester: pytest.Pytester, shop: Shop) -> None:
    shop.write("conftest.py", "def pytest_addoption(parser): parser.addoption('--lean-source', action='store_true')\n")
    assert "Lean project" not in run(pytester, "--lean-source").stdout.str()
    assert "Lean project" in run(pytester, "--lean-source", "--leanmirror-lean-source", "lean").stdout.str()
