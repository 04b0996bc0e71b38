"""The bounds of single operations, against float32 in many orders and against exact cases."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mirror.arithmetic.rounded import JAX_FLOAT32, NUMPY_FLOAT64
from mirror.bounds.declared import SumOrder, declared_for
from mirror.bounds.intervals import exactly, midrad
from mirror.bounds.roundings import Noise, Roundings

ANY = Roundings.of(JAX_FLOAT32)
TREE = Roundings.of(JAX_FLOAT32, SumOrder.TREE)
UNIT = 2.0**-24


def tree_sum(a: np.ndarray) -> np.ndarray:
    """Pairs, pairs of pairs and so on, along the last axis, in float32."""
    while a.shape[-1] > 1:
        even = a[..., : a.shape[-1] // 2 * 2]
        a = np.concatenate([even[..., ::2] + even[..., 1::2], a[..., even.shape[-1] :]], axis=-1)
    return a[..., 0]


def in_turn(a: np.ndarray) -> np.ndarray:
    total = a[..., 0]
    for k in range(1, a.shape[-1]):
        total = total + a[..., k]
    return total


def terms(draw: np.random.Generator, *shape: int) -> np.ndarray:
    return (draw.standard_normal(shape) * 2.0 ** draw.integers(-20, 5, shape)).astype(np.float32)


@pytest.mark.parametrize("k", [1, 2, 7, 33])
def test_no_order_of_a_sum_is_further_off(k: int) -> None:
    draw = np.random.default_rng(k)
    a = terms(draw, 2000, k)
    exact, wide = a.astype(np.float64).sum(axis=-1), exactly(a)
    for order in (np.arange(k), draw.permutation(k), np.argsort(abs(a[0]))):
        assert (abs(in_turn(a[:, order]) - exact) <= ANY.summed(wide, -1).bound * (1 + 1e-9)).all()
    assert (abs(tree_sum(a) - exact) <= TREE.summed(wide, -1).bound * (1 + 1e-9)).all()


@pytest.mark.parametrize("k", [1, 3, 32])
def test_no_order_of_a_product_of_matrices_is_further_off(k: int) -> None:
    draw = np.random.default_rng(k)
    a, b = terms(draw, 40, k), terms(draw, k, 30)
    products = a[:, None, :] * b.T[None]
    exact = a.astype(np.float64) @ b.astype(np.float64)
    for found, roundings in ((in_turn(products), ANY), (tree_sum(products), TREE)):
        assert (abs(found - exact) <= roundings.product(exactly(a), exactly(b)).bound * (1 + 1e-9)).all()


def test_each_term_of_a_sum_and_of_a_product_counts() -> None:
    # Ones and thirds: no term is small, none is a power of two.
    third = exactly(np.full((1, 9), np.float32(1) / np.float32(3)))
    total, products = float(third.mid.sum()), float((third.mid**2).sum())
    # Two are rounded eight times, then seven, and so on.
    deep = (8 + sum(range(1, 9))) / 9
    assert ANY.summed(third, -1).bound == pytest.approx(deep * UNIT * total, rel=1e-5)
    assert TREE.summed(third, -1).bound == pytest.approx(4 * UNIT * total, rel=1e-5)
    assert ANY.product(third, third.swapaxes(0, 1)).bound == pytest.approx((deep + 1) * UNIT * products, rel=1e-5)
    assert TREE.product(third, third.swapaxes(0, 1)).bound == pytest.approx(5 * UNIT * products, rel=1e-5)
    assert ANY.product(third, third.swapaxes(0, 1)).spread == pytest.approx(3 * UNIT * products, rel=1e-5)


def test_what_is_masked_is_no_term() -> None:
    masked = midrad([[1.0, 0.3, 0.0, 0.0]], [[1e-7, 1e-7, 1e-38, 1e-38]])
    ones = exactly(np.full((4, 1), 0.7))
    assert ANY.summed(masked, -1).bound == pytest.approx(UNIT * 1.3, rel=1e-5)
    assert ANY.product(masked, ones).bound == pytest.approx(2 * UNIT * 0.91, rel=1e-5)


def test_sums_that_are_exact_cost_nothing() -> None:
    dyadic = exactly(np.array([[0.5, -1.25, 3.0]]))
    for roundings in (ANY, TREE):
        assert roundings.summed(dyadic, -1).bound == 0
        assert roundings.product(dyadic, dyadic.swapaxes(0, 1)).bound == 0
    # A product with a power of two is exact, its sum is not; with more digits neither is.
    fine = exactly(np.array([[1 + 2.0**-20, 1.0]]))
    assert ANY.product(fine, exactly([[0.5], [1 / 3]])).bound > 1.5 * UNIT
    assert ANY.product(fine, exactly([[0.5], [4.0]])).bound == 0
    assert 0.9 * UNIT < ANY.product(exactly([[0.1, 0.7]]), exactly([[0.5], [4.0]])).bound / 2.85 < 1.1 * UNIT


def test_one_operation_is_off_by_its_units_and_by_underflow() -> None:
    assert ANY.once(np.array(3.0), 2).bound == pytest.approx(6 * UNIT)
    assert ANY.once(np.array(0.0)).bound == float(JAX_FLOAT32.absolute)


def test_what_may_overflow_is_unbounded() -> None:
    huge = exactly(np.array([[3e38, 3e38, -6e38]]))
    assert ANY.summed(huge, -1).bound == np.inf
    assert ANY.once(np.array([3e38, 4e38])).bound.tolist()[1] == np.inf
    assert ANY.product(huge, exactly(np.ones((3, 1)))).bound == np.inf


def test_noises_of_the_same_entries_add() -> None:
    found = Noise(np.array(3.0), np.array(3.0)) + Noise(np.array(4.0), np.array(4.0))
    assert found.bound == pytest.approx(7)
    assert found.spread == pytest.approx(5)


def test_the_order_is_the_declared_one() -> None:
    assert Roundings.computing(declared_for("bfloat16")).bits == 24
    assert Roundings.computing(replace(declared_for("float32"), order=SumOrder.TREE)).order is SumOrder.TREE


def test_the_largest_terms_are_rounded_most_often_and_many_products_by_their_number(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    a = exactly(np.array([[0.1, 0.3, 0.7, 1.1]], dtype=np.float32))
    total = 3 * (0.1 + 0.3 + 0.7 + 1.1)
    assert ANY.summed(a, -1).bound == pytest.approx(UNIT * (3 * 1.1 + 3 * 0.7 + 2 * 0.3 + 0.1), rel=1e-5)
    ones = exactly(np.full((4, 1), 3.0))
    chained = ANY.product(a, ones).bound
    assert chained == pytest.approx(UNIT * (3 * (3 * 1.1 + 3 * 0.7 + 2 * 0.3 + 0.1) + total), rel=1e-5)
    monkeypatch.setattr("mirror.bounds.roundings._MOST", 3)
    assert ANY.product(a, ones).bound == pytest.approx(5 * UNIT * total, rel=1e-5)
    monkeypatch.undo()
    monkeypatch.setattr("mirror.bounds.roundings._AT_ONCE", 1)
    assert ANY.product(exactly(np.tile(a.mid, (3, 1))), ones).bound == pytest.approx(np.full((3, 1), chained))


def test_float64_underflows_too() -> None:
    assert Roundings.of(NUMPY_FLOAT64).absolute >= 2.0**-1074  # half of that is no float64
