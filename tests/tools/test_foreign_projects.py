"""The plugin in projects that have packages of our names: it stays out of their way, and says so where it cannot."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from pytest_leanmirror.ours import hidden, require

NAMES = ("theorems", "mirror", "lean_refs")

PROJECT = """
import pytest
import {packages}
from benchmarks import speed
from tests.helpers import doubled

@pytest.mark.lean("Mine.ours")
def test_the_names_are_the_projects():
    assert [{packages}] == [{packages}] and all(m.MINE for m in [{packages}])
    assert doubled(speed.FACTOR) == 4

@pytest.mark.lean("Proofs.Autograd.CtxVec.get")
def test_about_a_definition():
    pass

def test_a_theorem(check_theorem):
    raise AssertionError("not reached")
"""


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """A project with packages of our names, and with `benchmarks` and `tests` that are folders and no packages."""
    for name in NAMES:
        pytester.mkpydir(name).joinpath("__init__.py").write_text("MINE = True\n")
    for folder in ("benchmarks", "tests"):
        pytester.mkdir(folder)
    (pytester.path / "benchmarks/speed.py").write_text("FACTOR = 2\n")
    (pytester.path / "tests/helpers.py").write_text("def doubled(x):\n    return 2 * x\n")
    pytester.makepyfile(test_project=PROJECT.format(packages=", ".join(NAMES)))
    pytester.makepyprojecttoml("[tool.pytest]\nfilterwarnings = ['error']\nstrict = true\n")
    return pytester


@pytest.mark.parametrize("how", [[], ["-p", "pytest_leanmirror"], ["-n2"]], ids=["installed", "named", "workers"])
def test_a_project_with_packages_of_our_names_runs(project: pytest.Pytester, how: list[str]) -> None:
    result = project.runpytest_subprocess(*how)
    result.assert_outcomes(passed=2, errors=1)
    hiding = f"but here that is {project.path / 'lean_refs'}, which is not leanmirror's"
    remedy = "rename it, or keep it off sys.path in this run"
    result.stdout.fnmatch_lines_random(
        [
            f"check_theorem: leanmirror needs its package `lean_refs`, {hiding}: {remedy}",
            "theorem *passed *Mine.ours",
            "theorem *passed *Proofs.Autograd.CtxVec.get",
            f"definitions are counted among the theorems: leanmirror needs *{remedy}",
        ]
    )
    result.stdout.no_fnmatch_line("*Traceback*")


def test_a_theorems_of_its_own_is_no_hindrance_to_names_and_selection(pytester: pytest.Pytester) -> None:
    pytester.mkpydir("theorems").joinpath("__init__.py").write_text("MINE = True\n")
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.lean("Proofs.Autograd.CtxVec.get")
        def test_get():
            import theorems
            assert theorems.MINE

        @pytest.mark.lean("Mine.other")
        def test_other(check_theorem): pass
        """
    )
    result = pytester.runpytest_subprocess("--theorem=CtxVec.get")
    result.assert_outcomes(passed=1, deselected=1)
    result.stdout.fnmatch_lines(["definition  passed *Proofs.Autograd.CtxVec.get", "1 definition, 0 failing"])
    result = pytester.runpytest_subprocess("--theorem=other")
    result.assert_outcomes(errors=1, deselected=1)
    place = pytester.path / "theorems"
    result.stdout.fnmatch_lines(
        [f"check_theorem: leanmirror needs its package `theorems`, but here that is {place}, which is *"]
    )


def test_its_own_hypothesis_profile_of_our_name_is_its_own(project: pytest.Pytester) -> None:
    project.makeconftest("from hypothesis import settings\nsettings.register_profile('nightly', max_examples=7)\n")
    project.makepyfile(
        test_project="import theorems\nfrom hypothesis import settings\n"
        "def test_it():\n    assert theorems.MINE and settings.default.max_examples == 7\n"
    )
    project.runpytest_subprocess("--hypothesis-profile=nightly").assert_outcomes(passed=1)


def test_selection_by_name_says_what_it_lacks(project: pytest.Pytester) -> None:
    result = project.runpytest_subprocess("--theorem=Mine.*")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    (line,) = [line for line in result.errlines if line.strip()]
    assert line.startswith("ERROR: leanmirror needs its package `lean_refs`, but here that is ")


# ---- what a name means here


def test_our_packages_are_ours() -> None:
    assert hidden(*NAMES) is None
    require(*NAMES)


@pytest.mark.parametrize("kind", ["module", "built in memory", "namespace", "nothing"])
def test_whatever_hides_a_package_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str) -> None:
    monkeypatch.delitem(sys.modules, "theorems", raising=False)
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    place: object = None
    if kind == "module":
        (place := tmp_path / "theorems.py").touch()
    elif kind == "namespace":
        (place := tmp_path / "theorems").mkdir()
    elif kind == "built in memory":
        monkeypatch.setitem(sys.modules, "theorems", ModuleType("theorems"))
        place = "a module without a file"
    says = "which is missing here" if kind == "nothing" else f"but here that is {place}, which is not leanmirror's"
    assert f"leanmirror needs its package `theorems`, {says}: " in str(hidden("theorems"))
    with pytest.raises(pytest.UsageError, match="leanmirror needs its package `theorems`"):
        require("theorems")
