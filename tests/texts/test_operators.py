"""What each operator makes of a line of Lean, and what it leaves alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lean_refs.evaluator import Evaluator
from lean_refs.reader.records import LeanDeclaration, Reading
from lean_refs.reader.scan import read_text
from tests.texts.around import Around, around
from tests.texts.operators import changes
from tests.texts.places import idle
from tests.texts.sample import sample
from theorems.tools.audit.evaluated.numbers import RealNumbers

MADE = {
    "constant": [("2 * g k", ["3 * g k", "1 * g k"]), ("0", ["1"]), ("0.5", ["0.51"])],
    "index": [("⟨0, h⟩", ["⟨1, h⟩"]), ("[1]", ["[2]", "[0]"])],
    "sign": [("-g k", ["g k"]), ("g (-k)", ["g (k)"])],
    "operator": [
        ("g k + k", ["g k - k"]),
        ("k - g k", ["k + g k"]),
        ("k * k", ["k + k"]),
        ("k / g k", ["k * g k"]),
        ("(g k)⁻¹", ["(g k)"]),
        ("k • g k", ["k + g k"]),
    ],
    "comparison": [("if k < g k then 1 else 2", ["if k ≤ g k then 1 else 2"]), ("k = k", ["k ≠ k"])],
    "quantifier": [("∀ i, g i", ["∃ i, g i"])],
    "term": [
        ("k * g k + k", ["k + k", "g k + k", "k * g k", "k"]),
        ("g (fun i => k + i) + k", ["g (fun i => i) + k", "g (fun i => k) + k", "k", "g (fun i => k + i)"]),
        ("k + ∑ i, g i * k", ["∑ i, g i * k", "k", "k + ∑ i, k", "k + ∑ i, g i"]),
        ("e.symm k", ["e k"]),
        ("(f k).adjoint k", ["(f k) k"]),
        ("g h.symm", []),
        ("[k, g k]", ["[k]"]),
    ],
    "arguments": [
        ("f k j", ["f j k"]),
        ("f k k", []),
        ("f k (g k)", []),
        ("f (n := k) j", []),
        ("(k, j)", ["(j, k)"]),
        ("⟨k, j⟩", ["⟨j, k⟩"]),
        ("if k then 1 else g k", ["if k then g k else 1"]),
    ],
    "binders": [("fun i j => g i", ["fun j i => g i"]), ("fun _ j => g j", []), ("fun i => g i", [])],
    "variable": [],
    "name": [("Real.exp k", ["Real.tanh k"]), ("k.1", ["k.2"]), ("g (p.fst)", ["g (p.snd)"])],
}


def declared(body: str, binders: str = "") -> LeanDeclaration:
    (declaration,) = read_text("NN/A.lean", f"def f {binders} : T := {body}").declarations
    return declaration


def made(declaration: LeanDeclaration, operator: str, known: Around = Around()) -> list[str]:  # noqa: B008 - frozen
    return [c.made(declaration.body).strip() for c in changes(declaration, known) if c.operator == operator]


@pytest.mark.parametrize("operator", MADE)
def test_an_operator_makes_each_change_once(operator: str) -> None:
    for body, expected in MADE[operator]:
        assert sorted(made(declared(body), operator)) == sorted(expected), body


def test_what_is_bound_is_changed_by_its_type() -> None:
    one = declared("f x y n", "(x y : ℝ) (n : ℕ)")
    assert made(one, "variable") == ["f y y n", "f x x n"]
    assert made(one, "constant") == ["f (2 * x) y n", "f x (2 * y) n", "f x y (n + 1)"]


@pytest.mark.parametrize(
    "body",
    [
        "by omega",
        "by\n  have h : 1 + 1 = 2 := rfl\n  exact k",
        "let _ := 1 + 2\n  k",
        "(k : Vec (1 + 2))",
        "let j : Vec (1 + 2) := k\n  j",
        "k\ntermination_by 1 + 2",
        "⟨k, by simpa using g (1 + 2)⟩",
        "by\n  refine ⟨k, ?_⟩\n  · intro j\n    exact g (1 + 2)",
        "by\n  refine k\n  simpa [f (1 + 2), g] using k",
        "vecOfFun (n := 1 + 2) k",
        "{ right := 1 + 2 }",
    ],
)
def test_what_computes_nothing_is_left_alone(body: str) -> None:
    known = Around(frozenset(("right",)), {"vecOfFun": frozenset("n")})
    assert [c.words for c in changes(declared(body), known) if c.operator in ("constant", "operator")] == []


def test_patterns_are_left_alone_and_conditions_are_not() -> None:
    (one,) = read_text("NN/A.lean", "def f : Nat → Nat\n  | 0 => 1\n  | n + 1 => 2").declarations
    assert [c.words for c in changes(one)] == [
        "1 → 2 (token 3)",
        "1 → 0 (token 3)",
        "2 → 3 (token 9)",
        "2 → 1 (token 9)",
    ]
    assert made(declared("if h : k < 1 then g k else k"), "comparison") == ["if h : k ≤ 1 then g k else k"]


LEAN = """
structure S where
  a : Nat
  right : a = a
