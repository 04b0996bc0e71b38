"""The projects under trial: one with packages of our names, and one that uses leanmirror."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

_CONFIGURATION = """
[tool.pytest]
# pytest-asyncio warns where a setting of its own is not given, which is a warning too where there is no pytest-asyncio.
filterwarnings = ["error", "ignore:The configuration option .asyncio_:pytest.PytestDeprecationWarning"]
strict_markers = true
# Theirs, so that the suite is the same where leanmirror is not installed.
markers = ["lean(name): the Lean name", "flaky(reruns)", "timeout(seconds)", "asyncio"]
"""
_PACKAGES = {
    **{f"{name}/__init__.py": f"MINE = '{name}'\n" for name in ("lean_refs", "mirror", "theorems")},
    "benchmarks/speed.py": "FACTOR = 2\n",
    "tests/helpers.py": "def doubled(x):\n    return 2 * x\n",
}
_OWN = """
import lean_refs, mirror, theorems
import pytest
from benchmarks import speed
from hypothesis import given, settings, strategies as st
from tests.helpers import doubled

@pytest.mark.lean("Mine.names")
def test_names():
    assert (lean_refs.MINE, mirror.MINE, theorems.MINE) == ("lean_refs", "mirror", "theorems")
    assert doubled(speed.FACTOR) == 4

@pytest.mark.lean("Mine.drawn")
@settings(max_examples=20, database=None)
@given(st.integers())
def test_drawn(n):
    assert doubled(n) == n + n

@pytest.mark.lean("Mine.wrong")
def test_wrong():
    assert doubled(2) == 5

@pytest.mark.lean("Mine.expected")
@pytest.mark.xfail
def test_expected():
    assert False

@pytest.mark.lean("Mine.later")
@pytest.mark.skip
def test_later():
    pass

def test_unmarked():
    pass
"""
_ASYNCIO = """
import asyncio
import pytest
from hypothesis import given, settings, strategies as st

@pytest.mark.lean("Mine.awaits")
@pytest.mark.asyncio
async def test_awaits():
    await asyncio.sleep(0)

@pytest.mark.lean("Mine.drawn_awaits")
@pytest.mark.asyncio
@settings(max_examples=20, database=None, deadline=None)
@given(st.integers())
async def test_drawn_awaits(n):
    await asyncio.sleep(0)
    assert n == n
"""
_RERUNFAILURES = """
import pytest

TRIES = []

@pytest.mark.lean("Mine.flaky")
@pytest.mark.flaky(reruns=2)
def test_flaky():
    TRIES.append(1)
    assert len(TRIES) > 1

@pytest.mark.lean("Mine.never")
@pytest.mark.flaky(reruns=1)
def test_never():
    assert False
"""
_TIMEOUT = """
import time
import pytest

@pytest.mark.lean("Mine.slow")
@pytest.mark.timeout(0.5)
def test_slow():
    time.sleep(60)
"""
_XDIST = """
import os
import pytest

@pytest.mark.lean("Mine.killed")
def test_killed():
    os._exit(1)
"""
_USER = """
import pytest
from flint import fmpq
from hypothesis import given, settings, strategies as st
from mirror.arithmetic import precision, rational_vector
from theorems import get, has_fderiv_at, judge

@pytest.mark.lean("Mine.square")
@settings(max_examples=20, database=None, deadline=None)
@given(st.integers(-9, 9))
def test_square(n):
    x, h = rational_vector([fmpq(n)]), rational_vector([1])
    with precision(320):
        judge(has_fderiv_at(lambda ar, x: x * x, x, lambda h: 2 * x * h, [h])).assert_passes()

def test_theorem(check_theorem):
    check_theorem(get("inner_get_single"))
"""


@dataclass(frozen=True, slots=True)
class Project:
    """Files of tests, the plugin of each by pytest's name for it, and what the table should say of each Lean name."""

    tests: dict[str, str]
    rows: dict[str, str]
    packages: dict[str, str] = field(default_factory=lambda: _PACKAGES)

    def write(self, folder: Path) -> Path:
        """Put the project into an empty folder."""
        for name, text in {"pyproject.toml": _CONFIGURATION, **self.packages, **self.tests}.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        return folder

    def __or__(self, other: Project) -> Project:
        return Project(self.tests | other.tests, self.rows | other.rows)


OWN = Project(
    {"test_own.py": _OWN},
    {
        "Mine.names": "passed",
        "Mine.drawn": "passed",
        "Mine.wrong": "failed",
        "Mine.expected": "xfailed",
        "Mine.later": "skipped",
    },
)
# What each plugin is for, in tests of the same project.
WITH = {
    "asyncio": Project({"test_await.py": _ASYNCIO}, {"Mine.awaits": "passed", "Mine.drawn_awaits": "passed"}),
    "randomly": Project({}, {}),
    "rerunfailures": Project({"test_rerun.py": _RERUNFAILURES}, {"Mine.flaky": "rerun", "Mine.never": "failed"}),
    "timeout": Project({"test_timeout.py": _TIMEOUT}, {"Mine.slow": "failed"}),
    "xdist": Project({"test_killed.py": _XDIST}, {"Mine.killed": "error"}),
}
USER = Project(
    {"test_user.py": _USER}, {"Mine.square": "passed", "Proofs.Autograd.CtxVec.inner_get_single": "equal"}, packages={}
)
