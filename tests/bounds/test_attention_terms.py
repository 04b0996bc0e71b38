"""Each kind of rounding by itself, as large as it may be, is within the attention's bounds and needs its term."""

from __future__ import annotations

from dataclasses import replace

import ml_dtypes
import numpy as np

from mirror.bounds.attention import attention_bounds
from mirror.bounds.bounded import Bounded
from mirror.bounds.declared import BFLOAT16, FloatArithmetic, SumOrder, declared_for

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


def test_the_factor_of_an_exp_that_is_a_power_of_two_in_short_queries() -> None:
    draw = np.random.default_rng(0)
    large, small, k = (draw.integers(-most, most + 1, (12, 8)) for most in (4000, 1, 400))
    q, k = (np.hstack(parts).astype(np.float32) for parts in ([large, large + small], [k, -k]))  # sums that cancel
    keys = np.eye(12, 16)  # each weight is seen by itself
    scores = (q * np.float32(np.log2(np.e) / 1024)) @ k.T
    powers = np.exp2(scores - scores.max(-1, keepdims=True))
    y = bounds(q, k, keys, keys, 2.0**-10, declared_for("float32", "numpy"))[0]
    assert (abs(powers @ keys / powers.sum(-1, keepdims=True) - y.real) <= y.certified).all()


def test_the_factor_of_an_exp_that_is_a_power_of_two_in_operands_that_were_short() -> None:
    draw, short = np.random.default_rng(0), ml_dtypes.bfloat16
    q, k = (draw.integers(-most, most + 1, (12, 16)).astype(float) for most in (128, 2))
    values = np.eye(12, 16)
    scores = (q * np.log2(np.e) / 4).astype(short).astype(float) @ k.T
    powers = np.exp2(scores - scores.max(-1, keepdims=True))
    y = bounds(q, k, values, values, 0.25, replace(FLOAT32, operand=BFLOAT16))[0]
    assert (abs(powers @ values / powers.sum(-1, keepdims=True) - y.real) <= y.certified).all()


def test_a_weight_that_underflows_twice() -> None:
    q, k = np.array([[1.0], [0.0], [0.0]]), np.array([[0.0], [-0.9], [-100.3605728149414]])
    g, numpy = np.array([[1e6], [0.0], [0.0]]), declared_for("float32", "numpy")
    powers = np.exp((q @ k.T).astype(np.float32))
    weights = powers / powers.sum(-1, keepdims=True)  # off by 1.6 halves of the smallest number
    d_v = bounds(q, k, g, g, 1.0, numpy)[3]
    assert (abs(weights.T @ g - d_v.real) <= d_v.certified).all()


def test_a_weight_that_underflows_in_float64() -> None:
    q, k, g = np.array([[1.0], [0.0]]), np.array([[0.0], [-724.0]]), np.array([[1e6], [0.0]])
    d_v = bounds(q, k, g, g, arithmetic=FLOAT64)[3]
    assert d_v.radius[1, 0] >= 1e6 * 2.0**-1074 / 2  # half the smallest number, which no float64 is


def test_a_scaled_cotangent_of_a_score_that_underflows() -> None:
    q, k = np.array([[0.0], [0.0]]), np.array([[4000.0], [0.0]])
    v, g = np.array([[1.0], [0.0]]), np.array([[2.0**-142], [0.0]])
    d_scores = np.float32(2.0**-144)  # weights of a half
    d_q = bounds(q, k, v, g, 2.0**-6, declared_for("float32", "numpy"))[1]
    assert abs(np.float32(2.0**-6) * d_scores * 4000.0 - d_q.real[0, 0]) <= d_q.certified[0, 0]


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
