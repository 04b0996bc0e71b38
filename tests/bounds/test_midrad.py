"""Midpoint-radius arithmetic against balls: every operation holds what it gives at points of its operands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from flint import arb, fmpq

from mirror.arithmetic import BALL, precision
from mirror.bounds.intervals import MidRadArray, exact_products, exactly, midrad
from mirror.bounds.midrad import MidRad

ENTRIES = 10_000
MIDRAD = MidRad()
BITS = 160


def intervals(draw: np.random.Generator, *shape: int, largest: int = 8, sign: bool = True) -> MidRadArray:
    """Intervals of many magnitudes, from exact ones to ones that are wider than their midpoints."""
    mid = draw.standard_normal(shape) * 2.0 ** draw.integers(-40, largest, shape)
    mid = np.where(draw.random(shape) < 0.05, 0.0, mid.astype(np.float32) if draw.random() < 0.5 else mid)
    rad = np.where(draw.random(shape) < 0.2, 0.0, abs(mid) * 2.0 ** draw.integers(-50, 1, shape))
    return midrad(mid if sign else abs(mid), rad)


def points(draw: np.random.Generator, a: MidRadArray) -> np.ndarray:
    """A point of each interval as an exact ball: an end, or between."""
    at = draw.choice([-1.0, 1.0, 0.5, -0.25, 0.0], a.shape)
    return np.asarray(np.frompyfunc(lambda mid, rad, t: arb(mid) + arb(rad) * arb(t), 3, 1)(a.mid, a.rad, at))


def outside(found: MidRadArray, exact: Any) -> int:
    """How many exact values are not in their intervals."""
    return sum(
        not (rad == np.inf or arb(mid, rad).contains(arb(value)))
        for mid, rad, value in zip(
            found.mid.reshape(-1), found.rad.reshape(-1), np.asarray(exact, dtype=object).reshape(-1), strict=True
        )
    )


UNARY: dict[str, Callable[[Any], Any]] = {
    "exp": arb.exp,
    "tanh": arb.tanh,
    "sqrt": lambda x: x.sqrt() if x > 0 else arb(0),
    "positive_part": lambda x: x.max(arb(0)),
    "inverse": lambda x: 1 / x if x != 0 else arb(0),
}


@pytest.mark.parametrize("name", UNARY)
def test_a_function_holds_its_values_at_points(name: str) -> None:
    draw = np.random.default_rng(1)
    a = intervals(draw, ENTRIES)
    with precision(BITS):
        exact = np.frompyfunc(UNARY[name], 1, 1)(points(draw, a))
        assert outside(getattr(MIDRAD, name)(a), exact) == 0


def added(a: Any, b: Any) -> Any:
    return a + b


def taken(a: Any, b: Any) -> Any:
    return a - b


def multiplied(a: Any, b: Any) -> Any:
    return a * b


@pytest.mark.parametrize("operation", [added, taken, multiplied])
def test_an_operation_holds_its_values_at_points(operation: Callable[[Any, Any], Any]) -> None:
    draw = np.random.default_rng(2)
    a, b = intervals(draw, ENTRIES), intervals(draw, ENTRIES)
    with precision(BITS):
        assert outside(operation(a, b), operation(points(draw, a), points(draw, b))) == 0


def test_a_sum_and_a_product_of_matrices_hold_their_values_at_points() -> None:
    draw = np.random.default_rng(3)
    a, b = intervals(draw, 100, 7), intervals(draw, 7, 100)
    with precision(BITS):
        p, q = points(draw, a), points(draw, b)
        assert outside(MIDRAD.matmul(a, b), BALL.matmul(p, q)) == 0
        wide = intervals(draw, ENTRIES, 5)
        assert outside(MIDRAD.sum(wide, -1), BALL.sum(points(draw, wide), -1)) == 0


def softmax_parts(scores: Any) -> tuple[Any, Any, Any]:
    largest = np.array([[max(row)] for row in scores], dtype=object)
    shifted = BALL.exp(scores - largest)
    return largest, shifted, 1 / shifted.sum(axis=-1, keepdims=True)


def test_the_parts_of_softmax_hold_their_values_at_points() -> None:
    draw = np.random.default_rng(4)
    scores = intervals(draw, ENTRIES, 3, largest=4)
    with precision(BITS):
        largest, shifted, inverse = softmax_parts(points(draw, scores))
        found = MIDRAD.row_max(scores)
        assert outside(found, largest) == 0
        weights = MIDRAD.shifted_exp(scores, found)
        assert outside(weights, shifted) == 0
        assert outside(MIDRAD.inv_normaliser(weights), inverse) == 0
    assert np.max(weights.upper) < 2.1


def normalised(centred: Any, eps: fmpq) -> tuple[Any, Any, Any]:
    var_eps = (centred * centred).sum(axis=-1, keepdims=True) * fmpq(1, centred.shape[-1]) + eps
    rstd = np.frompyfunc(lambda x: 1 / arb(x).sqrt() if x > 0 else arb(0), 1, 1)(var_eps)
    return centred * rstd, rstd, var_eps


@pytest.mark.parametrize("eps", [fmpq(1, 1000), fmpq(0), fmpq(-1, 1000)])
def test_a_norm_holds_its_values_at_points(eps: fmpq) -> None:
    draw = np.random.default_rng(5)
    centred = intervals(draw, ENTRIES // 4, 4, largest=3)
    with precision(BITS):
        exact = normalised(points(draw, centred), eps)
        found = MIDRAD.normalise(centred, eps)
        assert [outside(f, e) for f, e in zip(found, exact, strict=True)] == [0, 0, 0]
    if eps > 0:
        assert np.isfinite(found.normalised.rad).all()


def test_constants_and_rationals_hold_what_they_stand_for() -> None:
    rationals = np.array([fmpq(1, 3), fmpq(1, 2), fmpq(-7, 10**9), fmpq(0)], dtype=object)
    with precision(BITS):
        assert outside(MIDRAD.embed(rationals), rationals) == 0
        assert outside(MIDRAD.constant(fmpq(1, 10)), [fmpq(1, 10)]) == 0
        assert outside(MIDRAD.pi, [arb.pi()]) == 0
        assert outside(MIDRAD.root_of_two_over_pi, [(2 / arb.pi()).sqrt()]) == 0
    assert (MIDRAD.embed(rationals).rad > 0).tolist() == [True, False, True, False]


def test_exact_results_have_radius_0() -> None:
    short = exactly([0.5, -3.0, 0.0])
    assert not (short + short).rad.any()
    assert not (short * short).rad.any()
    assert not (short - short).rad.any()
    assert not (exactly(0.0) * MIDRAD.pi).rad
    assert not MIDRAD.matmul(short.reshape(1, 3), short.reshape(3, 1)).rad.any()
    assert not MIDRAD.sum(exactly([0.1, 0.0, 0.0]), -1).rad
    assert MIDRAD.exp(exactly(0.0)).rad == MIDRAD.tanh(exactly(0.0)).rad == 0
    assert MIDRAD.inverse(exactly([0.0, 4.0])).rad.tolist() == [0, 0]
    assert MIDRAD.sqrt(exactly([0.0, 4.0, -1.0])).rad.tolist() == [0, 0, 0]
    assert MIDRAD.inv_normaliser(exactly([[1.0, 1.0]])).rad == 0


def test_results_that_are_rounded_have_a_radius() -> None:
    tenth = exactly(0.1)
    rounded = [
        tenth + exactly(0.3),
        tenth * tenth,
        MIDRAD.exp(tenth),
        MIDRAD.tanh(tenth),
        MIDRAD.sqrt(tenth),
        MIDRAD.inverse(tenth),
        MIDRAD.sum(exactly([0.1, 0.2]), -1),
        MIDRAD.matmul(exactly([[0.1, 0.2]]), exactly([[0.3], [0.7]])),
        # Its quotient rounds to a half, and is not a half.
        MIDRAD.inv_normaliser(exactly([[1.0, 1.0 - 2.0**-52]])),
    ]
    assert all((r.rad > 0).all() for r in rounded)


def test_what_overflows_or_meets_a_jump_says_nothing_and_stays_so() -> None:
    huge, around = exactly(1e300), midrad(0.5, 1.0)
    unknown = [huge * huge, huge + exactly(1.7e308) * 1.0, MIDRAD.exp(exactly(1e4)), MIDRAD.inverse(around)]
    assert [bool(u.rad == np.inf) for u in unknown] == [True, False, True, True]
    nothing = unknown[0]
    assert (nothing * exactly(0.0)).rad == (nothing - nothing).rad == np.inf
    assert MIDRAD.tanh(nothing).upper <= 2.1
    assert exactly([np.nan, np.inf]).rad.tolist() == [np.inf, np.inf]


def test_sums_are_exact_in_any_order_only_while_the_digits_suffice() -> None:
    a, b = np.array([[2.0**12, 1.0]]), np.array([[2.0**11], [1.0]])
    assert exact_products(a, b, a @ b, 24).all()
    assert not exact_products(2 * a, b, 2 * a @ b + 1, 12).any()
    assert exact_products(np.zeros((1, 2)), b, np.zeros((1, 1)), 24).all()


def test_a_norms_kink_is_told_where_it_is_and_left_open_where_it_may_be() -> None:
    value, var_eps = exactly([[3.0, 4.0]] * 3)[:, None, :], midrad([0.0, 0.5, 2.0], [0.0, 1.0, 1.0]).reshape(3, 1, 1)
    found = MIDRAD.where_differentiable(value, var_eps, 2)
    assert found.mid[:, 0].tolist() == [[0, 0], [3, 4], [3, 4]]
    assert (found.rad[:, 0] >= 3).tolist() == [[False, False], [True, True], [False, False]]
    kept = [MIDRAD.keep_if_nonzero(value[0], w).rad.max() for w in (exactly(0.0), midrad(0.5, 1.0), exactly(2.0))]
    assert (kept[0], kept[1] >= 4, kept[2]) == (0, True, 0)


def test_arrays_are_cut_turned_and_joined_as_numpys() -> None:
    a = midrad(np.arange(6.0).reshape(2, 3), np.ones((2, 3)))
    assert a.swapaxes(0, 1).shape == (3, 2)
    assert (1.0 - a).mid[0].tolist() == [1, 0, -1]
    joined = MIDRAD.concat([a.reshape(-1), MIDRAD.zeros(2)])
    assert (joined.mid.tolist(), joined.rad.tolist()) == ([0, 1, 2, 3, 4, 5, 0, 0], [1] * 6 + [0, 0])
