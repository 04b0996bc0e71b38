"""Bounds of attention: they hold the real values and whatever a right algorithm arrives at, and bite on wrong ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from flint import arb

from mirror.arithmetic import precision
from mirror.bounds.attention import attention_bounds
from mirror.bounds.bounded import Bounded
from mirror.bounds.declared import FloatArithmetic, SumOrder, declared_for
from mirror.jit.arrays import QKV
from tests.bounds.attentions import RIGHT, F, Given, Results, plain
from theorems.engine.evidence.block_floats import AttentionInstances
from theorems.engine.evidence.floats import BITS

NAMES = ("y", "dq", "dkt", "dv")
NUMPY = declared_for("float32", "numpy")
TREE = replace(NUMPY, order=SumOrder.TREE)


def causal(n: int, gap: float = -1e4) -> np.ndarray:
    return np.where(np.subtract.outer(np.arange(n), np.arange(n)) >= 0, 0.0, gap)


MASKS = {
    "none": lambda draw, n: np.zeros((n, n)),
    "causal": lambda draw, n: causal(n),
    "random": lambda draw, n: 3 * draw.standard_normal((n, n)),
    "one key": lambda draw, n: np.where(np.arange(n) == 1, 0.0, np.full((n, n), -1e4)),
    "far": lambda draw, n: np.where(np.arange(n) % 2, -95.0, np.zeros((n, n))),
}
VALUES = {"ordinary": 1.0, "large logits": 12.0, "huge logits": 100.0, "tiny": 1e-30}


def given(n: int, d: int, mask: str, size: float = 1.0, seed: int = 0, scale: float = 0.6) -> Given:
    draw = np.random.default_rng(seed)
    q, kt, v, g = (draw.standard_normal(shape).astype(F) for shape in ((n, d), (d, n), (n, d), (n, d)))
    bias = MASKS[mask](draw, n).astype(F)
    return Given(F(size) * q, kt, F(min(size, 1)) * v, bias, scale, F(min(size, 1)) * g)


def bounds(x: Given, arithmetic: FloatArithmetic = NUMPY, **options: bool) -> tuple[Bounded, ...]:
    """Those of the head, without its axis."""
    q, kt, v, bias, g = (a[None] for a in (x.q, x.kt, x.v, x.bias, x.g))
    found = attention_bounds(q, kt, v, bias, x.scale, g, arithmetic, **options)
    return tuple(Bounded(*(a[0] for a in b)) for b in found)


def used(x: Given, results: Results, arithmetic: FloatArithmetic = NUMPY) -> dict[str, float]:
    """The largest error of each result as a share of its bound."""
    with np.errstate(invalid="ignore"):
        shares = [abs(r - b.real) / b.certified for r, b in zip(results, bounds(x, arithmetic), strict=True)]
    return {name: float(np.nanmax(share, initial=0)) for name, share in zip(NAMES, shares, strict=True)}


@pytest.mark.parametrize("mask", MASKS)
def test_the_real_values_are_within_the_radius(mask: str) -> None:
    x = given(4, 3, mask)
    qkv = QKV(*(a[None, None] for a in (x.q, x.kt, x.v)))
    batch = AttentionInstances(qkv, x.scale, x.bias[None], x.g[None, None])
    found = [np.concatenate([a.ravel() for a in parts]) for parts in zip(*bounds(x), strict=True)]
    real, radius, certified, _ = found
    with precision(BITS):
        off = np.array(
            [float((arb(value) - arb(float(r))).abs_upper()) for value, r in zip(batch.real(0), real, strict=True)]
        )
    assert (off <= radius).all()
    assert (radius < 1e-6 * certified).all()


@pytest.mark.parametrize("values", VALUES)
def test_no_right_algorithm_is_outside(values: str) -> None:
    for seed, (mask, n) in enumerate((mask, n) for mask in MASKS for n in (3, 11)):
        x = given(n, 4, mask, VALUES[values], seed)
        with np.errstate(under="ignore", invalid="ignore", divide="ignore"):
            found = {name: attention(x) for name, attention in RIGHT.items()}
        known = bounds(x)
        for name, results in found.items():
            inside = [abs(r - b.real) <= b.certified for r, b in zip(results, known, strict=True)]
            assert all(i.all() for i in inside), (name, mask, n)


def dyadic(n: int, d: int, scale: float = 0.25, seed: int = 0) -> Given:
    """Small whole numbers for q and k: few roundings of small sums."""
    x = given(n, d, "causal", seed=seed, scale=scale)
    draw = np.random.default_rng(seed)
    q, kt = (draw.integers(-4, 5, a.shape).astype(F) for a in (x.q, x.kt))
    return x._replace(q=q, kt=kt)


def wrong(x: Given, change: str) -> np.ndarray:
    """The output where something is wrong."""
    scores = F(x.scale) * (x.q @ x.kt) + x.bias
    shifted = scores - scores.max(-1, keepdims=True)
    weights = np.exp2(shifted * F(1.4427)) if change == "exp2 with 1.4427" else np.exp(shifted)
    return weights @ x.v / (weights.sum(-1, keepdims=True) + F(1e-6 if change == "denominator + 1e-6" else 0))


@pytest.mark.parametrize("change", ["denominator + 1e-6", "exp2 with 1.4427"])
def test_small_dyadic_scores_show_what_no_bound_in_any_order_sees_elsewhere(change: str) -> None:
    x = dyadic(6, 2)
    x = x._replace(v=np.eye(6, 2, dtype=F))  # so that small weights are seen by themselves
    y, *_ = bounds(x)
    assert (abs(wrong(x, "") - y.real) <= y.certified).all()
    assert (abs(wrong(x, change) - y.real) > y.certified).any()
    large = given(96, 64, "none", scale=0.25)
    assert (abs(wrong(large, change) - bounds(large)[0].real) <= bounds(large)[0].certified).all()


def test_a_scale_that_is_a_power_of_four_rounds_nothing() -> None:
    exact, rounded = (bounds(dyadic(6, 8, scale))[0] for scale in (0.25, 0.5))
    assert np.median(exact.certified[2:]) < 0.9 * np.median(rounded.certified[2:])


def test_terms_that_are_0_are_not_counted() -> None:
    x = given(8, 4, "none")
    hot = x._replace(v=np.eye(8, 4).astype(F), kt=np.eye(4, 8).astype(F), g=np.eye(8, 4).astype(F))
    counted, all_ = bounds(hot), bounds(hot._replace(v=hot.v + F(1e-9), kt=hot.kt + F(1e-9), g=hot.g + F(1e-9)))
    assert all((c.certified < a.certified).any() for c, a in zip(counted, all_, strict=True))


def test_a_mask_of_minus_infinity_is_a_weight_of_0() -> None:
    x = given(6, 3, "causal")
    closed = x._replace(bias=np.where(x.bias < 0, -np.inf, 0).astype(F))
    for finite, infinite in zip(bounds(x), bounds(closed), strict=True):
        assert (abs(finite.real - infinite.real) <= finite.radius + infinite.radius).all()
        assert (infinite.certified <= finite.certified * 1.001).all()
    assert max(used(closed, plain(closed)).values()) <= 1


def test_nothing_is_known_of_a_row_that_is_minus_infinity_throughout() -> None:
    x = given(4, 2, "none")
    x.bias[1] = -np.inf
    y, *others = bounds(x)
    assert np.isinf(y.certified[1]).all()
    assert all(np.isfinite(a.real).all() for a in (y, *others))


def test_a_row_under_minus_a_billion_keeps_its_logits_only_relative_to_its_largest_entry() -> None:
    x = given(5, 3, "none")
    x.bias[2] = -1e9
    lost, kept = bounds(x)[0], bounds(x, relative_mask=True)[0]
    assert np.isinf(lost.certified[2]).all()
    assert (kept.certified[2] < 1e-4).all()
    assert abs(plain(x)[0][2] - kept.real[2]).max() > kept.certified[2].max()
    assert max(used(x, plain(x), NUMPY).values()) <= 1


@pytest.mark.parametrize("size", [1e25, 1e38])
def test_what_may_overflow_is_unbounded(size: float) -> None:
    scores, values = given(4, 3, "none"), given(4, 3, "none")
    scores = scores._replace(q=scores.q * F(size), kt=scores.kt * F(1e14))
    values = values._replace(v=values.v / abs(values.v).max() * F(3e38))
    assert all(np.isinf(b.certified).all() for b in bounds(scores))
    assert all(np.isinf(b.certified).all() for b in bounds(values)[:3])


BFLOAT16, TF = declared_for("bfloat16"), declared_for("float32")


@pytest.mark.parametrize("order", [SumOrder.ANY, SumOrder.TREE])
def test_what_is_declared_widens_bounds_and_a_tree_narrows_them(order: SumOrder) -> None:
    x, base = given(24, 8, "causal"), replace(NUMPY, order=order)
    wide = [
        replace(base, weights=BFLOAT16.stored),
        replace(base, operand=BFLOAT16.stored),
        replace(base, stored=BFLOAT16.stored),
    ]
    for declared in wide:
        for narrow, found in zip(bounds(x, base), bounds(x, declared), strict=True):
            assert (found.certified > 1.2 * narrow.certified).mean() > 0.9
    for tree, any_ in zip(bounds(x, TREE), bounds(x), strict=True):
        assert (tree.certified <= any_.certified).all()


def test_the_bounds_of_float32_are_those_of_the_issue_and_a_tree_is_three_times_narrower() -> None:
    x = given(128, 64, "causal", scale=0.125)
    results, medians = plain(x), {}
    for arithmetic in (NUMPY, TREE):
        errors = [(abs(r - b.real), b) for r, b in zip(results, bounds(x, arithmetic), strict=True)]
        medians[arithmetic.order] = [float(np.median(b.certified[e > 0] / e[e > 0])) for e, b in errors]
        assert all((e <= b.likely).all() for e, b in errors)
    assert (np.array(medians[SumOrder.ANY]) <= [1000, 2000, 3500, 2000]).all()
    assert (np.array(medians[SumOrder.TREE]) * 3 <= medians[SumOrder.ANY]).all()


def test_rows_that_are_long_bound_all_kinds_of_online_softmax_at_once() -> None:
    x = given(257, 1, "causal")
    assert max(used(x, plain(x)).values()) <= 1
    assert (bounds(x)[0].certified < 1e-3).all()


def test_an_unknown_point_is_an_unknown_bound() -> None:
    x = given(3, 2, "none")
    x = x._replace(q=x.q * F(1e17))
    assert all(np.isinf(b.radius).all() for b in bounds(x))
