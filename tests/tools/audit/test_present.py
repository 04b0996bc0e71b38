"""Names, kinds, files and counterparts: what is lost, renamed, moved or left over is said by name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lean_refs.pin import raw_pin
from lean_refs.scope import Entry, Scope, load_scope
from mirror.links import Link, linked
from mirror.rooms import links
from tests.lean_refs import mini_lean as mini
from tests.tools.audit.conftest import NORM, failing
from tests.tools.audit.mini_checkout import BLOCK, TAPE, faulty, material, mini_pin
from theorems.engine import reasons
from theorems.tools.audit.audit import exit_code
from theorems.tools.audit.findings import AuditVerdict
from theorems.tools.audit.material import Material
from theorems.tools.audit.present import present


@pytest.fixture(scope="module")
def pin(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return mini_pin(tmp_path_factory.mktemp("mini"))


SIZE = """/-- Entries. -/
def size : Shape → Nat
  | .scalar => 1
  | .dim n rest => n * size rest
"""


@pytest.mark.parametrize(
    ("stem", "old", "new", "lean", "says"),
    [
        ("shape", SIZE, "", "Spec.Shape.size", "missing: the source has no def of this name, nor of this structure"),
        ("tape", "abbrev Vec", "axiom Vec", f"{TAPE}.Vec", "abbrev became axiom"),
        ("block", "theorem block_ok {", "axiom block_ok {", f"{BLOCK}.block_ok", "theorem became axiom"),
        ("block", "theorem block_ok {", "lemma block_ok {", f"{BLOCK}.block_ok", "no counterpart"),
    ],
)
def test_what_became_of_a_declaration_is_said(
    tmp_path: Path, pin: dict[str, Any], stem: str, old: str, new: str, lean: str, says: str
) -> None:
    assert failing(present(faulty(tmp_path, pin, stem, old, new)))[lean] == says


@pytest.mark.parametrize(
    ("stem", "old", "new", "lean"),
    [
        ("tape", "def last", "def final", f"{TAPE}.Idx.last"),
        ("tape", "abbrev Vec", "def Vec", f"{TAPE}.Vec"),
        ("block", "theorem block_ok {", "lemma block_ok {", f"{BLOCK}.block_ok"),
    ],
)
def test_another_name_or_keyword_is_there_all_the_same(
    tmp_path: Path, pin: dict[str, Any], stem: str, old: str, new: str, lean: str
) -> None:
    clean = failing(present(material(mini.write(tmp_path / "clean"), pin)))
    assert failing(present(faulty(tmp_path, pin, stem, old, new))).get(lean) == clean.get(lean)


def test_a_file_whose_declarations_are_in_another_is_no_fault(tmp_path: Path, pin: dict[str, Any]) -> None:
    root = mini.write(tmp_path)
    (root / "NN/Tape.lean").rename(root / "NN/Ribbon.lean")
    found = {f.name: f for f in present(material(root, pin)).findings}
    assert found["NN/Tape.lean"].verdict is AuditVerdict.CHANGED
    assert found["NN/Tape.lean"].basis == "the file is not there, other files have all its pinned declarations"


def test_a_missing_file_is_named_with_what_it_had(tmp_path: Path, pin: dict[str, Any]) -> None:
    root = mini.write(tmp_path)
    (root / "NN/Shape.lean").unlink()
    found = {f.name: f for f in present(material(root, pin)).findings}
    assert (found["NN/Shape.lean"].verdict, found["NN/Shape.lean"].others) == (
        AuditVerdict.FAILS,
        ("Spec.Shape", "Spec.Shape.size"),
    )
    assert found["NN/Shape.lean"].basis == (
        "the file is missing, this report is partial: 2 pinned declarations not seen, Spec.Shape, Spec.Shape.size"
    )
    assert found["Spec.Shape"].basis == "its file NN/Shape.lean is missing"


def test_a_line_that_was_not_understood_makes_the_report_partial(tmp_path: Path, pin: dict[str, Any]) -> None:
    stream = "/-- The residual stream. -/"
    report = failing(present(faulty(tmp_path, pin, "block", stream, "theorem broken (x : [) := 1")))
    line = 1 + mini.BLOCK[: mini.BLOCK.index(stream)].count("\n")
    assert report["NN/Block.lean"].startswith(f"line {line} was not understood, this report is partial: ")


def test_a_counterpart_off_its_twin_path_is_found(tmp_path: Path, pin: dict[str, Any]) -> None:
    report = failing(present(material(mini.write(tmp_path), pin)))
    assert report["Spec.Shape"] == "the counterpart is in mirror.spec.core.shape, its twin path is mirror.shape"


def without(name: str) -> tuple[dict[str, Any], Scope]:
    """The pin and the scope of the repository without one declaration."""
    pin, scope = raw_pin(), load_scope()
    kept = [entry for entry in pin["declarations"] if entry["name"] != name]
    return pin | {"declarations": kept}, replace(scope, entries={n: e for n, e in scope.entries.items() if n != name})


LAST = f"{TAPE}.Idx.last"


def test_a_counterpart_beside_its_twin_is_found_and_one_below_it_holds(
    pinned: Material, monkeypatch: pytest.MonkeyPatch
) -> None:
    twin, below = "mirror.ops.norm.layer_norm", "mirror.ops.norm.layer_norm.graph"
    assert links()[f"{NORM}.g1"].module == below
    for module in (f"{twin}_graph", "mirror.ops.norm"):
        monkeypatch.setitem(linked(), f"{NORM}.g1", Link(f"{NORM}.g1", module, "g1"))
        assert failing(present(pinned)) == {f"{NORM}.g1": f"the counterpart is in {module}, its twin path is {twin}"}
    monkeypatch.setitem(linked(), f"{NORM}.g1", Link(f"{NORM}.g1", f"{below}.further", "g1"))
    assert failing(present(pinned)) == {}


def test_a_counterpart_and_a_reason_without_a_declaration_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(reasons.NOT_RUN, "No.such", "nothing to run")
    pin, scope = without(LAST)
    section = present(Material(pin, scope=scope))
    assert failing(section) == {
        LAST: "the counterpart in mirror.util.idx has no Lean declaration",
        "No.such": "a reason is given for it, but there is no such Lean declaration",
    }
    assert {f.verdict for f in section.findings} == {AuditVerdict.HOLDS, AuditVerdict.NOTE, AuditVerdict.FAILS}


@pytest.mark.parametrize("by_hand", [(), ({"name": LAST, "kind": "def", "file": "NN/Tape.lean", "line": 1},)])
def test_what_is_in_scope_and_has_no_hashes_fails_by_name(by_hand: tuple[dict[str, Any], ...]) -> None:
    pin, _ = without(LAST)
    material = Material(pin | {"declarations": [*pin["declarations"], *by_hand]})
    section = present(material)
    says = "in scope, but the pin has no hashes of it; renew the pin: leanmirror pin --source DIR"
    assert failing(section) == {LAST: says}
    assert exit_code([section]) == 1
    total = len(load_scope().entries)
    assert section.summary.endswith(f", {total - 1}/{total} in all")


def test_what_is_pinned_and_not_in_scope_fails_by_name() -> None:
    _, scope = without(LAST)
    found = failing(present(Material(raw_pin(), scope=scope)))
    assert found == {LAST: "in the pin, but not in scope.toml; renew the pin: leanmirror pin --source DIR"}


def test_an_unwritten_fact_fails_by_name() -> None:
    scope = load_scope()
    entries = scope.entries | {LAST: Entry("TO BE WRITTEN: what it computes")}
    found = failing(present(Material(raw_pin(), scope=replace(scope, entries=entries))))
    assert found == {LAST: "its fact in scope.toml is still to be written"}
