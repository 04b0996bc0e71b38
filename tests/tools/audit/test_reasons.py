"""A reason that a person wrote fails by name once it is about nothing, or nothing needs it any more."""

from __future__ import annotations

import dataclasses

import pytest

from mirror.reasons import WITHOUT_COUNTERPART
from tests.tools.audit.conftest import BLOCK, failing
from theorems.engine.reasons import NOT_RUN
from theorems.engine.registry import theorems
from theorems.engine.theorem import registered
from theorems.tools.audit import reasons
from theorems.tools.audit.findings import fails
from theorems.tools.audit.material import Material
from theorems.tools.audit.present import present
from theorems.tools.audit.reasons import Reason, no_longer_true
from theorems.tools.audit.statements import same_statement

DECODER = f"{BLOCK}.decoderCore_backpropVec_eq_adjoint_fderiv_at"
CAST = "Proofs.Autograd.castVec_add"
WHOLE = "Proofs.Autograd.LayerNorm.wholeNode"
NO_SUCH = "a reason is given for it, but there is no such Lean declaration"


def test_every_reason_is_needed(pinned: Material) -> None:
    assert list(no_longer_true(pinned)) == []


@pytest.mark.parametrize(
    ("reason", "says"),
    [
        (Reason("No.such", "true by definition"), NO_SUCH),
        (Reason("No.such", "a number", "h"), NO_SUCH),
        (Reason(DECODER, "…"), "a reason is given for it, but no theorem rests on it"),
        (Reason(DECODER, "a number", "hOld"), "a reason is given for the hypothesis hOld, which Lean does not have"),
        (Reason(DECODER, "a number", "hNorm1"), "a reason is given for the hypothesis hNorm1, which is checked here"),
    ],
)
def test_a_reason_that_is_not_true_is_named(
    pinned: Material, monkeypatch: pytest.MonkeyPatch, reason: Reason, says: str
) -> None:
    monkeypatch.setattr(reasons, "REASONS", (*reasons.REASONS, reason))
    assert list(no_longer_true(pinned)) == [fails(reason.name, says)]
    assert failing(present(pinned)) == {reason.name: says}


def test_a_reason_for_a_theorem_that_is_not_run_is_named(pinned: Material, monkeypatch: pytest.MonkeyPatch) -> None:
    theorems()
    monkeypatch.delitem(registered(), CAST)
    says = "a reason is given for the hypothesis h, but the theorem is not run"
    assert list(no_longer_true(pinned)) == [fails(CAST, says)]


def test_a_reason_for_having_no_counterpart_is_not_for_what_has_one(
    pinned: Material, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(WITHOUT_COUNTERPART, WHOLE, "no use")
    monkeypatch.setitem(NOT_RUN, CAST, "no use")
    says = "a reason is given for having no counterpart, but it has one"
    assert list(no_longer_true(pinned)) == [fails(WHOLE, says), fails(CAST, says)]


def test_a_hypothesis_without_a_reason_is_missing(pinned: Material, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reasons, "REASONS", [r for r in reasons.REASONS if r.name != CAST])
    assert failing(same_statement(pinned)) == {CAST: "hypotheses missing here: h"}


def test_a_definition_is_found_under_the_name_that_it_has_now(
    pinned: Material, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = f"{BLOCK}.decoderCoreGraph"
    later = dict(pinned.fingerprints)
    later[graph] = dataclasses.replace(later[graph], name=f"{graph}Renamed")
    named = tuple(f"{name}Renamed" if name == graph else name for name in later[DECODER].named)
    assert named != later[DECODER].named
    later[DECODER] = dataclasses.replace(later[DECODER], named=named)
    here = Material(pinned.pin)
    monkeypatch.setitem(vars(here), "fingerprints", later)
    assert graph in here.rests_on([DECODER])
