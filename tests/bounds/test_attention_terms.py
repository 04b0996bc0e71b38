"""Each kind of rounding by itself, as large as it may be, is within the attention's bounds and needs its term."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mirror.bounds.attention import attention_bounds
from mirror.bounds.bounded import Bounded
from mirror.bounds.declared import FloatArithmetic, SumOrder, declared_for

FLOAT32, FLOAT64 = declared_for("float32"), declared_for("float64", "numpy")
TREE = replace(FLOAT32, order=SumOrder.TREE)
UNIT = 2.0**-24
EXP = float(FLOAT32.exp_ulps) * UNIT


def bounds(
    q: np.ndarray,
    k: np.ndarray,
    v: np.ndarray,
    g: np.ndarray,
    scale: float = 1.0,
    arithmetic: FloatArithmetic = FLOAT32,
) -> tuple[Bounded, ...]:
    """Those of one head without a mask."""
    found = attention_bounds(q[None], k.T[None], v[None], None, scale, g[None], arithmetic)
    return tuple(Bounded(*(a[0] for a in b)) for b in found)


def test_every_rescaling_of_an_online_softmax() -> None:
    n = 64
    scores = np.arange(float(n)) / 16  # each raises the maximum
    weights = np.exp(scores) * (1 - EXP) ** np.arange(n - 1, -1, -1)  # all exponentials of a rescaling off
    v = np.where(scores < 2, 1.0, 0.0)[:, None]
    y = bounds(np.ones((n, 1)), scores[:, None], v, v, arithmetic=TREE)[0]
    error = abs(weights @ v[:, 0] / weights.sum() - y.real[0, 0])
    assert 0.3 * y.certified[0, 0] < error <= y.certified[0, 0]


def test_the_sum_of_a_normaliser() -> None:
    n, ones = 256, np.ones((256, 1))
    y = bounds(0 * ones, ones, ones, ones)[0]
    error = (1 + (n + 2) * UNIT) / (1 - (n - 1) * UNIT) - 1
    assert 0.5 * y.certified[0, 0] < error <= y.certified[0, 0]


def test_products_that_a_float_holds_cost_nothing() -> None:
    draw = np.random.default_rng(0)
    q, k, v = (draw.integers(-2, 3, (6, 48)).astype(float) for _ in range(3))
    exact, rounded = (bounds(x, k, v, v, 0.25)[0].certified for x in (q, q * 1.1))
    assert np.median(exact / rounded) < 0.6


def test_the_cotangents_of_the_weights() -> None:
    ones = np.ones((2, 64))
    k = np.array([[1.0], [-1.0]]) * ones  # of mean 0, so that nothing in common moves the queries
    d_q = bounds(0 * ones, k, ones, ones, 0.25)[1]
    off = 0.25 * 64 * UNIT * 64  # a half of it up at one key, a half of it down at the other
    assert 0.2 * d_q.certified[0, 0] < off <= d_q.certified[0, 0]


def test_the_radius_is_part_of_a_bound() -> None:
    draw = np.random.default_rng(0)
    arrays = [draw.standard_normal((16, 8)) for _ in range(4)]
    for known in bounds(arrays[0], arrays[1], arrays[2], arrays[3], 0.3, FLOAT64):
        assert (known.certified > known.radius).all()
        assert (known.certified < 2.5 * known.radius).all()


def test_products_overflow_before_they_are_scaled() -> None:
    ones = np.ones((2, 4))
    assert all(np.isinf(b.certified).all() for b in bounds(1e20 * ones, 1e19 * ones, ones, ones, 1e-39)[:1])
    assert all(np.isfinite(b.certified).all() for b in bounds(1e10 * ones, 1e9 * ones, ones, ones, 1e-19)[:1])
