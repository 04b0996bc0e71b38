"""What hypotheses are worth, from the stored instances: labels, relations, and commands that replay them."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner

from theorems.tools.audit.ledger import evidence as module
from theorems.tools.audit.ledger.evidence import evidence
from theorems.tools.audit.material import Material
from theorems.tools.cli import main
from theorems.tools.hypotheses.labels import Label, Weighed

DECODER = "Proofs.Autograd.Transformer.decoderCore_backpropVec_eq_adjoint_fderiv_at"
GPT = "Proofs.Autograd.Transformer.postNormGptDecoderBlock_hasFDerivAt"


def about(material: Material, name: str) -> list[str]:
    return [f.basis for f in evidence(material) if f.name == name]


def test_each_hypothesis_has_its_label_its_relations_and_its_replay(pinned: Material) -> None:
    first = next(basis for basis in about(pinned, GPT) if "hNorm1VarEpsPos" in basis)
    assert first.startswith(
        "hypotheses: hNorm1VarEpsPos, hNorm1StdNe0: necessary: without them the conclusion fails. Equivalent, since"
    )
    assert "ε₁ > 0 implies both" in first
    assert first.endswith(
        f"Replay: leanmirror hypotheses {GPT.rpartition('.')[2]} --hypothesis hNorm1VarEpsPos --replay"
    )
    assert len(about(pinned, DECODER)) == 2


def test_the_command_of_a_line_replays_an_instance(pinned: Material) -> None:
    (line,) = (basis for basis in about(pinned, "Spec.tensor_foldl_spec_go_of_not_lt") if "Replay" in basis)
    command = re.split("Replay: leanmirror ", line)[1].split()
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize(
    ("label", "says"),
    [
        (Label.REDUNDANT, "redundant: it follows from the others."),
        (Label.NOT_NEEDED, "not needed: the conclusion holds without it."),
        (Label.UNDETERMINED, "undetermined."),
        (Label.NECESSARY, "necessary: without it the conclusion fails."),
    ],
)
def test_another_label_is_another_line(
    pinned: Material, monkeypatch: pytest.MonkeyPatch, label: Label, says: str
) -> None:
    entry = Weighed(DECODER, ("hNorm1",), label, "because", ("Implied by hNorm2.", "Another thing."))
    monkeypatch.setattr(module, "weighed", lambda: (entry, Weighed("absent", ("h",), label, "because")))
    monkeypatch.setattr(module, "searched_in", lambda text: set())
    assert [(f.name, f.basis) for f in evidence(pinned)] == [
        (DECODER, f"hypotheses: hNorm1: {says} Implied by hNorm2.")
    ]
