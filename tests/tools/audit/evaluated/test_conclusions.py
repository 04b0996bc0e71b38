"""What the text of a theorem says of an instance: its binders, its hypotheses and its conclusion."""

from __future__ import annotations

from typing import Any

import pytest
from flint import ctx

from lean_refs.evaluator import Evaluator, NotEvaluatedError
from lean_refs.reader.scan import read_text
from mirror.arithmetic import rational_vector
from mirror.core.soundness import Idx
from mirror.spec.core.shape import Shape
from tests.tools.audit.evaluated.statements import STATEMENTS, stated
from tests.tools.audit.evaluated.texts import FILE, TEXT, evaluator_of
from theorems.engine.draws import draws
from theorems.engine.evidence.verdicts import Verdict
from theorems.engine.registry import get
from theorems.engine.sizes import Sizes
from theorems.tools.audit.evaluated.conclusions import BITS, Concluded, conclude
from theorems.tools.audit.evaluated.errors import NoArgumentError
from theorems.tools.audit.evaluated.instances import Instance
from theorems.tools.audit.evaluated.matching import UnmatchedError
from theorems.tools.audit.evaluated.numbers import TooRoughError
from theorems.tools.audit.evaluated.same import target_of

STATED = [d.name for d in read_text(FILE, STATEMENTS).declarations if d.kind == "theorem"]


def concluded(evaluator: Evaluator, name: str, count: int = 4) -> list[Concluded]:
    theorem = get(name)
    cases = draws(theorem.instances(Sizes(dimension=2, stretched=3, entries=2, nodes=2)), 0, count)
    target = target_of(evaluator, theorem.name)
    return [conclude(evaluator, target, theorem, case, k) for k, case in enumerate(cases)]


@pytest.mark.parametrize("name", STATED)
def test_a_right_statement_admits_its_instances_and_holds(name: str) -> None:
    for found in concluded(stated(), name):
        assert found.admitted, found
        assert found.conclusion.verdict.passes, found.conclusion


@pytest.mark.unmeasured
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
        ("dotList_add_right", "((x, y), z) = ((x, y), z)", "((x, y), z) = ((y, x), z)"),
        ("ofVecT_toVecT", "∧ t = t", "∧ t = Tensor.mulSpec t t"),
        ("ofVecT_toVecT", "i.val = 1)", "i.val = 2)"),
        ("toVecT_dim_apply", "≠ Shape.size s ↔ 0 < n", "≠ Shape.size s ↔ n < 0"),
        ("toVecT_dim_apply", "¬ (n ≤ p.1.val)", "(n ≤ p.1.val)"),
        ("toVecT_dim_apply", "p.2.val ≠ Shape.size s", "p.2.val ≠ p.2.val"),
        ("sum_spec_dim", "n = n ∧ ∀", "n = n + 1 ∧ ∀"),
        ("headCLM_apply", "= x (Fin.castAdd (ctxSize ss) j) :=", "= 2 * x (Fin.castAdd (ctxSize ss) j) - 1 :="),
        ("correct_inner", "inner ℝ ctxV dctxV = inner ℝ dctxV ctxV", "inner ℝ ctxV dctxV = inner ℝ ctxV ctxV"),
        ("Node.jvpVec_ofVec", "    jvp = jvp", "    jvp = fun x dx => jvp dx x"),
        ("Graph.jvpVec_eq_fderiv", "(xV : CtxVec Γ) + dxV = dxV + xV", "(xV : CtxVec Γ) + dxV = dxV - xV"),
        ("Graph.jvpVec_eq_fderiv_at", "xV - xV = 0", "xV + xV = 0"),
        ("DGraph.backpropVec_eq_adjoint_fderiv", "inner ℝ seedV seedV ∨ False", "inner ℝ seedV (0 - seedV) ∨ False"),
        ("maskedCoreAfterProjection_hasFDerivAt", "((3 : ℝ) • Dp", "((2 : ℝ) • Dp"),
        ("decoderCore_backpropVec_eq_adjoint_fderiv_at", "D a = D a", "D a = 2 • D a"),
        ("Graph.hasFDerivAt_evalVec_and_jvp", "(1 : ℝ) ≤ 0 → False", "(1 : ℝ) ≤ 1 → False"),
        ("headsCLM_apply", "= Batched.heads (h := h) (n := n) x :=", "= 2 • Batched.heads (h := h) (n := n) x :="),
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
        ("Node.jvpVec_ofVec", "inner ℝ (jvp x dx) δ", "inner ℝ (jvp dx x) δ", "h"),
        (
            "maskedCoreAfterProjection_hasFDerivAt",
            "HasFDerivAt projectPack DprojectPack x)",
            "HasFDerivAt (fun z => 2 • projectPack z) DprojectPack x)",
            "hProject",
        ),
        (
            "maskedCoreAfterProjection_hasFDerivAt",
            "HasFDerivAt projectPack DprojectPack x)",
            "HasFDerivAt projectPack 0 x)",
            "hProject",
        ),
        (
            "decoderCore_backpropVec_eq_adjoint_fderiv_at",
            "deriv (a + b) = deriv a + deriv b",
            "deriv (a + b) = deriv a - deriv b",
            "hNorm1",
        ),
    ],
)
def test_a_wrong_hypothesis_is_refuted(name: str, old: str, new: str, hypothesis: str) -> None:
    found = concluded(stated(old, new), name, 8)
    assert Verdict.REFUTED in {one.hypotheses[hypothesis].verdict for one in found}


