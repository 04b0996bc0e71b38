"""What the text of a theorem says of an instance: its binders, its hypotheses and its conclusion."""

from __future__ import annotations

import pytest

from lean_refs.evaluator import Evaluator, NotEvaluatedError
from lean_refs.reader.scan import read_text
from tests.tools.audit.evaluated.statements import STATEMENTS, stated
from tests.tools.audit.evaluated.texts import FILE
from theorems.engine.draws import draws
from theorems.engine.evidence.verdicts import Verdict
from theorems.engine.registry import get
from theorems.engine.sizes import Sizes
from theorems.tools.audit.evaluated.conclusions import Concluded, conclude
from theorems.tools.audit.evaluated.same import target_of

STATED = [d.name for d in read_text(FILE, STATEMENTS).declarations if d.kind == "theorem"]


def concluded(evaluator: Evaluator, name: str, count: int = 4) -> list[Concluded]:
    theorem = get(name)
    cases = draws(theorem.instances(Sizes(dimension=2, stretched=2, entries=2)), 0, count)
    target = target_of(evaluator, theorem.name)
    return [conclude(evaluator, target, theorem, case, k) for k, case in enumerate(cases)]


@pytest.mark.parametrize("name", STATED)
def test_a_right_statement_admits_its_instances_and_holds(name: str) -> None:
    for found in concluded(stated(), name):
        assert found.admitted, found
        assert found.conclusion.verdict.passes, found.conclusion


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("tanh_exp_eq", "(Real.exp x - Real", "(Real.exp x + Real"),
        ("tensor_foldl_spec_go_of_lt", "(k + 1) (tensorFoldlSpec f acc", "(k + 1) (tensorFoldlSpec f (f acc 0)"),
        ("tensor_foldl_spec_go_of_not_lt", "values k acc = acc", "values 0 acc = acc"),
        ("castVec_add", "castVec h u + castVec h v", "castVec h u - castVec h v"),
        ("evalCLM_apply", "evalCLM i x = x i", "evalCLM i x = 2 * x i"),
        ("inner_append", "inner ℝ a c + inner ℝ b d", "inner ℝ a c + inner ℝ b b"),
        ("ctxSize_snoc", "ctxSize ss + Shape.size τ :=", "ctxSize ss :="),
        ("hasFDerivAt_elemwiseVec_at", "(derivative f' x) x", "(derivative f x) x"),
        ("unheadsCLM_apply", "n) r = Batched.unheads r", "n) r = 2 • Batched.unheads r"),
    ],
)
def test_a_wrong_conclusion_is_refuted(name: str, old: str, new: str) -> None:
    assert Verdict.REFUTED in {found.conclusion.verdict for found in concluded(stated(old, new), name, 8)}


@pytest.mark.parametrize(
    ("name", "old", "new", "hypothesis"),
    [
        ("castVec_add", "castVec_add {n m : Nat} (h : n = m)", "castVec_add {n m : Nat} (h : n ≠ m)", "h"),
        ("hasFDerivAt_elemwiseVec_at", "HasDerivAt f (f' (x k)) (x k)", "HasDerivAt f' (f (x k)) (x k)", "hf"),
        ("hasDerivAt_sqrt_clamp_of_pos", "(hx : 0 < x)", "(hx : x < 0)", "hx"),
    ],
)
def test_a_wrong_hypothesis_is_refuted(name: str, old: str, new: str, hypothesis: str) -> None:
    found = concluded(stated(old, new), name, 8)
    assert Verdict.REFUTED in {one.hypotheses[hypothesis].verdict for one in found}


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("tanh_exp_eq", "tanh_exp_eq (x : ℝ)", "tanh_exp_eq (x : Nat)"),
        ("ctxSize_snoc", "(ss : List Shape) (τ : Shape) : ctx", "(ss : List Nat) (τ : Shape) : ctx"),
    ],
)
def test_a_binder_of_another_type_is_refuted(name: str, old: str, new: str) -> None:
    (found,) = concluded(stated(old, new), name, 1)
    assert found.binders.verdict is Verdict.REFUTED


def test_what_is_outside_is_not_evaluated_by_name() -> None:
    with pytest.raises(NotEvaluatedError, match=r"NN/Small\.lean:\d+: Proofs\.tanh_exp_eq: not evaluated: Real\.cosh"):
        concluded(stated("Real.tanh x =", "Real.cosh x ="), "tanh_exp_eq", 1)
