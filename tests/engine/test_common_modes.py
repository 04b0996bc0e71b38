"""Wrong rules of derivatives that the jets and the mirror share: a quotient of differences sees them, jets do not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flint import fmpq

from mirror.arithmetic import BALL, Arithmetic, Array, Jet, JetArray, Undecided, precision, rational_vector
from tests.faults.fault import Breaks, Fault
from theorems import check, get
from theorems.engine.case import DIFFERENCES
from theorems.engine.evidence.derivatives import adjoint_by_differences
from theorems.engine.evidence.verdicts import Verdict, judge
from theorems.engine.report import Report
from theorems.engine.sizes import PROFILES
from theorems.engine.theorem import Theorem

Rule = Callable[[Jet, Array], JetArray]


def chained(value: Callable[[Array], Array], slope: Callable[[Array, Array], Any], slope_rate: Any) -> Rule:
    """A rule of jets to order 2: f(a), f'(a)·a₁, f'(a)·a₂ + f''(a)·a₁²/2."""

    def rule(self: Jet, a: Array) -> JetArray:
        a = self.lift(a)
        point, *rest = a.coefficients
        v = value(point)
        s = slope(point, v)
        found = [v, *(s * c for c in rest)]
        if a.order > 1:
            found[2] = found[2] + slope_rate(point, v) * rest[0] * rest[0] * fmpq(1, 2)
        return JetArray(tuple(found), a.constant, a.monomials)

    return rule


def instead(wrong: Callable[[Arithmetic, Array], Array]) -> Breaks:
    return lambda _: wrong


def gelu_prime(tanh_prime: Callable[[Any], Any]) -> Breaks:
    """GELU's derivative with another rule for tanh."""

    def wrong(ar: Arithmetic, x: Array) -> Array:
        a, root = ar.constant(fmpq(44715, 10**6)), ar.root_of_two_over_pi
        t = ar.tanh(root * (x + a * x * x * x))
        return (1 + t + x * tanh_prime(t) * root * (1 + 3 * a * x * x)) * ar.half

    return instead(wrong)


def doubled(original: Any) -> Any:
    return lambda ar, y, dy: 2 * original(ar, y, dy)


ACTIVATION, ELEMENTWISE, SOFTMAX = "spec.layers.activation", "nodes.elementwise", "fderiv.softmax"
# The wrong rule, as the jets have it and as the mirror has it, and a theorem that rests on it.
SHARED: dict[str, tuple[str, Rule, tuple[tuple[str, Breaks], ...], str]] = {
    "tanh' = 1 - t": (
        "tanh",
        chained(BALL.tanh, lambda x, t: 1 - t, lambda x, t: t - 1),
        ((f"{ACTIVATION}:gelu_deriv_spec", gelu_prime(lambda t: 1 - t)),),
        "seqFfnResidual_backpropVec_eq_adjoint_fderiv",
    ),
    "exp' = 2·exp": (
        "exp",
        chained(BALL.exp, lambda x, e: 2 * e, lambda x, e: 4 * e),
        ((f"{SOFTMAX}:softmax_deriv_rows", doubled),),
        "maskedCore_backpropVec_eq_adjoint_fderiv",
    ),
    "√' = 1/√x": (
        "sqrt",
        chained(BALL.sqrt, lambda x, r: BALL.inverse(r), lambda x, r: -BALL.inverse(r * x)),
        ((f"{ELEMENTWISE}:sqrt_clamp_deriv", instead(lambda ar, x: ar.inverse(ar.sqrt(x)))),),
        "backprop_eq_adjoint_fderiv_layerNorm_at",
    ),
    "(1/x)' = 1/x²": (
        "inverse",
        chained(BALL.inverse, lambda x, v: v * v, lambda x, v: 2 * v * v * v),
        ((f"{ELEMENTWISE}:inverse_deriv", instead(lambda ar, x: ar.inverse(x * x))),),
        "backprop_eq_adjoint_fderiv_layerNorm_at",
    ),
}
FEW = 25


def without_differences(theorem: Theorem) -> Theorem:
    """The theorem with a quotient of differences taken at no instance."""
    return replace(theorem, instances=lambda sizes: theorem.instances(sizes).map(lambda c: {**c, DIFFERENCES: False}))


