"""Normal forms: what they hide is what does not matter, and nothing else; text that has no tree is spelled."""

from __future__ import annotations

import pytest

from lean_refs.normal import Normalizer, body_text
from lean_refs.propositions import states
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
def default (a : Nat) (b : Nat := 0) : Nat := a
def Holds (x : Nat) : Prop := x < 3
def Number (x : Nat) : Type := Nat
structure Local where
  y : Nat
  here : ∀ x, Holds x
structure Place where
  y : Nat
  there : ∀ f, DifferentiableAt ℝ f y
structure Plot where
  z : Nat
  same : ∀ x, Number x
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
    ("(f : Nat -> Nat) : 1 <= f 2", "(f : Nat → Nat) : 1 ≤ f 2"),
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
    ("(x : V) : x.ofLp 1 = 2", "(x : V) : x 1 = 2"),
    ("(x : V) : f x.g.ofLp x = 2", "(x : V) : f x.g.ofLp x = 2"),
    ("(x : P) : x.g.ofLp 1 = 2", "(x : P) : x.g 1 = 2"),
    ("(x : V) : (f x).ofLp 1 = 2", "(x : V) : (f x) 1 = 2"),
    (": g (fun x => f x) = a", ": g f = a"),
    (": g (fun x y => f 1 x y) = a", ": g (f 1) = a"),
    (": g (fun z => double z) = a", ": g double = a"),
    (": a > b", ": b < a"),
    (": a ≥ b", ": b ≤ a"),
    (": f { map_add' := p, toFun := a } = b", ": f { map_add' := by simp [q], toFun := a } = b"),
    (": f { y := 1, here := p } = b", ": f { y := 1, here := by rw [q] } = b"),
    (": f { y := 1, there := p } = b", ": f { y := 1, there := q } = b"),
    (": (let h : 1 < 2 := p; f h) = b", ": (have h : 1 < 2 := q; f h) = b"),
]
DIFFERENT = [
    ("(x : V) : f x.ofLp = 2", "(x : V) : f x = 2"),
    (": g (fun x => f x x) = a", ": g (f x) = a"),
    (": g (fun x => f x 1) = a", ": g f = a"),
    (": g (fun x : Nat => f x) = a", ": g f = a"),
    (": g (fun y => same (y := y)) = a", ": g (fun y => same (x := y)) = a"),
    (": g (fun a => default (b := a)) = a", ": g default = a"),
    (": g (fun a => default a) = a", ": g default = a"),
    (": a > b", ": a < b"),
    (": f { toFun := 1 } = b", ": f { toFun := 2 } = b"),
    (": f { map_add' := p } = b", ": f { map_add' := q } = b"),
    (": f { z := 1, same := p } = b", ": f { z := 1, same := q } = b"),
    (": (let h : 1 < 2 := p; f h) = b", ": (let h : 1 < 3 := p; f h) = b"),
    (": (let h : Nat := p; f h) = b", ": (let h : Nat := q; f h) = b"),
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
        ("by\n  classical\n  let z := x\n  exact f z", "by\n  classical\n  let w := x; exact f w", True),
        ("by\n  let z : Nat := x\n  exact f z", "let z : Nat := x; f z", True),
        ("by\n  let z := x\n  exact f z", "by\n  let z := y\n  exact f z", False),
        ("by\n  have h : x < 1 := p\n  exact f h", "by\n  have h : x < 1 := by simp [q]\n  exact f h", True),
        ("by\n  have h : x < 1 := p\n  exact f h", "by\n  have h : x < 2 := p\n  exact f h", False),
        ("by\n  simpa [a] using f x", "by\n  simpa [b, c] using f x", True),
        ("by\n  simpa [a] using f x", "by\n  simpa [a] using f y", False),
        ("by\n  refine { x := 1, small := ?_ }\n  simp", "by\n  refine { x := 1, small := ?_ }\n  omega", True),
        ("by\n  refine { x := 1, small := ?_ }\n  simp", "by\n  refine { x := 2, small := ?_ }\n  simp", False),
        ("by\n  refine ⟨?_, p⟩\n  exact x", "by\n  refine ⟨?_, p⟩\n  exact y", False),
        ("by\n  have : ∀ z, z = z := p\n  exact f x", "by\n  have : ∀ z, z = z := by\n    simp\n  exact f x", True),
        ("by\n  induction x", "by\n  induction y", False),
        ("by\n  let z := x", "by\n  let z := y", False),
        ("by\n  simpa", "by\n  simpa [x]", False),
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


def test_a_field_of_ones_own_is_not_taken_for_mathlibs() -> None:
    structure = "structure Mine where\n  ofLp : Nat"
    normal, (_, *found) = normalized(structure, "theorem a (x : Mine) : x.ofLp 1 = 2", "theorem b (x : Mine) : x 1 = 2")
    assert normal.statement(found[0]) != normal.statement(found[1])


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
        ("HasFDerivAt f f' x", True),
        ("∀ x, Continuous (f x)", True),
        ("f Continuous", False),
        ("a = b → Fin n", False),
        ("Fin n → a = b", True),
    ],
)
def test_what_is_a_proposition_by_its_own_text(type_: str, is_proposition: bool) -> None:
    assert states(tuple(tokenize(type_))) is is_proposition


@pytest.mark.parametrize("claim", ["∃ z, z = x", "True", "x = y"])
def test_a_claim_of_any_form_makes_its_proofs_alike(claim: str) -> None:
    first, second, other = bodies(
        *(f"by\n  have h : {c} := {p}\n  exact f h" for c, p in ((claim, "p"), (claim, "q"), ("Nat", "p")))
    )
    assert first == second != other


def test_a_type_that_is_no_name_is_no_claim() -> None:
    first, second = bodies(*(f"let h : [x] := {p}; f h" for p in "pq"))
    assert first != second


def test_a_symbol_of_a_body_has_one_spelling():
    _, (ascii_, usual, other) = normalized(
        "def a : Nat -> Nat := λ x ↦ if x >= 1 then x else 2",
        "def b : Nat → Nat := fun x => if x ≥ 1 then x else 2",
        "def c : Nat → Nat := fun x => if x > 1 then x else 2",
    )
    assert body_text(ascii_) == body_text(usual) != body_text(other)
