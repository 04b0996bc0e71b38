"""The text of a theorem and its property on the same instances: the same conclusion, or how they differ."""

from __future__ import annotations

from typing import Any

import pytest
from flint import fmpq

from tests.tools.audit.evaluated.statements import stated
from theorems.engine.evidence.verdicts import Judgement, Mismatch, Verdict
from theorems.engine.registry import get
from theorems.engine.theorem import Theorem
from theorems.tools.audit.evaluated import agreed as room
from theorems.tools.audit.evaluated.agreed import KINDS, agreed
from theorems.tools.audit.evaluated.breaking import breaking, breaks
from theorems.tools.audit.evaluated.conclusions import Concluded, conclude
from theorems.tools.audit.evaluated.errors import NoArgumentError
from theorems.tools.audit.evaluated.outcome import ComparisonEnding, FunctionComparison
from theorems.tools.audit.evaluated.same import target_of
from theorems.tools.hypotheses.record import Known, recorded
from theorems.tools.hypotheses.search import Found

SQRT, ADD, HEADS = (
    "Proofs.Autograd.TapeNodes.hasDerivAt_sqrt_clamp_of_pos",
    "Proofs.Autograd.castVec_add",
    "Proofs.Autograd.TapeNodes.Batched.unheadsCLM_apply",
)


def compared(name: str, old: str = "", new: str = "", count: int = 3) -> FunctionComparison:
    return agreed(stated(old, new), name, count)


def test_what_breaks_a_hypothesis_of_both_is_counted() -> None:
    assert compared(SQRT) == FunctionComparison(SQRT, ComparisonEnding.SAME, 4, "5 more break a hypothesis of both")
    graph = compared("Proofs.Autograd.Graph.jvpVec_eq_fderiv", count=1)
    assert (graph.ending, graph.why) == (ComparisonEnding.SAME, "")
    assert "a node of the kind sqrtClamp has a certificate only at some points" in graph.silent


@pytest.mark.parametrize("name", [ADD, HEADS, "Proofs.tanh_exp_eq", "Proofs.Autograd.Idx.get_append_left"])
def test_a_right_statement_is_the_same_conclusion(name: str) -> None:
    found = compared(name)
    assert (found.ending, found.instances, found.why) == (ComparisonEnding.SAME, 4, "")


@pytest.mark.parametrize(
    ("name", "old", "new", "why"),
    [
        (ADD, "castVec h u + castVec h v", "castVec h u - castVec h v", "the conclusion of the text: both sides: "),
        (
            "Proofs.Autograd.hasFDerivAt_elemwiseVec_at",
            "HasFDerivAt (elemwiseVec f) (derivative f' x) x",
            "HasFDerivAt (elemwiseVec f) (derivative f x) x",
            "the conclusion of the text: the derivative, on basis vector ",
        ),
        (
            "Proofs.Autograd.hasFDerivAt_elemwiseVec_at",
            "HasFDerivAt (elemwiseVec f) (derivative f' x) x",
            "DifferentiableAt ℝ (elemwiseVec (n := n) f) x",
            "the conclusion of the text: it compares no real numbers, the property does, with ",
        ),
        (
            SQRT,
            "HasDerivAt (fun y : ℝ => Real.sqrt (max y 0)) (1 / (2 * Real.sqrt x)) x",
            "DifferentiableAt ℝ (fun y : ℝ => Real.sqrt (max y 0)) x",
            "the conclusion of the text: it compares no real",
        ),
        (ADD, "castVec_add {n m : Nat} (h : n = m)", "castVec_add {n m : Nat} (h : n < m)", "the hypothesis h of the "),
        (
            "Proofs.tanh_exp_eq",
            "tanh_exp_eq (x : ℝ)",
            "tanh_exp_eq (x : Nat)",
            "a binder of the text: its type: x is of type Nat in Lean, of type Real here",
        ),
        (SQRT, "(hx : 0 < x)", "(hx : 0 ≤ x)", "the hypothesis hx holds in the text and does not here, with x = 0"),
        (SQRT, "(hx : 0 < x)", "(hx : x ≠ 0)", "the hypothesis hx holds in the text and does not here, with x = -"),
        (SQRT, "(hx : 0 < x)", "(hx : 0 < x ∨ x < -1)", "the hypothesis hx holds in the text and does not here, "),
        (SQRT, "(hx : 0 < x)", "(hx : 0 < x - 1)", "the hypothesis hx of the text: <: "),
        (SQRT, "Real.sqrt (max y 0)) (1", "Real.sqrt (max y 0)) (2", "the conclusion of the text: the derivative: "),
    ],
)
def test_a_wrong_statement_differs_with_the_instance(name: str, old: str, new: str, why: str) -> None:
    found = compared(name, old, new)
    assert found.ending is ComparisonEnding.DIFFERS
    assert found.why.startswith(why)
    assert ", with " in found.why


