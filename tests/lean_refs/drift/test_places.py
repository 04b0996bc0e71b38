"""Declarations that moved, were deleted, renamed or hidden, and what rests on what changed."""

from __future__ import annotations

import pytest

from lean_refs.drift import Change, Meaning
from tests.lean_refs.drift.small import between

LIBRARY = """namespace Old.Deep
def one : Nat := 1
def two : Nat := one + one
theorem two_eq : two = one + one := rfl
theorem two_pos : 0 < two := by decide
end Old.Deep
"""


def changed(old: str | dict[str, str], new: str | dict[str, str]) -> dict[str, list[tuple[Change, Meaning, str]]]:
    found = between(old, new)
    return {n: [(f.change, f.meaning, f.basis) for f in d.differences] for n, d in found.items() if d.differences}


def test_a_namespace_that_moved_changes_nothing_else() -> None:
    new = LIBRARY.replace("Old.Deep", "New.Deep").replace("two = one", "New.Deep.two = one")
    told = changed(LIBRARY, new)
    basis = "from Old.Deep to New.Deep"
    assert {found[0] for found in told.values()} == {(Change.NAMESPACE, Meaning.SAME, basis)}
    assert list(told) == [f"Old.Deep.{name}" for name in ("one", "two", "two_eq", "two_pos")]
    assert {meaning for found in told.values() for _, meaning, _ in found} == {Meaning.SAME}


def test_a_renamed_declaration_is_the_same_where_it_is_named() -> None:
    told = changed(LIBRARY, LIBRARY.replace("one", "unit"))
    assert told["Old.Deep.one"] == [(Change.RENAMED, Meaning.SAME, "now Old.Deep.unit, found by its structure")]
    assert {meaning for found in told.values() for _, meaning, _ in found} == {Meaning.SAME}


def test_declarations_of_one_structure_are_told_apart_by_their_last_names() -> None:
    old = "namespace A\ntheorem x : 1 = 1 := rfl\ntheorem y : 1 = 1 := rfl\nend A"
    told = changed(old, old.replace("A", "B"))
    assert told["A.x"][0][2] == told["A.y"][0][2] == "from A to B"
    assert changed(old, old.replace("A", "B").replace("x :", "z :"))["A.x"][0][0] is Change.RENAMED
    lost = changed(old, "namespace B\ntheorem u : 1 = 1 := rfl\ntheorem v : 1 = 1 := rfl\nend B")
    assert lost["A.x"][0][0] is lost["A.y"][0][0] is Change.DELETED


def test_another_file_has_no_renamed_declaration() -> None:
    """Many have one form: in a part of a source the others of that form are no renamed ones."""
    old = {"A.lean": "theorem one : 1 = 1 := rfl", "B.lean": "theorem other : 1 = 1 := rfl"}
    before = {"A.lean": old["A.lean"]}
    assert changed(before, {"B.lean": old["B.lean"]})["one"][0][0] is Change.ABSENT
    assert changed(before, {"A.lean": "", "B.lean": old["B.lean"]})["one"][0][0] is Change.DELETED
    assert changed(before, {"A.lean": "theorem two : 1 = 1 := rfl"})["one"][0][0] is Change.RENAMED


def test_a_declaration_of_one_statement_but_another_body_is_the_same_only_by_its_last_name() -> None:
    old = "namespace A\ndef one : Nat := 1\nend A"
    assert changed(old, "namespace B\ndef one : Nat := 2\nend B")["A.one"][0][0] is Change.NAMESPACE
    assert changed(old, "namespace A\ndef two : Nat := 2\nend A")["A.one"][0][0] is Change.DELETED


def test_what_is_deleted_is_told_with_what_rested_on_it() -> None:
    told = changed(LIBRARY, LIBRARY.replace("def one : Nat := 1\n", "").replace("def two", "def two.up"))
    basis = "no declaration of this name, or of this structure; 2 rest on it: Old.Deep.two, Old.Deep.two_eq"
    assert told["Old.Deep.one"] == [(Change.DELETED, Meaning.DIFFERS, basis)]
    (alone,) = changed(LIBRARY, LIBRARY.replace("theorem two_pos", "-- theorem two_pos"))["Old.Deep.two_pos"]
    assert alone[2] == "no declaration of this name, or of this structure; nothing pinned rests on it"


def test_a_file_that_is_not_there_is_no_deletion() -> None:
    old = {"A.lean": LIBRARY, "B.lean": "import A\nnamespace Old.Deep\ntheorem three : two = 2 := rfl\nend Old.Deep"}
    found = between(old, {"B.lean": old["B.lean"]})
    assert {d.change for name, drift in found.items() for d in drift.differences} == {Change.ABSENT}
    assert found["Old.Deep.three"].unseen == ("Old.Deep.two",)
    assert found["Old.Deep.three"].through == ()
    assert found["Old.Deep.one"].differences[0].basis == "its file A.lean is not there"


def test_declarations_in_another_file_have_moved() -> None:
    told = changed({"A.lean": LIBRARY}, {"A.lean": "", "B.lean": LIBRARY})
    assert {found for (found,) in told.values()} == {(Change.MOVED, Meaning.SAME, "from A.lean to B.lean")}


@pytest.mark.parametrize(
    ("old", "new", "change", "meaning"),
    [
        ("def one", "private def one", Change.PRIVATE, Meaning.DIFFERS),
        ("private def one", "def one", Change.PUBLIC, Meaning.SAME),
    ],
)
def test_what_other_files_can_name(old: str, new: str, change: Change, meaning: Meaning) -> None:
    before = LIBRARY.replace("def one", old)
    ((found, means, _),) = changed(before, before.replace(old, new))["Old.Deep.one"]
    assert (found, means) == (change, meaning)


def test_an_alias_with_other_binder_names_is_the_same() -> None:
    old = "theorem a (x : Nat) (hx : 0 < x) : x = x := rfl\ntheorem b (y : Nat) (hy : 0 < y) : y = y := rfl"
    told = changed(old, "theorem a (x : Nat) (hx : 0 < x) : x = x := rfl\nalias b := a")["b"]
    assert told == [
        (Change.ALIAS, Meaning.SAME, "of a, whose words are compared"),
        (Change.COSMETIC, Meaning.SAME, "binders renamed, their types are the same: y to x, hy to hx"),
    ]
    assert changed("theorem a : 1 = 1 := rfl\nalias b := a", "theorem a : 1 = 1 := rfl\ntheorem b : 1 = 1 := rfl")[
        "b"
    ] == [(Change.ALIAS, Meaning.SAME, "no longer of a")]


def test_a_change_reaches_everything_that_rests_on_it() -> None:
    """Also what is reworded, spelled otherwise or wrong by itself."""
    new = LIBRARY.replace("Nat := 1", "Nat := 7").replace("def two", "/-- Twice. -/\ndef two")
    new = new.replace("two = one + one", "two = (one + one)").replace("0 < two", "0 = two")
    found = between(LIBRARY, new)
    assert found["Old.Deep.one"].meaning is Meaning.DIFFERS
    for name, verdict in (
        ("two", "docstring reworded, changed through what it names"),
        ("two_eq", "cosmetic"),
        ("two_pos", "statement changed"),
    ):
        assert found[f"Old.Deep.{name}"].verdict == verdict
    assert found["Old.Deep.two_eq"].through == ("Old.Deep.one", "Old.Deep.two")
    assert found["Old.Deep.two_pos"].through == ("Old.Deep.two",)
    assert found["Old.Deep.one"].through == ()
