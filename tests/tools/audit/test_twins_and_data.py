"""Twins and marks of data, held against a source."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from tests.lean_refs import mini_lean as mini
from tests.tools.audit.mini_checkout import BLOCK, material, mini_pin
from theorems.engine.registry import theorems
from theorems.engine.theorem import Hypothesis
from theorems.tools.audit.findings import AuditVerdict, note
from theorems.tools.audit.ledger import data_marks as module
from theorems.tools.audit.ledger.data_marks import data_marks
from theorems.tools.audit.material import Material
from theorems.tools.audit.twin_statements import FOLDER, twin_statements

OK, AGAIN = f"{BLOCK}.block_ok", f"{BLOCK}.block_ok_again"
DECODER = "Proofs.Autograd.Transformer.decoderCore_backpropVec_eq_adjoint_fderiv_at"


@pytest.fixture(scope="module")
def pin(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return mini_pin(tmp_path_factory.mktemp("mini"))


def in_folder(root: Path, pin: dict[str, Any], block: str = mini.BLOCK) -> Material:
    """The library with its block module in the folder whose twins are told."""
    library = mini.write(root, block=block)
    (library / FOLDER).mkdir(parents=True)
    (library / "NN/Block.lean").rename(library / FOLDER / "Block.lean")
    return material(library, pin)


def line_of(theorem: str) -> int:
    return 1 + mini.BLOCK[: mini.BLOCK.index(f"theorem {theorem} ")].count("\n")


def test_twins_are_told_with_file_and_line(tmp_path: Path, pin: dict[str, Any]) -> None:
    section = twin_statements(in_folder(tmp_path, pin))
    assert section.summary == f"1 class of theorems with one statement, with a member in {FOLDER}, of 3 files"
    how = "the same statement, with other names for its binders, as"
    file, lines = f"{FOLDER}/Block.lean", [line_of(name.rsplit(".", 1)[-1]) for name in (OK, AGAIN)]
    assert section.findings == (
        note(OK, f"{how} {AGAIN} ({file}:{lines[1]})", (AGAIN,), file=file, line=lines[0]),
        note(AGAIN, f"{how} {OK} ({file}:{lines[0]})", (OK,), file=file, line=lines[1]),
    )


def test_twins_outside_the_folder_are_not_told(tmp_path: Path, pin: dict[str, Any]) -> None:
    assert twin_statements(material(mini.write(tmp_path), pin)).findings == ()


def test_twins_of_a_tree_that_is_partly_read_say_so(tmp_path: Path, pin: dict[str, Any]) -> None:
    section = twin_statements(in_folder(tmp_path, pin, f"{mini.BLOCK}/- a comment that nothing closes"))
    assert section.summary.endswith("; 1 place in the tree not understood")


def having(monkeypatch: pytest.MonkeyPatch, **data: bool) -> None:
    """An executable theorem called block_ok with these hypotheses, marked as data or not."""
    hypotheses = tuple(Hypothesis(name, "", lambda ar: True, marked) for name, marked in data.items())
    named = dataclasses.replace(theorems()[DECODER], name=OK, hypotheses=hypotheses, covers_not="")
    # Not in the registry itself, whose order is that of the pin.
    monkeypatch.setattr(module, "theorems", lambda: {OK: named})


@pytest.mark.parametrize(
    ("marks", "says"),
    [
        ({"hPos": False, "hc": False, "hGood": True}, None),
        (
            {"hPos": False, "hc": False, "hGood": False},
            "hGood is data in Lean, and is not marked as data here",
        ),
        (
            {"hPos": True, "hc": False, "hGood": True},
            "hPos is marked as data here, and is a proposition in Lean",
        ),
    ],
    ids=["as in Lean", "data without a mark", "a proposition with a mark"],
)
def test_marks_of_data_are_held_against_the_types_in_lean(
    tmp_path: Path, pin: dict[str, Any], monkeypatch: pytest.MonkeyPatch, marks: dict[str, bool], says: str | None
) -> None:
    having(monkeypatch, **marks)
    found = {f.name: f.basis for f in data_marks(material(mini.write(tmp_path), pin))}
    assert found.get(OK) == says


def test_nothing_is_said_of_a_mark_whose_type_the_source_lacks(
    tmp_path: Path, pin: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    having(monkeypatch, hPos=False, hc=False, hGood=True)
    (mini.write(tmp_path) / "NN/Tape.lean").unlink()
    (found,) = data_marks(material(tmp_path, pin))
    assert found.verdict is AuditVerdict.NOT_CHECKED
    assert found.basis.startswith("whether hGood is data: the source lacks Proofs.Autograd.")
