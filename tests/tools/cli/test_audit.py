"""`leanmirror audit` and `leanmirror pin`: output, exit codes, wrong calls."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lean_refs import load_pin
from lean_refs.evaluator.vocabulary.listing import vocabulary
from lean_refs.scope import load_scope, scope_text
from tests.tools.cli.conftest import Call
from tests.tools.cli.snapshot import assert_snapshot
from theorems.engine.theorem import registered

DECODER = "Proofs.Autograd.Transformer.decoderCore_backpropVec_eq_adjoint_fderiv_at"


@pytest.mark.unmeasured
def test_the_pin_holds(call: Call) -> None:
    result = call("audit", "--json", "audit.json")
    assert result.exit_code == 0, result.output
    pin = load_pin()
    seed, total = len(pin.seed), len(pin.declarations)
    assert f"present: {seed}/{seed} of the decoder-block module, {total}/{total} in all" in result.stdout
    assert "\nnothing fails\n" in result.stdout
    assert "\n  drift: no source was given\n" in result.stdout
    assert "\nholds " not in result.stdout
    written = json.loads(Path("audit.json").read_text("utf-8"))
    assert not any(section["failed"] for section in written["sections"])
    assert written["source"] is None


def test_one_declaration_in_full(call: Call) -> None:
    result = call("audit", "decoderCoreGraph")
    assert result.exit_code == 0
    assert "the same data at 3 sets of dimensions, pinned at 21198a1" in result.stdout
    assert_snapshot("audit_declaration", result.stdout)


@pytest.mark.unmeasured
def test_everything_in_the_pin(call: Call) -> None:
    assert_snapshot("audit_pin", call("audit").stdout)


@pytest.mark.unmeasured
def test_a_missing_theorem_exits_1(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    from theorems.engine.registry import theorems

    theorems()
    monkeypatch.delitem(registered(), DECODER)
    result = call("audit")
    assert result.exit_code == 1
    assert f"fails       {DECODER}" in result.stdout
    assert "present (fails): no counterpart" in result.stdout


@pytest.fixture
def by_hand(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A declaration that a person wrote into the scope, without a pin of it."""
    text = f'{scope_text()}\n["Proofs.Autograd.byHand"]\nfact = "Written by hand."\n'
    monkeypatch.setattr("lean_refs.scope.scope_text", lambda: text)
    load_scope.cache_clear()
    yield "Proofs.Autograd.byHand"
    load_scope.cache_clear()


@pytest.mark.unmeasured
@pytest.mark.parametrize("names", [(), ("byHand",)])
def test_what_is_in_scope_without_hashes_is_named_and_exits_1(call: Call, by_hand: str, names: tuple[str, ...]) -> None:
    result = call("audit", *names)
    assert result.exit_code == 1
    assert f"fails       {by_hand}" in result.stdout
    assert "in scope, but the pin has no hashes of it; renew the pin: leanmirror pin --source DIR" in result.stdout
    assert f"{len(load_pin().declarations)}/{len(load_pin().declarations) + 1} in all" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("audit", "decoderCoreGrapf"), "nothing in the pin is called decoderCoreGrapf; did you mean"),
        (("audit", "--pin", "fffffff"), "there is no pin of revision 'fffffff'"),
        (("audit", "--source", "nowhere"), "nowhere is not a folder"),
        (("audit", "--source", "."), "holds no Lean file under NN/"),
        (("pin", "--source", "."), ". holds no .lean file; the root of a TorchLean checkout is expected"),
        (("pin", "--source", ".", "--revision", "21198a1"), "a commit hash of 40 hexadecimal digits"),
    ],
)
def test_a_wrong_call_is_one_line(refused: Callable[..., str], arguments: tuple[str, ...], says: str) -> None:
    assert says in refused(*arguments)


def test_the_vocabulary_is_printed_and_nothing_is_audited(call: Call) -> None:
    result = call("audit", "--vocabulary")
    assert result.exit_code == 0
    assert_snapshot("audit_vocabulary", result.stdout)
    for row in (row for rows in vocabulary().values() for row in rows):
        assert f"  {row.written}" in result.stdout
        assert f"      {row.meaning}\n" in result.stdout


@pytest.mark.parametrize("others", [("decoderCoreGraph",), ("--source", "."), ("--json", "a.json"), ("--deep",)])
def test_the_vocabulary_is_asked_for_alone(refused: Callable[..., str], others: tuple[str, ...]) -> None:
    assert refused("audit", "--vocabulary", *others) == ("--vocabulary prints a list and audits nothing: give it alone")