@pytest.mark.parametrize(
    ("name", "old", "new", "why"),
    [
        ("Proofs.tanh_exp_eq", "Real.tanh x =", "Real.cosh x =", "Proofs.tanh_exp_eq: not evaluated: Real.cosh"),
        ("Proofs.tanh_exp_eq", "Real.tanh x =", "x ∧ Real.tanh x =", "what is no proposition where one is expected"),
        ("Proofs.tanh_exp_eq", "Real.tanh x =", "¬ x ∨ Real.tanh x =", "what is no proposition where one is expected"),
        (ADD, "castVec_add {n m : Nat}", "castVec_add {n m p : Nat}", "the instance has no value for the binder p"),
        (HEADS, "theorem TapeNodes.Batched.unheadsCLM_apply", "theorem other", f"there is no declaration {HEADS} in"),
        (
            "Proofs.Autograd.evalCLM_apply",
            "evalCLM i x = x i",
            "evalCLM i x = x i ∧ ∀ p : Nat, p = p",
            "what is said of all values of the type Nat, of which none is drawn",
        ),
        (
            HEADS,
            "= Batched.unheads r",
            "= Batched.unheads r ∨ ∃ p : Nat, True",
            "whether there is a value of an infinite",
        ),
    ],
)
def test_what_is_outside_is_not_evaluated_by_name(name: str, old: str, new: str, why: str) -> None:
    found = compared(name, old, new)
    assert found.ending is ComparisonEnding.NOT_EVALUATED
    assert why in found.why


def test_a_theorem_without_a_property_is_not_evaluated() -> None:
    found = compared("Proofs.eventually_of_forall")
    assert found.ending is ComparisonEnding.NOT_EVALUATED
    assert "a fact about filters" in found.why


# ---- the property


def with_judgement(monkeypatch: pytest.MonkeyPatch, judgement: Judgement | Exception) -> FunctionComparison:
    def judge(_: Theorem, __: Any) -> Judgement:
        if isinstance(judgement, Exception):
            raise judgement
        return judgement

    monkeypatch.setattr(Theorem, "judge", judge)
    return compared(ADD)


def test_a_property_that_fails_differs(monkeypatch: pytest.MonkeyPatch) -> None:
    found = with_judgement(monkeypatch, Judgement(Verdict.REFUTED, 0.0, Mismatch("both sides", 1, "1", "2"), 2))
    assert found.ending is ComparisonEnding.DIFFERS
    assert found.why.startswith("the executable property, not the text: both sides: at position 1, 1 against 2, with m")


def test_a_property_that_is_never_decided_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    found = with_judgement(monkeypatch, Judgement(Verdict.UNDECIDED, 0.0, Mismatch("at a corner", 0, "x", "")))
    assert (found.ending, found.why) == (
        ComparisonEnding.NOT_EVALUATED,
        "no instance says anything: at a corner: at position 0, x against ",
    )


def test_a_mirror_that_raises_and_a_machinery_that_fails_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    found = with_judgement(monkeypatch, KeyError("k"))
    assert found.ending is ComparisonEnding.FAILED
    assert found.why.startswith("KeyError: 'k' (")
    monkeypatch.undo()
    monkeypatch.setattr("mirror.core.fderiv._require_length", None)
    raised = compared(ADD)
    assert raised.ending is ComparisonEnding.RAISED
    assert raised.why.startswith("TypeError: ")


# ---- instances that say nothing, and those of a block


def test_instances_that_compare_nothing_or_have_no_argument_say_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    empty = Concluded(Judgement(Verdict.EQUAL), {}, Judgement(Verdict.EQUAL))
    monkeypatch.setattr(room, "conclude", lambda *_: empty)
    assert compared(ADD).why == "no instance says anything: the conclusion compares nothing"

    undecided = Judgement(Verdict.UNDECIDED, 0.0, Mismatch("corner", 0, "√ at 0", "", 0))
    monkeypatch.setattr(room, "conclude", lambda *_: Concluded(undecided, {}, undecided))
    assert compared(ADD).why == "no instance says anything: corner: √ at 0 against "

    def none(*_: Any) -> Concluded:
        raise NoArgumentError("an index of `Fin 0`")

    monkeypatch.setattr(room, "conclude", none)
    assert compared(ADD).why == "no instance says anything: an index of `Fin 0`"


