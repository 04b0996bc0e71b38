"""A binder or hypothesis that an executable theorem lacks, adds, renames or moves is found and named."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest

from lean_refs.fingerprint import Fingerprint
from tests.tools.audit.conftest import BLOCK, failing
from theorems.engine.registry import theorems
from theorems.engine.theorem import registered
from theorems.tools.audit.findings import AuditVerdict, Finding, Section
from theorems.tools.audit.ledger.section import ledger
from theorems.tools.audit.material import Material
from theorems.tools.audit.present import present
from theorems.tools.audit.statements import same_statement

DECODER = f"{BLOCK}.decoderCore_backpropVec_eq_adjoint_fderiv_at"
AT = "Proofs.Autograd.Graph.backpropVec_eq_adjoint_fderiv_at"


def test_every_statement_is_leans(pinned: Material) -> None:
    assert failing(same_statement(pinned)) == {}


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        (DECODER, " (hNorm2)", "", "missing here: (hNorm2)"),
        (DECODER, "(seedV)", "(seed)", "missing here: (seedV); binders not in Lean: (seed)"),
        (DECODER, "(fc1) (b1)", "(b1) (fc1)", "is (fc1) in Lean, (b1) here"),
        (DECODER, "(bias := 0)", "(bias := 1)", "the default of (bias) is not the same"),
        (DECODER, "(bias := 0)", "(bias)", "the default of (bias) is not the same"),
        (DECODER, "(c ε₁ ε₂)", "{c ε₁ ε₂}", "is (c) in Lean, {c} here"),
        (DECODER, "(merge)", "merge", "stands outside the brackets"),
        (AT, " (hg)", "", "3 binders after"),
        (f"{BLOCK}.postNormGptDecoderBlock_hasFDerivAt", "[NormedSpace ℝ E] ", "", "missing here: [NormedSpace]"),
    ],
)
def test_another_binder_is_found(
    pinned: Material, monkeypatch: pytest.MonkeyPatch, name: str, old: str, new: str, says: str
) -> None:
    theorem = theorems()[name]
    assert old in theorem.binders
    changed = dataclasses.replace(theorem, binders=theorem.binders.replace(old, new))
    monkeypatch.setitem(registered(), name, changed)
    found = failing(same_statement(pinned))
    assert list(found) == [name]
    assert says in found[name] or "binders in Lean" in found[name]


def test_other_hypotheses_are_found(pinned: Material, monkeypatch: pytest.MonkeyPatch) -> None:
    theorem = theorems()[DECODER]
    first, second = theorem.hypotheses
    for hypotheses, says in [
        ((first,), "hypotheses missing here: hNorm2"),
        ((first, second, dataclasses.replace(second, name="hMore")), "hypotheses not in Lean: hMore"),
        ((second, first), "in another order: hNorm2, hNorm1"),
    ]:
        monkeypatch.setitem(registered(), DECODER, dataclasses.replace(theorem, hypotheses=hypotheses))
        assert failing(same_statement(pinned)) == {DECODER: failing(same_statement(pinned))[DECODER]}
        assert says in failing(same_statement(pinned))[DECODER]


def test_an_unnamed_hypothesis_counts(pinned: Material, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registered(), AT, dataclasses.replace(theorems()[AT], hypotheses=()))
    assert failing(same_statement(pinned)) == {AT: "1 hypothesis in Lean, 0 here"}


def test_the_fixed_arguments_and_the_data_of_the_decoder_theorem(pinned: Material) -> None:
    said = [f.basis for f in ledger(pinned).findings if f.name == DECODER]
    fixed = "fixed, no gradient: merge, mergeBias, fc1, b1, fc2, b2, c, ε₁, ε₂, bias (from "
    assert any(basis.startswith(fixed) for basis in said)
    assert sum(basis.startswith("data, no proposition: ") for basis in said) == 2
    assert any("rests on Proofs.Autograd.LayerNorm.wholeNode: its jvp and vjp" in basis for basis in said)


def test_a_theorem_without_counterpart_is_missing(pinned: Material, monkeypatch: pytest.MonkeyPatch) -> None:
    assert failing(present(pinned)) == {}
    theorems()
    monkeypatch.delitem(registered(), DECODER)
    assert failing(present(pinned)) == {DECODER: "no counterpart"}


def read_as(pinned: Material, made: Fingerprint) -> Material:
    """The pin, against a source in which the decoder theorem reads like this."""
    found = dataclasses.replace(pinned)
    found.__dict__["fingerprints"] = pinned.fingerprints | {DECODER: made}
    return found


def about_the_decoder(section: Section) -> Finding:
    return next(f for f in section.findings if f.name == DECODER)


def test_other_names_for_the_same_binders_are_spelling(pinned: Material) -> None:
    made = pinned.fingerprints[DECODER]
    renamed = tuple(dataclasses.replace(b, name="seed") if b.name == "seedV" else b for b in made.binders)
    found = about_the_decoder(same_statement(read_as(pinned, dataclasses.replace(made, binders=renamed))))
    assert (found.verdict, found.basis) == (
        AuditVerdict.CHANGED,
        "other names for binders of the same types: binders missing here: (seed); binders not in Lean: (seedV)",
    )
    other = dataclasses.replace(made, binders=renamed, result="another")
    assert about_the_decoder(same_statement(read_as(pinned, other))).verdict is AuditVerdict.FAILS


@pytest.mark.parametrize("section", [same_statement, present])
def test_nothing_is_said_of_an_alias_whose_target_was_not_read(
    pinned: Material, section: Callable[[Material], Section]
) -> None:
    made = dataclasses.replace(pinned.fingerprints[DECODER], kind="alias", binders=())
    found = about_the_decoder(section(read_as(pinned, made)))
    assert (found.verdict, found.basis) == (
        AuditVerdict.NOT_CHECKED,
        "it is an alias now, and the source lacks what it stands for",
    )
