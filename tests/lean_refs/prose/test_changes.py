"""What became of each text, from hashes alone: which words, which passage, which place."""

from __future__ import annotations

import json

import pytest

from lean_refs.prose.changes import TextChange, compare
from lean_refs.prose.prints import TextPrint, as_json, from_json, print_of
from lean_refs.prose.reading import prose_of
from lean_refs.prose.records import About
from lean_refs.prose.wording import worded
from lean_refs.reader.scan import read_text
from tests.lean_refs.prose.house import SOURCE

FILE = "NN/House.lean"


def prints(**files: str) -> list[TextPrint]:
    return [print_of(t) for stem, text in files.items() for t in prose_of(read_text(f"NN/{stem}.lean", text))]


def pinned(**files: str) -> list[TextPrint]:
    """The same as a pin has it: no words."""
    return from_json(json.loads(json.dumps(as_json(prints(**files)))))


def changed(old: str, new: str, names: dict[str, str] | None = None) -> list[TextChange]:
    """What is not as it was after `old` became `new`."""
    assert old in SOURCE
    found = compare(pinned(House=SOURCE), prints(House=SOURCE.replace(old, new, 1)), names or {})
    return [change for change in found if not change.unchanged]


def told(change: TextChange) -> tuple[str, str]:
    """What it is about and what became of it."""
    text = change.new or change.old
    assert text is not None
    gone = "added" if change.old is None else "removed" if change.new is None else ""
    return text.about.value, gone or " ".join(["reworded"] * change.reworded + ["moved"] * bool(change.moved))


def test_the_pin_has_no_words() -> None:
    kept = json.dumps(as_json(prints(House=SOURCE)))
    for word in ("Rooms", "wide", "Colours", "grass", "sign", "notation"):
        assert word not in kept.replace("House.wide", "").replace("Room.width", "")
    assert all(not made.said for made in pinned(House=SOURCE))


def test_the_clean_source_has_no_change() -> None:
    assert changed("module", "module") == []
    assert len(compare(pinned(House=SOURCE), prints(House=SOURCE), {})) == len(prints(House=SOURCE)) == 16


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("What a room is.\nTwo lines.", "What\n  a room is. Two lines."),
        ("* one wall,\n  and a half\n- another", "* one\n  wall, and a half\n\n  - another"),
        ("/-- Doors,\n      and windows. -/", "/--   Doors, and\n windows.\n-/"),
        ("/-- A room. -/\nstructure", "/-- A room. -/\n\n-- a remark\n@[ext] structure"),
    ],
    ids=["line breaks", "items of a list", "indentation", "code"],
)
def test_layout_is_no_change(old: str, new: str) -> None:
    assert changed(old, new) == []


@pytest.mark.parametrize(
    ("old", "new", "about"),
    [
        ("What a room is.\nTwo", "What a room is.\nThree", "module"),
        ("- another", "- no other", "section"),
        ("- another", "* another", "section"),
        ("/-- A room. -/", "/-- A hall. -/", "declaration"),
        ("/-- How wide.", "/-- How high.", "field"),
        ("/-- makes one", "/-- makes none", "constructor"),
        ("/-- Like grass.", "/-- Like hay.", "constructor"),
        ("let rec /-- Inside.", "let rec /-- Outside.", "inside"),
        ("/-- A sign.", "/-- A `sign`.", "command"),
        ("/-! No heading here.", "/-! None here.", "section"),
        ("/-! ## Colours", "/-! ## Colors", "section"),
    ],
    ids=lambda value: str(value)[:12],
)
def test_other_words_of_any_text_are_found_at_their_line(old: str, new: str, about: str) -> None:
    (change,) = changed(old, new)
    assert told(change) == (about, "reworded")
    assert change.lines == [1 + SOURCE[: SOURCE.index(old)].count("\n")]


def test_a_change_is_located_by_its_passage() -> None:
    (change,) = changed("and a half", "and a third")
    assert change.new is not None
    assert (change.lines, len(change.new.passages)) == ([11], 3)
    (change,) = changed("\nWhat a room is.\nTwo lines.\n", "")
    assert change.lines == [4]


def test_a_heading_that_changes_is_the_same_section_where_its_text_is_left() -> None:
    (change,) = changed("## Walls", "## All walls")
    assert told(change) == ("section", "reworded")
    found = changed("## Walls\n\n* one", "## Doors\n\nNone.\n\n## All walls\n\n* one")
    assert [told(change) for change in found] == [("section", "added"), ("section", "reworded")]


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("/-- How wide. -/\n", "", ("field", "removed")),
        ("/-! No heading here. -/\n", "", ("section", "removed")),
        ("high : Nat", "/-- How high. -/\n  high : Nat", ("field", "added")),
        ("/-- A class", "/-! Another. -/\n/-- A class", ("section", "added")),
        ("  /-- How wide. -/\n  width : Nat\n  high", "  width : Nat\n  /-- How wide. -/\n  high", ("field", "moved")),
    ],
    ids=["a field doc dropped", "a section doc dropped", "a field doc more", "a section doc more", "another field's"],
)
def test_what_went_came_or_moved(old: str, new: str, what: tuple[str, str]) -> None:
    (change,) = changed(old, new)
    assert told(change) == what


