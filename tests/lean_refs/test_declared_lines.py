"""The count of declarations by lines, which the reader is held against on other people's projects."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.lean_refs import corpus, declared_lines
from tests.lean_refs.declared_lines import DeclaredLine, declared, unread
from tests.lean_refs.mini_lean import write


@pytest.mark.parametrize(("name", "none"), [("Heads", ["spun"]), ("Others", []), ("Terms", []), ("Wiring", [])])
def test_the_reader_has_all_that_lines_declare(name: str, none: list[str]) -> None:
    # What a macro would declare stands on a line too, and is no declaration.
    assert [one.name for one in unread(corpus.text(name), corpus.read(name))] == none
    assert len(list(declared(corpus.text(name)))) > 5


def test_what_a_reading_lacks_is_named() -> None:
    reading = corpus.read("Others")
    kept = tuple(d for d in reading.declarations if not d.name.endswith((".Word", ".absolute")))
    lacking = unread(corpus.text("Others"), replace(reading, declarations=kept))
    assert [(one.kind, one.name) for one in lacking] == [("inductive", "Word"), ("lemma", "absolute")]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("theorem a : b", ("theorem", "a")),
        ("  @[simp, to_additive] protected lemma a.b{u} (x) : c", ("lemma", "a.b")),
        ("open A in private noncomputable def «x y» := 1", ("def", "«x y»")),
        ("class inductive A where", ("class", "A")),
        ("instance", ("instance", "")),
        ("instance : A := b", ("instance", "")),
        ("-- theorem a", None),
        ("theorems a", None),
        ("/- theorem a -/", None),
        ('"', None),
    ],
)
def test_a_line_declares_what_it_says(line: str, found: tuple[str, str] | None) -> None:
    text = f'/- a\n/- b -/ def no\n-/\ndef s := "\ndef no"\n{line}\ndef t := \'"\'\n'
    wanted = [DeclaredLine(6, *found)] if found else []
    assert [one for one in declared(text) if one.line == 6] == wanted
    assert [one.name for one in declared(text) if one.line < 6] == ["s"]


def test_a_comment_that_never_ends_hides_the_rest() -> None:
    assert list(declared("def a := 1\n/- /- -/ def b := 1")) == [DeclaredLine(1, "def", "a")]


def test_what_is_printed_of_a_project(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path)
    (tmp_path / "Odd.lean").write_text("def ∂ := 1\n", encoding="utf-8")
    declared_lines.main([str(tmp_path)])
    first, second = capsys.readouterr().out.splitlines()
    assert " s, 1 not (" in first
    assert second == "  Odd.lean:1 def ∂"
