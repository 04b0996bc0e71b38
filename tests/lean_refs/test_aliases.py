"""An alias says what its target says, and what became one is told so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lean_refs.drift import Meaning, drift
from lean_refs.evaluator import Evaluator
from lean_refs.evaluator.sources import read_with_imports
from lean_refs.pin import pinned_fingerprints, read_source
from lean_refs.reader.aliases import through_aliases
from lean_refs.reader.names import NameTable, Resolved
from lean_refs.reader.records import LeanDeclaration, Reading
from lean_refs.reader.scan import read_text
from lean_refs.reader.tokens import spelled
from tests.lean_refs import mini_lean as mini
from tests.lean_refs.evaluator.numbers import Numbers

BLOCK = "Proofs.Autograd.Block"
TEXT = """namespace A
/-- Two. -/ def two (n : Nat) : Nat := step n + 1
where step (n : Nat) : Nat := n + 1
theorem same (n : Nat) (h : n = 1) : n = n := rfl
theorem both : 1 = 1 ↔ 2 = 2 := Iff.rfl
end A
/-- Deux. -/ alias deux := A.two
alias zwei := deux
alias gleich := A.same
alias ⟨hin, her⟩ := A.both
alias outside := Nat.succ
alias hen := egg
alias egg := hen
alias self := self
"""


def told(text: str = TEXT) -> dict[str, LeanDeclaration]:
    reading = through_aliases(Reading({"A.lean": read_text("A.lean", text)}))
    return {declaration.name: declaration for declaration in reading.declarations}


def test_an_alias_says_what_its_target_says() -> None:
    found = told(TEXT.replace("\nwhere step (n : Nat) : Nat := n + 1", "").replace("step n", "n"))
    two, deux, zwei = (found[name] for name in ("A.two", "deux", "zwei"))
    for one in (deux, zwei):
        assert (one.kind, one.alias_of, one.body.strip(), one.scope) == ("def", "A.two", "n + 1", two.scope)
        assert [b.name for b in one.binders] == ["n"]
    assert [(one.docstring or "").strip() for one in (two, deux, zwei)] == ["Two.", "Deux.", ""]
    gleich = found["gleich"]
    assert (gleich.is_theorem, gleich.alias_of, spelled(gleich.result)) == (True, "A.same", "n = n")
    assert two.alias_of == ""


@pytest.mark.parametrize("name", ["hin", "her", "outside", "hen", "egg", "self"])
def test_an_alias_without_a_target_here_stays_as_it_is(name: str) -> None:
    found = told()[name]
    assert (found.kind, found.alias_of, found.binders, found.result) == ("alias", "", (), ())


def test_a_reading_without_aliases_is_the_same() -> None:
    reading = Reading({"A.lean": read_text("A.lean", "def a := 1")})
    assert through_aliases(reading) is reading


def test_names_in_what_it_says_are_those_of_its_target() -> None:
    reading = through_aliases(Reading({"A.lean": read_text("A.lean", TEXT)}))
    deux = next(declaration for declaration in reading.declarations if declaration.name == "deux")
    assert NameTable(reading).resolve_in("same", deux) == Resolved("A.same")


def test_an_alias_is_evaluated_like_its_target(tmp_path: Path) -> None:
    (tmp_path / "A.lean").write_text("import B\nalias deux := A.two\n", "utf-8")
    (tmp_path / "B.lean").write_text(
        "namespace A\ndef one : Nat := 1\ndef two (n : Nat) : Nat := n + one\nend A\n", "utf-8"
    )
    evaluator = Evaluator(read_with_imports(tmp_path, ["A.lean"]), Numbers())
    assert evaluator.call("deux", n=3) == 4


def became(tmp_path: Path, target: str) -> dict[str, tuple[Meaning, str]]:
    pin: dict[str, Any] = mini.pin_of(mini.write(tmp_path / "pinned"))
    begin = mini.BLOCK.index("theorem block_ok_again")
    end = mini.BLOCK.index("\nend", begin)
    text = f"{mini.BLOCK[:begin]}alias block_ok_again := {target}{mini.BLOCK[end:]}"
    source = read_source(mini.write(tmp_path / "now", block=text), pin)
    report = {found.name: found for found in drift(pinned_fingerprints(pin), source.prints)}
    return {d.change.value: (d.meaning, d.basis) for d in report[f"{BLOCK}.block_ok_again"].differences}


def test_a_theorem_that_became_an_alias_is_compared_by_what_it_stands_for(tmp_path: Path) -> None:
    found = became(tmp_path, "block_ok")
    assert found["became an alias"] == (Meaning.SAME, f"of {BLOCK}.block_ok, whose words are compared")
    renamed = "binders renamed, their types are the same: F to E, hEps to hPos, hScale to hc"
    assert found["cosmetic"] == (Meaning.SAME, renamed)


def test_an_alias_of_what_is_not_there_has_no_statement(tmp_path: Path) -> None:
    found = became(tmp_path, "elsewhere")
    basis = "theorem became alias, and the source lacks what it stands for"
    assert found["became an alias"] == (Meaning.UNKNOWN, basis)
