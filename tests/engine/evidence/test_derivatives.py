"""The derivative side against what flint's own power series say, and its power to refute."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from flint import arb, arb_series, fmpq
from hypothesis import given
from hypothesis import strategies as st

from mirror.arithmetic import BALL, Arithmetic, Array, AtBoundary, Jet, Undecided, precision, rational_vector, variable
from mirror.core.vectorization import inner
from mirror.linear_map import basis_vector, dense
from theorems.engine.evidence.derivatives import adjoint_of_fderiv, along, fderiv, fderivs, has_fderiv_at, slopes
from theorems.engine.evidence.verdicts import Equal, Verdict, judge

ORDER = 4
TINY = fmpq(1, 2**80)
points = st.fractions(min_value=-4, max_value=4, max_denominator=64).map(lambda q: fmpq(q.numerator, q.denominator))
positive = points.map(lambda q: q * q + fmpq(1, 8))


def jet_of(f: Callable[[Arithmetic, Array], Array], x: fmpq, h: fmpq) -> list[Any]:
    """The Taylor coefficients of t ↦ f(x + t·h) by jets."""
    line = variable(rational_vector([x]), rational_vector([h]), ORDER)
    jet = Jet(ORDER)
    return [c[0] for c in jet.lift(f(jet, line)).coefficients]


def series_of(f: Callable[[arb_series], arb_series], x: fmpq, h: fmpq) -> list[arb]:
    """The same by flint's truncated power series."""
    series = f(arb_series([x, h], prec=ORDER + 1))
    return [series[k] for k in range(ORDER + 1)]


def tanh_series(s: arb_series) -> arb_series:
    e = (2 * s).exp()
    return (e - 1) / (e + 1)


SERIES: dict[str, tuple[Callable[[Arithmetic, Array], Array], Callable[[arb_series], arb_series]]] = {
    "exp": (lambda ar, x: ar.exp(x), lambda s: s.exp()),
    "sqrt": (lambda ar, x: ar.sqrt(x), lambda s: s.sqrt()),
    "1/x": (lambda ar, x: ar.inverse(x), lambda s: 1 / s),
    "1/√x": (lambda ar, x: ar.inverse(ar.sqrt(x)), lambda s: s.rsqrt()),
    "x·exp x": (lambda ar, x: x * ar.exp(x), lambda s: s * s.exp()),
    "(x² - 3)·(x + 2)": (lambda ar, x: (x * x - 3) * (x + 2), lambda s: (s * s - 3) * (s + 2)),
    "tanh": (lambda ar, x: ar.tanh(x), tanh_series),
    "tanh(x²)/x": (lambda ar, x: ar.tanh(x * x) * ar.inverse(x), lambda s: tanh_series(s * s) / s),
}


@pytest.mark.unmeasured
@pytest.mark.parametrize("name", SERIES)
@given(x=positive, h=points)
def test_jets_agree_with_flints_power_series(name: str, x: fmpq, h: fmpq) -> None:
    by_jet, by_series = SERIES[name]
    with precision(640):
        found = Equal(name, jet_of(by_jet, x, h), series_of(by_series, x, h)).judge()
    assert found.verdict.passes, str(found.mismatch)


def test_a_series_that_is_off_in_one_coefficient_is_told_apart() -> None:
    with precision(640):
        wrong = series_of(lambda s: s.exp() + s**4 * TINY, fmpq(1), fmpq(1))
        assert Equal("exp", jet_of(SERIES["exp"][0], fmpq(1), fmpq(1)), wrong).judge().verdict is Verdict.REFUTED


# ---- a map of several variables: x ↦ (x₀·x₁, exp x₀, x₂/x₁)

POINT = rational_vector([2, -3, 5])
DIRECTIONS = (*(basis_vector(3, j) for j in range(3)), rational_vector([1, -2, 7]))


def example(ar: Arithmetic, x: Array) -> Array:
    return ar.concat([x[:1] * x[1:2], ar.exp(x[:1]), x[2:] * ar.inverse(x[1:2])])


def jacobian(error: fmpq | int = 0) -> np.ndarray:
    """Written by hand, wrong by `error` in the entry of ∂(x₂/x₁)/∂x₁."""
    e = arb(2).exp()
    rows = [[-3, 2, 0], [e, 0, 0], [0, -fmpq(5, 9) + error, -fmpq(1, 3)]]
    return np.array(rows, dtype=object)


def test_the_derivative_along_a_line_is_the_jacobian_applied() -> None:
    with precision(640):
        for h in DIRECTIONS:
            assert Equal("J h", along(example, POINT, h), jacobian() @ h).judge().verdict.passes


def test_a_constant_map_has_derivative_zero() -> None:
    assert list(along(lambda ar, x: rational_vector([4, 5]), POINT, DIRECTIONS[0])) == [0, 0]


@pytest.mark.parametrize(("error", "verdict"), [(fmpq(0), Verdict.ENCLOSED), (TINY, Verdict.REFUTED)])
def test_has_fderiv_at_accepts_the_jacobian_and_refutes_one_off_by_2_to_the_minus_80(
    error: fmpq, verdict: Verdict
) -> None:
    with precision(640):
        claims = has_fderiv_at(example, POINT, lambda h: jacobian(error) @ h, DIRECTIONS)
        assert judge(claims).verdict is verdict


def test_a_direction_that_the_error_does_not_meet_shows_nothing() -> None:
    # Why whole bases are drawn, and directions that move every input.
    with precision(640):
        claims = has_fderiv_at(example, POINT, lambda h: jacobian(fmpq(1)) @ h, DIRECTIONS[:1])
        assert judge(claims).verdict.passes


