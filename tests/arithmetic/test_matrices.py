"""Products of large matrices of balls hold the exact ones, and small ones stay rational."""

from __future__ import annotations

import numpy as np
import pytest
from flint import arb, fmpq

from mirror.arithmetic import BALL, precision, rational_vector
from mirror.arithmetic.matrices import BALL_MATRICES, LARGE

DRAW = np.random.default_rng(5)


def rationals(*shape: int, spread: int = 0) -> np.ndarray:
    values = DRAW.standard_normal(shape) * 2.0 ** DRAW.integers(-spread, spread + 1, shape)
    return rational_vector(values.ravel()).reshape(shape)


@pytest.mark.parametrize("spread", [0, 400], ids=["alike", "of all sizes"])
def test_a_large_product_holds_the_exact_one(spread: int) -> None:
    a, b = rationals(2, 12, 10, spread=spread), rationals(10, 20, spread=spread)
    with precision(192):
        exact, found = BALL.matmul(a, b), BALL_MATRICES.matmul(a, b)
    assert found.shape == (2, 12, 20)
    assert a.size * 20 > LARGE
    largest = max(abs(x) for x in a.flat) * max(abs(x) for x in b.flat)
    with precision(3000):
        for x, y in zip(exact.flat, found.flat, strict=True):
            assert y.contains(x)
            assert y.rad() <= arb(largest) * arb(2) ** -180


def test_a_ball_that_is_wide_stays_so() -> None:
    a, b = rationals(20, 12).astype(object), rationals(12, 20)
    a[3, 4] = arb(0, 1)
    found = BALL_MATRICES.matmul(a, b)
    assert all(x.rad() > 0.9 * abs(float(arb(y))) for x, y in zip(found[3], b[4], strict=True))


def test_zeros_are_exact_also_beside_what_is_tiny() -> None:
    a, b = rationals(20, 12), rationals(12, 20)
    a[5], a[6] = fmpq(0), fmpq(1, 2**9000)
    found = BALL_MATRICES.matmul(a, b)
    assert all(x == 0 for x in found[5])
    assert all(x.contains(0) and 0 < x.rad() < arb(2) ** -1990 for x in found[6])


def test_a_small_product_stays_rational() -> None:
    a, b = rationals(3, 4), rationals(4, 5)
    assert all(isinstance(x, fmpq) for x in BALL_MATRICES.matmul(a, b).flat)
    assert (BALL_MATRICES.matmul(a, b) == BALL.matmul(a, b)).all()
