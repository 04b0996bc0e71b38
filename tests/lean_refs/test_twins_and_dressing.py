"""Twins by normal form; data hypotheses by declaration."""

import pytest

from lean_refs.dressing import data_hypotheses
from lean_refs.normal import Normalizer
from lean_refs.reader.names import NameTable
from lean_refs.reader.tree import read_tree
from lean_refs.twins import twins
from tests.lean_refs import mini_lean as mini

BLOCK = "Proofs.Autograd.Block"


def test_renamed_binders_and_spelling_do_not_hide_a_twin(reading):
    (found,) = twins(reading)
    assert found.names == (f"{BLOCK}.block_ok", f"{BLOCK}.block_ok_again")
    assert found.renamed
    assert twins(reading, "NN/Tape") == []


@pytest.mark.parametrize(
    ("old", "new"), [("0 < ε) (hScale", "0 ≤ ε) (hScale"), (": ε * c = (c * ε)", ": c * ε = (ε * c)")]
)
def test_different_statements_are_no_twins(tmp_path, old, new):
    assert old in mini.BLOCK
    assert twins(read_tree(mini.write(tmp_path, block=mini.BLOCK.replace(old, new)))) == []


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("(x : Nat) : x = x", "(y : Nat) : (y = y)", True),
        ("(f : Nat → Nat) : (fun x => f x) = f", "(g : Nat → Nat) : (fun z => g z) = g", True),
        ("(x y : Nat) : x = y", "(x y : Nat) : y = x", False),
        ("(x : Two) : x = x", "(x : Prod Nat Nat) : x = x", True),
        (": double (x := 1) = 2", ": double 1 = 2", True),
        (": ∀ x : Nat, ∃ y, x = y", ": ∀ a : Nat, ∃ b, a = b", True),
        (": ∀ x : Nat, ∃ y, x = y", ": ∀ a : Nat, ∃ b, b = a", False),
        (": [1] ++ [2] = [1, 2]", ": [1, 2] = [1] ++ [2]", True),
    ],
)
def test_normal_forms(tmp_path, left, right, same):
    source = "abbrev Two := Prod Nat Nat\ndef double (x : Nat) : Nat := x + x\n"
    source += f"theorem l {left} := p\ntheorem r {right} := p\n"
    (tmp_path / "A.lean").write_text(source, "utf-8")
    reading = read_tree(tmp_path)
    normal = Normalizer(NameTable(reading))
    l, r = (normal.statement(d) for d in reading.declarations if d.is_theorem)  # noqa: E741
    assert (l == r) is same


def test_hypotheses_that_are_data(reading):
    found = [(h.name, h.binder, h.certificate) for h in data_hypotheses(reading)]
    assert found == [(f"{BLOCK}.{name}", "hGood", "Proofs.Autograd.Good") for name in ("block_ok", "block_ok_again")]
