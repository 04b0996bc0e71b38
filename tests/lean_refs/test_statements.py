"""The hashes of what declarations say: what changes them, what does not, and what a declaration rests on."""

from __future__ import annotations

import pytest

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
    return Statements(Reading({"Shop.lean": read_text("Shop.lean", code)}))


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
    "an absolute value": ("|top y - 3| ≤ 4, x", True),
    "a member of a set": ("{top x | x : Nat} = s", True),
    "where a range begins": ("[top:3] = r", True),
    "after a pipe": ("(x |> top) = 3", True),
    "the first of a text": ("(top x : Int)", True),
    "∀": ("∀ top : Nat, top = top", False),
    "∀ in a bracket": ("∀ {x : Nat} (top : Nat), top = x", False),
    "∃ with a bound": ("∃ top > 0, 0 < top", False),
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