def one (n : Nat) : S := ⟨n, rfl⟩
def two (m : Nat) : S := ⟨m, rfl⟩
def three (n : Nat) : S := ⟨n + 1, rfl⟩
def user {k : Nat} (n : Nat) : S := one n
"""


def test_around_a_body_stand_proofs_implicit_arguments_and_names_of_another_meaning() -> None:
    reading = Reading({"NN/A.lean": read_text("NN/A.lean", LEAN)})
    known = around(Evaluator(reading, RealNumbers()), reading.declarations)
    assert "right" in known.proof_fields
    assert "a" not in known.proof_fields
    assert known.implicit["user"] == {"k"}
    assert known.alike == {"two": "three", "three": "two"}
    user = reading.declarations[-1]
    assert made(user, "name", Around(alike={"one": "two"})) == ["two n"]


def test_a_sample_depends_on_its_seed_and_takes_different_operators() -> None:
    one = declared("f k 1 + g 2 - h (3, 4)")
    drawn = {tuple(a.name for a in sample(one, changes(one), seed)) for seed in range(8)}
    assert len(drawn) > 1
    assert [a.name for a in sample(one, changes(one), 1)] == [a.name for a in sample(one, changes(one), 1)]
    assert all(len({name.split("] ")[0] for name in names}) == len(names) == 2 for names in drawn)
    assert sample(declared("k"), []) == []


IDLE_TEXT = """
def weaken (i : Idx Γ) (rest : List Shape) : Idx (Γ ++ rest) :=
  let j : Fin (Γ ++ rest).length := ⟨i.1, by simp [rest]⟩
  j
def user (i : Idx Γ) (m n : Nat) : Idx Γ := A.weaken (i m) [f m n]
def named (i : Idx Γ) (m n : Nat) : Idx Γ := A.weaken (i m) (rest := [f m n])
"""


def test_an_argument_that_only_says_a_type_is_left_alone() -> None:
    weaken, *users = read_text("NN/A.lean", f"namespace A{IDLE_TEXT}end A").declarations
    known = idle([weaken], Around())
    assert known == {"A.weaken": {1: "rest"}, "weaken": {1: "rest"}}
    assert list(idle([weaken, replace(weaken, name="B.weaken")], Around())) == ["A.weaken", "B.weaken"]
    for user in users:
        assert made(user, "variable", Around(idle=known)) == made(user, "variable")[:1]


def test_a_name_of_a_library_that_the_evaluator_lacks_proves() -> None:
    known = Around(theorems=frozenset(("size_eq",)), values=frozenset(("castAdd",)), proof_fields=frozenset(("h",)))
    assert all(map(known.proves, ("size_eq", "A.size_eq", "List.append_nil", "idx.h", "congrArg")))
    assert not any(map(known.proves, ("Fin.castAdd", "node.vjp", "x")))


def test_arguments_of_types_with_other_heads_are_not_exchanged() -> None:
    known = Around(explicit={"g": ("Vec", "Idx", "Idx"), "vjp": ("Node", "Vec", "Vec")})
    assert made(declared("g x i j"), "arguments", known) == ["g x j i"]
    assert made(declared("node.vjp x y", "(node : Node)"), "arguments", known) == ["node.vjp y x"]
    assert made(declared("k ℝ x h y", "(h : n = m)"), "arguments", known) == []