def test_of_a_block_few_instances_are_looked_at_and_the_active_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    theorem = get("hasDerivAt_sqrt_clamp_of_pos")
    monkeypatch.setattr(room, "weight", lambda _: room.HEAVY + 1)
    monkeypatch.setattr(Theorem, "active_inputs", lambda _, case: {"x": case["x"] > 5})
    looked: list[Any] = []
    judge = Theorem.judge
    monkeypatch.setattr(Theorem, "judge", lambda t, case: looked.append(case["x"]) or judge(t, case))
    found = agreed(stated(), theorem.name, 2)
    assert (found.ending, found.instances) == (ComparisonEnding.SAME, 1)
    assert [x > 5 for x in looked] == [True]


def test_of_a_block_an_empty_instance_is_looked_at_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    found = room._empty(get("castVec_add"))
    assert found is not None
    assert 0 in (value for value in found.values() if type(value) is int)
    assert room._empty(get("hasDerivAt_sqrt_clamp_of_pos")) is None
    monkeypatch.setattr(room, "weight", lambda _: room.HEAVY + 1)
    monkeypatch.setattr(room, "_empty", lambda theorem: next(iter(room.draws(theorem.instances(room.SIZES), 0, 1))))
    assert compared(SQRT).ending is ComparisonEnding.SAME
    refused = compared(SQRT, "(hx : 0 < x)", "(hx : 1000000 < x)")
    assert (refused.ending, refused.instances) == (ComparisonEnding.DIFFERS, 1)
    assert refused.why.startswith("the hypothesis hx of the text: ")


# ---- instances that break a hypothesis


def known(monkeypatch: pytest.MonkeyPatch, *cases: Any) -> None:
    found = [Found(counterexample=case) for case in cases]
    record = Known(0, 0, searches={(SQRT, (str(k),)): one for k, one in enumerate(found)})
    monkeypatch.setattr("theorems.tools.audit.evaluated.breaking.recorded", lambda: record)


def test_a_hypothesis_of_the_text_must_fail_where_ours_does(monkeypatch: pytest.MonkeyPatch) -> None:
    known(monkeypatch, {"x": fmpq(-2)})
    assert compared(SQRT, "(hx : 0 < x)", "(hx : 0 ≤ x)").ending is ComparisonEnding.SAME  # no boundary there
    known(monkeypatch, {"x": fmpq(-2)}, {"x": fmpq(0)})
    assert compared(SQRT, "(hx : 0 < x)", "(hx : 0 ≤ x)").why.endswith("with x = 0")
    assert compared(SQRT).ending is ComparisonEnding.SAME


def test_of_a_block_instances_that_break_certificates_alone_are_left_out() -> None:
    block, norm = get("decoderCore_backpropVec_eq_adjoint_fderiv_at"), get("twoSublayerPostNormBlock_hasFDerivAt")
    assert len([*breaking(block, certificates=True)]) == 2
    assert not [*breaking(block, certificates=False)]
    assert len([*breaking(norm, certificates=False)]) == 4


def test_a_hypothesis_of_the_text_must_hold_where_ours_does(monkeypatch: pytest.MonkeyPatch) -> None:
    known(monkeypatch, {"x": fmpq(1, 10**9)})
    found = compared(SQRT, "(hx : 0 < x)", "(hx : 1 / 1000000 < x)")
    assert found.why == "the hypothesis hx does not hold in the text and does here, with x = 1/1000000000"


def test_a_graph_that_has_no_certificate_breaks_nothing() -> None:
    name = "Proofs.Autograd.Graph.jvpVec_eq_fderiv"
    (case,) = [one.counterexample for (known, _), one in recorded().searches.items() if known == name]
    assert case is not None
    with pytest.raises(NoArgumentError, match="a node of the kind sqrtClamp has a certificate only at some points"):
        conclude(stated(), target_of(stated(), name), get(name), case)
    assert compared(name, count=1).ending is ComparisonEnding.SAME


def test_a_hypothesis_that_is_not_decided_in_the_text_is_told_of_neither() -> None:
    undecided = Judgement(Verdict.UNDECIDED)
    said = Concluded(Judgement(Verdict.EQUAL), {"hx": undecided}, undecided)
    found = breaks(get(SQRT), said, {"x": fmpq(0)})
    assert found == (ComparisonEnding.CORNER, "whether a hypothesis fails at a corner")


def test_of_a_theorem_about_every_node_one_of_more_kinds_is_looked_at() -> None:
    # Of an affine node the vjp is the same at every point: a statement about another point is told by another kind.
    found = compared("Proofs.Autograd.Node.correct_inner", count=2)
    assert (found.ending, found.instances) == (ComparisonEnding.SAME, 3 * KINDS)


def test_a_machinery_that_fails_where_signs_are_turned_is_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> Any:
        raise KeyError("k")

    known(monkeypatch)
    monkeypatch.setattr("theorems.tools.audit.evaluated.agreed.breaks", broken)
    found = compared(SQRT)
    assert (found.ending, found.why[:13]) == (ComparisonEnding.FAILED, "KeyError: 'k'")
