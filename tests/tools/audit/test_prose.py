"""The section about prose: what is reworded, added, removed and moved, by declaration or file, and what fails."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lean_refs.pin import read_source
from tests.lean_refs import mini_lean as mini
from tests.tools.audit.conftest import failing
from tests.tools.audit.mini_checkout import BLOCK, TAPE, faulty, material
from theorems.tools.audit.audit import COMPARING
from theorems.tools.audit.findings import AuditVerdict, Finding, Section
from theorems.tools.audit.material import Material
from theorems.tools.audit.prose import prose

COVERAGE = "NN/Coverage.lean"
CLAIMS = "module\n/-!\n# Coverage\n\nWhat is proved.\n\n## Open\n\n* the rest\n-/\n"


def library(root: Path, claims: str = CLAIMS, **changed: str) -> Path:
    """The small library with a file that claims coverage."""
    mini.write(root, **changed)
    (root / COVERAGE).write_text(claims, "utf-8")
    return root


@pytest.fixture(scope="module")
def pin(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return mini.pin_of(library(tmp_path_factory.mktemp("mini")))


def changed(section: Section) -> list[Finding]:
    return [f for f in section.findings if f.verdict is not AuditVerdict.HOLDS]


def seen(root: Path, pin: dict[str, Any], old: str, new: str) -> Material:
    """The library with one text of its block replaced."""
    assert old in mini.BLOCK
    return material(library(root, block=mini.BLOCK.replace(old, new, 1)), pin)


def test_the_clean_library_has_no_change(tmp_path: Path, pin: dict[str, Any]) -> None:
    section = prose(material(library(tmp_path), pin))
    assert changed(section) == []
    assert section.summary == "23 unchanged; about 20 declarations, 2 modules, 1 section"
    counts = {f.name: f.basis for f in section.findings}
    assert counts[COVERAGE] == "2 texts unchanged"
    assert counts[f"{BLOCK}.block_ok"] == "unchanged"


def test_a_reworded_docstring_is_a_note_and_fails_where_every_change_does(tmp_path: Path, pin: dict[str, Any]) -> None:
    found = seen(tmp_path, pin, "The residual stream.", "The stream.")
    (note,) = changed(prose(found))
    assert (note.name, note.verdict) == (f"{BLOCK}.idxStream", AuditVerdict.CHANGED)
    assert note.basis == f"the docstring: reworded in 1 of 1 passage (line {note.line})"
    assert mini.BLOCK.split("\n")[note.line - 1] == "/-- The residual stream. -/"
    assert note.file == "NN/Block.lean"
    assert failing(prose(found)) == {}
    assert failing(prose(replace(found, strict=True))) == {note.name: note.basis}


@pytest.mark.parametrize(
    ("stem", "old", "new", "name", "basis"),
    [
        ("shape", "Shapes.", "Forms.", "NN/Shape.lean", "the docs of the module: reworded in 1 of 1 passage (line 2)"),
        ("shape", "/-- Entries. -/\n", "", "Spec.Shape.size", "the docstring: removed (line 10 then)"),
        ("shape", "  | scalar", "  /-- One. -/\n  | scalar", "Spec.Shape", "the docs of constructor scalar: added"),
        ("tape", "  i : Fin", "  /-- Where. -/\n  i : Fin", f"{TAPE}.Idx", "the docs of field i: added"),
        ("block", "open Spec", "/-! # Setup -/\nopen Spec", "NN/Block.lean", "the docs of the module: added"),
        ("block", "end Block", "/-! ## End -/\nend Block", "NN/Block.lean", 'the docs of section "End": added'),
        ("block", "end Block", "/-! End. -/\nend Block", "NN/Block.lean", "the docs of a section: added"),
        ("block", "end Block", "/-- ! -/\nopen Block", "NN/Block.lean", 'the docs of command "open Block": added'),
    ],
)  # fmt: skip
def test_each_kind_of_change_is_told(
    tmp_path: Path, pin: dict[str, Any], stem: str, old: str, new: str, name: str, basis: str
) -> None:
    found = faulty(tmp_path, pin, stem, old, new)
    (tmp_path / COVERAGE).write_text(CLAIMS, "utf-8")
    again = replace(found, source=read_source(tmp_path, pin))
    assert [(f.name, f.basis) for f in changed(prose(again))] == [(name, basis)]


def test_claims_of_coverage_are_compared(tmp_path: Path, pin: dict[str, Any]) -> None:
    claims = CLAIMS.replace("the rest", "nothing")
    (note,) = changed(prose(material(library(tmp_path, claims), pin)))
    assert (note.name, note.line) == (COVERAGE, 9)
    assert note.basis == 'the docs of section "Open": reworded in 1 of 2 passages (line 9)'


def test_a_file_that_is_gone_is_told_once(tmp_path: Path, pin: dict[str, Any]) -> None:
    library(tmp_path)
    (tmp_path / COVERAGE).unlink()
    (note,) = changed(prose(material(tmp_path, pin)))
    assert (note.name, note.basis) == (COVERAGE, "the file is not there: 2 texts removed with it")


def test_a_text_that_moves_says_from_where(tmp_path: Path, pin: dict[str, Any]) -> None:
    stream = mini.BLOCK[mini.BLOCK.index("/-- The residual") : mini.BLOCK.index("def idxGamma")]
    below = mini.BLOCK.replace(stream, "").replace("def normInputs", f"{stream}def normInputs")
    (note,) = changed(prose(material(library(tmp_path, block=below), pin)))
    line = 1 + mini.BLOCK[: mini.BLOCK.index(stream)].count("\n")
    assert note.basis == f"the docstring: moved within the file (line {line} then)"


def test_a_renamed_declaration_is_told_under_its_pinned_name(tmp_path: Path, pin: dict[str, Any]) -> None:
    renamed = mini.BLOCK.replace("idxStream ", "idxResidual ").replace("The residual stream.", "The stream.")
    found = material(library(tmp_path, block=renamed), pin)
    assert [f.name for f in changed(prose(found))] == [f"{BLOCK}.idxStream"]


def test_two_checkouts_are_compared_word_by_word(tmp_path: Path, pin: dict[str, Any]) -> None:
    older = read_source(library(tmp_path / "old"), pin)
    claims = CLAIMS.replace("What is proved.", "What we have proved.")
    found = replace(material(library(tmp_path / "new", claims), pin), against=older)
    (note,) = changed(prose(found))
    assert (note.before, note.now) == ("What [-is-] proved.", "What {+we have+} proved.")
    assert changed(prose(replace(found, source=older))) == []
    assert prose in COMPARING


def test_a_pin_without_prose_is_not_checked(tmp_path: Path, pin: dict[str, Any]) -> None:
    old = {key: value for key, value in pin.items() if key != "prose"}
    section = prose(material(library(tmp_path), old))
    assert section.summary == "not checked: the pin has no prose: leanmirror pin writes one that has"
    assert [f.verdict for f in section.findings] == [AuditVerdict.NOT_CHECKED]
    assert prose(Material(old)).summary == "not checked: no source was given; the pin has no prose"


def test_without_a_source_nothing_is_checked(pin: dict[str, Any]) -> None:
    assert prose(Material(pin)).summary == "not checked: no source was given; the pin has 23 texts"


# ---- TorchLean itself


def test_the_pinned_revision_has_the_prose_that_is_pinned(torchlean: Path, pinned: Material) -> None:
    section = prose(replace(pinned, source=read_source(torchlean, pinned.pin)))
    assert changed(section) == []
    assert section.summary.startswith(f"{sum(map(len, pinned.pin['prose'].values()))} unchanged; ")


def test_the_pin_holds_the_prose_of_every_file_and_of_coverage(pinned: Material) -> None:
    files = {made.file for made in pinned.pinned.values()}
    assert pinned.pin["prose"].keys() > files
    assert all(file.endswith("/Coverage.lean") for file in pinned.pin["prose"].keys() - files)


def test_texts_that_moved_with_their_file_are_told_once(tmp_path: Path, pin: dict[str, Any]) -> None:
    root = library(tmp_path)
    (root / "NN/Block.lean").rename(root / "NN/Blocks.lean")
    (root / COVERAGE).write_text(CLAIMS.replace("NN.Block", "NN.Blocks"), "utf-8")
    found = material(root, pin)
    section = prose(found)
    (note,) = changed(section)
    assert (note.name, note.verdict, note.file) == ("NN/Blocks.lean", AuditVerdict.CHANGED, "NN/Blocks.lean")
    number = int(note.basis.split()[0])
    assert note.basis == f"{number} texts moved there from NN/Block.lean, in the same words"
    assert f"{number} moved" in section.summary
    assert {f.name for f in section.findings if f.verdict is AuditVerdict.HOLDS} >= {f"{BLOCK}.block_ok"}
    assert failing(prose(replace(found, strict=True))) == {note.name: note.basis}
