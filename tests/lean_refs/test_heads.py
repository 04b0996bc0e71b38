"""The scanner on the corpus: what every head reads as, what is no declaration, and what is said of a malformed one."""

from __future__ import annotations

import re

import pytest

from lean_refs.reader.names import NameTable, Resolved
from lean_refs.reader.records import Binder, LeanDeclaration, Member, Reading
from lean_refs.reader.scan import read_text
from lean_refs.reader.tokens import spelled
from tests.lean_refs import corpus

HEADS = corpus.read("Heads")
OTHERS = corpus.read("Others")
BROKEN = corpus.read("Broken")
BRACKETS = {"explicit": "()", "implicit": "{}", "instance": "[]", "strict-implicit": "⦃⦄"}


def binder(bound: Binder) -> str:
    if not bound.type and not bound.default:
        return bound.name
    text = " : ".join(filter(None, (bound.name, spelled(bound.type))))
    text += f" := {spelled(bound.default)}" if bound.default else ""
    opening, closing = BRACKETS[bound.kind]
    return f"⟨{opening}{text}{closing}⟩" if bound.from_variable else f"{opening}{text}{closing}"


def member(part: Member) -> str:
    text = " ".join(("|", part.name, *map(binder, part.binders)))
    text += f" : {spelled(part.type)}" if part.type else ""
    return text + (f" := {spelled(part.default)}" if part.default else "")


def head(declaration: LeanDeclaration) -> str:
    name = re.sub("#.*", "#", declaration.name)
    parts = [*declaration.modifiers, declaration.kind, name, *map(binder, declaration.binders)]
    parts += [f": {spelled(declaration.result)}"] if declaration.result else []
    parts += [*map(member, declaration.members), *(f"@[{attribute}]" for attribute in declaration.attributes)]
    return corpus.says(" ".join(parts))


def test_the_file_of_heads_is_read_whole() -> None:
    assert HEADS.unread == ()
    assert HEADS.imports == ("NN.Loom.Terms", "NN.Tape")
    # Every docstring but that of a field belongs to a declaration.
    assert len(HEADS.declarations) == corpus.text("Heads").count("/-- ") - 1


@pytest.mark.parametrize("declaration", HEADS.declarations, ids=lambda declaration: declaration.name)
def test_a_head_reads_as_its_docstring_says(declaration: LeanDeclaration) -> None:
    assert head(declaration) == corpus.says(declaration.docstring)


def test_the_forms_of_other_projects_are_read_whole() -> None:
    assert OTHERS.unread == ()
    # All but the one of a computed field belong to a declaration.
    assert len(OTHERS.declarations) == corpus.text("Others").count("/-- ") - 1


@pytest.mark.parametrize("declaration", OTHERS.declarations, ids=lambda declaration: declaration.name)
def test_a_form_of_other_projects_reads_as_its_docstring_says(declaration: LeanDeclaration) -> None:
    assert head(declaration) == corpus.says(declaration.docstring)


def body_of(name: str) -> str:
    (found,) = (declaration for declaration in HEADS.declarations if declaration.name == name)
    return f"{found.body_style} {corpus.says(found.body)}"


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("Loom.ends", ":= 4"),
        ("Loom.Heads.cases", "| | .plain => 0 | .twill over _ => over | .satin n => n"),
        ("Loom.Heads.bars", ":= by simp"),
        ("Loom.Heads.local_definitions", ":= by intro y z; rfl"),
        ("Loom.Heads.by_default", ":= by rfl"),
        ("Loom.Heads.patience", " "),
        ("Loom.Heads.Fibre", ":= Spins α, Add α"),
        ("Loom.indented", ":= have theorem_like : 1 = 1 := rfl theorem_like"),
        ("Loom.Heads.Weft", "| | picks (w : Warp)"),
    ],
)
def test_a_body_ends_where_the_declaration_does(name: str, body: str) -> None:
    assert body_of(name) == body


def scope_of(name: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[tuple[str, str], ...]]:
    (found,) = (declaration.scope for declaration in HEADS.declarations if declaration.name.startswith(name))
    return found.namespace, found.opened, found.aliases


def test_what_is_open_is_open_until_its_namespace_ends() -> None:
    opened, singly = ("Terms", "Terms", "Terms"), (("ends", "Loom.ends"), ("total", "Terms.sum"))
    assert scope_of("Loom.Heads.Warp") == (("Loom", "Heads"), (), ())
    assert scope_of("Loom.Heads.example#") == (("Loom", "Heads"), opened, singly)
    assert scope_of("Loom.indented") == (("Loom",), (), ())


@pytest.mark.parametrize(
    ("opening", "written", "means"),
    [
        ("open A (b)", "b", Resolved("A.b")),
        ("open A (b)", "b.x.y", Resolved("A.b", ("x", "y"))),
        ("open A (b)", "c", None),
        ("open A", "c", Resolved("A.c")),
        ("open A hiding c", "b", Resolved("A.b")),
        ("open A hiding c", "c", None),
        ("open A renaming c → d", "b", Resolved("A.b")),
        ("open A renaming b → a, c → d", "d.x", Resolved("A.c", ("x",))),
        ("open scoped A", "c", None),
        ("open A in", "c", Resolved("A.c")),
        ("open A in omit n in", "c", Resolved("A.c")),
        ("variable (n : Nat) in\nopen A in", "c", Resolved("A.c")),
        ("open A in\nopen B", "c", None),
        ("open A D", "f", Resolved("A.D.f")),
        ("open A\nopen D", "f", Resolved("A.D.f")),
        ("open D A", "f", None),
        ("open A in\ndef other := 1", "c", None),
    ],
)
def test_what_an_opened_name_means(opening: str, written: str, means: Resolved | None) -> None:
    source = f"def A.b := 1\ndef A.c := 1\ndef B.e := 1\ndef A.D.f := 1\n{opening}\ndef user := {written}"
    reading = read_text("A.lean", source)
    assert reading.unread == ()
    names = NameTable(Reading({"A.lean": reading}), every_open=True)
    assert names.resolve_in(written, reading.declarations[-1]) == means


def expected() -> set[tuple[int, str]]:
    lines = corpus.text("Broken").split("\n")
    return {(number, why.strip()) for number, line in enumerate(lines, 1) for why in line.split("✗")[1:]}


def test_what_is_malformed_is_told_with_its_line_and_costs_only_itself() -> None:
    assert {(record.line, record.why) for record in BROKEN.unread} == expected()
    assert len(expected()) == 35
    assert [declaration.name for declaration in BROKEN.declarations] == ["Loom.kept₁", "Loom.kept₂", "kept₃", "kept₄"]
    assert [corpus.says(declaration.body) for declaration in BROKEN.declarations[:3]] == ["1", "2", "3"]
