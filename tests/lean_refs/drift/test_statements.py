"""Kinds, binders that are no hypotheses, instances, and what a statement concludes."""

from __future__ import annotations

import pytest

from lean_refs.drift import Change, Meaning
from tests.lean_refs.drift.small import between


def told(old: str, new: str, name: str = "t") -> list[tuple[Change, Meaning, str]]:
    return [(f.change, f.meaning, f.basis) for f in between(old, new)[name].differences]


@pytest.mark.parametrize(
    ("old", "new", "change", "meaning", "basis"),
    [
        ("theorem t", "lemma t", Change.COSMETIC, Meaning.SAME, "theorem became lemma"),
        ("def t", "abbrev t", Change.COSMETIC, Meaning.SAME, "def became abbrev"),
        ("theorem t", "axiom t", Change.STATEMENT, Meaning.DIFFERS, "theorem became axiom"),
        ("def t", "theorem t", Change.STATEMENT, Meaning.UNKNOWN, "def became theorem"),
    ],
)
def test_another_kind(old: str, new: str, change: Change, meaning: Meaning, basis: str) -> None:
    assert told(f"{old} : 1 = 1 := rfl", f"{new} : 1 = 1 := rfl") == [(change, meaning, basis)]


def test_another_kind_hides_no_other_change() -> None:
    found = told("theorem t (n : Nat) (h : 0 < n) : n = n := rfl", "lemma t (n : Nat) (h : 0 ≤ n) : n = n := rfl")
    assert [change for change, _, _ in found] == [Change.COSMETIC, Change.WEAKER]


@pytest.mark.parametrize(
    ("old", "new", "basis"),
    [
        ("(a b : Nat)", "(b a : Nat)", "binders in another order: b, a"),
        ("(a b : Nat)", "(a : Nat)", "without b"),
        ("(a : Nat)", "(a : Nat) (c : Int)", "with new c"),
        ("(a : Nat) (b : Int)", "(a : Nat) (c : Fin 3)", "without b; with new c"),
        ("(a : Nat)", "{a : Nat}", "a is implicit, was explicit"),
        ("(a : Nat := 1)", "(a : Nat := 2)", "the default of a changed"),
        ("(a : Nat := 1)", "(a : Nat)", "the default of a went"),
        ("(a : Nat)", "(a : Nat := 1)", "the default of a is new"),
        ("[Add α] [Mul α]", "[Field α]", "instances: without Add, Mul; with new Field"),
        ("[Add α]", "[Add α] [Mul α]", "instances: with new Mul"),
        ("[Add α]", "[Add β]", "instances: without Add; with new Add"),
    ],
)
def test_other_binders(old: str, new: str, basis: str) -> None:
    found = told(f"theorem t {old} : a = 1 := rfl", f"theorem t {new} : a = 1 := rfl")
    assert found[0] == (Change.STATEMENT, Meaning.DIFFERS, basis)


@pytest.mark.parametrize(
    ("old", "new", "basis"),
    [
        ("(a : Nat) : a = 1", "(b : Nat) : b = 1", "binders renamed, their types are the same: a to b"),
        ("[Add α] [Mul α] : 1 = 1", "[Mul α] [Add α] : 1 = 1", "the statement has the same normal form"),
        ("(a : Nat) : a = 1", "(a : (Nat)) : a = (1)", "the statement has the same normal form"),
    ],
)
def test_what_is_spelling(old: str, new: str, basis: str) -> None:
    assert told(f"theorem t {old} := rfl", f"theorem t {new} := rfl") == [(Change.COSMETIC, Meaning.SAME, basis)]


def test_a_name_beside_another_change_is_told_too() -> None:
    found = told("theorem t (a : Nat) : a = 1 := rfl", "theorem t (b : Nat) : b = 2 := rfl")
    assert found == [
        (Change.COSMETIC, Meaning.SAME, "binders renamed, their types are the same: a to b"),
        (Change.STATEMENT, Meaning.UNKNOWN, "the result type differs in normal form"),
    ]


def test_a_type_that_text_cannot_tell_is_unknown() -> None:
    found = told("theorem t (a : Fin 3) : 1 = 1 := rfl", "theorem t (a : Fin (2 + 1)) : 1 = 1 := rfl")
    assert found == [(Change.STATEMENT, Meaning.UNKNOWN, "the type of a differs in normal form")]


def test_what_the_source_lacks_is_named_where_a_text_cannot_be_compared() -> None:
    library = {"A.lean": "def Lib.size : Nat := 1"}
    uses = "import A\ntheorem t : f {} = 1 := rfl\ndef d : Nat := {}\n"
    old = library | {"B.lean": uses.format("Lib.size", "Lib.size")}
    found = between(old, {"B.lean": uses.format("(g Lib.size)", "(g Lib.size)")})
    bases = [f.basis for name in ("t", "d") for f in found[name].differences]
    assert all(basis.endswith("; the source lacks Lib.size, which it names") for basis in bases)
    assert len(bases) == 2