def test_the_ladder_refutes_by_itself_what_is_wrong_by_2_to_the_minus_80() -> None:
    with precision(640):
        claims = has_fderiv_at(example, POINT, lambda h: jacobian(TINY) @ h, DIRECTIONS[1:2])
        rungs = [claim for claim in claims if "Taylor" in claim.label]
        assert [rung.judge().verdict for rung in rungs][-1] is Verdict.REFUTED


def test_too_low_a_precision_is_undecided() -> None:
    with precision(64):
        claims = has_fderiv_at(example, POINT, lambda h: jacobian() @ h, DIRECTIONS)
        assert judge(claims).verdict is Verdict.UNDECIDED


@pytest.mark.parametrize(("error", "verdict"), [(fmpq(0), Verdict.ENCLOSED), (TINY, Verdict.REFUTED)])
def test_the_adjoint_is_the_transposed_jacobian(error: fmpq, verdict: Verdict) -> None:
    seed = rational_vector([1, 2, -4])
    with precision(640):
        pulled_back = jacobian(error).T @ seed
        assert judge(adjoint_of_fderiv(example, POINT, seed, pulled_back, DIRECTIONS)).verdict is verdict


def test_the_adjoint_of_a_linear_map_is_exact() -> None:
    linear = dense([[1, 2, 3], [4, 5, 6]])
    seed = rational_vector([7, -1])
    claims = adjoint_of_fderiv(linear.apply, POINT, seed, linear.apply_adjoint(BALL, seed), DIRECTIONS)
    assert judge(claims).verdict is Verdict.EQUAL
    assert inner(BALL, DIRECTIONS[0], linear.apply_adjoint(BALL, seed)) == 3


def inverse(ar: Arithmetic, x: Array) -> Array:
    return ar.inverse(x)


CORNERS: dict[str, tuple[Callable[[Arithmetic, Array], Array], str]] = {
    "max(x, 0)": (lambda ar, x: ar.positive_part(x), "entry 0 has another slope to each side of the point"),
    "1/x": (inverse, "entry 0 is unbounded beside the point"),
    "√x": (lambda ar, x: ar.sqrt(x), "entry 0 has an infinite slope at the point"),
    "x/√x²": (lambda ar, x: x * ar.inverse(ar.sqrt(x * x)), "entry 0 jumps at the point"),
}
ZERO, ONE = rational_vector([0]), rational_vector([1])


@pytest.mark.parametrize("name", CORNERS)
def test_a_map_without_derivative_is_refuted_to_have_one_and_says_why(name: str) -> None:
    f, why = CORNERS[name]
    (claim,) = has_fderiv_at(f, ZERO, lambda h: h * 0, (ONE,))
    found = claim.judge()
    assert (found.verdict, found.mismatch and found.mismatch.left) == (Verdict.REFUTED, why)


@pytest.mark.parametrize("name", CORNERS)
def test_fderiv_is_0_where_there_is_no_derivative(name: str) -> None:
    def with_itself(ar: Arithmetic, x: Array) -> Array:
        return ar.concat([x, CORNERS[name][0](ar, x)])

    assert list(fderiv(with_itself, ZERO, ONE)) == [0, 0]
    assert fderiv(with_itself, ONE, ONE)[0] == 1


def test_slopes_and_fderivs_are_those_of_each_direction() -> None:
    directions = [basis_vector(3, 0), rational_vector([2, -1, 5]), basis_vector(3, 2)]
    for together, one in ((slopes, along), (fderivs, fderiv)):
        for found, h in zip(together(example, POINT, directions), directions, strict=True):
            assert [str(v) for v in found] == [str(v) for v in one(example, POINT, h)]
    assert [list(v) for v in fderivs(inverse, ZERO, [ONE, -ONE])] == [[0], [0]]
    with pytest.raises(AtBoundary, match="1/x"):
        slopes(inverse, ZERO, [ONE, -ONE])


def test_no_direction_tries_nothing() -> None:
    # At a corner too: nothing is claimed of a derivative that is held against no direction.
    assert list(has_fderiv_at(inverse, ZERO, lambda h: h, ())) == []
    assert list(adjoint_of_fderiv(inverse, ZERO, ONE, ONE, ())) == []


def test_the_adjoint_of_no_derivative_is_0() -> None:
    seed = rational_vector([3])
    assert judge(adjoint_of_fderiv(inverse, ZERO, seed, ZERO, (ONE,))).verdict is Verdict.EQUAL
    assert judge(adjoint_of_fderiv(inverse, ZERO, seed, ONE, (ONE,))).verdict is Verdict.REFUTED


def test_a_corner_that_no_line_shows_stays_at_the_boundary() -> None:
    def square_root_of_a_square(ar: Arithmetic, x: Array) -> Array:
        return x * ar.sqrt(x * x)  # x·|x|, which has derivative 0

    with pytest.raises(AtBoundary):
        fderiv(square_root_of_a_square, ZERO, ONE)
    with pytest.raises(AtBoundary):
        list(has_fderiv_at(square_root_of_a_square, ZERO, lambda h: h * 0, (ONE,)))


def test_a_ball_over_a_corner_is_undecided() -> None:
    with pytest.raises(Undecided):
        along(lambda ar, x: ar.inverse(x), BALL.zeros(1) + arb(0, 1), rational_vector([1]))
