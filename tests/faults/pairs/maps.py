"""Pairs of linear maps, derivatives and real functions."""

from __future__ import annotations

from typing import Any

from flint import fmpq

from mirror.linear_map import LinearMap, scaled
from tests.faults.catalogue import named
from tests.faults.pairs.pair import CORE, Edit, Pair, broken, core


def doubled(original: Any) -> Any:
    """The result twice."""
    return lambda *args: original(*args) * 2


def _map_doubled(original: Any) -> Any:
    """A linear map twice, and its adjoint with it."""
    return lambda *args: scaled(fmpq(2), original(*args))


def _slope_one_more(original: Any) -> Any:
    def deriv(ar: Any, f_prime: Any, x: Any) -> LinearMap:
        return original(ar, lambda ar, x: f_prime(ar, x) + 1, x)

    return deriv


def _map(lean: str, target: str, old: str, new: str, *more: str) -> Pair:
    """A linear map doubled, which the theorem that says what it does refutes."""
    doubled_map = broken(f"{lean} doubled", CORE + lean, target, _map_doubled)
    return Pair(doubled_map, (Edit(CORE + lean, old, new),), core(f"{lean}_apply", *more))


PAIRS = (
    _map("evalCLM", "fderiv.elementwise:eval_clm", "=> x.ofLp i", "=> 2 * x.ofLp i"),
    _map(
        "TapeNodes.Batched.headsCLM",
        "nodes.batched:heads_clm",
        "toFun := heads (h := h) (n := n)",
        "toFun := fun x => heads (h := h) (n := n) (x + x)",
    ),
    _map(
        "TapeNodes.Batched.unheadsCLM",
        "nodes.batched:unheads_clm",
        "toFun := unheads (h := h) (n := n)",
        "toFun := fun r => unheads (h := h) (n := n) fun i => r i + r i",
    ),
    _map(
        "CtxVec.headCLM",
        "nodes.context:head_clm",
        "x (Fin.castAdd (ctxSize ss) j)",
        "2 * x (Fin.castAdd (ctxSize ss) j)",
        *("CtxVec.getCLMRaw_apply", "CtxVec.getCLM_apply", "TapeNodes.getVecCLM_apply"),
    ),
    _map(
        "CtxVec.tailCLM",
        "nodes.context:tail_clm",
        "x (Fin.natAdd (Shape.size s) j)",
        "2 * x (Fin.natAdd (Shape.size s) j)",
    ),
    _map(
        "DGraph.dropMiddleCLM",
        "nodes.graph_composition:drop_middle_clm",
        "base.prod saved",
        "(base.prod saved) + (base.prod saved)",
    ),
    Pair(
        broken("get doubled", CORE + "CtxVec.get", "nodes.context:get", doubled),
        (
            Edit(
                CORE + "CtxVec.get",
                "castVec (congrArg Shape.size idx.h)",
                "(2 : ℝ) • castVec (congrArg Shape.size idx.h)",
            ),
        ),
        core(
            "CtxVec.inner_get_single",
            "CtxVec.getCLM_apply",
            "TapeNodes.getVecCLM_apply",
            "TapeNodes.inner_getVec_singleVec",
        ),
    ),
    Pair(
        broken(
            "elemwiseDerivCLM: the slope 1 more",
            CORE + "elemwiseDerivCLM",
            "fderiv.elementwise:elemwise_deriv_clm",
            _slope_one_more,
        ),
        (Edit(CORE + "elemwiseDerivCLM", "(f' (x.ofLp i))", "(f' (x.ofLp i) + 1)"),),
        core("hasFDerivAt_elemwiseVec", "hasFDerivAt_elemwiseVec_at"),
    ),
    Pair(
        named("softmax: derivative without the sum"),
        (Edit(CORE + "softmaxDerivCoord", "- (dotCLM (n := n) y).smulRight (y i)", ""),),
        core("hasFDerivAt_softmaxVec", "TapeNodes.SoftmaxLastAxis.hasFDerivAt_forwardMN"),
    ),
    Pair(
        named("tanh of half the argument"),
        (Edit("MathFunctions ℝ", "tanh := Real.tanh", "tanh := fun x => Real.tanh (x / 2)"),),
        ("Proofs.mathfunc_tanh_eq_rtanh",),
        shown_by="MathFunctions",
    ),
    Pair(
        named("tanh: derivative 1 + tanh²"),
        (Edit("Activation.Math.tanhDerivSpec", "1 - (", "1 + ("),),
        ("Proofs.tanh_deriv_correct",),
    ),
    Pair(
        named("gelu: derivative without the 3"),
        (Edit("Activation.Math.geluDerivSpec", "three * coeff", "coeff"),),
        ("Proofs.gelu_deriv_correct",),
    ),
)
