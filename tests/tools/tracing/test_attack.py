"""A made-up project under attack: harmless respellings, of which none may alarm, and real changes, each to be named."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tools.tracing.conftest import Shop

BASE = """import Lean
namespace Bank
structure Account where
  balance : Nat
  owner : Nat
  small : balance < 100 := by simp
notation "E" x => id x
def fee (n : Nat) : Nat := n % 10
def Account.rest (a : Account) : Nat := a.balance - fee a.balance
export Account (rest)
end Bank
"""
MORE = """import Base
namespace Bank
export Bank.Account (owner)
def limit : Nat := go 3
where
  go : Nat → Nat
    | 0 => 1
    | n + 1 => n * (go n)
def told (a : Account) : IO Unit := do
  if a.balance = 0 then
    throwError "nothing left of {fee 1}"
  pure ()
end Bank
"""
LAWS = """import More
namespace Bank
variable (a b c : Account)
/-- The rest is no more. -/
theorem rest_le (h : 0 < a.balance) : rest a + (fee 1 * 2) ≤ limit ∧ ¬ (rest b = 0) := sorry
theorem exists_owner : ∃ x : Nat, x = Account.owner a → (∀ y : Nat, y ≤ x) := sorry
theorem mapped (xs : List Account) : xs = [] ∨ xs.map rest = xs.map (fun x => rest x) := sorry
theorem noted : (E (fee 1 + 2)) * 3 = told a := sorry
end Bank
"""
ALL = {"rest_le", "exists_owner", "mapped", "noted"}
NAMES = [f"Bank.{name}" for name in sorted(ALL)]
SOURCES = {"Base.lean": BASE, "More.lean": MORE, "Laws.lean": LAWS}

# By what is done: file, and what stands in place of what.
HARMLESS = {
    "parentheses that a product needs not": ("Laws", "rest a + (fee 1 * 2)", "(rest a) + fee 1 * 2"),
    "parentheses that a negation needs not": ("Laws", "¬ (rest b = 0)", "(¬ rest b = 0)"),
    "signs of a keyboard": (
        "Laws",
        "∃ x : Nat, x = Account.owner a → (∀ y",
        "exists x : Nat, x = Account.owner a -> (forall y",
    ),
    "an existence by its name": (
        "Laws",
        "∃ x : Nat, x = Account.owner a → (∀ y : Nat, y ≤ x)",
        "Exists fun (x : Nat) => x = Account.owner a → ∀ (y : Nat), y <= x",
    ),
    "a function as the last argument": ("Laws", "(fun x => rest x)", "λ x ↦ (rest x)"),
    "a docstring, a comment and layout": (
        "Laws",
        "/-- The rest is no more. -/\ntheorem rest_le (h : 0 < a.balance) : rest a",
        "/-- No more. -/\ntheorem rest_le\n    (h : 0 < a.balance) : -- as ever\n    rest a",
    ),
    "a proof and a lemma": ("Laws", "theorem mapped", "@[simp] lemma mapped"),
    "the default proof of a field": ("Base", "balance < 100 := by simp", "balance < 100 := by\n    omega"),
    "a product in a function inside": ("More", "n * (go n)", "(n) * go n"),
    "a message with its mark": ("More", 'throwError "nothing', 'throwError m!"nothing'),
    "names in full": ("Laws", "xs.map rest =", "xs.map Bank.Account.rest ="),
    "quotes": ("Base", "def fee (n : Nat) : Nat := n % 10", "def «fee» («n» : Nat) : Nat := («n» % 10)"),
}
REAL = {
    "parentheses that a sum needs": ("Laws", "rest a + (fee 1 * 2)", "(rest a + fee 1) * 2", {"rest_le"}),
    "what a negation is of": ("Laws", "¬ (rest b = 0)", "(¬ rest b) = 0", {"rest_le"}),
    "another comparison": ("Laws", "(h : 0 < a.balance)", "(h : 0 ≤ a.balance)", {"rest_le"}),
    "a hypothesis less": ("Laws", " (h : 0 < a.balance)", "", {"rest_le"}),
    "where a quantifier ends": (
        "Laws", "x = Account.owner a → (∀ y : Nat, y", "(∀ y : Nat, x = Account.owner a → y", {"exists_owner"},
    ),
    "a test for a proposition": ("Laws", "xs = [] ∨", "xs == [] ||", {"mapped"}),
    "under a notation": ("Laws", "(E (fee 1 + 2)) * 3", "(E fee 1 + 2) * 3", {"noted"}),
    "around a notation": ("Laws", "(E (fee 1 + 2)) * 3", "E (fee 1 + 2) * 3", {"noted"}),
    "a definition beneath an export": ("Base", "a.balance - fee a.balance", "a.balance", {"rest_le", "mapped"}),
    "a definition beneath a message": ("Base", "n % 10", "n % 11", {"rest_le", "mapped", "noted"}),
    "a function inside": ("More", "| 0 => 1", "| 0 => 2", {"rest_le"}),
    "a field's type": ("Base", "owner : Nat", "owner : Int", ALL),
    "a message": ("More", "{fee 1}", "{fee 2}", {"noted"}),
    "an instance that all need": ("Laws", "(a b c : Account)", "(a b c : Account) [Inhabited Account]", ALL),
    "another declaration": ("Laws", "rest b = 0", "fee b.balance = 0", {"rest_le"}),
}  # fmt: skip


@pytest.fixture
def bank(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """The project, agreed to."""
    found = Shop(tmp_path)
    for name, text in SOURCES.items():
        found.write(f"lean/{name}", text)
    found.write("pyproject.toml", '[tool.leanmirror]\nsource = "lean"\n')
    found.write("tests/test_bank.py", f"import pytest\n@pytest.mark.lean(*{NAMES!r})\ndef test_it(): pass\n")
    monkeypatch.chdir(tmp_path)
    found.accepted()
    return found


@pytest.mark.parametrize(("file", "old", "new"), HARMLESS.values(), ids=HARMLESS)
def test_a_harmless_respelling_alarms_nobody(bank: Shop, file: str, old: str, new: str) -> None:
    bank.edit(f"lean/{file}.lean", old, new)
    assert bank.verdicts() == dict.fromkeys(NAMES, "agreed")
    assert bank.run().exit_code == 0


@pytest.mark.parametrize(("file", "old", "new", "changed"), REAL.values(), ids=REAL)
def test_a_real_change_is_named(bank: Shop, file: str, old: str, new: str, changed: set[str]) -> None:
    bank.edit(f"lean/{file}.lean", old, new)
    found = bank.verdicts()
    assert {name.removeprefix("Bank.") for name, verdict in found.items() if verdict == "changed"} == changed
    assert bank.run().exit_code == 1
