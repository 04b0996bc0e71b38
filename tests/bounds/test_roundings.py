"""The bounds of single operations, against float32 in many orders and against exact cases."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mirror.arithmetic.rounded import JAX_FLOAT32, NUMPY_FLOAT64
from mirror.bounds.declared import SumOrder, declared_for
from mirror.bounds.intervals import MidRadArray, exactly, midrad
from mirror.bounds.midrad import MidRad
from mirror.bounds.roundings import Accumulation, Noise, Roundings

ANY = Roundings.of(JAX_FLOAT32)
TREE = Roundings.of(JAX_FLOAT32, SumOrder.TREE)
UNIT = 2.0**-24
REAL = MidRad()


def tree_sum(a: np.ndarray) -> np.ndarray:
    """Pairs, pairs of pairs and so on, along the last axis, in float32."""
    while a.shape[-1] > 1:
        even = a[..., : a.shape[-1] // 2 * 2]
        a = np.concatenate([even[..., ::2] + even[..., 1::2], a[..., even.shape[-1] :]], axis=-1)
    return a[..., 0]


def summed(roundings: Roundings, a: MidRadArray) -> Noise:
    return roundings.summed(a, -1, REAL.sum(a, -1).magnitude)


def multiplied(roundings: Roundings, a: MidRadArray, b: MidRadArray) -> Noise:
    return roundings.product(a, b, REAL.matmul(a, b).magnitude)


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
        assert (abs(in_turn(a[:, order]) - exact) <= summed(ANY, wide).bound * (1 + 1e-9)).all()
    assert (abs(tree_sum(a) - exact) <= summed(TREE, wide).bound * (1 + 1e-9)).all()


@pytest.mark.parametrize("k", [1, 3, 32])
def test_no_order_of_a_product_of_matrices_is_further_off(k: int) -> None:
    draw = np.random.default_rng(k)
    a, b = terms(draw, 40, k), terms(draw, k, 30)
    products = a[:, None, :] * b.T[None]
    exact = a.astype(np.float64) @ b.astype(np.float64)
    for found, roundings in ((in_turn(products), ANY), (tree_sum(products), TREE)):
        assert (abs(found - exact) <= multiplied(roundings, exactly(a), exactly(b)).bound * (1 + 1e-9)).all()


def chain(partial: np.ndarray) -> float:
    """What the additions of a chain arrive at, from its partial sums."""
    return float(abs(partial[1:]).sum())


def test_no_addition_arrives_at_more_than_all_terms_of_a_sign() -> None:
    # Equal terms of both signs: a chain of the positive ones and then the others arrives at what the bound says.
    a = exactly(np.repeat([1 / 3, -1 / 3], 16)[None].astype(np.float32))
    upwards_first = UNIT * chain(np.cumsum(a.mid[0]))
    bound = summed(ANY, a).bound.item()
    assert upwards_first <= bound <= 2 * upwards_first
    # From 2 to 16 thirds one after the other, 16 thirds at 15 additions more, and nothing at the last one.
    assert bound == pytest.approx(UNIT / 3 * (sum(range(2, 17)) + 15 * 16), rel=1e-4)


def test_the_last_addition_arrives_at_the_sum() -> None:
    a = exactly(np.array([[1 / 3, -1 / 3, 1 / 3]], dtype=np.float32))
    assert summed(ANY, a).bound.item() == pytest.approx(UNIT * (2 / 3 + 1 / 3), rel=1e-5)
    assert summed(TREE, a).bound.item() == pytest.approx(UNIT * (1 + 1 / 3), rel=1e-5)


@pytest.mark.parametrize("k", [1, 2, 5, 64])
def test_sums_that_begin_with_a_large_number_are_further_off(k: int) -> None:
    draw = np.random.default_rng(k)
    left, right = (abs(draw.standard_normal(shape)).astype(np.float32) for shape in ((6, k), (k, 6)))
    start, products = np.float32(1000.1), left[:, None, :] * right.T[None]
    found = np.broadcast_to(start, (6, 6))
    for j in range(k):
        found = found + products[..., j]
    a, b = exactly(left), exactly(right)
    reached, noise = REAL.matmul(a, b).magnitude, multiplied(ANY, a, b)
    last = UNIT * (1000.1 + reached)
    sums, size = Accumulation.of(a, b, reached, noise), np.full((6, 6), 1000.1)
    bound = noise.bound + ANY.carried(sums, size).bound + last
    off = abs(found - (left.astype(np.float64) @ right + float(start)))
    assert (off <= bound).all()
    # Roundings of a large number by the number of terms: without them no bound holds.
    assert k < 64 or (off > noise.bound + last).any()
    # What was taken in is among the terms for what comes next.
    both = sums.beside(size)
    assert (both.additions == sums.additions + 1).all()
    assert (ANY.carried(both, size).bound > UNIT * 1000 * k).all()
    assert (ANY.carried(sums, np.zeros((6, 6))).bound == 0).all()
    assert (TREE.carried(sums, size).bound == 0).all()


def test_each_term_of_a_sum_and_of_a_product_counts() -> None:
    # Ones and thirds: no term is small, none is a power of two.
    third = exactly(np.full((1, 9), np.float32(1) / np.float32(3)))
    total, products = float(third.mid.sum()), float((third.mid**2).sum())
    # Two are rounded eight times, then seven, and so on.
    deep = (8 + sum(range(1, 9))) / 9
    assert summed(ANY, third).bound == pytest.approx(deep * UNIT * total, rel=1e-5)
    assert summed(TREE, third).bound == pytest.approx(4 * UNIT * total, rel=1e-5)
    assert multiplied(ANY, third, third.swapaxes(0, 1)).bound == pytest.approx((deep + 1) * UNIT * products, rel=1e-5)
    assert multiplied(TREE, third, third.swapaxes(0, 1)).bound == pytest.approx(5 * UNIT * products, rel=1e-5)
    assert multiplied(ANY, third, third.swapaxes(0, 1)).spread == pytest.approx(3 * UNIT * products, rel=1e-5)


def test_what_is_masked_is_no_term() -> None:
    masked = midrad([[1.0, 0.3, 0.0, 0.0]], [[1e-7, 1e-7, 1e-38, 1e-38]])
    ones = exactly(np.full((4, 1), 0.7))
    assert summed(ANY, masked).bound == pytest.approx(UNIT * 1.3, rel=1e-5)
    assert multiplied(ANY, masked, ones).bound == pytest.approx(2 * UNIT * 0.91, rel=1e-5)


def test_sums_that_are_exact_cost_nothing() -> None:
    dyadic = exactly(np.array([[0.5, -1.25, 3.0]]))
    for roundings in (ANY, TREE):
        assert summed(roundings, dyadic).bound == 0
        assert multiplied(roundings, dyadic, dyadic.swapaxes(0, 1)).bound == 0
    # A product with a power of two is exact, its sum is not; with more digits neither is.
    fine = exactly(np.array([[1 + 2.0**-20, 1.0]]))
    assert multiplied(ANY, fine, exactly([[0.5], [1 / 3]])).bound > 1.5 * UNIT
    assert multiplied(ANY, fine, exactly([[0.5], [4.0]])).bound == 0
    assert 0.9 * UNIT < multiplied(ANY, exactly([[0.1, 0.7]]), exactly([[0.5], [4.0]])).bound / 2.85 < 1.1 * UNIT


def test_one_operation_is_off_by_its_units_and_by_underflow() -> None:
    assert ANY.once(np.array(3.0), 2).bound == pytest.approx(6 * UNIT)
    assert ANY.once(np.array(0.0)).bound == float(JAX_FLOAT32.absolute)


def test_what_may_overflow_is_unbounded() -> None:
    huge = exactly(np.array([[3e38, 3e38, -6e38]]))
    assert summed(ANY, huge).bound == np.inf
    assert ANY.once(np.array([3e38, 4e38])).bound.tolist()[1] == np.inf
    assert multiplied(ANY, huge, exactly(np.ones((3, 1)))).bound == np.inf


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
    assert summed(ANY, a).bound == pytest.approx(UNIT * (3 * 1.1 + 3 * 0.7 + 2 * 0.3 + 0.1), rel=1e-5)
    ones = exactly(np.full((4, 1), 3.0))
    chained = multiplied(ANY, a, ones).bound
    assert chained == pytest.approx(UNIT * (3 * (3 * 1.1 + 3 * 0.7 + 2 * 0.3 + 0.1) + total), rel=1e-5)
    monkeypatch.setattr("mirror.bounds.roundings._MOST", 3)
    assert multiplied(ANY, a, ones).bound == pytest.approx(4 * UNIT * total, rel=1e-5)
    monkeypatch.undo()
    monkeypatch.setattr("mirror.bounds.roundings._AT_ONCE", 1)
    assert multiplied(ANY, exactly(np.tile(a.mid, (3, 1))), ones).bound == pytest.approx(np.full((3, 1), chained))


def test_float64_underflows_too() -> None:
    assert Roundings.of(NUMPY_FLOAT64).absolute >= 2.0**-1074  # half of that is no float64
