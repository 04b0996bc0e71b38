"""The certified enclosure of the jitted block, operation by operation: what it holds, and what it must not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flint import arb, fmpq

from mirror.arithmetic import precision
from mirror.arithmetic.rounded import JAX_BFLOAT16, JAX_FLOAT32, Backend, RoundedArray
from mirror.jit import BlockContext, BlockParameters
from mirror.jit.enclosed import enclosed_attention, enclosed_core, exact_relative_to_row_max
from mirror.jit.enclosing import ENCLOSING, Enclosing
from mirror.jit.numbers import Jitted

SINGLE = ENCLOSING["float32"]
JITTED = {"float32": Jitted("float32", "float32"), "float64": Jitted("float64", "float64")}
EVERY_FORMAT = pytest.mark.parametrize("dtype", JITTED)


def holds(a: RoundedArray, values: Any) -> bool:
    """Whether every float lies in its enclosure."""
    flat = np.asarray(values).astype(np.float64).reshape(-1).tolist()
    return all(arb(b).contains(arb(v)) for b, v in zip(a.balls.reshape(-1), flat, strict=True))


def balls(*entries: Any, ar: Enclosing = SINGLE) -> RoundedArray:
    """A row of given enclosures."""
    return RoundedArray(ar, np.array([entries], dtype=object))


def sized(dtype: str, shape: tuple[int, ...], seed: int, widest: int = 30) -> np.ndarray:
    """Numbers of mixed sign and magnitude."""
    draw = np.random.default_rng(seed)
    return (draw.standard_normal(shape) * 2.0 ** draw.integers(-widest, widest, shape)).astype(dtype)


@EVERY_FORMAT
def test_scores_become_weights_as_the_floats_do(dtype: str) -> None:
    ar, jitted = ENCLOSING[dtype], JITTED[dtype]
    for seed in range(20):
        scores = sized(dtype, (3, 5), seed, widest=4)
        a = ar.floats(scores)
        row_max, e = (
            jitted.row_max(jnp.asarray(scores)),
            jitted.shifted_exp(jnp.asarray(scores), scores.max(-1, keepdims=True)),
        )
        assert holds(ar.row_max(a), row_max)
        assert ar.row_max(a).shape == (3, 1)
        shifted = ar.shifted_exp(a, ar.row_max(a))
        assert holds(shifted, e)
        assert holds(ar.inv_normaliser(shifted), jitted.inv_normaliser(e))


def test_a_weight_is_never_above_1_and_a_normaliser_neither() -> None:
    # The scores are known to within 100: without the facts, a weight could be e^100 and a normaliser e^300.
    scores = balls(arb(0, 100), arb(-3, 100), arb(50, 100))
    shifted = SINGLE.shifted_exp(scores, SINGLE.row_max(scores))
    assert all(b.abs_upper() < 1.001 for b in shifted.balls.reshape(-1))
    assert SINGLE.inv_normaliser(shifted).balls.item().abs_upper() < 1.001
    assert SINGLE.inv_normaliser(shifted).balls.item().abs_lower() > 0.333


@EVERY_FORMAT
def test_exp_of_no_positive_number_is_above_1(dtype: str) -> None:
    """What `Enclosing.shifted_exp` takes for granted: near 0, at 0 and at every scale."""
    near = -np.arange(0, 2**20).astype(dtype) * np.finfo(dtype).eps / 4
    scales = -np.exp(np.linspace(-80, 7, 2**20)).astype(dtype)
    values = jax.jit(jnp.exp)(np.concatenate([near, scales, np.zeros(1, dtype)]))
    assert float(values.max()) == float(values[-1]) == 1.0
    assert float(values.min()) >= 0


@EVERY_FORMAT
@pytest.mark.parametrize("eps", [fmpq(1, 1000), fmpq(0), fmpq(1, 10**60), fmpq(-1, 2)], ids=str)
def test_normalised_rows_are_held(dtype: str, eps: fmpq) -> None:
    ar, jitted = ENCLOSING[dtype], JITTED[dtype]
    for seed in range(20):
        centred = sized(dtype, (4, 3), seed, widest=2)
        centred[0] = 0
        centred[1] = 1e-30  # its squares underflow in float32
        found = ar.normalise(ar.floats(centred), eps)
        for enclosed, computed in zip(found, jitted.normalise(jnp.asarray(centred), eps), strict=True):
            assert holds(enclosed, computed)


def test_an_entry_of_a_normalised_row_is_at_most_the_root_of_its_length() -> None:
    rows, rstd, var_eps = SINGLE.normalise(balls(arb(0, 1e-3), arb(0, 1e-3), arb(0, 1e-3)), fmpq(0))
    assert all(b.abs_upper() < 3.47 for b in rows.balls.reshape(-1))
    assert arb(2) ** 63 <= rstd.balls.item().abs_upper() < arb(2) ** 63 * fmpq(1001, 1000)
    assert var_eps.balls.item().upper() >= 0
    # Below 0 anything may be close to 0.
    rows, _, _ = SINGLE.normalise(balls(arb(1, 1e-3), arb(-1, 1e-3)), fmpq(-1))
    assert rows.balls[0, 0].abs_upper() > 1000


@pytest.mark.parametrize("n", [1, 2, 3, 7, 64])
def test_floats_keep_to_the_length_of_a_normalised_row(n: int) -> None:
    """What `Enclosing.normalise` takes for granted, at every magnitude and for single large entries."""
    draw = np.random.default_rng(n)
    centred = (draw.standard_normal((20000, n)) * 2.0 ** draw.integers(-70, 60, (20000, 1))).astype(np.float32)
    centred[::2, 1:] *= np.float32(1e-4)
    rows, _, _ = JITTED["float32"].normalise(jnp.asarray(centred), fmpq(0))
    bound = float(SINGLE._normalised_bound(n))
    assert 0.7 < float(jnp.abs(rows).max()) / n**0.5 <= 1.0001
    assert float(jnp.abs(rows).max()) < bound < 2.001 * n**0.5


def test_examples_are_kept_where_no_variance_plus_eps_is_0() -> None:
    value, tiny = balls(fmpq(1), fmpq(2)), fmpq(2) ** -130
    for each, kept in (
        ((fmpq(1), fmpq(-3)), (1, 1)),
        ((fmpq(1), fmpq(0)), (0, 1)),
        ((arb(0, 1), fmpq(0)), (0, 1)),
        ((arb(0, 1), fmpq(1)), (0, 1)),
        ((tiny, fmpq(1)), (0, 1)),
    ):
        var_eps = balls(*each).reshape(1, 2, 1)
        found = SINGLE.where_differentiable(value, var_eps, 1).balls[0, 0]
        certain = fmpq(0) in each
        assert holds(RoundedArray(SINGLE, np.array(found)), 0.0) == (kept[0] == 0)
        assert holds(RoundedArray(SINGLE, np.array(found)), 1.0) == (not certain)
    one = balls(fmpq(1)).reshape(1, 1, 1)
    assert SINGLE.where_differentiable(one, one, 2).shape == (1, 1, 1)


def test_what_is_unbounded_stays_unbounded() -> None:
    nothing = arb("nan")
    row = balls(nothing, fmpq(0))
    assert not SINGLE.row_max(row).balls.item().is_finite()
    assert not any(b.is_finite() for b in SINGLE.shifted_exp(row, row).balls.reshape(-1)[:1])
    assert not SINGLE.inv_normaliser(row).balls.item().is_finite()
    for found in SINGLE.normalise(row, fmpq(1)):
        assert not arb(found.balls.reshape(-1)[0]).is_finite()
    for found in SINGLE.normalise(row, fmpq(-1)):
        assert not arb(found.balls.reshape(-1)[0]).is_finite()


def test_inputs_that_may_be_flushed_are_enclosed_with_0() -> None:
    least = 2.0**-126
    a = SINGLE.floats(np.array([[1.5, 0.0, least, least / 4]], np.float32))
    assert [b.is_exact() for b in a.balls[0]] == [True, True, True, False]
    assert holds(a, [1.5, 0, least, 0])
    assert holds(a, [1.5, 0, least, least / 4])


def test_a_product_with_1_is_exact() -> None:
    third = arb(1) / 3
    assert SINGLE.multiply(third, arb(1)).rad() == third.rad()
    assert SINGLE.multiply(arb(1), third).rad() == third.rad()
    assert SINGLE.multiply(third, arb(2)).rad() > third.rad() * 2


def test_what_is_stored_in_bfloat16_is_rounded_once_more() -> None:
    values = np.random.default_rng(0).standard_normal((1, 50)).astype(np.float32)
    for dtype, held in (("bfloat16", True), ("float32", False)):
        ar = ENCLOSING[dtype]
        assert holds(ar.store(ar.floats(values)), values.astype(jnp.bfloat16)) is held
    assert ENCLOSING["bfloat16"].store(balls(fmpq(0))).balls.item() == 0


def test_operands_of_an_accelerator_are_rounded_first() -> None:
    draw = np.random.default_rng(1)
    a, b = (draw.standard_normal(shape).astype(np.float32) for shape in ((4, 6), (6, 3)))
    rounded = [x.astype(jnp.bfloat16).astype(np.float32) for x in (a, b)]
    product = rounded[0] @ rounded[1]
    accelerated = replace(SINGLE, operand=JAX_BFLOAT16)
    assert holds(accelerated.matmul(accelerated.floats(a), accelerated.floats(b)), product)
    assert holds(accelerated.matmul(accelerated.floats(a), accelerated.floats(b)), a @ b)
    assert not holds(SINGLE.matmul(SINGLE.floats(a), SINGLE.floats(b)), product)
    assert holds(SINGLE.matmul(SINGLE.floats(a), SINGLE.floats(b)), a @ b)


def test_wide_balls_have_a_tanh() -> None:
    found = SINGLE.tanh(balls(arb(1, 50), arb(0.25, 1e-9)))
    assert holds(found, [-1.0, np.tanh(0.25)])
    assert holds(found, [1.0, np.tanh(0.25)])
    assert found.balls[0, 0].abs_upper() < 1.0001


@pytest.mark.parametrize("bits", [26, 30])
def test_too_small_a_unit_leaves_honest_weights_outside(bits: int) -> None:
    careless: Backend = replace(JAX_FLOAT32, bits=bits, exp=fmpq(1, 100))
    outside = 0
    for seed in range(20):
        scores = sized("float32", (3, 5), seed, widest=4)
        e = JITTED["float32"].shifted_exp(jnp.asarray(scores), scores.max(-1, keepdims=True))
        a = Enclosing(careless).floats(scores)
        outside += not holds(Enclosing(careless).shifted_exp(a, Enclosing(careless).row_max(a)), e)
    assert outside > 0


def test_a_mask_is_taken_relative_to_its_rows() -> None:
    assert not exact_relative_to_row_max(None, 2, 3).any()
    found = exact_relative_to_row_max(np.array([[-1e9, -1e9 + 0.5], [0.1, 0.3]]), 1, 2)
    assert found[0, 0].tolist() == [fmpq(-1, 2), fmpq(0)]
    exact = fmpq(*(0.1).as_integer_ratio()) - fmpq(*(0.3).as_integer_ratio())
    assert found[0, 1].tolist() == [exact, fmpq(0)]


def test_a_norm_shared_by_the_batch_is_refused() -> None:
    def ones(*shape: int) -> np.ndarray:
        return np.ones(shape, np.float32)

    context = BlockContext(
        ones(2, 1, 1, 1), ones(2, 1, 1, 1), ones(2, 1, 1, 1), ones(2, 1, 1), *(ones(1) for _ in "1234")
    )
    p = BlockParameters(ones(1, 1), ones(1), ones(1, 1), ones(1), ones(1, 1), ones(1), 1.0, 1.0, 1.0)
    with pytest.raises(ValueError, match=r"a γ or β has shape \(1,\), expected one for each example: \(2, 'D'\)"):
        enclosed_core(SINGLE, context, p, None, ones(2, 1, 1))
    with pytest.raises(ValueError, match=r"kt has shape \(2, 1, 1\), expected"):
        enclosed_attention(SINGLE, ones(1, 2, 1), ones(2, 1, 1), ones(1, 2, 1), None, 1.0, ones(1, 2, 1))


def test_attention_alone_is_the_softmax_of_its_scores() -> None:
    q, kt, v = (
        np.array(x, np.float32).reshape(s) for x, s in (([1, 2], (1, 2, 1)), ([3, -1], (1, 1, 2)), ([5, 7], (1, 2, 1)))
    )
    with precision(100):
        out, cotangents = enclosed_attention(SINGLE, q, kt, v, None, 0.5, np.ones((1, 2, 1), np.float32))
    weight = 1 / (1 + np.exp(-0.5 * (3 + 1)))
    assert abs(float(out.balls[0, 0, 0].mid()) - (5 * weight + 7 * (1 - weight))) < 1e-5
    assert [c.shape for c in cotangents] == [(1, 2, 1), (1, 1, 2), (1, 2, 1)]
