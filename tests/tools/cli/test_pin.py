"""`leanmirror pin` and `leanmirror audit --source` on the small library, laid out like a checkout."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import lean_refs.pin
from tests.lean_refs import mini_lean as mini
from tests.tools.audit.mini_checkout import BLOCK, TAPE, mini_base, mini_pin
from tests.tools.cli.conftest import Call
from theorems.tools.audit.twin_statements import FOLDER

SHORT = mini.REVISION[:7]


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small library in the folder `lean`; the present pin is what a person wrote down about it."""
    root = mini.write(tmp_path / "lean")
    base = mini_base(root)
    monkeypatch.setattr(lean_refs.pin, "raw_pin", lambda revision="": base)
    return root


def pin(call: Call, *more: str) -> Any:
    return call("pin", "--source", "lean", "--revision", mini.REVISION, *more)


@pytest.mark.usefixtures("library")
def test_a_pin_is_the_same_bytes_every_time(call: Call) -> None:
    results = [pin(call, "--output", name) for name in ("one.json", "two.json", "one.json")]
    assert [r.exit_code for r in results] == [0, 0, 0], results[0].output
    assert results[0].stdout == f"39 declarations of {SHORT} in one.json\n"
    assert results[0].stderr == ""
    assert Path("one.json").read_bytes() == Path("two.json").read_bytes()
    written = json.loads(Path("one.json").read_text("utf-8"))
    assert written["revision"] == mini.REVISION
    assert written == mini_pin(Path("again"))


@pytest.mark.usefixtures("library")
def test_a_pin_goes_beside_the_others_by_default(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("theorems.tools.cli.pin"), "PINS", tmp_path / "pins")
    assert pin(call).exit_code == 0
    assert [path.name for path in (tmp_path / "pins").iterdir()] == [f"{SHORT}.json"]


def test_what_is_missing_or_not_understood_exits_1_and_the_rest_is_written(call: Call, library: Path) -> None:
    mini.write(
        library,
        tape=mini.TAPE.replace("def add {", "def broken (x : [) := 1\ndef plus {"),
        shape=mini.SHAPE[: mini.SHAPE.index("/-- Entries")] + "end Shape\nend Spec\n",
    )
    result = pin(call, "--output", "partial.json")
    assert result.exit_code == 1
    missing, *_, broken = result.stderr.splitlines()
    assert missing == "missing: Spec.Shape.size"
    assert broken.startswith("not understood: NN/Tape.lean:")
    assert "Spec.Shape" in {d["name"] for d in json.loads(Path("partial.json").read_text("utf-8"))["declarations"]}


def test_an_audit_of_a_source_names_its_revision(call: Call, tmp_path: Path) -> None:
    mini.write(tmp_path / "lean")
    result = call("audit", "--source", "lean", "Idx.last")
    assert result.exit_code == 1
    assert "Lean: read from the source at revision unknown, pin 21198a1" in result.stdout
    assert f"fails       {TAPE}.Idx.last" in result.stdout
    assert "moved: from NN/Proofs/Autograd/Tape/Util/Idx.lean to NN/Tape.lean" in result.stdout


def test_an_audit_of_a_source_tells_a_class_of_twins_once(call: Call, tmp_path: Path) -> None:
    root = mini.write(tmp_path / "lean")
    (root / FOLDER).mkdir(parents=True)
    (root / "NN/Block.lean").rename(root / FOLDER / "Block.lean")
    told = [line for line in call("audit", "--source", "lean").stdout.splitlines() if "other names for its" in line]
    (line,) = told
    assert line.startswith(f"  {BLOCK}.block_ok: the same statement")
    assert f"as {BLOCK}.block_ok_again ({FOLDER}/Block.lean:" in line
