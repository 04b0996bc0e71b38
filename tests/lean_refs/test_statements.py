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