@pytest.fixture
def under(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Theorem, int], Report]:
    """A theorem's run with a rule wrong in the jets and in the mirror alike."""

    def run(name: str, theorem: Theorem, examples: int) -> Report:
        operation, rule, changes, _ = SHARED[name]
        with monkeypatch.context() as patch, Fault(name, "", "", changes).applied():
            patch.setattr(Jet, operation, rule)
            return check(theorem, examples=examples, seed=0, shrink=False)

    return run


@pytest.mark.unmeasured
@pytest.mark.parametrize("name", SHARED)
def test_a_wrong_rule_that_both_sides_share_is_seen_by_differences_alone(
    name: str, under: Callable[[str, Theorem, int], Report]
) -> None:
    theorem = get(SHARED[name][3])
    assert under(name, without_differences(theorem), FEW).passed
    report = under(name, theorem, PROFILES["quick"].examples)  # as they are drawn, one in ten of which takes one
    assert report.verdict is Verdict.REFUTED
    assert report.failure
    assert report.failure.judgement.mismatch
    assert report.failure.judgement.mismatch.claim.startswith("⟨seed, f(x + t·h) - f(x)⟩/t = ⟨backprop seed, h⟩")


# ---- one quotient of differences

ONE = rational_vector([1])


def square(ar: Arithmetic, x: Array) -> Array:
    return x * x


def quotient(f: Any, x: int, slope: fmpq, bits: int = 640) -> Verdict:
    """How the claim ends that the map has this slope at x along h, with seed 1."""
    with precision(bits):
        return judge(adjoint_by_differences(f, rational_vector([x]), ONE, slope * ONE, ONE)).verdict


@pytest.mark.parametrize(
    ("x", "slope", "verdict"),
    [
        (3, fmpq(6), Verdict.EQUAL),
        (3, fmpq(6) + fmpq(1, 2**50), Verdict.REFUTED),
        (2**200, fmpq(2**201), Verdict.EQUAL),
    ],
)
def test_a_slope_that_is_off_is_refuted(x: int, slope: fmpq, verdict: Verdict) -> None:
    assert quotient(square, x, slope) is verdict


@pytest.mark.parametrize(("exponent", "bits"), [(150, 640), (900, 4096)])
def test_a_steep_map_takes_a_finer_step(exponent: int, bits: int) -> None:
    def steep(ar: Arithmetic, x: Array) -> Array:
        return x * x * fmpq(2**exponent)

    assert quotient(steep, 1, fmpq(2 ** (exponent + 1)), bits) is Verdict.EQUAL
    assert quotient(steep, 1, fmpq(2 ** (exponent + 1)) + 1, bits) is Verdict.REFUTED


def test_a_wrong_rule_cannot_hide_behind_the_bound_that_it_makes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Taylor's bound has the wrong rule in it; one that is too large to tell a wrong slope is no bound."""

    def exp(ar: Arithmetic, x: Array) -> Array:
        return ar.exp(x)

    for rate, verdict in ((2**100, Verdict.REFUTED), (2**300, Verdict.REFUTED)):
        monkeypatch.setattr(Jet, "exp", chained(BALL.exp, lambda x, e: 2 * e, lambda x, e, r=rate: r * e))
        assert quotient(exp, 0, fmpq(2)) is verdict
    monkeypatch.setattr(Jet, "exp", chained(BALL.exp, lambda x, e: 2 * e, lambda x, e: 2**2000 * e))
    with pytest.raises(Undecided, match="no bound of the second derivative is small enough"):
        quotient(exp, 0, fmpq(2))


def test_at_a_corner_there_is_no_slope_to_claim() -> None:
    with precision(640):
        corner = adjoint_by_differences(lambda ar, x: ar.positive_part(x), rational_vector([0]), ONE, ONE, ONE)
        assert list(corner) == []


def test_a_step_across_a_corner_is_made_smaller() -> None:
    near = fmpq(1, 2**130)
    with precision(1664):
        claims = adjoint_by_differences(lambda ar, x: ar.positive_part(x), -near * ONE, ONE, 0 * ONE, ONE)
        assert judge(claims).verdict is Verdict.EQUAL
