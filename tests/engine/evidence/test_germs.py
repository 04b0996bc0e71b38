"""Germs against Taylor coefficients where a map is smooth, and against what is known at corners."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flint import arb, fmpq
from hypothesis import given, settings

from mirror.arithmetic import Arithmetic, Array, Undecided, precision, rational_vector
from tests.engine.evidence.test_derivatives import CORNERS, SERIES, jet_of, points, positive
from theorems.engine.evidence.differentiability import why_not_differentiable
from theorems.engine.evidence.germs import GERMS, Germ, line
from theorems.engine.evidence.verdicts import Equal

Map = Callable[[Arithmetic, Array], Array]
LAST = 4  # the last Taylor coefficient that is compared


def germ_of(f: Map, x: Any, h: Any) -> Germ:
    return Germ.of(f(GERMS, line(rational_vector([x]), rational_vector([h])))[0])


@pytest.mark.parametrize("name", SERIES)
@settings(max_examples=10)
@given(x=positive, h=points)
def test_a_germ_of_a_smooth_map_is_its_taylor_series_in_the_square_of_s(name: str, x: fmpq, h: fmpq) -> None:
    f = SERIES[name][0]
    with precision(640):
        germ = germ_of(f, x, h)
        even = [germ.terms.get(2 * k, 0) for k in range(LAST + 1)]
        assert Equal(name, even, jet_of(f, x, h)).judge().verdict.passes
        assert not why_not_differentiable(f, rational_vector([x]), rational_vector([h]))
    assert not any(k % 2 or k < 0 for k in germ.terms)
    assert germ.order > 2 * LAST


# What a map does beside 0, to the right: powers of s = √t with their coefficients, as far as they are looked at.
AT_ZERO: dict[str, tuple[Map, dict[int, Any]]] = {
    "1/x": (lambda ar, x: ar.inverse(x), {-2: 1}),
    "√x": (lambda ar, x: ar.sqrt(x), {1: 1}),
    "1/√(x + 4x²)": (lambda ar, x: ar.inverse(ar.sqrt(x + 4 * x * x)), {-1: 1, 1: -2, 3: 6, 5: -20}),
    "√ of the negative": (lambda ar, x: ar.sqrt(-x), {}),
    "max(x, 0)": (lambda ar, x: ar.positive_part(x), {2: 1}),
    "max(-x, 0)": (lambda ar, x: ar.positive_part(-x), {}),
    "1/(x - x)": (lambda ar, x: ar.inverse(x - x), {}),
    "√ of (x - x)": (lambda ar, x: ar.sqrt(x - x), {}),
    "exp √x": (lambda ar, x: ar.exp(ar.sqrt(x)), {0: 1, 1: 1, 2: fmpq(1, 2), 3: fmpq(1, 6)}),
    "exp (x - x)": (lambda ar, x: ar.exp(x - x), {0: 1}),
    "tanh of a pole": (lambda ar, x: ar.tanh(ar.inverse(x)), {0: 1}),
    "tanh of a negative pole": (lambda ar, x: ar.tanh(-ar.inverse(x)), {0: -1}),
    "exp of a negative pole": (lambda ar, x: ar.exp(-ar.inverse(x)), {}),
    "2 - x": (lambda ar, x: 2 - x, {0: 2, 2: -1}),
}


@pytest.mark.parametrize("name", AT_ZERO)
def test_a_germ_at_a_corner_follows_leans_total_functions(name: str) -> None:
    f, expected = AT_ZERO[name]
    germ = germ_of(f, 0, 1)
    assert {k: c for k, c in germ.terms.items() if k <= max(expected, default=0)} == expected


UNSEEN: dict[str, tuple[Map, str]] = {
    "root of an odd power": (lambda ar, x: ar.sqrt(ar.sqrt(x)), "has no series in √t"),
    "exp of a pole": (lambda ar, x: ar.exp(ar.inverse(x)), "without bound"),
    "exp of what may be a pole": (lambda ar, x: ar.exp(arb(0, 1) * ar.inverse(x)), "the sign of"),
    "a sign behind the last term": (lambda ar, x: ar.inverse(ar.exp(x) - ar.exp(x)), r"vanishes .* up to t\^5"),
    "a constant behind the last term": (
        lambda ar, x: ar.exp((ar.exp(x) - ar.exp(x)) * ar.inverse(x * x * x * x * x)),
        "of which no term is known",
    ),
    "a ball over 0": (lambda ar, x: ar.inverse(x + arb(0, 1)), "the sign of"),
}


@pytest.mark.parametrize("name", UNSEEN)
def test_what_a_germ_does_not_show_is_undecided_and_no_flaw(name: str) -> None:
    f, why = UNSEEN[name]
    with pytest.raises(Undecided, match=why):
        germ_of(f, 0, 1)
    assert why_not_differentiable(f, rational_vector([0]), rational_vector([1])) == ""


def test_a_series_that_ends_too_early_shows_no_flaw() -> None:
    def nine_powers_lost(ar: Arithmetic, x: Array) -> Array:
        return (ar.exp(x) - 1) * ar.inverse(x * x * x * x) * x * x * x * x - x

    def unknown_value(ar: Arithmetic, x: Array) -> Array:
        return (ar.exp(x) - ar.exp(x)) * ar.inverse(x * x * x * x)

    for f in (nine_powers_lost, unknown_value):
        assert why_not_differentiable(f, rational_vector([0]), rational_vector([1])) == ""


def test_what_does_not_move_stays_a_number_and_a_second_line_is_tried() -> None:
    def clamp(ar: Arithmetic, x: Array) -> Array:
        return ar.positive_part(x)

    still = line(rational_vector([0, 3]), rational_vector([0, 1]))
    assert (still[0], type(still[1])) == (0, Germ)
    assert why_not_differentiable(clamp, rational_vector([0, 3]), rational_vector([0, 1])).startswith("entry 0")


def test_enclosures_are_told_apart_only_where_they_are_disjoint() -> None:
    def step_of(height: arb) -> Map:
        return lambda ar, x: height * CORNERS["x/√x²"][0](ar, x)

    at_0 = rational_vector([0]), rational_vector([1])
    assert why_not_differentiable(step_of(arb(1, 2)), *at_0) == ""
    assert why_not_differentiable(step_of(arb(3, 2)), *at_0) == "entry 0 jumps at the point"
