"""What people wrote: each form of a clause is held against the text, and one that is no longer true fails by name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lean_refs.ledger.derive import derived
from tests.lean_refs.ledger.library import BLOCK, BLOCKS, CALCULUS, MODULE, prints, scope, tree
from theorems.engine.registry import theorems
from theorems.tools.audit.findings import AuditVerdict, Finding
from theorems.tools.audit.ledger import written as module
from theorems.tools.audit.ledger.section import ledger
from theorems.tools.audit.ledger.written import written
from theorems.tools.audit.material import Material

DECODER = "Proofs.Autograd.Transformer.decoderCore_backpropVec_eq_adjoint_fderiv_at"
PULL, PACKS = f"{BLOCKS}.block_pullback", f"{BLOCKS}.packs_hasFDerivAt"
DECREED = "Proofs.Autograd.TapeNodes.decreed"
RESTS = "Proofs.Autograd.decreed_jvp"
CALCULUS_FILE = "NN/Calculus.lean"
DEFINED = "its jvp and vjp are Lean's fderiv of its forward map and the adjoint of that: no formula is proved"


def judged(
    monkeypatch: pytest.MonkeyPatch, name: str, clause: str, changed: dict[str, str] | None = None
) -> list[Finding]:
    """What becomes of a clause about a declaration of the small library, in the library as it is changed."""
    about = {} if name == DECREED else {name: clause}
    about |= {RESTS: ""}
    made_of = {known: replace(theorems()[DECODER], name=known, covers_not=said) for known, said in about.items()}
    monkeypatch.setattr(module, "theorems", lambda: made_of)
    monkeypatch.setattr(module, "by_definition", lambda: {DECREED: clause} if name == DECREED else {})
    made = prints(changed)
    monkeypatch.setattr(Material, "fingerprints", made)
    return list(written(Material({"declarations": []}, scope=scope()), derived(tree(changed), made, MODULE)))


CLAUSES = (
    (
        PULL,
        "merge and c are fixed",
        "checked: the fixed arguments",
        MODULE,
        "blockGraph merge b c))",
        "blockGraph 1 b c))",
    ),
    (
        PULL,
        "nothing differentiates them",
        "checked: what is differentiated",
        MODULE,
        "fderiv ℝ (Graph.evalVec (blockGraph merge b c)) xV",
        "fderiv ℝ f xV",
    ),
    (
        PACKS,
        "E is ℝ^k here",
        "checked: its binders",
        MODULE,
        "{E : Type u} [NormedAddCommGroup E]",
        "[NormedAddCommGroup E]",
    ),
    (
        PACKS,
        "second sees the core's four entries, not x",
        "checked: what the map sees",
        MODULE,
        "(second : CtxVec (ΓBlock m n ++ [Mat m n]) →",
        "(second : CtxVec (ΓBlock m n) →",
    ),
    (
        PULL,
        "it is pull with a graph of three nodes",
        "checked: statement and proof",
        MODULE,
        "  pull (blockGraph merge b c) xV seedV",
        "  rfl",
    ),
    (
        PULL,
        "no attention and no mask occurs in it",
        "checked: names below the statement",
        MODULE,
        "Mat ",
        "AttentionMat ",
    ),
    (PULL, "what blockGraph gives is any number", "checked: its names are Lean's", MODULE, "blockGraph", "otherGraph"),
    (
        DECREED,
        DEFINED,
        "checked: its body",
        CALCULUS_FILE,
        "(jvp := fun x d => (fderiv ℝ f x) d)",
        "(jvp := fun x d => tangent f x d)",
    ),
)


@pytest.mark.unmeasured
@pytest.mark.parametrize(("name", "clause", "how", "file", "old", "new"), CLAUSES, ids=[c[1] for c in CLAUSES])
def test_a_clause_is_checked_and_fails_where_it_is_no_longer_true(
    monkeypatch: pytest.MonkeyPatch, name: str, clause: str, how: str, file: str, old: str, new: str
) -> None:
    about = "true by definition" if name == DECREED else "does not cover"
    found = judged(monkeypatch, name, clause)
    assert (found[0].verdict, found[0].basis) == (AuditVerdict.NOTE, f"written by a person, {how}: {about}: {clause}")
    text = {MODULE: BLOCK, CALCULUS_FILE: CALCULUS}[file]
    assert old in text
    wrong = judged(monkeypatch, name, clause, {file: text.replace(old, new)})
    assert wrong[0].verdict is AuditVerdict.FAILS
    assert wrong[0].basis.startswith(f"written by a person, no longer true: {about}: {clause} (")


def test_a_clause_of_what_lean_does_not_have_fails_and_one_without_names_is_not_checked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (lacking, plain) = judged(monkeypatch, PULL, "no word of otherGraph; the values are any")
    assert lacking.verdict is AuditVerdict.FAILS
    assert lacking.basis.endswith("(Lean has no otherGraph in what is pinned)")
    assert plain.basis == "written by a person, not checked: does not cover: the values are any"


@pytest.mark.unmeasured
@pytest.mark.parametrize(
    ("clause", "why"),
    [
        ("rest is fixed", "the text has rest not among its fixed arguments"),
        ("F is ℝ^k here", "it has no F"),
        ("second sees the core's 9 entries, not x", "the text says: nothing of the kind"),
        ("it is another", "the text says: pull alone, applied to its arguments"),
    ],
)
def test_a_clause_that_was_never_true_says_what_the_text_says(
    monkeypatch: pytest.MonkeyPatch, clause: str, why: str
) -> None:
    (found,) = judged(monkeypatch, PULL, clause)
    assert found.basis == f"written by a person, no longer true: does not cover: {clause} ({why})"


def test_what_a_theorem_rests_on_is_said_of_it_too(monkeypatch: pytest.MonkeyPatch) -> None:
    found = judged(monkeypatch, DECREED, DEFINED)
    assert [(f.name, f.basis) for f in found] == [
        (DECREED, f"written by a person, checked: its body: true by definition: {DEFINED}"),
        (RESTS, f"written by a person, checked: its body: rests on {DECREED}: {DEFINED}"),
    ]


def test_nothing_is_said_of_what_the_source_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    assert judged(monkeypatch, f"{BLOCKS}.absent", "c is fixed") == []
    monkeypatch.setattr(module, "by_definition", lambda: {f"{BLOCKS}.absent": DEFINED})
    monkeypatch.setattr(module, "theorems", dict)
    assert list(written(Material({"declarations": []}, scope=scope()), [])) == []


def test_every_clause_of_ours_is_true_of_the_pin(pinned: Material) -> None:
    said = [f for f in ledger(pinned).findings if f.basis.startswith("written by a person")]
    assert [f for f in said if f.verdict is not AuditVerdict.NOTE] == []
    assert len([f for f in said if "checked: " in f.basis and "not checked" not in f.basis]) > 30
