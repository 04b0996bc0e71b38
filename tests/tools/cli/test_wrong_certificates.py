"""A wrong certificate is a failure by the name of the hypothesis that it is: no instance is left out for it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flint import fmpq

from mirror.linear_map import scaled
from tests.faults.exchange import exchanged
from tests.tools.cli.conftest import Call
from theorems.engine.blocks import Drawing, examine_block
from theorems.engine.evidence.verdicts import Verdict
from theorems.engine.registry import get
from theorems.engine.sizes import Sizes

NAME = "Proofs.Autograd.Graph.hasFDerivAt_evalVec_and_jvp"


def negated(original: Any) -> Any:
    def certificate(node: Any) -> Any:
        right = original(node)
        return replace(right, deriv=lambda ar, x: scaled(fmpq(-1), right.deriv(ar, x)))

    return certificate


def test_a_negated_certificate_fails_by_its_hypothesis_and_replays(call: Call) -> None:
    file = f"report/failures/{NAME}.json"
    with exchanged([("mirror.nodes.arithmetic:sub_certificate", negated)]):
        result = call("check", NAME, "--jobs", "1", "--examples", "25")
        assert result.exit_code == 1
        assert f"{NAME}: unsatisfied\n  claim: hypothesis hg\n" in result.stdout
        assert call("replay", file).exit_code == 1
    mended = call("replay", file)
    assert mended.exit_code == 0
    assert mended.stdout.startswith(f"{NAME}: recorded unsatisfied (seed 0), now e")


def test_no_instance_is_left_out_for_it() -> None:
    drawing, theorem = Drawing(0, Sizes(), 25), get(NAME)
    with exchanged([("mirror.nodes.arithmetic:sub_certificate", negated)]):
        found = next(c for k in drawing.blocks if (c := examine_block(theorem, drawing, k)).failure)
    assert found.failure is not None
    assert found.failure.judgement.verdict is Verdict.UNSATISFIED
    assert "sub" in {node.kind for node in found.failure.case["g"].nodes}
    assert found.tried == found.accepted + found.empty + 1
