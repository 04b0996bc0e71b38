"""The ways to violate a hypothesis do that and nothing else, often enough; and what they show of Lean's statements."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
from flint import fmpq

from mirror.arithmetic import BALL, precision
from mirror.core.fderiv import ctx_size, eval_vec
from mirror.linear_map import PositionWise
from mirror.ops.norm.layer_norm import whole_node_certificate_at
from mirror.ops.transformer.decoder_block import decoder_core_graph
from mirror.spec.core.shape import size
from theorems.engine.case import Case
from theorems.engine.draws import draws
from theorems.engine.evidence.certificates import node_certificate_holds
from theorems.engine.evidence.differentiability import every_input_moves
from theorems.engine.registry import get, theorems
from theorems.engine.sizes import Sizes
from theorems.tools.hypotheses.labels import Label, Weighed, weighed
from theorems.tools.hypotheses.record import recorded, to_text
from theorems.tools.hypotheses.run import search_for
from theorems.tools.hypotheses.search import WITHOUT, Ending, outcome
from theorems.tools.hypotheses.violations import violations
from theorems.tools.hypotheses.weighing import contradictions

FLATTEN = "Spec.Tensor.Private.flattenSpec_dim_apply"
NORM = "Proofs.Autograd.LayerNorm.backprop_eq_adjoint_fderiv_layerNorm_at"
CORE = "Proofs.Autograd.Transformer.decoderCore_backpropVec_eq_adjoint_fderiv_at"
BLOCK = "Proofs.Autograd.Transformer.twoSublayerPostNormBlock_hasFDerivAt"
RESIDUAL = "Proofs.Autograd.Transformer.residualThenPostNorm_hasFDerivAt"
DROPPED = [e for e in weighed() if e.label is not Label.PART]
# One theorem for each way to violate a hypothesis: several names of one statement share it.
ONCE = {(e.hypotheses, e.theorem == RESIDUAL): e for e in reversed(DROPPED)}.values()
TRIES = 60


@pytest.mark.parametrize("entry", ONCE, ids=lambda e: e.named)
def test_a_violation_fails_the_hypothesis_and_no_other(entry: Weighed) -> None:
    theorem = get(entry.theorem)
    wanted = Ending.FALSE if entry.label is Label.NECESSARY else Ending.HELD
    seen: list[Ending] = []
    for case in draws(violations(theorem, entry.hypotheses, Sizes()), seed=1, count=TRIES):
        seen.append(outcome(theorem, entry.hypotheses, case))
        assert seen[-1] is not Ending.OTHERS_FAIL
        if seen[-1] in WITHOUT:
            assert case is not None
            assert theorem.failed_hypotheses(case) == list(entry.hypotheses)
        if len(seen) > 4 and wanted in seen:
            return
    assert wanted in seen


def test_the_searches_of_a_theorem_are_run_together_and_each_is_told() -> None:
    told: list[str] = []
    entries = [e for e in weighed() if e.theorem == FLATTEN]
    found = search_for([get(FLATTEN)], entries, seed=1, tries=8, advance=told.append)
    assert told == [FLATTEN] * len(entries)
    assert [contradictions(get(FLATTEN), e, found) for e in entries] == [[]] * len(entries)
    assert found.searches.keys() == {(FLATTEN, ("hmpos",))}
    again = search_for([get(FLATTEN)], entries, seed=1, tries=8)
    assert to_text(again) == to_text(found) != to_text(search_for([get(FLATTEN)], entries, seed=2, tries=8))


def test_a_hypothesis_that_nothing_says_how_to_violate_is_named() -> None:
    with pytest.raises(LookupError, match=r"nothing says how to violate h of Proofs\.Autograd\.Node\.jvpVec_ofVec"):
        violations(get("Proofs.Autograd.Node.jvpVec_ofVec"), ["h"], Sizes())


# ---- what the relations say


def ended(theorem: str, names: str, case: Case) -> Ending:
    return outcome(theorems()[theorem], names.split(), case)


def counterexample(theorem: str, names: str) -> Case:
    found = recorded().searches[theorem, tuple(names.split())].counterexample
    assert found is not None
    return found


def lower_epsilon(case: Case, name: str = "eps") -> Case:
    return {**case, name: case[name] - fmpq(1, 2)}


@pytest.mark.parametrize("theorem", [NORM, RESIDUAL])
def test_below_zero_no_norm_hypothesis_is_needed_at_zero_it_is(theorem: str) -> None:
    names = "hVarEpsPos hStdNe0"
    at_zero = counterexample(theorem, names)
    assert ended(theorem, names, at_zero) is Ending.FALSE
    assert ended(theorem, names, lower_epsilon(at_zero)) is Ending.TRUE


@pytest.mark.parametrize("k", [1, 2])
def test_so_it_is_for_either_norm_of_a_block(k: int) -> None:
    names = f"hNorm{k}VarEpsPos hNorm{k}StdNe0"
    at_zero = counterexample(BLOCK, names)
    assert ended(BLOCK, names, lower_epsilon(at_zero, f"eps{k}")) is Ending.TRUE


@pytest.mark.parametrize(("name", "eps"), [("hNorm1", "eps1"), ("hNorm2", "eps2")])
def test_a_norms_certificate_is_there_below_zero_and_above_and_not_at_zero(name: str, eps: str) -> None:
    at_zero = counterexample(CORE, name)
    for shift, there in ((fmpq(-1, 8), True), (fmpq(0), False), (fmpq(1, 8), True)):
        p = at_zero["parameters"]
        case = {**at_zero, "parameters": dataclasses.replace(p, **{eps: getattr(p, eps) + shift})}
        assert (name not in theorems()[CORE].failed_hypotheses(case)) is there


@pytest.mark.parametrize(("theorem", "values"), [(NORM, "m n eps"), (RESIDUAL, "seq_len d_model eps")])
def test_an_epsilon_above_zero_implies_both_norm_hypotheses(theorem: str, values: str) -> None:
    for case in draws(theorems()[theorem].instances(Sizes()), seed=2, count=12):
        assert theorems()[theorem].failed_hypotheses({**case, "eps": fmpq(1, 10**9)}) == []


def test_a_certificate_is_the_only_one() -> None:
    """Another derivative of the norm, wrong in one place, is no certificate where there is one."""
    case = recorded().met[CORE]
    assert case is not None
    graph = decoder_core_graph(case["dims"], case["parameters"])
    with precision(320):
        everything = eval_vec(BALL, graph, case["x"])
        for node in (graph.nodes[7], graph.nodes[12]):
            unique = whole_node_certificate_at(BALL, node, everything[: ctx_size(node.context)])
            assert node_certificate_holds(BALL, unique)
            domain, codomain = ctx_size(node.context), size(node.shape)
            for place in (0, domain * codomain - 1):
                error = [fmpq(0)] * (domain * codomain)
                error[place] = fmpq(1, 2**40)
                other = unique.deriv + PositionWise(1, codomain, domain, tuple(error))
                assert not node_certificate_holds(BALL, dataclasses.replace(unique, deriv=other))


def test_below_zero_the_clamped_root_has_its_derivative() -> None:
    root = "Proofs.Autograd.TapeNodes.hasDerivAt_sqrt_clamp_of_pos"
    assert ended(root, "hx", {"x": fmpq(-3)}) is Ending.TRUE
    assert ended(root, "hx", {"x": fmpq(0)}) is Ending.FALSE


EQUIVALENT: dict[str, tuple[str, Callable[[Case], Any]]] = {
    "Proofs.Autograd.hasFDerivAt_elemwiseVec_at": ("hf", lambda case: len(case["x"])),
    "Proofs.Autograd.MultiHeadAttention.maskedCoreAfterProjection_hasFDerivAt": (
        "hProject",
        lambda case: case["project_pack"].codomain,
    ),
}


@pytest.mark.parametrize("theorem", EQUIVALENT)
def test_a_hypothesis_that_is_said_to_be_the_conclusion_fails_with_it(theorem: str) -> None:
    """Tried along every direction, because a wrong derivative is seen only where it is wrong."""
    name, dimension = EQUIVALENT[theorem]
    for case in draws(violations(theorems()[theorem], [name], Sizes()), seed=3, count=20):
        everywhere = {**case, "directions": (every_input_moves(len(case["x"])),)}
        assert ended(theorem, name, everywhere) in (Ending.FALSE, Ending.HELD)
        assert dimension(case) or ended(theorem, name, everywhere) is Ending.HELD
