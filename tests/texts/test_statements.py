"""Changes of what theorems say: which are made, and how each is noticed on a small text of our own."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from lean_refs.reader.records import LeanDeclaration, Reading
from lean_refs.reader.scan import read_text
from mirror.rooms import links
from tests.faults.pairs.catalogue import PAIRS
from tests.texts import run
from tests.texts.around import LIBRARY, NOTHING, Around
from tests.texts.run import Seen, clean, fate
from tests.texts.sample import Altered
from tests.texts.source import Source, fingerprint
from tests.texts.statements import changes_of_statement
from tests.tools.audit.evaluated.statements import STATEMENTS
from tests.tools.audit.evaluated.texts import FILE, TEXT
from theorems.engine.registry import theorems
from theorems.tools.audit.evaluated.outcome import ComparisonEnding, FunctionComparison

CORE = "Proofs.Autograd."


@cache
def source() -> Source:
    text = TEXT + STATEMENTS
    return Source(Reading({FILE: read_text(FILE, text)}), {FILE: text}, links(), theorems())


def declared(name: str) -> LeanDeclaration:
    return next(d for d in source().statements if d.name.endswith(name))


def altered(name: str, words: str) -> Altered:
    declaration = declared(name)
    found = [c for c in source().changes(declaration) if c.words.startswith(words)]
    assert len(found) == 1, [c.words for c in source().changes(declaration)]
    return Altered(declaration, found[0])


def said(text: str, *proofs: str, around: Around = NOTHING) -> list[str]:
    """Each change of a theorem: its operator, and the statement with it."""
    (one,) = read_text("NN/A.lean", text).declarations
    return [
        f"{c.operator}: {c.made(text).removesuffix(' := by simp')}"
        for c in changes_of_statement(one, text, proofs, around)
    ]


def test_hypotheses_are_dropped_and_numbers_get_another_type() -> None:
    found = said("theorem f (x : ℝ) (hx : 0 < x) : g x := by simp", "hx")
    assert "hypothesis: theorem f (x : ℝ)  : g x" in found
    assert "binder: theorem f (x : ℕ) (hx : 0 < x) : g x" in found
    assert "comparison: theorem f (x : ℝ) (hx : 0 ≤ x) : g x" in found
    assert "constant: theorem f (x : ℝ) (hx : 1 < x) : g x" in found


def test_a_hypothesis_that_the_statement_uses_is_left_alone() -> None:
    found = said("theorem f (h : n = m) : g h = 1 := by simp", "h")
    assert not [c for c in found if "(h : n = m) : " not in c]
    assert not [c for c in said("theorem f (h k : n = m) : g = 1 := by simp", "h", "k") if c.startswith("hypothesis")]


def test_conclusions_are_weakened_doubled_and_taken_at_zero() -> None:
    assert "name: theorem f : DifferentiableAt ℝ g x" in said("theorem f : HasFDerivAt g (D x) x := by simp")
    assert "scale: theorem f : HasFDerivAt g (2 • (D x)) x" in said("theorem f : HasFDerivAt g (D x) x := by simp")
    found = said("theorem f : ∀ x, g x = (D x).adjoint (h x) := by simp")
    assert "constant: theorem f : ∀ x, g x = (D x).adjoint 0" in found
    assert "term: theorem f : ∀ x, g x = (D x) (h x)" in found
    assert "quantifier: theorem f : ∃ x, g x = (D x).adjoint (h x)" in found
    assert "scale: theorem f : ∀ x, 2 • (g x) = (D x).adjoint (h x)" in found
    assert "scale: theorem f : ∀ x, g x = 2 • ((D x).adjoint (h x))" in found


def test_what_is_symmetric_of_another_type_or_a_proof_is_left_alone() -> None:
    for text in ("inner ℝ x y ≤ 1", "HasFDerivAt f D x", "castVec h x ≤ 1"):
        found = said(f"theorem f (h : n = m) (x y : Vec n) : {text} := by simp", "h", around=Around(explicit=LIBRARY))
        assert not [c for c in found if c.startswith("arguments")], text


@pytest.mark.parametrize(
    ("name", "words", "seen"),
    [
        ("tanh_exp_eq", "x: ℝ → ℕ", Seen.DIFFERS),
        ("tanh_exp_eq", "- dropped in the conclusion (token 9)", Seen.DIFFERS),
        ("castVec_add", "+ → - in the conclusion (token 4)", Seen.DIFFERS),
        ("hasDerivAt_sqrt_clamp_of_pos", "0 → 1 in hx", Seen.DIFFERS),
        ("ctxSize_snoc", "left side of = twice", Seen.NOT_EVALUATED),
        ("hasFDerivAt_elemwiseVec_at", "the derivative twice in the conclusion", Seen.DIFFERS),
        ("hasFDerivAt_elemwiseVec_at", "hf dropped", Seen.BINDERS),
    ],
)
def test_a_change_of_a_statement_is_noticed(name: str, words: str, seen: Seen) -> None:
    assert fate(source(), altered(name, words)).seen is seen


WEAKER = "hasDerivAt_sqrt_clamp_of_pos", "HasDerivAt → DifferentiableAt in the conclusion"


def unseen_by_itself(_: Any, name: str, count: int) -> FunctionComparison:
    """As where a weaker statement holds on the instances that are drawn, and compares as many numbers."""
    return FunctionComparison(name, ComparisonEnding.SAME, count)


@pytest.mark.unmeasured
def test_a_weaker_conclusion_is_noticed_by_the_fault_that_it_no_longer_sees(monkeypatch: pytest.MonkeyPatch) -> None:
    assert fate(source(), altered(*WEAKER)).seen is Seen.DIFFERS  # it compares no real numbers
    monkeypatch.setattr(run, "agreed", unseen_by_itself)
    found = fate(source(), altered(*WEAKER))
    assert found.seen is Seen.PAIRED
    assert found.at in {pair.name for pair in PAIRS}


def test_a_weaker_conclusion_without_a_pair_is_unnoticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "agreed", unseen_by_itself)
    monkeypatch.setattr(run, "PAIRS", ())
    assert fate(source(), altered(*WEAKER)).seen is Seen.UNNOTICED


def test_the_statements_as_they_are_say_the_same() -> None:
    assert clean(source(), declared("castVec_add")) == "same function"
    before = fingerprint(declared("castVec_add"))
    changed = source().changed(altered("castVec_add", "+ → - in the conclusion (token 4)"))
    assert before != fingerprint(next(d for d in changed.statements if d.name.endswith("castVec_add")))