def test_what_the_certificates_of_a_graph_prove_is_held() -> None:
    right, wrong = "  right : ∀ x, node.forward x = node.forward x\n", "  right : ∀ x, deriv x = 0\n"
    assert TEXT.count(right) == 1
    found = concluded(evaluator_of(TEXT.replace(right, wrong) + STATEMENTS), "DGraph.backpropVec_eq_adjoint_fderiv", 8)
    assert Verdict.REFUTED in {one.hypotheses["dg"].verdict for one in found if "dg" in one.hypotheses}


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("tanh_exp_eq", "tanh_exp_eq (x : ℝ)", "tanh_exp_eq (x : Nat)"),
        ("ctxSize_snoc", "(ss : List Shape) (τ : Shape) : ctx", "(ss : List Nat) (τ : Shape) : ctx"),
        (
            "evalCLM_apply",
            "evalCLM_apply {n : Nat} (i : Fin n) (x : Vec n)",
            "evalCLM_apply {n : Nat} (i : Fin n) (x : ℝ)",
        ),
        ("evalCLM_apply", "(i : Fin n) (x : Vec n) : e", "(i : ℝ) (x : Vec n) : e"),
        ("unheadsCLM_apply", "unheadsCLM_apply {h n : Nat}", "unheadsCLM_apply {h n : ℝ}"),
        ("inner_append", "inner_append {m n : Nat}", "inner_append {m n : ℝ}"),
        ("castVec_add", "(u v : Vec n) :\n    castVec h (u", "(u v : Vec (n + m)) :\n    castVec h (u"),
        ("toVecT_dim_apply", "(p : Fin n × Fin (Shape.size s)) :", "(p : ℝ × Fin (Shape.size s)) :"),
        ("inner_append", "(a c : Vec m)", "(a c : Vec m → ℝ)"),
    ],
)
def test_a_binder_of_another_type_is_refuted(name: str, old: str, new: str) -> None:
    (found,) = concluded(stated(old, new), name, 1)
    assert found.binders.verdict is Verdict.REFUTED


def test_a_hypothesis_at_a_corner_is_undecided() -> None:
    changed = stated("(elemwiseVec (n := k) Real.tanh) xV)", "(elemwiseVec (n := k) Real.sqrt) xV)")
    found, *_ = concluded(changed, "decoderCore_backpropVec_eq_adjoint_fderiv_at", 1)
    assert found.undecided
    assert not found.admitted
    assert found.hypotheses["hNorm1"].verdict is Verdict.UNDECIDED
    assert not found.too_rough  # more bits do not decide it


def test_arguments_that_no_precision_decides_are_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def rough(_: Instance) -> list[Any]:
        asked.append(ctx.prec)
        raise TooRoughError("the sign of 0 +/- 1")

    monkeypatch.setattr(Instance, "arguments", rough)
    (found,) = concluded(stated(), "evalCLM_apply", 1)
    assert asked == list(BITS)
    assert (found.binders.verdict, found.conclusion.verdict) == (Verdict.UNDECIDED, Verdict.UNSATISFIED)


def test_of_no_index_there_is_no_argument() -> None:
    theorem, empty = get("CtxVec.headCLM_apply"), (Shape(0),)
    case = {"idx": Idx(empty, 0, Shape(0)), "x": rational_vector([]), "v": rational_vector([])}
    with pytest.raises(NoArgumentError, match="an index of `Fin 0`"):
        conclude(stated(), target_of(stated(), theorem.name), theorem, case)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("(correct_inner : ", "(correct : "),
        ("def Node.ofVec", "def Node.of"),
        ("def Node.ofVec {Γ : List Shape}", "def Node.ofVec {Δ Γ : List Shape}"),
    ],
)
def test_a_proof_that_no_definition_takes_is_said(old: str, new: str) -> None:
    with pytest.raises(UnmatchedError, match=r"Node\.ofVec takes no proof correct_inner of our arguments"):
        concluded(stated(old, new), "Node.jvpVec_ofVec", 1)


def test_what_is_outside_is_not_evaluated_by_name() -> None:
    with pytest.raises(NotEvaluatedError, match=r"NN/Small\.lean:\d+: Proofs\.tanh_exp_eq: not evaluated: Real\.cosh"):
        concluded(stated("Real.tanh x =", "Real.cosh x ="), "tanh_exp_eq", 1)
