"""Twins by normal form; loaded words and data hypotheses by declaration and line."""

import pytest

from lean_refs.dressing import data_hypotheses, loaded_words, word_findings
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


def test_loaded_words_are_reported_with_their_line(reading):
    found = [(f.name.removeprefix(f"{BLOCK}."), f.word, f.backed) for f in word_findings(reading)]
    assert found == [("block_ok", "exact", True)]
    (finding,) = word_findings(reading)
    assert mini.BLOCK.split("\n")[finding.line - 1].startswith("/-- What holds of the block")


def test_a_word_without_backing(tmp_path):
    source = "/-- One.\n\nA causal mask, end to end. -/\ntheorem a (bias : Nat) : bias = bias := rfl\n"
    (tmp_path / "A.lean").write_text(source, "utf-8")
    found = [(f.line, f.word, f.backed) for f in word_findings(read_tree(tmp_path))]
    assert found == [(3, "mask", False), (3, "causal", False), (3, "end-to-end", False)]
    (tmp_path / "A.lean").write_text(source.replace("bias", "mask"), "utf-8")
    assert (3, "mask", True) in [(f.line, f.word, f.backed) for f in word_findings(read_tree(tmp_path))]


def test_every_loaded_word_says_what_would_back_it():
    assert len({entry.word for entry in loaded_words()}) == len(loaded_words()) >= 10
    for entry in loaded_words():
        assert entry.pattern.search(entry.word)
        assert len(entry.backed_by.split()) >= 4


def test_hypotheses_that_are_data(reading):
    found = [(h.name, h.binder, h.certificate) for h in data_hypotheses(reading)]
    assert found == [(f"{BLOCK}.{name}", "hGood", "Proofs.Autograd.Good") for name in ("block_ok", "block_ok_again")]