def test_what_is_alike_in_another_file_is_no_other_text() -> None:
    old = {"A": "/-! # A\n\nSame.\n\n## One\n\nSame.\n-/\n", "B": "/-! # B -/\n"}
    new = {"A": "/-! # A\n\nSame.\n-/\n", "B": "/-! # B\n\n## Two\n\nSame.\n-/\n"}
    found = [told(c) for c in compare(pinned(**old), prints(**new), {}) if not c.unchanged]
    assert found == [("section", "added"), ("section", "removed")]


def test_two_docs_that_change_places_are_reworded() -> None:
    swapped = SOURCE.replace("grass", "?").replace("the sky", "grass").replace("?", "the sky")
    found = compare(pinned(House=SOURCE), prints(House=swapped), {})
    assert [told(c) for c in found if not c.unchanged] == [("constructor", "reworded")] * 2


def test_what_stands_elsewhere_in_its_file_has_moved() -> None:
    wide = SOURCE[SOURCE.index("/-- Wide enough.") : SOURCE.index("/-- -/")]
    earlier = SOURCE.replace(wide, "").replace("/-- A room. -/", f"{wide}/-- A room. -/")
    found = compare(pinned(House=SOURCE), prints(House=earlier), {})
    assert {told(c) for c in found if not c.unchanged} == {("declaration", "moved"), ("inside", "moved")}
    assert {c.moved for c in found if c.moved} == {"within the file (line 41 then)", "within the file (line 43 then)"}


def test_what_moves_to_another_file_is_found_there() -> None:
    colours = SOURCE[SOURCE.index("/-- A colour. -/") : SOURCE.index("/-! No heading")]
    new = prints(
        House=SOURCE.replace(colours, ""), Paint=f"namespace House\n{colours.replace('Like grass', 'As grass')}"
    )
    found = {told(c): c for c in compare(pinned(House=SOURCE), new, {}) if not c.unchanged}
    assert set(found) == {("declaration", "moved"), ("constructor", "moved"), ("constructor", "reworded moved")}
    assert found["declaration", "moved"].moved == f"from {FILE}:30"


def test_a_declaration_that_is_renamed_keeps_its_texts() -> None:
    renamed = SOURCE.replace("structure Room", "structure Hall").replace("(r : Room)", "(r : Hall)")
    assert all(c.unchanged for c in compare(pinned(House=SOURCE), prints(House=renamed), {"House.Room": "House.Hall"}))
    found = compare(pinned(House=SOURCE), prints(House=renamed), {})
    assert {c.moved for c in found if c.moved} >= {"from House.Room (line 19 then)"}


def test_a_file_that_is_renamed_takes_its_texts_along() -> None:
    found = compare(pinned(House=SOURCE), prints(Home=SOURCE), {})
    assert not any(c.reworded or c.old is None or c.new is None for c in found)
    assert {c.moved.partition(":")[0] for c in found} == {f"from {FILE}"}


def test_the_words_of_two_texts_are_shown_one_against_the_other() -> None:
    new = SOURCE.replace("What a room is.", "What a large hall is.").replace("- another\n", "")
    found = compare(prints(House=SOURCE), prints(House=new), {})
    assert [worded(c) for c in found if c.reworded] == [
        ("What a [-room-] is. Two lines.", "What a {+large hall+} is. Two lines."),
        ("… wall, and a half [-- another-] ``` # no heading …", "… wall, and a half ``` # no heading …"),
    ]


def test_without_old_words_no_words_are_shown() -> None:
    (change,) = changed("Two lines.", "Three lines.")
    assert worded(change) == ("", "")
    assert worded(TextChange(None, change.new)) == worded(TextChange(change.old, None)) == ("", "")


def test_long_stretches_without_a_change_are_left_out() -> None:
    before = "/-! a b c d e f g h i j k l m n o p. -/"
    after = "/-! a b c d E f g h i j k l m n O p. -/"
    (change,) = compare(prints(House=before), prints(House=after), {})
    assert worded(change) == ("a b c d [-e-] f g h i … k l m n [-o-] p.", "a b c d {+E+} f g h i … k l m n {+O+} p.")
    assert change.new is not None
    assert change.new.about is About.MODULE
