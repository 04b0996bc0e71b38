"""Every kind of documentation is read, with what it is about and where it stands."""

from pathlib import Path

from lean_refs.prose.reading import coverage, prose_of, read_prose
from lean_refs.prose.records import About, Prose
from lean_refs.reader.scan import read_text
from lean_refs.reader.tree import read_tree
from tests.lean_refs.prose.house import SOURCE


def texts(source: str = SOURCE) -> tuple[Prose, ...]:
    return prose_of(read_text("NN/House.lean", source))


def found(about: About) -> list[tuple[str, str]]:
    return [(t.name, " ".join(t.words)) for t in texts() if t.about is about]


def test_the_first_comment_is_about_the_module_up_to_its_next_heading() -> None:
    assert found(About.MODULE) == [("NN.House", "# Rooms What a room is. Two lines.")]


def test_a_heading_makes_a_section_and_so_does_every_later_comment() -> None:
    walls = "## Walls * one wall, and a half - another ``` # no heading ```"
    assert found(About.SECTION) == [
        ("Walls", walls),
        ("Colours", "## Colours"),
        ("", "No heading here."),
    ]


def test_a_comment_after_a_declaration_is_no_module_doc() -> None:
    (_, later) = texts("/-- One. -/\ndef one := 1\n/-! Later. -/\n")
    assert (later.about, later.name) == (About.SECTION, "")


def test_docstrings_of_declarations_fields_and_constructors() -> None:
    assert found(About.DECLARATION) == [
        ("House.Room", "A room."),
        ("House.Colour", "A colour."),
        ("House.Solid", "A class of its own."),
        ("House.wide", "Wide enough."),
    ]
    assert found(About.FIELD) == [("House.Room.width", "How wide."), ("House.Room.doors", "Doors, and windows.")]
    assert found(About.CONSTRUCTOR) == [
        ("House.Room.make", "makes one"),
        ("House.Colour.green", "Like grass."),
        ("House.Colour.blue", "Like the sky."),
        ("House.Solid.stone", "Of stone."),
    ]


def test_other_docs_are_kept_too_and_one_without_words_is_none() -> None:
    assert found(About.INSIDE) == [("House.wide.go", "Inside.")]
    assert found(About.COMMAND) == [('notation "x!"', "A sign.")]


def test_each_has_its_line_its_owner_and_its_place_in_the_order() -> None:
    lines = SOURCE.split("\n")
    for order, text in enumerate(texts()):
        assert text.order == order
        assert text.words[0] in lines[text.line - 1]
    assert {t.owner for t in texts() if t.about is About.FIELD} == {"House.Room"}
    assert {t.owner for t in texts() if t.about in (About.MODULE, About.SECTION, About.COMMAND)} == {""}


def test_a_paragraph_begins_at_a_blank_line_a_heading_and_an_item() -> None:
    (walls,) = [t for t in texts() if t.name == "Walls"]
    assert [" ".join(p.words)[:12] for p in walls.paragraphs] == ["## Walls", "* one wall, ", "- another ``"]
    for paragraph in walls.paragraphs:
        assert paragraph.words[0] in SOURCE.split("\n")[paragraph.line - 1]


def test_a_first_docstring_may_precede_every_declaration() -> None:
    (text,) = texts('/-- Of nothing. -/\nnotation "x!" => 1\n')
    assert text.about is About.COMMAND


def test_files_that_claim_coverage_are_read_beside_the_others(tmp_path: Path) -> None:
    for file in ("NN/A.lean", "NN/Sub/Coverage.lean", "NN/Coverage.lean"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(f"/-! # {file} -/\n", "utf-8")
    found = coverage(tmp_path, read_tree(tmp_path, ["NN/A.lean", "NN/Coverage.lean"]))
    assert [t.words[1] for t in read_prose(found)] == ["NN/Sub/Coverage.lean"]
    assert list(coverage(tmp_path, found).files) == ["NN/Coverage.lean"]
