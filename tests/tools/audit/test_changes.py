"""The drift section: what is a note and what fails, what is said once of many, and the words of two checkouts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lean_refs.pin import read_source
from tests.lean_refs import mini_lean as mini
from tests.tools.audit.conftest import failing
from tests.tools.audit.mini_checkout import BLOCK, TAPE, faulty, material, mini_pin
from theorems.tools.audit.changes import changes
from theorems.tools.audit.findings import AuditVerdict, Finding, Section
from theorems.tools.audit.material import Material


@pytest.fixture(scope="module")
def pin(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return mini_pin(tmp_path_factory.mktemp("mini"))


def changed(section: Section) -> dict[str, Finding]:
    return {f.name: f for f in section.findings if f.verdict is AuditVerdict.CHANGED}


def against(root: Path, pin: dict[str, Any], old: str, new: str) -> Material:
    """The small library with a text replaced, against a checkout of it as it was."""
    assert old in mini.BLOCK
    now = material(mini.write(root / "now", block=mini.BLOCK.replace(old, new, 1)), pin)
    return replace(now, against=read_source(mini.write(root / "old"), pin))


def test_a_namespace_that_moved_is_said_once(tmp_path: Path, pin: dict[str, Any]) -> None:
    found = material(
        mini.write(
            tmp_path, block=mini.BLOCK.replace("namespace Block", "namespace Slab").replace("end Block", "end Slab")
        ),
        pin,
    )
    section = changes(found)
    assert failing(section) == {}
    said = changed(section)[BLOCK]
    assert said.basis == f"namespace moved: {BLOCK} is {TAPE}.Slab now: 19 declarations"
    assert f"{BLOCK}.block_ok" in said.others
    alone = next(f for f in section.findings if f.name == f"{BLOCK}.block_ok")
    assert (alone.verdict, alone.basis) == (AuditVerdict.HOLDS, "unchanged but for where it is")
    assert list(failing(changes(replace(found, strict=True)))) == [BLOCK]


def split(root: Path, moved: str) -> Path:
    """The library with all that is after `moved` in a file of its own."""
    head, opened = mini.BLOCK.index("abbrev ΓCore"), mini.BLOCK.index(moved)
    start = mini.BLOCK.rindex("/--", 0, opened)
    first, rest = mini.BLOCK[:start], mini.BLOCK[start:]
    opening = mini.BLOCK[: mini.BLOCK.rindex("/--", 0, head)].replace("import NN.Tape", "import NN.Block")
    opening = opening[: opening.index("/-- A matrix")]
    mini.write(root, block=f"{first}end Block\nend Autograd\nend Proofs\n")
    (root / "NN/Later.lean").write_text(opening + rest, "utf-8")
    return root


def test_a_file_that_was_split_is_said_once(tmp_path: Path, pin: dict[str, Any]) -> None:
    section = changes(material(split(tmp_path, "def blockGraph"), pin))
    assert failing(section) == {}
    assert changed(section)["NN/Block.lean"].basis == "moved: its declarations moved: 3 in NN/Later.lean"


def test_a_file_in_several_is_split(tmp_path: Path, pin: dict[str, Any]) -> None:
    root = split(tmp_path, "def blockGraph")
    text = (root / "NN/Later.lean").read_text("utf-8")
    at = text.index("/-- The same under another name. -/")
    opening = text[: text.index("/-- The whole block")].replace("import NN.Block", "import NN.Later")
    (root / "NN/Later.lean").write_text(f"{text[:at]}end Block\nend Autograd\nend Proofs\n", "utf-8")
    (root / "NN/Last.lean").write_text(opening + text[at:], "utf-8")
    said = changed(changes(material(root, pin)))["NN/Block.lean"]
    assert said.basis == "moved: split into files: 2 in NN/Later.lean, 1 in NN/Last.lean"
    assert said.others == tuple(f"{BLOCK}.{name}" for name in ("blockGraph", "block_ok", "block_ok_again"))


def test_a_reworded_declaration_says_that_it_rests_on_a_change(tmp_path: Path, pin: dict[str, Any]) -> None:
    text = mini.BLOCK.replace("What holds of the block", "What is true of the block")
    text = text.replace("(idx := idxSum) c", "(idx := idxSum) 2")
    found = changed(changes(material(mini.write(tmp_path, block=text), pin)))[f"{BLOCK}.block_ok"]
    assert found.basis.endswith(f"; rests on something that changed: {BLOCK}.carried")
    assert "docstring reworded" in found.basis


def test_a_grave_change_says_that_it_rests_on_another(tmp_path: Path, pin: dict[str, Any]) -> None:
    text = mini.BLOCK.replace("hPos : 0 < ε", "hPos : 0 ≤ ε").replace("(idx := idxSum) c", "(idx := idxSum) 2")
    basis = failing(changes(material(mini.write(tmp_path, block=text), pin)))[f"{BLOCK}.block_ok"]
    assert basis.startswith("hypothesis replaced by a weaker one (hPos (< became ≤): the statement says more; meaning:")
    assert basis.endswith(f"; rests on something that changed: {BLOCK}.carried")


def test_a_change_has_its_place(tmp_path: Path, pin: dict[str, Any]) -> None:
    section = changes(faulty(tmp_path, pin, "block", "The residual stream.", "The stream."))
    found = changed(section)[f"{BLOCK}.idxStream"]
    assert (found.file, mini.BLOCK.splitlines()[found.line - 1][:13]) == ("NN/Block.lean", "def idxStream")
    assert (found.before, found.now) == ("", "")


@pytest.mark.unmeasured
@pytest.mark.parametrize(
    ("old", "new", "name", "before", "now"),
    [
        ("hPos : 0 < ε", "hPos : 0 ≤ ε", "block_ok", "(hPos : 0 [-<-] ε)", "(hPos : 0 {+≤+} ε)"),
        ("  ring\n", "  nlinarith\n", "block_ok", ":= by [-ring-]", ":= by {+nlinarith+}"),
        ("The residual stream.", "The stream.", "idxStream", "", ""),
    ],
)
def test_of_two_checkouts_the_words_are_shown(
    tmp_path: Path, pin: dict[str, Any], old: str, new: str, name: str, before: str, now: str
) -> None:
    section = changes(against(tmp_path, pin, old, new))
    found = next(f for f in section.findings if f.name == f"{BLOCK}.{name}")
    assert before in found.before
    assert now in found.now
    assert bool(found.before) is bool(before)


def test_a_declaration_that_is_new_in_the_newer_checkout_has_no_words(tmp_path: Path, pin: dict[str, Any]) -> None:
    new = "def one (m n : Nat) : List Shape := []\nabbrev ssBlock"
    found = against(tmp_path, pin, "abbrev ssBlock", new)
    text = mini.BLOCK.replace("abbrev ssBlock", new).replace(
        "DGraph (ΓCore m n) [] := DGraph.nil", "DGraph (ΓCore m n) (one m n) := DGraph.nil"
    )
    found = replace(found, source=read_source(mini.write(tmp_path / "other", block=text), pin))
    assert changed(changes(found))[f"{BLOCK}.one"].before == ""


def test_a_file_of_the_older_checkout_that_the_newer_lacks_fails_once(tmp_path: Path, pin: dict[str, Any]) -> None:
    found = against(tmp_path, pin, "abbrev ssBlock", "abbrev ssBlock")
    (tmp_path / "now/NN/Tape.lean").unlink()
    found = replace(found, source=read_source(tmp_path / "now", pin))
    assert failing(changes(found)) == {"NN/Tape.lean": "the file is not there: no comparison of its 18 declarations"}
