"""Faults of what judges: claims, derivatives, ladders, certificates."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Any

from flint import arb

from mirror.arithmetic import BALL
from mirror.core.fderiv import jvp_vec
from mirror.core.vectorization import inner
from tests.faults.checking.fault import CheckingFault, always, blunt
from theorems.engine.evidence.verdicts import Equal, Judgement, Verdict

_VERDICTS = "theorems.engine.evidence.verdicts:"
_DERIVATIVES = "theorems.engine.evidence.derivatives:"
_TESTS = "tests/engine/evidence/"
_OF_VERDICTS = f"{_TESTS}test_verdicts.py::"
_OF_DERIVATIVES = f"{_TESTS}test_derivatives.py::"
_OF_LADDERS = f"{_TESTS}test_ladder.py::"
_OF_CERTIFICATES = f"{_TESTS}test_certificates.py::"
_OF_CHAINS = f"{_TESTS}test_chains.py::"
_OF_MODES = "tests/engine/test_common_modes.py::"


def _nothing(original: Any) -> Any:
    return lambda *args, **kwargs: iter(())


def _first_entry_only(original: Any) -> Any:
    def judge(claim: Any) -> Judgement:
        left, right = (list(side)[:1] if hasattr(side, "__len__") else side for side in (claim.left, claim.right))
        return original(Equal(claim.label, left, right))

    return judge


def _shorter_side_only(original: Any) -> Any:
    def judge(claim: Any) -> Judgement:
        if not (hasattr(claim.left, "__len__") and hasattr(claim.right, "__len__")):
            return original(claim)
        n = min(len(claim.left), len(claim.right))
        return original(Equal(claim.label, list(claim.left)[:n], list(claim.right)[:n]))

    return judge


def _entries_pass(of_balls: bool) -> Callable[[Any], Any]:
    """What is refuted passes, of balls or of rationals."""

    def breaks(original: Any) -> Any:
        def entry(left: Any, right: Any, limit: Any) -> Any:
            found, width = original(left, right, limit)
            balls = isinstance(left, arb) or isinstance(right, arb)
            return (Verdict.ENCLOSED if found is Verdict.REFUTED and balls == of_balls else found), width

        return entry

    return breaks


def _slope_of_the_jvp(original: Any) -> Any:
    """The derivative side of the reverse-mode theorems comes from the forward-mode run, which is under test itself."""

    def adjoint(f: Any, x: Any, seed: Any, pulled_back: Any, directions: Any) -> Any:
        graph = dict(zip(f.__code__.co_freevars, f.__closure__, strict=True))["graph"].cell_contents
        for h in directions:
            yield Equal("jvp", inner(BALL, h, pulled_back), inner(BALL, jvp_vec(BALL, graph, x, h), seed))

    return adjoint


def _first_direction_only(original: Any) -> Any:
    return lambda f, x, *rest: original(f, x, *rest[:-1], rest[-1][:1])


def _last_input_moves(original: Any) -> Any:
    def moves(n: int) -> Any:
        h = original(n)
        h[:-1] = h[:-1] * 0
        return h

    return moves


def _first_node_only(original: Any) -> Any:
    return lambda ar, hg: original(ar, type(hg)(hg.graph, hg.x, hg.nodes[:1])) if hg.nodes else True


EVIDENCE: tuple[CheckingFault, ...] = (
    blunt(
        "only the first entry of an array is compared",
        _OF_VERDICTS + "test_arrays_are_compared_entry_by_entry_and_the_mismatch_is_located",
        _VERDICTS + "Equal.judge",
        _first_entry_only,
    ),
    blunt(
        "arrays are compared as far as the shorter goes",
        _OF_VERDICTS + "test_arrays_of_two_lengths_are_refuted_where_the_shorter_ends",
        _VERDICTS + "Equal.judge",
        _shorter_side_only,
    ),
    blunt(
        "disjoint balls pass",
        _OF_VERDICTS + "test_equality_of_balls",
        _VERDICTS + "_entry",
        _entries_pass(of_balls=True),
    ),
    blunt(
        "different rationals pass",
        _OF_VERDICTS + "test_rationals_are_equal_or_refuted",
        _VERDICTS + "_entry",
        _entries_pass(of_balls=False),
    ),
    blunt(
        "a ball may be as wide as it likes",
        _OF_VERDICTS + "test_a_ball_must_be_narrower_than_the_limit",
        _VERDICTS + "_entry",
        lambda original: lambda left, right, limit: original(left, right, arb("inf")),
    ),
    blunt(
        "the width of enclosures is not reported",
        _OF_VERDICTS + "test_the_widest_enclosure_is_reported",
        _VERDICTS + "_float",
        always(0.0),
    ),
    blunt(
        "every bound holds",
        _OF_VERDICTS + "test_bounds",
        _VERDICTS + "AtMost._entry",
        always((Verdict.ENCLOSED, 0)),
    ),
    blunt(
        "every statement about structure holds",
        _OF_VERDICTS + "test_a_statement_about_structure_holds_or_is_refuted",
        _VERDICTS + "Holds.judge",
        always(Judgement(Verdict.EQUAL)),
    ),
    blunt(
        "only the first claim is judged",
        _OF_VERDICTS + "test_a_judgement_of_several_claims_is_the_worst_of_them",
        _VERDICTS + "judge",
        lambda original: lambda claims: original(islice(claims, 1)),
    ),
    blunt(
        "the lightest of several verdicts is taken",
        _OF_VERDICTS + "test_the_worst_verdict_outweighs_the_others",
        _VERDICTS + "worst",
        lambda original: lambda verdicts: min(verdicts, key=list(Verdict).index, default=Verdict.EQUAL),
    ),
    blunt(
        "what is undecided passes",
        _OF_VERDICTS + "test_only_equality_and_enclosures_pass",
        _VERDICTS + "Verdict.passes",
        lambda original: lambda verdict: original(verdict) or verdict is Verdict.UNDECIDED,
    ),
    blunt(
        "the derivative is taken from the jvp under test",
        "inverse: derivative with the wrong sign",
        *(_DERIVATIVES + "adjoint_of_fderiv", _slope_of_the_jvp),
        *(_DERIVATIVES + "adjoint_by_differences", _nothing),
    ),
    blunt(
        "no quotient of differences is taken",
        _OF_MODES + "test_a_slope_that_is_off_is_refuted",
        _DERIVATIVES + "adjoint_by_differences",
        _nothing,
    ),
    blunt(
        "Taylor's bound may let a slope be off by anything",
        _OF_MODES + "test_a_wrong_rule_cannot_hide_behind_the_bound_that_it_makes",
        _DERIVATIVES + "LEEWAY",
        lambda _: arb(2) ** 200,
    ),
    blunt(
        "the derivative along a line is 0",
        _OF_DERIVATIVES + "test_the_derivative_along_a_line_is_the_jacobian_applied",
        _DERIVATIVES + "along",
        lambda original: lambda f, x, h: original(f, x, h) * 0,
    ),
    blunt(
        "an adjoint is tried along the first direction only",
        _OF_DERIVATIVES + "test_the_adjoint_is_the_transposed_jacobian",
        _DERIVATIVES + "adjoint_of_fderiv",
        _first_direction_only,
    ),
    blunt(
        "a derivative is tried along the first direction only",
        _OF_DERIVATIVES + "test_has_fderiv_at_accepts_the_jacobian_and_refutes_one_off_by_2_to_the_minus_80",
        _DERIVATIVES + "has_fderiv_at",
        _first_direction_only,
    ),
    blunt(
        "the ladder has no rungs",
        _OF_LADDERS + "test_the_ladder_refutes_a_wrong_derivative_by_itself",
        _DERIVATIVES + "_ladder",
        _nothing,
    ),
    blunt(
        "the ladder ends at 2⁻¹⁰",
        _OF_DERIVATIVES + "test_the_ladder_refutes_by_itself_what_is_wrong_by_2_to_the_minus_80",
        _DERIVATIVES + "LADDER",
        lambda ladder: ladder[:1],
    ),
    blunt(
        "Taylor's bound is huge",
        _OF_LADDERS + "test_the_ladder_refutes_a_wrong_derivative_by_itself",
        _DERIVATIVES + "_half_second_derivative",
        lambda original: lambda f, x, step: original(f, x, step) + arb(0, 2**40),
    ),
    blunt(
        "fderiv is never 0",
        _OF_DERIVATIVES + "test_fderiv_is_0_where_there_is_no_derivative",
        _DERIVATIVES + "fderiv",
        lambda original: lambda f, x, h: original(f, x, h) + 1,
    ),
    blunt(
        "no map is seen to be without a derivative",
        _OF_DERIVATIVES + "test_a_map_without_derivative_is_refuted_to_have_one_and_says_why",
        "theorems.engine.evidence.differentiability:why_not_differentiable",
        always(""),
    ),
    blunt(
        "a hypothesis is tried along the last input only",
        _OF_CERTIFICATES + "test_no_input_escapes_the_trial_direction",
        "theorems.engine.evidence.differentiability:every_input_moves",
        _last_input_moves,
    ),
    blunt(
        "every derivative that is a hypothesis is accepted",
        _OF_CERTIFICATES + "test_a_derivative_wrong_in_one_input_is_rejected",
        "theorems.engine.evidence.certificates:derivative_holds",
        always(True),
    ),
    blunt(
        "a hypothesis that is too wide to decide holds",
        _OF_CERTIFICATES + "test_a_hypothesis_that_is_too_wide_to_decide_is_undecided",
        "theorems.engine.evidence.certificates:decided",
        always(True),
    ),
    blunt(
        "of a graph's certificate only the first node is tried",
        _OF_CERTIFICATES + "test_a_graph_certificate_is_tried_at_every_node",
        "theorems.engine.evidence.graph_certificates:graph_certificate_holds",
        _first_node_only,
    ),
    blunt(
        "nothing is claimed of a certificate's adjoint",
        "mul's certificate: twice the adjoint",
        "theorems.engine.evidence.graph_certificates:adjoints_belong",
        _nothing,
    ),
    blunt(
        "the chain rule leaves out the last stage",
        _OF_CHAINS + "test_the_derivative_of_another_pack_is_refuted",
        "theorems.engine.evidence.chains:chain_rule",
        lambda original: lambda ar, stages, x, directions: original(ar, stages[:0] or stages[1:], x, directions),
    ),
)
