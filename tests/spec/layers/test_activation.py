"""tanh and the tanh form of GELU, against their formulas in balls."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from mirror.arithmetic import BALL, Arithmetic, Array, precision
from mirror.spec.layers.activation import gelu_deriv_spec, gelu_spec, tanh_deriv_spec, tanh_spec
from tests.plain import enclosed, vector

Function = Callable[[Arithmetic, Array], Array]
ARGUMENTS = st.lists(st.fractions(-6, 6, max_denominator=50), max_size=4)


def ball(x: Fraction) -> arb:
    return arb(fmpq(x.numerator, x.denominator))


def hyperbolic_tangent(z: arb) -> arb:
    """1 - 2/(e^{2z} + 1)."""
    return 1 - 2 / ((2 * z).exp() + 1)


def gelu_argument(x: arb) -> arb:
    """√(2/π)·(x + 0.044715·x³)."""
    return (2 / arb.pi()).sqrt() * (x + fmpq(44715, 10**6) * x * x * x)


def gelu(x: arb) -> arb:
    return x * (1 + hyperbolic_tangent(gelu_argument(x))) / 2


def gelu_derivative(x: arb) -> arb:
    """The product rule on x·(1 + tanh u)/2, with tanh' = 1/cosh²."""
    u = gelu_argument(x)
    slope = (2 / arb.pi()).sqrt() * (1 + fmpq(3 * 44715, 10**6) * x * x)
    return (1 + hyperbolic_tangent(u)) / 2 + x / 2 * slope / (u.cosh() * u.cosh())


def erf_gelu(x: arb) -> arb:
    return x * (1 + (x / arb(2).sqrt()).erf()) / 2


def assert_entrywise(function: Function, formula: Callable[[arb], arb], xs: list[Fraction]) -> None:
    with precision(256):
        enclosed(function(BALL, vector(xs)), [formula(ball(x)) for x in xs])


@pytest.mark.lean("Activation.Math.tanhSpec")
@given(ARGUMENTS)
def test_tanh(xs: list[Fraction]) -> None:
    assert_entrywise(tanh_spec, hyperbolic_tangent, xs)


@pytest.mark.lean("Activation.Math.tanhDerivSpec")
@given(ARGUMENTS)
def test_the_derivative_of_tanh_is_the_inverse_square_of_cosh(xs: list[Fraction]) -> None:
    assert_entrywise(tanh_deriv_spec, lambda z: 1 / (z.cosh() * z.cosh()), xs)


@pytest.mark.lean("Activation.Math.geluSpec")
@given(ARGUMENTS)
def test_gelu_is_the_tanh_form(xs: list[Fraction]) -> None:
    assert_entrywise(gelu_spec, gelu, xs)


@pytest.mark.lean("Activation.Math.geluDerivSpec")
@given(ARGUMENTS)
def test_the_derivative_of_gelu_is_the_product_rule(xs: list[Fraction]) -> None:
    assert_entrywise(gelu_deriv_spec, gelu_derivative, xs)


@pytest.mark.lean("Activation.Math.geluSpec")
@pytest.mark.parametrize("x", [Fraction(1), Fraction(-2), Fraction(1, 3)])
def test_gelu_is_not_the_erf_form(x: Fraction) -> None:
    with precision(256):
        (found,) = gelu_spec(BALL, vector([x]))
        assert not found.overlaps(erf_gelu(ball(x)))


@pytest.mark.lean("Activation.Math.geluSpec", "Activation.Math.geluDerivSpec")
def test_at_zero_gelu_is_zero_with_slope_one_half() -> None:
    with precision(256):
        enclosed(gelu_spec(BALL, vector([0])), [fmpq(0)])
        enclosed(gelu_deriv_spec(BALL, vector([0])), [fmpq(1, 2)])
