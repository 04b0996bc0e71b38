"""CONTRIBUTING's recipe for a new declaration, walked as it stands there, in a copy of the house.

Commands and code come from the document. The Lean source is the stand-in for TorchLean, with the small library's
declarations that the recipe brings in.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from tests.lean_refs import stand_in
from tests.source import ROOT

pytestmark = pytest.mark.unmeasured

FOLDERS = ("lean_refs", "mirror", "theorems", "tests", "benchmarks", "docs")
FILES = ("Makefile", "README.md", "conftest.py", "pyproject.toml")
LEAN = {
    "NN/Proofs/Autograd/Tape/Nodes/Context.lean": """\
namespace Proofs.Autograd.CtxVec
/-- Both summands are the same. -/
def twice {Γ : List Spec.Shape} (x : CtxVec Γ) : CtxVec Γ := x + x
theorem inner_twice {Γ : List Spec.Shape} (x y : CtxVec Γ) : inner (twice x) y = 2 * inner x y := by
  rw [twice, two_mul]
end Proofs.Autograd.CtxVec
"""
}
NEW = ("Proofs.Autograd.CtxVec.inner_twice", "Proofs.Autograd.CtxVec.twice")
_BLOCK = re.compile(r"^   ```(\w+)\n(.*?)^   ```$", re.MULTILINE | re.DOTALL)


def recipe() -> list[tuple[str, str]]:
    """The language and the text of every block of the recipe, in order."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    section = text.partition("## Add a mirrored declaration and its theorem, end to end\n")[2].partition("\n## ")[0]
    return [(language, dedent(block)) for language, block in _BLOCK.findall(section)]


class Copy:
    """A copy of the house, with programs that run the copy's own code."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name in (*FOLDERS, *FILES):
            (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, root / name)
        self._program(".ci/venv.sh", "")  # there is an environment: this one
        self._program(".venv/bin/python", f'exec "{sys.executable}" "$@"')
        self._program(".venv/bin/leanmirror", f'exec "{sys.executable}" -m theorems.tools.cli "$@"')
        self._program(".venv/bin/pytest", f'exec "{sys.executable}" -m pytest "$@"')
        self._env = os.environ | {
            "PATH": f"{root / '.venv/bin'}:{os.environ['PATH']}",
            "PYTHONPATH": str(root),
            "LEANMIRROR_SOURCE": str(stand_in.write(root / "lean", LEAN)),
        }

    def _program(self, name: str, body: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
        path.chmod(0o755)

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        """What became of one line of shell."""
        done = ["sh", "-c", command]
        return subprocess.run(done, cwd=self.root, env=self._env, capture_output=True, text=True, timeout=300)

    def write(self, block: str) -> None:
        """Put a block into the file that its first line names, as its reader would."""
        head, _, text = block.partition("\n")
        path = self.root / head.removeprefix("# ")
        path.write_text(_joined(path.read_text("utf-8"), text), encoding="utf-8")


def _joined(before: str, text: str) -> str:
    if text.startswith("["):  # entries of the scope that are there, each with a fact to be written
        for header, fact in re.findall(r"^(\[.+\])\n(fact = .+)$", text, re.MULTILINE):
            before, count = re.subn(rf"(?<={re.escape(header)}\n)fact = \"TO BE WRITTEN.*", fact, before)
            assert count == 1, header
        return before
    # What the code uses of the mirror is imported with the rest.
    return (
        before.replace("from mirror.nodes.context import (\n", "from mirror.nodes.context import (\n    twice,\n")
        + f"\n\n{text}"
    )


@pytest.fixture
def house(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


def failing(house: Copy) -> dict[str, str]:
    """What the audit of the copy says of each declaration that fails.

    The stand-in states nothing, so what people wrote of TorchLean's theorems is not what it says: no ledger here.
    """
    done = house.run("leanmirror audit --json audit.json")
    assert done.returncode == 1, done.stdout + done.stderr
    document = json.loads((house.root / "audit.json").read_text("utf-8"))
    sections = [section for section in document["sections"] if section["title"] != "ledger"]
    found: dict[str, str] = {}
    for finding in (f for section in sections for f in section["findings"] if f["verdict"] == "fails"):
        found[finding["name"]] = "; ".join(filter(None, (found.get(finding["name"]), finding["basis"])))
    return found


def succeeds(house: Copy, command: str) -> None:
    done = house.run(command)
    assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}{done.stderr[-3000:]}"


@pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")
def test_the_recipe_leads_from_a_name_to_a_whole_house(house: Copy) -> None:
    (pinned, facts, *code, faulted, whole) = recipe()
    succeeds(house, pinned[1])
    unwritten = "its fact in scope.toml is still to be written"
    assert failing(house) == dict.fromkeys(NEW, f"no counterpart; {unwritten}")
    house.write(facts[1])
    assert failing(house) == dict.fromkeys(NEW, "no counterpart")
    assert [language for language, _ in code] == ["python"] * 4
    for _, block in code:
        house.write(block)
    succeeds(house, faulted[1])
    renew, *looks, everything = whole[1].splitlines()
    assert renew.startswith("make renew ")
    succeeds(house, f"{renew} ARGS='-k test_everything_in_the_pin'")
    for command in looks:
        succeeds(house, command)
    assert failing(house) == {}
    # Of the last command, what is about the new declaration: the whole suite in the copy would be this one again.
    assert everything == "make lint test"
    succeeds(house, "pytest tests/test_rooms.py tests/nodes/test_context.py -k 'test_rooms or twice'")
