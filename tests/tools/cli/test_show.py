"""`leanmirror show`: theorems, definitions, what is reasoned away, and every declaration of the pin."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

import theorems.engine.reasons
from lean_refs import load_pin
from tests.tools.cli.conftest import NAME, Call
from tests.tools.cli.snapshot import assert_snapshot
from theorems.engine.registry import theorems as all_theorems
from theorems.engine.theorem import registered


@pytest.mark.parametrize(
    ("name", "snapshot"),
    [
        (NAME, "show_theorem"),
        ("decoderCore_backpropVec_eq_adjoint_fderiv_at", "show_decoder_theorem"),
        ("Proofs.eventually_of_forall", "show_not_run"),
        ("Proofs.Autograd.CtxVec.get", "show_definition"),
        ("CtxVec.getRaw", "show_definition_by_suffix"),
        ("euclideanEquiv", "show_without_counterpart"),
    ],
)
def test_show(call: Call, name: str, snapshot: str) -> None:
    result = call("show", name)
    assert result.exit_code == 0
    assert_snapshot(snapshot, result.stdout)


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("Proofs.Autograd.CtxVec", "mirror.core.fderiv"),  # a type alias
        ("Proofs.Autograd.TList", "mirror.algebra.soundness"),  # a class of another module
        ("Proofs.Autograd.NodeFDerivCorrect", "mirror.core.fderiv"),  # a class
    ],
)
def test_the_line_is_where_the_counterpart_begins(call: Call, name: str, place: str) -> None:
    (line,) = [line.split() for line in call("show", name).stdout.splitlines() if "counterpart" in line]
    module, _, number = line[1].partition(":")
    source = Path(str(import_module(place).__file__)).read_text(encoding="utf-8").splitlines()
    assert module == place
    # A decorator that says what is mirrored is where a function or class begins.
    assert source[int(number) - 1].startswith(("@mirrors(", f"{line[2]} = "))


def test_every_declaration_of_the_pin_can_be_shown(call: Call) -> None:
    for declaration in load_pin().declarations.values():
        result = call("show", declaration.name)
        assert result.exit_code == 0, result.output
        assert declaration.documentation in result.stdout


def test_a_gap_is_said(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(all_theorems() and registered(), NAME)
    result = call("show", NAME)
    assert result.exit_code == 2
    assert result.stderr == f"leanmirror: {NAME} has no counterpart and no reason for not having one\n"


def test_what_a_theorem_rests_on_is_marked(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(theorems.engine.reasons, "NOT_RUN", {NAME: "for a test"})
    assert "not run" in call("show", NAME).stdout
