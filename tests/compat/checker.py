"""What a type checker sees of the installed packages: names with their types, and mistakes in using them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.compat.environments import OURS, Environment

_RIGHT = """
from pytest_leanmirror import register_hypothesis_profiles
from mirror.arithmetic import BALL
from mirror.jit import BlockContext
from theorems import Equal, Report, __version__, check, get, has_fderiv_at, judge

report: Report = check(get("inner_get_single"), examples=5)
passed: bool = report.passed
version: str = __version__
judge([Equal("1 = 1", 1, 1)]).assert_passes()
register_hypothesis_profiles()
print(BALL.name, BlockContext, has_fderiv_at)
"""
_WRONG = """
from theorems import check, get

check(get(3), examples=5).pased
"""


def faults(environment: Environment, folder: Path) -> list[str]:
    """What a program that is right is blamed for, and what one that is wrong is not."""
    right, wrong = _errors(environment, folder, "right", _RIGHT), _errors(environment, folder, "wrong", _WRONG)
    expected = {"reportArgumentType", "reportAttributeAccessIssue"}
    missed = [f"{rule} is not reported where it should be" for rule in sorted(expected - wrong.keys())]
    untyped = [name for name in OURS if not (environment.packages() / name / "py.typed").is_file()]
    blamed = [f"{rule}: {said}" for rule, said in right.items()]
    return [*blamed, *missed, *(f"{name} has no py.typed" for name in untyped)]


def _errors(environment: Environment, folder: Path, name: str, source: str) -> dict[str, str]:
    """The rules that a program breaks, with the first message of each."""
    (folder / f"{name}.py").write_text(source, encoding="utf-8")
    (folder / "pyrightconfig.json").write_text('{"typeCheckingMode": "standard"}\n', encoding="utf-8")
    command = [sys.executable, "-m", "basedpyright", "--outputjson", "--pythonpath", environment.program("python")]
    done = subprocess.run([*command, f"{name}.py"], cwd=folder, capture_output=True, text=True)
    said = json.loads(done.stdout)["generalDiagnostics"]
    return {d.get("rule", "syntax"): d["message"] for d in reversed(said) if d["severity"] == "error"}
