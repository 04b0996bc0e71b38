"""Normal forms: what they hide is what does not matter, and nothing else; text that has no tree is spelled."""

from __future__ import annotations

import pytest

from lean_refs.normal import Normalizer, states
from lean_refs.reader.names import NameTable
from lean_refs.reader.records import LeanDeclaration, Reading
from lean_refs.reader.scan import read_text
from lean_refs.reader.tokens import tokenize

LIBRARY = """abbrev Two := Prod Nat Nat
abbrev first (a b : Nat) : Nat := a
abbrev constantly (a : Nat) := fun x => a
abbrev identity (a : Nat) := fun x => x
abbrev broken (a : Nat) := (a
abbrev «broken too» (a : Nat) := fun a
def double (x : Nat) : Nat := x + x
def same {x : Nat} (y : Nat) : Nat := x
def twice (x x : Nat) : Nat := x
structure Point where
  x : Nat
  small : x < 3
"""


def normalized(*sources: str) -> tuple[Normalizer, list[LeanDeclaration]]:
    reading = read_text("A.lean", LIBRARY + "\n".join(sources))
    return Normalizer(NameTable(Reading({"A.lean": reading}))), list(reading.declarations)[-len(sources) :]


def statements(*texts: str) -> list[str]:
    normal, found = normalized(*(f"theorem t{i} {text} := p" for i, text in enumerate(texts)))
    return [normal.statement(declaration) for declaration in found]


def bodies(*texts: str) -> list[str]:
    normal, found = normalized(*(f"def d{i} (x y : Nat) := {text}" for i, text in enumerate(texts)))
    return [normal.body(declaration) for declaration in found]


SAME = [
    ("(x y : Nat) : x = y", "(a b : Nat) : a = b"),
    ("(x x y : Nat) : x = y", "(a b c : Nat) : b = c"),
    (": ∀ x x y : Nat, x = y", ": ∀ a b c : Nat, b = c"),
    ("(x : Nat) : first x 1 = 2", "(x : Nat) : x = 2"),
    (": ∀ p q, constantly q = p", ": ∀ p q, (fun y => q) = p"),
    ("(x : Two) : x = x", "(x : (Prod (Nat) Nat)) : (x) = x"),
    (": a + b * c = d", ": (a + (b * c)) = d"),
    (": a → b → c", ": a → (b → c)"),
    (": a ∧ b ∨ c ↔ d", ": ((a ∧ b) ∨ c) ↔ d"),
    (": a - b - c = d", ": (a - b) - c = d"),
    (": l ++ [a] ++ [b] = m", ": l ++ ([a, b]) = m"),
    (": f { x := 1, small := by simp } = a", ": f { x := 1, small := h } = a"),
    (": (let a := 1; a) = b", ": (let c := 1; c) = b"),
    (": same (x := a) b = c", ": same (y := b) (x := a) = c"),
    (": p (x : Nat).succ", ": p ((x : Nat)).succ"),
]
DIFFERENT = [
    ("(x y : Nat) : x = y", "(x y : Nat) : y = x"),
    ("(x x y : Nat) : x = y", "(x x y : Nat) : y = y"),
    (": ∀ x x y : Nat, x = y", ": ∀ x x y : Nat, y = y"),
    (": ∀ _ _ x : Nat, x = x", ": ∀ _ x y : Nat, x = x"),
    (": ∀ p q, constantly q = p", ": ∀ p q, identity q = p"),
    (": twice a b = c", ": twice d b = c"),
    (": @same a = b", ": same a = b"),
    (": a - b - c = d", ": a - (b - c) = d"),
    (": f (g a) = b", ": f g a = b"),
    (": f { x := 1, small := h } = a", ": f { x := 2, small := h } = a"),
    (": f { p with x := 1 } = a", ": f { q with x := 1 } = a"),
    (": ∑ i ∈ s, f i = a", ": ∑ i ∈ t, f i = a"),
    (": ∃! x, p x", ": ∃ x, p x"),
    (": (let a := 1; a) = b", ": (let a := 2; a) = b"),
    (": a % b % c = d", ": a % (b % c) = d"),
    (": f .x = a", ": f .y = a"),
    (": f (a : Nat) = b", ": f (a : Int) = b"),
    (": xs[0]! = a", ": xs[0]? = a"),
]


@pytest.mark.parametrize(("left", "right"), SAME)
def test_spelling_and_bound_names_make_no_difference(left: str, right: str) -> None:
    first, second = statements(left, right)
    assert first == second


@pytest.mark.parametrize(("left", "right"), DIFFERENT)
def test_what_is_said_makes_one(left: str, right: str) -> None:
    first, second = statements(left, right)
    assert first != second


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("double x", "double  (x)", True),
        ("by exact double x", "by\n  exact double x", True),
        ("by exact double x", "by exact double y", False),
        ("fun z => z + y", "fun a => a + y", True),
        # No term, so the names are resolved in the text as it stands.
        ("do let z ← f x", "do let  z ← f  x", True),
        ("do let z ← f x", "do let z ← f y", False),
        ("let rec z := x; z", "let rec w := x; w", False),
        ("(" * 4000 + "x" + ")" * 4000, "(" * 4000 + "y" + ")" * 4000, False),
    ],
    ids=lambda text: str(text)[:20],
)
def test_bodies(left: str, right: str, same: bool) -> None:
    first, second = bodies(left, right)
    assert (first == second) is same


def test_text_without_a_tree_has_its_names_resolved() -> None:
    first, second = bodies("do let z ← double x", "do let z ← _root_.double x")
    assert first == second == "(do let z ← double b0)"


def test_a_type_that_is_no_term_is_spelled() -> None:
    first, second = statements("(x : Nat) (h : let y) : x = x", "(z : Nat) (h : let y) : z = z")
    assert first == second == "(Nat (let y) ((= b0 b0)))"


@pytest.mark.parametrize("name", ["broken", "«broken too»"])
def test_an_abbreviation_without_a_tree_stays_folded(name: str) -> None:
    # It is read, although its brackets do not balance.
    (found,) = statements(f": {name} 1 = 2")
    assert found == f"(((= ({name} (0 1)) 2)))"


def test_an_argument_that_the_declaration_does_not_have_stays_as_written() -> None:
    (found,) = statements(": double (y := 1) = 2")
    assert found == "(((= (double (y 1)) 2)))"


def test_names_can_be_hidden() -> None:
    normal, (declaration,) = normalized("theorem t (x : Nat) : double x = first.y := p")
    assert normal.statement(declaration) == "(Nat ((= (double (0 b0)) (project first y))))"
    blank = Normalizer(normal.names, blank=True)
    assert blank.statement(declaration) == "(Nat ((= (· (0 b0)) (project · y))))"


@pytest.mark.parametrize(
    ("type_", "is_proposition"),
    [
        ("x = y", True),
        ("∀ x, f x ≤ 1", True),
        ("¬ p", True),
        ("Nat", False),
        ("Vec (x = y)", False),
        ("fun x => x = y", False),
        ("{x | x = y}", False),
        ("HasFDerivAt f f' x", False),
    ],
)
def test_what_is_a_proposition_by_its_own_text(type_: str, is_proposition: bool) -> None:
    assert states(tuple(tokenize(type_))) is is_proposition
