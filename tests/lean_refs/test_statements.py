"""The hashes of what declarations say: what changes them, what does not, and what a declaration rests on."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import permutations

import pytest

from lean_refs.reader.aliases import through_aliases
from lean_refs.reader.records import Reading
from lean_refs.reader.scan import read_text
from lean_refs.statements import Statements

CODE = """
namespace Shop
structure Item where
  price : Nat
  count : Nat
inductive Kind where
  | big
  | small (n : Nat)
def Item.cost (i : Item) : Nat := i.price * i.count
def double (n : Nat) : Nat := n + n
private def hidden (n : Nat) : Nat := n
def kinds : Kind → Nat
  | .big => hidden 1
  | .small n => n
def run : IO Unit := do
  let x := 1
  if x > 0 then
    print x
  print x
theorem cost_le (i : Item) : i.cost ≤ double i.cost := by omega
theorem all_le (f : Nat → Item) : ∀ k, (f k).cost ≤ 3 := sorry
theorem same (double : Nat) : double = double := rfl
theorem shadow : ∀ double : Nat, double = (fun kinds => kinds) double := by simp
theorem named : f (double := 1) = xs[i] := rfl
theorem typed (n : Nat) (h : 0 < n) : n.succ.cost = (double n) := rfl
def _root_.Nat.cost (n : Nat) : Nat := n
def Lone.cost (n : Nat) : Nat := n
def proved (n : Nat) : Fin 9 := ⟨n, cost_le n⟩
theorem root : Shop.double 1 = _root_.Shop.double 1 := rfl
end Shop
"""


def statements(code: str = CODE) -> Statements:
    return statements_of({"Shop.lean": code})


def statements_of(files: Mapping[str, str]) -> Statements:
    return Statements(Reading({name: read_text(name, code) for name, code in files.items()}))


def own(name: str, code: str = CODE) -> str:
    found = statements(code)
    return found.own(found.names.declarations[f"Shop.{name}"])


def beneath(name: str, code: str = CODE) -> list[str]:
    found = statements(code)
    return [one.name.removeprefix("Shop.") for one in found.beneath(found.names.declarations[f"Shop.{name}"])]


@pytest.mark.parametrize(
    ("name", "rests_on"),
    [
        ("cost_le", ["Item", "Item.cost", "double"]),
        ("all_le", ["Nat.cost", "Item", "Item.cost"]),
        ("same", []),
        ("shadow", []),
        ("named", []),
        ("typed", ["Nat.cost", "double"]),
        ("root", ["double"]),
        ("kinds", ["Kind", "hidden"]),
        ("proved", []),
        ("Kind", []),
    ],
)
def test_what_a_declaration_rests_on(name: str, rests_on: list[str]) -> None:
    assert beneath(name) == rests_on


def test_what_rests_on_nothing_has_no_hash_of_it() -> None:
    found = statements()
    assert found.rests_on(found.names.declarations["Shop.Kind"]) == ""
    assert len(found.rests_on(found.names.declarations["Shop.kinds"])) == 16


SAME = {
    "a proof that a recursion ends": ("kinds", "| .small n => n\n", "| .small n => n\ntermination_by k => k\n"),
    "a name in full": ("root", "Shop.double 1 =", "double 1 ="),
    "another layout of a statement": ("all_le", "∀ k, (f k).cost", "∀ k,\n      (f k).cost"),
    "another column": (
        "run",
        "  let x := 1\n  if x > 0 then\n    print x\n  print x",
        "    let x := 1\n    if x > 0 then print x\n    print x",
    ),
    "parts of a step on a line": ("run", "if x > 0 then\n    print x", "if x > 0\n    then print x"),
    "another spelling of ≤": ("cost_le", "i.cost ≤ double", "i.cost <= double"),
    "another spelling of fun": ("shadow", "(fun kinds => kinds)", "(λ kinds ↦ kinds)"),
    "a proof": ("cost_le", "by omega", "by simp"),
    "a comment in a body": ("double", "n + n\n", "n + -- twice\n    n\n"),
}  # fmt: skip
OTHER = {
    "a step of a block": ("run", "    print x\n  print x", "    print x\n    print x"),
    "another step": ("run", "let x := 1", "let x := 2"),
    "a field": ("all_le", "(f k).cost", "(f k) .cost"),
    "an element": ("named", "xs[i]", "xs [i]"),
    "a constructor": ("Kind", "| small (n : Nat)", "| small (n : Int)"),
    "a binder's name": ("same", "(double : Nat) : double = double", "(two : Nat) : two = two"),
    "another declaration": ("root", "_root_.Shop.double 1", "Shop.hidden 1"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new"), SAME.values(), ids=SAME)
def test_what_says_the_same_has_the_same_hash(name: str, old: str, new: str) -> None:
    assert CODE.count(old) == 1
    assert own(name) == own(name, CODE.replace(old, new))


@pytest.mark.parametrize(("name", "old", "new"), OTHER.values(), ids=OTHER)
def test_what_says_something_else_has_another_hash(name: str, old: str, new: str) -> None:
    assert CODE.count(old) == 1
    assert own(name) != own(name, CODE.replace(old, new))


def test_what_defines_itself_is_the_same_under_another_name() -> None:
    code = "namespace Shop\ninductive T where\n  | leaf\n  | node (l : T)\n"
    code += "def T.size : T → Nat\n  | leaf => 1\n  | T.node l => size l\nend Shop\n"
    assert own("T", code) == own("U", code.replace("T", "U"))


def test_a_declaration_by_another_name_is_called_so_wherever_it_is_named() -> None:
    before, code = statements(), CODE.replace("double", "twice").replace("Item", "Thing").replace("cost", "worth")
    after = statements(code)
    assert own("cost_le") != own("worth_le", code)
    called = after.called(
        {"Shop.twice": "Shop.double", "Shop.Thing": "Shop.Item", "Shop.Thing.worth": "Shop.Item.cost"}
    )
    old, new = before.names.declarations["Shop.cost_le"], after.names.declarations["Shop.worth_le"]
    assert (called.own(new), called.rests_on(new)) == (before.own(old), before.rests_on(old))


BOUND = {
    "between a quantifier and its end only": ("(∀ top, top = top) ∧ P top", True),
    "before its binder": ("top = (fun top => top) 1", True),
    "in what bounds a variable": ("∀ x < top, P x", True),
    "said to be of a type": ("(top x : Int) = 3", True),
    "said to be of a type, then of another": ("((top x : Int) : Rat) = 3", True),
    "said to be of a type in a binder's scope": ("∀ x : Nat, (top x : Int) = 3", True),
    "of a type between brackets before an arrow": ("(0 < (top x : Int)) → True", True),
    "of a type before an arrow": ("0 < (top x : Int) → True", True),
    "an argument before an arrow": ("P (top : Nat) → True", True),
    "an absolute value": ("|top y - 3| ≤ 4, x", True),
    "a member of a set": ("{top x | x : Nat} = s", True),
    "where a range begins": ("[top:3] = r", True),
    "after a pipe": ("(x |> top) = 3", True),
    "the first of a text": ("(top x : Int)", True),
    "∀": ("∀ top : Nat, top = top", False),
    "∀ in a bracket": ("∀ {x : Nat} (top : Nat), top = x", False),
    "∃ with a bound": ("∃ top > 0, 0 < top", False),
    "a dependent arrow after another": ("Q → (top : Nat) → top = top", False),
    "a dependent arrow": ("(top : Nat) → top = top", False),
    "fun of a pair": ("(fun ((top, y) : A) => top + y) = f", False),
    "a subtype": ("{top : Nat // 0 < top} = s", False),
    "a set": ("{top | 0 < top} = s", False),
    "a part of a set": ("{top ∈ s | 0 < top} = s", False),
}


@pytest.mark.parametrize(("says", "rests"), BOUND.values(), ids=BOUND)
def test_a_bound_name_is_no_declaration_and_only_where_it_is_bound(says: str, rests: bool) -> None:
    code = f"namespace Shop\ndef top := 1\ntheorem t (y : Nat) : {says} := sorry\nend Shop\n"
    assert beneath("t", code) == (["top"] if rests else [])


DEFINED = {
    "a pattern ends with its alternative": ("def t : Nat → Nat\n  | 0 => 1\n  | top + 1 => top\n  | n => top", True),
    "the match of an alternative": (
        "def t (n : Nat) := match n with\n  | 0 => match n with\n    | top => top\n    | n => 1\n  | n => 2", False,
    ),
    "two patterns of one alternative": ("def t : E → Nat\n  | .a top | .b top => top", False),
    "an absolute value at a line's beginning": ("def t (y : Int) := f\n  |y| fun x => top", True),
    "a step": ("def t : IO Nat := do\n  let top ← g\n  return top", False),
    "what a loop runs through": ("def t : IO Nat := do\n  for x in top do\n    g x", True),
    "a constructor's binder": ("inductive t\n  | a {x : A} (top : Nat) (h : top = x) : t", False),
    "what a constructor needs": ("inductive t\n  | a (y : Nat) (h : y = top) : t", True),
    "a function of its own": ("def t : Nat := g 1\nwhere\n  g (top : Nat) : Nat := top", False),
    "a recursion of its own": ("def t : Nat :=\n  let rec g (top : Nat) : Nat := top\n  g 1", False),
    "a constructor": ("inductive t\n  | top (y : Nat) : t", False),
    "a field": ("structure t where\n  top : Nat\n  h : top = top", False),
    "an alternative that no arrow follows": ("inductive t\n  | a : Nat → t\n  | b : P top → t", True),
}  # fmt: skip


@pytest.mark.parametrize(("text", "rests"), DEFINED.values(), ids=DEFINED)
def test_what_defines_binds_names_too(text: str, rests: bool) -> None:
    code = f"namespace Shop\ndef top := 1\n{text}\nend Shop\n"
    assert beneath("t", code) == (["top"] if rests else [])


def test_a_field_after_a_pipe_is_one_of_its_type() -> None:
    piped = CODE.replace("i.cost ≤ double", "(id i |>.cost) ≤ double")
    assert beneath("cost_le", piped) == beneath("cost_le")


def test_an_alias_says_what_its_theorem_says() -> None:
    code = "namespace Shop\ntheorem a (n : Nat) : n = n := rfl\nalias b := a\ntheorem c : P a := rfl\nend Shop\n"
    assert (beneath("b", code), beneath("c", code)) == (["a"], [])


def test_what_lean_derives_is_no_part_of_what_is_said() -> None:
    code = CODE.replace("  | small (n : Nat)", "  | small (n : Nat)\n  deriving Repr, DecidableEq")
    assert own("Kind") == own("Kind", code)


def said(text: str, head: str = "") -> tuple[str, list[str]]:
    """The hash of `t` of a text, and what that rests on."""
    code = f"{head}namespace Shop\ndef f (n : Nat) := n\ndef g (n : Nat) := n\n{text}\nend Shop\n"
    return own("t", code), beneath("t", code)


ONE_MEANING = {
    "∧": ("theorem t : p ∧ q := h", "theorem t : p /\\ q := h"),
    "∨": ("theorem t : p ∨ q := h", "theorem t : p \\/ q := h"),
    "↔": ("theorem t : p ↔ q := h", "theorem t : p <-> q := h"),
    "∀": ("theorem t : ∀ f, f 1 = 1 := h", "theorem t : forall f, f 1 = 1 := h"),
    "∃": ("theorem t : ∃ f, f 1 = 1 := h", "theorem t : exists f, f 1 = 1 := h"),
    "∃ of a type": ("theorem t : p ∧ ∃ f : A, f = 1 := h", "theorem t : p ∧ exists (f : A), f = 1 := h"),
    "∃ by its name": ("theorem t : ∃ f, f 1 = 1 := h", "theorem t : Exists fun f => f 1 = 1 := h"),
    "∃ by its name, of a type": ("theorem t : ∃ f : A, f = 1 := h", "theorem t : Exists fun (f : A) => f = 1 := h"),
    "∃ by its name, in parentheses": (
        "theorem t : (∃ f : A, f = 1) ∧ p := h", "theorem t : Exists (λ f : A => f = 1) ∧ p := h",
    ),
    "⦃": ("def t : ∀ ⦃f g : A⦄, f = g := h", "def t : forall {{f g : A}}, f = g := h"),
    "<|": ("def t : Nat := f <| g 1", "def t : Nat := f $ g 1"),
    "an arrow": ("theorem t : p → q := h", "theorem t : p -> q := h"),
    "a quoted name": ("theorem t : f 1 = 1 := h", "theorem t : «f» 1 = 1 := h"),
    "a quoted name of nobody": ("theorem t : h 1 = 1 := h", "theorem t : «h» 1 = 1 := h"),
    "a quoted binder": ("theorem t (f : Nat) : f = 1 := h", "theorem t («f» : Nat) : «f» = 1 := h"),
    "a bound name in quotes": ("theorem t : ∀ f : Nat, f = 1 := h", "theorem t : ∀ «f» : Nat, «f» = 1 := h"),
    "a quoted part": ("theorem t : Shop.f 1 = 1 := h", "theorem t : Shop.«f» 1 = 1 := h"),
    "a message": ('def t := do throwError "a {f 1}"', 'def t := do throwError m!"a {f  1}"'),
    "a message at a place": ('def t := do logInfoAt x "a {f}"', 'def t := do logInfoAt x m!"a { f}"'),
    "a trace": ('def t := do trace[a.b] "a {f}"', 'def t := do trace[a.b] m!"a {f}"'),
    "parentheses around all": ("theorem t : f 1 = 1 := h", "theorem t : (f 1 = 1) := h"),
    "parentheses twice": ("theorem t : (f 1) = 1 := h", "theorem t : ((f 1)) = 1 := h"),
    "parentheses around a name": ("theorem t (n : Nat) : f n = [n] := h", "theorem t (n : Nat) : (f) (n) = [(n)] := h"),
    "another tactic for a hypothesis": (
        "theorem t (h : 0 < n := by simp) : P n := h", "theorem t (h : 0 < n := by omega) : P n := h",
    ),
    "another tactic for a variable's hypothesis": (
        "def t (p : Prop) (q : Nat → Prop) (h : p := by simp) (k : q 1 := by simp) := 1",
        "def t (p : Prop) (q : Nat → Prop) (h : p := by omega) (k : q 1 := by decide) := 1",
    ),
    "another tactic for a field": (
        "structure t where\n  n : Nat := f 1\n  h : 0 < n := by simp\n  k : Nat",
        "structure t where\n  n : Nat := f 1\n  h : 0 < n := by\n    omega\n  k : Nat",
    ),
    "another tactic for a field of what extends": (
        "structure t extends A where\n  h : 0 < n := by simp", "structure t extends A where\n  h : 0 < n := by omega",
    ),
}  # fmt: skip
TWO_MEANINGS = {
    "a field of what is in parentheses twice": ("theorem t : g ((f)).x = 1 := h", "theorem t : g ((f)) .x = 1 := h"),
    "parentheses that group": ("theorem t : (a - b) - c = 1 := h", "theorem t : a - (b - c) = 1 := h"),
    "two groups": ("theorem t : (a = b) = (c = d) := h", "theorem t : a = b = (c = d) := h"),
    "a name with a dot": ("theorem t : «f.g» = 1 := h", "theorem t : f.g = 1 := h"),
    "a word in quotes": ("def t := «fun» x => x", "def t := fun x => x"),
    "universes": ("theorem t.{u, v} : P.{u, v} := h", "theorem t.{v, u} : P.{u, v} := h"),
    "a number that is not given": ("def t (n : Nat := by exact 5) := n", "def t (n : Nat := by exact 6) := n"),
    "a number in a field": ("structure t where\n  n : Nat := by exact 5", "structure t where\n  n : Nat := by exact 6"),
    "a tactic at all": ("theorem t (h : 0 < n := by simp) : p := h", "theorem t (h : 0 < n) : p := h"),
    "what is computed in a string": ('def t (n : Nat) := s!"{f n}"', 'def t (n : Nat) := s!"{g n}"'),
    "space in a string": ('def t := notify "{f  1}"', 'def t := notify "{f 1}"'),
    "another message": ('def t := do throwError "a {f 1}"', 'def t := do throwError "a {g 1}"'),
    "a string for a message": ('def t := do throwError "a {f}"', 'def t := do throwError s!"a {f}"'),
    "what stands in a string": ('def t (n : Nat) := s!"a {f n}"', 'def t (n : Nat) := s!"b {f n}"'),
}  # fmt: skip


IDLE = {
    # As it is written; without what changes nothing.
    "a tighter operator": ("a + (b * c) = d", "a + b * c = d"),
    "the first of several": ("(a + b) - c = d", "a + b - c = d"),
    "the last of several": ("p → (q → r)", "p → q → r"),
    "the last of a list": ("a :: (b :: c) = d", "a :: b :: c = d"),
    "within others": ("p ∧ (q ∧ (r ∧ (a = b)))", "p ∧ q ∧ r ∧ a = b"),
    "two sides": ("(a = b) ∧ (c ≤ d)", "a = b ∧ c ≤ d"),
    "two sides of an equivalence": ("(p ∧ q) ↔ (q ∧ p)", "p ∧ q ↔ q ∧ p"),
    "an application": ("(f a) + (g b) = (f 1)", "f a + g b = f 1"),
    "an argument's inner one": ("f ((a * b) + c) = d", "f (a * b + c) = d"),
    "a member": ("a ∈ (s ∪ t)", "a ∈ s ∪ t"),
    "between brackets": ("[(a + b), c] = ⟨(a + b)⟩", "[a + b, c] = ⟨a + b⟩"),
    "a negation": ("(¬ p) ∧ (¬ q)", "¬ p ∧ ¬ q"),
    "what is negated": ("¬ (a = b)", "¬ a = b"),
    "what is negated, with a quantifier": ("¬(∃ x, p x)", "¬∃ x, p x"),
    "a negative number": ("a * (-1) = b", "a * -1 = b"),
    "what a quantifier says": ("∀ x, (p x → q x)", "∀ x, p x → q x"),
    "what it is over": ("∀ (x y : A), p", "∀ x y : A, p"),
    "what a function is of": ("f = fun (x : A) => (x + 1)", "f = fun x : A => x + 1"),
    "a quantifier at the end": ("p ∧ (∀ x, ∃ y : A, q x y)", "p ∧ ∀ x, ∃ y : A, q x y"),
    "a function as the last argument": ("a = f b (fun x => g x)", "a = f b fun x => g x"),
    "a function as the last argument in brackets": ("[f (fun (x : A) => g x)] = a", "[f fun x : A => g x] = a"),
    "a function and nothing before it": ("g a.b (fun x => x) ", "g a.b fun x => x "),
    "a type": ("∀ x : (A → B), p", "∀ x : A → B, p"),
    "lines": ("p ∧\n    (a\n  = b)", "p ∧ a = b"),
    "a pipe": ("f <| (g a + b) = c", "f <| g a + b = c"),
    "a power": ("(a ^ b) * c = d", "a ^ b * c = d"),
    "a dependent arrow": ("p → ((x : A) → q x)", "p → (x : A) → q x"),
    "a condition": ("x = if (a = b) then (f 1) else (g 2)", "x = if a = b then f 1 else g 2"),
    "an inverse": ("(a⁻¹ * ↑b) + c = d", "a⁻¹ * ↑b + c = d"),
}  # fmt: skip
NEEDED = {
    "a looser operator": ("a * (b + c) = d", "a * b + c = d"),
    "the last of several": ("a - (b + c) = d", "a - b + c = d"),
    "the last of a sum": ("a + (b + c) = d", "a + b + c = d"),
    "the first of several": ("(p → q) → r", "p → q → r"),
    "two of one level": ("(a && b) ∧ c", "a && b ∧ c"),
    "a comparison": ("(a = b) = c", "a = b = c"),
    "an argument": ("f (g a) = b", "f g a = b"),
    "what is applied": ("(f + g) a = b", "f + g a = b"),
    "a field": ("(f a).x = b", "f a.x = b"),
    "an element": ("(f a)[i] = b", "f a[i] = b"),
    "what is negated": ("¬ (p ∧ q)", "¬ p ∧ q"),
    "a negation": ("(¬ a) = b", "¬ a = b"),
    "minus": ("-(a * b) = -(f a)", "-a * b = -f a"),
    "a difference of a power": ("(-a) ^ b = c", "-a ^ b = c"),
    "a quantifier that ends before the end": ("(∀ x, p x) ∧ q", "∀ x, p x ∧ q"),
    "a function that ends before the end": ("f (fun x => x) a = b", "f fun x => x a = b"),
    "a function beside an operator": ("f (fun x => x) + a = b", "f fun x => x + a = b"),
    "a sum": ("∑ x, (f x + a) = b", "∑ x, f x + a = b"),
    "a notation's word": ("E (f a + b) = c", "E f a + b = c"),
    "a notation's argument": ("(E a) + b = c", "E a + b = c"),
    "a notation's comma": ("∀ x, E y, (a + b) = c", "∀ x, E y, a + b = c"),
    "a notation's sign": ("(a + b) ⊙ c = d", "a + b ⊙ c = d"),
    "an operator with another's sign": ("(a + b) ×ˢ c = d", "a + b ×ˢ c = d"),
    "an operator of two signs": ("(a + b) <*> c = d", "a + b <*> c = d"),
    "an operator that is redefined": ("(a + b) ∣ c ∧ p", "a + b ∣ c ∧ p"),
    "two of one level, the other way": ("a ∧ (b && c)", "a ∧ b && c"),
    "a function before a comma": ("[f (fun x => x), a] = b", "[f fun x => x, a] = b"),
    "an unknown sign within": ("(a ⊙ b) + c = d", "a ⊙ b + c = d"),
    "a function of a dot": ("(· + a) = b", "· + a = b"),
    "a function of a dot inside": ("f = ([·] ++ a)", "f = [·] ++ a"),
    "a pair": ("f = ((a, b), c)", "f = (a, b, c)"),
    "a type": ("f = ((a : A) + b)", "f = (a : A + b)"),
    "a macro's": ("(panic! a) + b = c", "panic! a + b = c"),
    "a dependent arrow": ("((x : A) → B x) → C", "(x : A) → B x → C"),
    "a word of a term": ("(if a then b else c) + d = e", "if a then b else c + d = e"),
    "a proof": ("(by simp) ∧ q", "by simp ∧ q"),
    "a named argument": ("f (x := a) = b", "f x := a = b"),
    "nothing": ("f () = ()", "f = ()"),
    "no tail": ("(a +) b = c", "a + b = c"),
    "a function with a type": ("f = (fun x => a : B)", "f = fun x => a : B"),
    "a function with alternatives": ("f = g (fun | a => b)", "f = g fun | a => b"),
    "a function with lines": ("g (fun x =>\n    h x)", "g fun x =>\n    h x"),
    "≠ and !=": ("a ≠ b", "a != b"),
    "∃ of two": ("Exists fun x y => p", "∃ x y, p"),
    "∃ of a pattern": ("Exists fun ⟨x, y⟩ => p", "∃ ⟨x, y⟩, p"),
    "∃ with a type": ("Exists (fun x => p : A) = q", "(∃ x, p : A) = q"),
    "∃ of a function": ("Exists p", "∃ p, p"),
    "∃ of everything": ("@Exists A fun x => p", "@Exists A ∃ x, p"),
    "a tactic": ("f = by exists g", "f = by ∃ g"),
    "a set of sets": ("{{x : A | p}} = s", "⦃x : A | p⦄ = s"),
    "a set in a set": ("{{x}} = s", "⦃x⦄ = s"),
    "braces apart": ("{ {x : A} } = s", "⦃x : A⦄ = s"),
}  # fmt: skip
SYNTAX = 'notation "E" x => id x\ninfixl:60 " ⊙ " => op\ninfix:80 " ∣ " => div\n'


@pytest.mark.parametrize(("one", "other"), IDLE.values(), ids=IDLE)
def test_parentheses_that_precedence_makes_idle_are_no_change(one: str, other: str) -> None:
    assert said(f"theorem t : {one} := h", SYNTAX) == said(f"theorem t : {other} := h", SYNTAX)


@pytest.mark.parametrize(("one", "other"), NEEDED.values(), ids=NEEDED)
def test_parentheses_that_may_say_something_are_a_change(one: str, other: str) -> None:
    assert said(f"theorem t : {one} := h", SYNTAX)[0] != said(f"theorem t : {other} := h", SYNTAX)[0]


def test_of_a_project_with_an_existence_of_its_own_nothing_is_known() -> None:
    one, other = (said(f"theorem t : {says} := h", "def Own.Exists := 1\n") for says in ("Exists fun x => p", "∃ x, p"))
    assert one[0] != other[0]


def test_what_a_tactic_names_is_no_bound_name() -> None:
    assert said("def t : ∃ x, x = f 1 := by exists f, g")[1] == ["f", "g"]


@pytest.mark.parametrize(("one", "same"), [("  g x\n  h <| (1\n  - f)", True), ("  g x\n  h <| 1\n  - f", False)])
def test_lines_in_parentheses_are_no_steps(one: str, same: bool) -> None:
    joined = said("def t := do\n  g x\n  h <| 1 - f")
    assert (said(f"def t := do\n{one}") == joined) is same


@pytest.mark.parametrize(("one", "other"), ONE_MEANING.values(), ids=ONE_MEANING)
def test_two_spellings_of_one_meaning_have_one_hash(one: str, other: str) -> None:
    assert said(one) == said(other)


@pytest.mark.parametrize(("one", "other"), TWO_MEANINGS.values(), ids=TWO_MEANINGS)
def test_what_is_spelled_nearly_alike_has_two_hashes(one: str, other: str) -> None:
    assert said(one)[0] != said(other)[0]


OUTER = "namespace N\ndef f := 1\ndef k := 1\ninductive C\n  | red\nend N\n"
NAMED = {
    "opened": ("open N", "k", ["N.k"]),
    "hidden": ("open N hiding k", "k", []),
    "beside what is hidden": ("open N hiding j f", "k", ["N.k"]),
    "hidden and opened": ("open N hiding k\nopen N", "k", ["N.k"]),
    "hidden for one": ("open N hiding k in", "k", []),
    "opened for its notations": ("open scoped N", "k", []),
    "opened for its notations, then whole": ("open scoped N\nopen N", "k", ["N.k"]),
    "exported": ("export N (k)", "k", ["N.k"]),
    "a constructor that is exported": ("export N.C (red)", "red", ["N.C"]),
    "exported, in full": ("export N (k)", "Shop.k", ["N.k"]),
    "what nobody has is exported": ("export N (nothing)", "nothing", []),
    "exported in a ring": ("export Shop (k)", "k", []),
    "in an interpolated string": ("", 's!"a {N.k} \\{b}" ++ f!"{s!"{f 1}"}"', ["N.k", "f"]),
    "bound in an interpolated string": ("", 's!"{(fun f => f) 1}{1}"', []),
    "in a message": ("", 'do throwError "a {N.k}{f 1}"', ["N.k", "f"]),
    "in a message with a string inside": ("", 'do logInfo "a {g "}" f}"', ["f", "g"]),
    "in a message at a place": ("", 'do throwErrorAt (stx 1) "a {N.k}"; logErrorAt s.t "{f}"', ["N.k", "f"]),
    "in a message with a name": ("", 'do throwNamedError lean.some "a {N.k}"', ["N.k"]),
    "in a trace": ("", 'do trace[Meta.debug] "a {N.k}"', ["N.k"]),
    "in a trace of one's own": ("", 'do aesop_trace[steps] "a {"{f}" ++ N.k}"', ["N.k"]),
    "in a trace for debugging": ("", 'dbg_trace "a {N.k}"; 1', ["N.k"]),
    "in a message of the project": ('macro "fail" x:interpolatedStr(term) : term => x', 'fail "a {N.k}"', ["N.k"]),
    "in a message of the project, at a place": (
        'syntax "fail" term interpolatedStr(term) : term',
        'do\n  fail x "a {N.k}"\n  g "{f}" 1',
        ["N.k", "f", "g"],
    ),
    "in what may be a message": ("", 'notify "a {N.k} {} {(} {1}"', ["N.k"]),
    "in a message of the project, after brackets": ('macro "fail" : term => x', 'fail (g 1) "a {N.k}"', ["N.k", "g"]),
    "in a string on another line": ('macro "fail" : term => x', 'do\n  fail 1\n  (h.i "a {N.k}")', []),
    "in what is no code": ("", 'notify "a {(f} {N.k} {"', ["N.k"]),
    "bound in what may be a message": ("", 'notify "a {(fun f => f) 1}"', []),
    "in a function's string": ("", 'IO.println "a {N.k}"', []),
    "in a string after a sign": ("", 'x = "a {N.k}"', []),
    "in a string after a word": ("", 'if y then "a {N.k}" else "{f}"', []),
    "in a raw string": ("", 'notify r"a {N.k}"', []),
    "in a string": ("", '"{N.k}" ++ r"{f}" ++ s!"f"', []),
}


@pytest.mark.parametrize(("before", "says", "rests_on"), NAMED.values(), ids=NAMED)
def test_which_declaration_a_name_means(before: str, says: str, rests_on: list[str]) -> None:
    assert said(f"{before}\ntheorem t : x = {says} := h", OUTER)[1] == rests_on


def test_a_name_that_is_exported_is_seen_where_its_file_is_imported() -> None:
    files = {
        "A.lean": "namespace A\ndef k := 1\nend A\n",
        "B.lean": "import A\nexport A (k)\n",
        "C.lean": "import B\ntheorem c : k = 1 := rfl\n",
        "D.lean": "import A\ntheorem d : k = 1 := rfl\n",
    }
    found = statements_of(files)
    assert [one.name for one in found.beneath(found.names.declarations["c"])] == ["A.k"]
    assert found.beneath(found.names.declarations["d"]) == []


CHAIN = {
    "A.lean": "namespace A\ndef k := 1\nend A\n",
    "B.lean": "import A\nnamespace B\nexport A (k)\nend B\n",
    "C.lean": "import B\nnamespace C\nexport B (k)\nend C\n",
    "D.lean": "import C\nexport C (k)\n",
    "E.lean": "import D\ntheorem e : k = 1 := rfl\n",
}


@pytest.mark.parametrize("order", ["".join(order) for order in permutations("ABCD")])
def test_a_chain_of_exports_is_followed_whatever_the_order_of_the_files(order: str) -> None:
    found = statements_of({f"{name}.lean": CHAIN[f"{name}.lean"] for name in (*order, "E")})
    assert [one.name for one in found.beneath(found.names.declarations["e"])] == ["A.k"]


@pytest.mark.parametrize("order", ["AB", "BA"])
def test_of_two_files_that_export_one_name_the_first_by_name_is_meant(order: str) -> None:
    files = {f"{name}.lean": f"namespace {name}\ndef k := 1\nend {name}\nexport {name} (k)\n" for name in order}
    found = statements_of(files | {"E.lean": "import A\nimport B\ntheorem e : k = 1 := rfl\n"})
    assert [one.name for one in found.beneath(found.names.declarations["e"])] == ["A.k"]


@pytest.mark.parametrize("order", ["AB", "BA"])
def test_a_ring_of_exports_comes_to_an_end(order: str) -> None:
    # No Lean project has one: each of two names would first stand for the other.
    files = {
        "A": "namespace M\nexport N (k)\nend M\nnamespace N\nexport M (k)\nend N\n",
        "B": "def Y.k := 1\ndef Z.k := 1\nnamespace M\nexport Z (k)\nend M\nnamespace N\nexport Y (k)\nend N\n",
    }
    code = "import A\nimport B\ntheorem e : M.k = 1 := rfl\n"
    found = statements_of({f"{name}.lean": files[name] for name in order} | {"E.lean": code})
    assert [one.name for one in found.beneath(found.names.declarations["e"])] == ["Z.k"]


def test_what_an_export_means_is_looked_for_from_within() -> None:
    code = "def k := 1\ndef B.k := 1\nnamespace C\nnamespace B\nexport _root_ (k)\nend B\nexport B (k)\nend C\n"
    found = statements_of({"A.lean": f"{code}theorem e : C.k = 1 := rfl\n"})
    assert [one.name for one in found.beneath(found.names.declarations["e"])] == ["k"]


def test_a_name_declared_in_quotes_is_the_same_without_them() -> None:
    code = "namespace «Shop»\ndef «f» := 1\ninductive E\n  | «a» : E\ntheorem t : f = E.a := h\nend Shop\n"
    assert beneath("t", code) == ["E", "f"]
    plain = code.replace("«", "").replace("»", "")
    assert (own("t", code), own("E", code)) == (own("t", plain), own("E", plain))


def test_an_alias_has_the_universes_of_what_it_stands_for() -> None:
    reading = through_aliases(Reading({"A.lean": read_text("A.lean", "def f.{u, v} := 1\nalias g := f\n")}))
    assert [one.universes for one in reading.declarations] == [("u", "v")] * 2
