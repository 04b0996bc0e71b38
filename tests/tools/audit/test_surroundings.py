"""The section about what surrounds declarations: what fails, what is only told, and what was not checked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lean_refs.pin import raw_pin, read_source
from lean_refs.surroundings.account import SurroundingChanges, account
from lean_refs.surroundings.environment import from_json, read_environment
from tests.lean_refs import mini_lean as mini
from tests.tools.audit.conftest import failing
from tests.tools.audit.mini_checkout import BLOCK, TAPE, faulty, material, mini_pin
from theorems.tools.audit.findings import AuditVerdict, Section
from theorems.tools.audit.material import Material, gather
from theorems.tools.audit.surroundings import surroundings

FILE = "NN/Tape.lean"
OPEN = "open Spec\n"
LINE = 1 + mini.TAPE[: mini.TAPE.index(OPEN)].count("\n") + 1


@pytest.fixture(scope="module")
def pin(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return mini_pin(tmp_path_factory.mktemp("mini"))


def added(root: Path, pin: dict[str, Any], text: str) -> Section:
    """The section of the library with `text` after the first `open` of the tape."""
    return surroundings(faulty(root, pin, "tape", OPEN, f"{OPEN}{text}\n"))


def told(section: Section, verdict: AuditVerdict) -> list[str]:
    return [f.basis for f in section.findings if f.verdict is verdict]


def test_the_clean_library_holds(tmp_path: Path, pin: dict[str, Any]) -> None:
    section = surroundings(material(mini.write(tmp_path), pin))
    assert {f.verdict for f in section.findings} == {AuditVerdict.HOLDS}
    commands = sum(len(file["records"]) for file in pin["surroundings"].values())
    assert section.summary == f"{commands} commands and modifiers of 3 files, all as they were"
    assert len(section.findings) == len(pin["declarations"])


def test_the_clean_library_holds_where_its_layout_differs(tmp_path: Path, pin: dict[str, Any]) -> None:
    section = surroundings(faulty(tmp_path, pin, "tape", "abbrev Vec (n : Nat)", "abbrev Vec  (n : Nat)"))
    assert {f.verdict for f in section.findings} == {AuditVerdict.HOLDS}
    assert section.summary.endswith("of 3 files, all as they were")


def test_a_command_fails_with_its_line_and_what_it_can_change(tmp_path: Path, pin: dict[str, Any]) -> None:
    section = added(tmp_path, pin, "local instance : Add ℝ := ⟨fun a _ => a⟩")
    (found,) = [f for f in section.findings if f.name == FILE]
    assert (found.file, found.line, found.before) == (FILE, LINE, "")
    assert found.now == f"local instance Add ℝ (line {LINE})"
    assert found.basis.startswith(f"added: local instance Add ℝ (line {LINE}): it can change what these say, ")
    assert f"or whether they are proved: {TAPE}.CtxVec, " in found.basis
    assert found.basis.endswith(f"and {len(found.others) - 3} more")
    said = f"what surrounds it can change it: local instance Add ℝ, added ({FILE}:{LINE})"
    assert failing(section)[f"{TAPE}.TapeNodes.add"] == said
    assert section.summary.endswith(f"1 added; 1 of these fails, and can change {len(found.others)} declarations")


LAKE = "import Lake\npackage Own where\n  leanOptions := #[⟨`autoImplicit, false⟩]\n"
MANIFEST = '{"packages": [{"name": "mathlib", "url": "u", "rev": "REV"}]}'


def built(root: Path, lakefile: str, revision: str, **how: Any) -> Section:
    for file, text in (("lakefile.lean", lakefile), ("lake-manifest.json", MANIFEST.replace("REV", revision))):
        (root / file).write_text(text, "utf-8")
    older = mini.pin_of(root)
    (root / "lakefile.lean").write_text(LAKE.replace("false", "true"), "utf-8")
    (root / "lake-manifest.json").write_text(MANIFEST.replace("REV", "aa"), "utf-8")
    return surroundings(replace(material(root, older), **how))


def test_an_option_of_the_package_fails_at_its_line(tmp_path: Path) -> None:
    root = mini.write(tmp_path)
    section = built(root, LAKE, "aa")
    (found,) = [f for f in section.findings if f.name == "lakefile.lean"]
    assert (found.verdict, found.line) == (AuditVerdict.FAILS, 3)
    assert (found.before, found.now) == ("option autoImplicit false", "option autoImplicit true")
    assert found.basis.startswith("changed: option autoImplicit (line 3): it can change what each of ")
    assert section.summary.endswith("; of how it is built 1 differ")


def test_other_revisions_of_packages_are_one_remark(tmp_path: Path) -> None:
    root = mini.write(tmp_path)
    section = built(root, LAKE.replace("false", "true"), "bb")
    (found,) = [f for f in section.findings if f.name == "lake-manifest.json"]
    assert found.verdict is AuditVerdict.CHANGED
    assert found.basis == "packages of another revision, of which nothing is read here: mathlib"
    strict = built(root, LAKE.replace("false", "true"), "bb", strict=True)
    assert [f.name for f in strict.findings if f.verdict is AuditVerdict.FAILS] == ["lake-manifest.json"]


def test_a_source_without_its_lakefile_tells_no_options(tmp_path: Path) -> None:
    root = mini.write(tmp_path)
    (root / "lakefile.lean").write_text(LAKE, "utf-8")
    older = mini.pin_of(root)
    (root / "lakefile.lean").unlink()
    section = surroundings(material(root, older))
    said = [(f.name, f.basis) for f in section.findings if f.verdict is AuditVerdict.NOT_CHECKED]
    assert said == [("lakefile.lean", "it is not in the source: the options of the package are not known")]
    assert section.summary.endswith("all as they were")


def test_a_changed_command_says_both_lines(tmp_path: Path) -> None:
    tape = mini.TAPE.replace(OPEN, f"{OPEN}instance : Add ℝ := one\n")
    older = mini.pin_of(mini.write(tmp_path, tape=tape))
    later = tape.replace("Add ℝ := one", "Add ℝ := other").replace(OPEN, f"{OPEN}universe u\n")
    section = surroundings(material(mini.write(tmp_path, tape=later), older))
    (said,) = [f for f in section.findings if f.name == FILE and f.verdict is AuditVerdict.FAILS]
    assert said.basis.startswith(f"changed: the body of instance Add ℝ (line {LINE} then, {LINE + 1} now): ")
    block = mini.BLOCK.replace("namespace Autograd\n", "namespace Autograd\ninstance : Add ℝ := one\n", 1)
    section = surroundings(material(mini.write(tmp_path, block=block), older))
    (moved,) = [f for f in section.findings if f.name == "NN/Block.lean" and f.verdict is AuditVerdict.FAILS]
    assert moved.basis.startswith(f"moved: instance Add ℝ (from {FILE} to NN/Block.lean): it can change what these say")


def test_what_rests_on_what_can_change_fails_too(tmp_path: Path, pin: dict[str, Any]) -> None:
    section = added(tmp_path, pin, "local instance : Add ℝ := ⟨fun a _ => a⟩")
    assert failing(section)[f"{BLOCK}.idxScaled"].startswith(f"it rests on {TAPE}.Idx, {TAPE}.Idx.last, ")
    # The proof of a theorem names more than its statement does.
    assert failing(section).get("Spec.Shape") is None


def test_a_new_name_fails_with_both(tmp_path: Path, pin: dict[str, Any]) -> None:
    section = added(tmp_path, pin, "abbrev List (α : Type) := Nat")
    (found,) = [f for f in section.findings if f.name == FILE]
    captures = f"{TAPE}.List captures List, which was a name of Lean or Mathlib, in"
    assert found.basis.startswith(f"{captures} {BLOCK}.idxBeta, ")
    assert (found.line, found.before, found.now) == (LINE, "a name of Lean or Mathlib", f"{TAPE}.List")
    assert f"List is {TAPE}.List ({FILE}:{LINE})" in failing(section)[f"{TAPE}.CtxVec"]


def test_a_name_that_is_no_more_in_sight_fails(tmp_path: Path, pin: dict[str, Any]) -> None:
    section = surroundings(faulty(tmp_path, pin, "tape", "public import NN.Shape\n", ""))
    assert any(basis.startswith("Spec.Shape is no more in sight where ") for basis in told(section, AuditVerdict.FAILS))


def test_a_name_fails_whose_namespace_is_opened_no_more(tmp_path: Path, pin: dict[str, Any]) -> None:
    section = surroundings(faulty(tmp_path, pin, "tape", "open Spec\n", ""))
    assert any(basis.startswith("Spec.Shape is no more in sight where ") for basis in told(section, AuditVerdict.FAILS))


def test_an_axiom_fails_whoever_uses_it_with_the_way_to_it(tmp_path: Path, pin: dict[str, Any]) -> None:
    assert failing(added(tmp_path, pin, "axiom bad : False")) == {
        FILE: f"added: axiom {TAPE}.bad (line {LINE}): no declaration that is looked at names it"
    }
    text = mini.BLOCK.replace("  ring\n", "  exact bad\n")
    tape = mini.TAPE.replace(OPEN, f"{OPEN}axiom bad : False\n")
    section = surroundings(material(mini.write(tmp_path, tape=tape, block=text), pin))
    ok, again = f"{BLOCK}.block_ok", f"{BLOCK}.block_ok_again"
    assert failing(section)[FILE].endswith(f"{ok}, {again} rest on it, through {ok} → {TAPE}.bad")


def test_what_does_no_harm_is_told_and_fails_if_every_change_does(tmp_path: Path, pin: dict[str, Any]) -> None:
    found = faulty(tmp_path, pin, "tape", OPEN, f"{OPEN}set_option linter.all false\n")
    says = f"added: option linter.all false (line {LINE}): a limit, a linter or how something is shown"
    section = surroundings(found)
    assert (failing(section), told(section, AuditVerdict.CHANGED)) == ({}, [says])
    assert section.summary.endswith("1 added; none of these fails")
    assert failing(surroundings(replace(found, strict=True))) == {FILE: says}


def test_a_record_that_is_gone_or_elsewhere_says_where_it_was(tmp_path: Path, pin: dict[str, Any]) -> None:
    gone = surroundings(faulty(tmp_path, pin, "block", "open Spec TapeNodes\n", "open Spec\n"))
    assert [b for b in told(gone, AuditVerdict.CHANGED) if b.startswith("removed: open Spec TapeNodes (line 6 then): ")]
    moved = "/-- The last one. -/\n@[simp] def last"
    there = mini.TAPE.replace("/-- The last one. -/\ndef last", moved)
    section = surroundings(material(mini.write(tmp_path, tape=there), pin))
    assert f"added: simp of {TAPE}.Idx.last" in failing(section)[FILE]


def test_a_file_that_is_imported_and_not_there_fails(tmp_path: Path, pin: dict[str, Any]) -> None:
    root = mini.write(tmp_path)
    (root / "NN/Shape.lean").unlink()
    section = surroundings(material(root, pin))
    (missing,) = [f for f in section.findings if f.verdict is AuditVerdict.FAILS]
    assert (missing.name, missing.file) == ("NN/Shape.lean", "NN/Shape.lean")
    assert missing.basis.startswith("it is imported and not in the source: ")
    assert section.summary.endswith("; 1 file missing")


def test_without_a_source_or_without_pinned_surroundings_nothing_is_checked(
    tmp_path: Path, pin: dict[str, Any], pinned: Material
) -> None:
    files = raw_pin()["surroundings"].values()
    commands = sum(len(file["records"]) for file in files)
    known = f"no source was given; {commands} commands and modifiers of {len(files)} files are pinned"
    assert surroundings(pinned).summary == f"not checked: {known}"
    assert told(surroundings(pinned), AuditVerdict.NOT_CHECKED) == [known]
    assert told(surroundings(Material(pin)), AuditVerdict.NOT_CHECKED)[0].endswith(" of 3 files are pinned")
    bare = {key: value for key, value in pin.items() if key != "surroundings"}
    section = surroundings(material(mini.write(tmp_path), bare))
    why = "the pin has none: leanmirror pin --source DIR writes them"
    assert (section.summary, told(section, AuditVerdict.NOT_CHECKED)) == (f"not checked: {why}", [why])


def test_two_checkouts_are_compared_without_a_pin(tmp_path: Path, pin: dict[str, Any]) -> None:
    old = mini.write(tmp_path)
    older = read_source(old, pin)
    new = tmp_path / "new"
    new.mkdir()
    found = faulty(new, pin, "tape", OPEN, f'{OPEN}notation "a" => 1\n')
    section = surroundings(replace(found, against=older, pin={"declarations": []}))
    assert failing(section)[FILE].startswith(f"added: notation a (line {LINE}): it can change what these say, ")
    same = surroundings(replace(material(old, pin), against=older))
    assert failing(same) == {}


def test_compared_in_full_the_pinned_revision_has_no_difference(torchlean: Path) -> None:
    found = gather(torchlean)
    pinned = from_json(found.pin["surroundings"])
    now = read_environment(torchlean, pinned.files)
    names = {name: name for name in found.pinned}
    assert account(pinned, now, names, lambda _: (True, True), torchlean) == SurroundingChanges()


def test_what_moved_with_its_file_changes_nothing(tmp_path: Path, pin: dict[str, Any]) -> None:
    root = mini.write(tmp_path)
    (root / "NN/Block.lean").rename(root / "NN/Blocks.lean")
    section = surroundings(material(root, pin))
    assert {f.verdict for f in section.findings} == {AuditVerdict.HOLDS}
    assert "fail" not in section.summary.replace("none of these fails", "")


def test_what_a_file_that_moved_lost_fails_where_it_is_now(tmp_path: Path, pin: dict[str, Any]) -> None:
    root = mini.write(tmp_path, block=mini.BLOCK.replace("open Spec", "open Real Spec", 1))
    (root / "NN/Block.lean").rename(root / "NN/Blocks.lean")
    section = surroundings(material(root, pin))
    found = [f for f in section.findings if f.verdict is AuditVerdict.FAILS]
    assert found
    assert {f.file for f in found if f.name.startswith(BLOCK)} <= {"NN/Blocks.lean"}
