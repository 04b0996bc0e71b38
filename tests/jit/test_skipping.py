"""When dead tiles are skipped, and that skipping them in the fixed order of tiles changes no bit."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flint import fmpq

from mirror.jit import BiasPlan, masked_attention, plan, tiles
from mirror.jit.arrays import QKV
from mirror.jit.formulas import backward_rows
from mirror.jit.numbers import Jitted
from mirror.jit.rule import THRESHOLDS, may_skip

H, N, D = 2, 8, 4
AR = Jitted("float32", "float32")
SCALE = AR.constant(fmpq(3, 4))
DISTANCE = np.subtract.outer(np.arange(N), np.arange(N))


def masked(gap: float) -> np.ndarray:
    """Causal, and nobody attends to the last four keys: all that they get is what a skipped tile would add."""
    return np.where((DISTANCE >= 0) & (np.arange(N) < 4), 0.0, -gap)


def arrays(seed: int, scale: float = 1.0) -> tuple[Any, Any, Any, Any]:
    draw = np.random.default_rng(seed)
    shapes = ((H, N, D), (H, D, N), (H, N, D), (H, N, D))
    return tuple(jnp.asarray(scale * draw.normal(size=s), jnp.float32) for s in shapes)  # type: ignore[return-value]


# ---- the fixed order of tiles


def by_tiles(read: BiasPlan, skip: bool) -> Any:
    strips = tuple(jnp.asarray(s, jnp.float32) for s in read.strips)

    def both(q: Any, kt: Any, v: Any, g: Any) -> Any:
        saved = tiles.forward(AR, read.layout, skip, SCALE, QKV(q, kt, v), strips)
        return saved, tiles.pullback(AR, read.layout, skip, SCALE, QKV(q, kt, v), strips, backward_rows(AR, saved, g))

    return jax.jit(both)


@pytest.mark.unmeasured
@pytest.mark.parametrize(("gap", "same"), [(1e9, True), (1e4, True), (130.0, True), (60.0, False)])
def test_skipping_tiles_changes_no_bit_where_exp_underflows(
    monkeypatch: pytest.MonkeyPatch, gap: float, same: bool
) -> None:
    monkeypatch.setattr(plan, "WORTH_SKIPPING", 50.0)
    read = BiasPlan.of(masked(gap), heads=H, seq_len=N, tile=2)
    skipping, whole = by_tiles(read, True), by_tiles(read, False)
    equal = []
    for seed in range(50):
        found = [jax.tree.leaves(run(*arrays(seed))) for run in (skipping, whole)]
        assert all(np.isfinite(a).all() for a in found[1])
        equal += [np.array_equal(a, b) for a, b in zip(*found, strict=True)]
    assert all(equal) is same


# ---- the rule


def gap_of(read: BiasPlan) -> float:
    assert read.layout.gap is not None
    return read.layout.gap


def decided(q: Any, kt: Any, v: Any, gap: float = 1e4, ar: Jitted = AR, scale: float = 1.0) -> bool:
    read = BiasPlan.of(masked(gap), heads=H, seq_len=N, tile=2)
    return bool(may_skip(ar, gap_of(read), jnp.asarray(scale, q.dtype), q, kt, (v,)))


def test_ordinary_queries_and_keys_may_be_skipped() -> None:
    q, kt, v, _ = arrays(0)
    assert decided(q, kt, v)


@pytest.mark.parametrize("bad", [jnp.nan, jnp.inf, -jnp.inf, 1e38])
@pytest.mark.parametrize("which", [0, 1])
def test_huge_or_lost_queries_and_keys_are_not(bad: float, which: int) -> None:
    given = list(arrays(0)[:3])
    given[which] = given[which].at[0, 1, 2].set(bad)
    assert not decided(*given)


@pytest.mark.parametrize("bad", [jnp.nan, jnp.inf])
def test_values_must_be_finite(bad: float) -> None:
    """0·∞ is NaN: a skipped tile would hide it."""
    q, kt, v, _ = arrays(0)
    assert not decided(q, kt, v.at[0, 7, 0].set(bad))


@pytest.mark.parametrize("bad", [jnp.nan, jnp.inf, -jnp.inf])
def test_what_is_not_finite_is_found_at_any_place(bad: float) -> None:
    """Compiled, and in arrays that are long enough for vectors, a maximum may leave a NaN out."""
    heads, n, dim = 8, 512, 64
    draw = np.random.default_rng(0)
    given = [draw.normal(size=(heads, *s)).astype(np.float32) for s in ((n, dim), (dim, n), (n, dim))]
    read = BiasPlan.of(np.where(np.tril(np.ones((n, n))) > 0, 0.0, -1e9), heads=heads, seq_len=n)
    decide = jax.jit(lambda q, kt, v: may_skip(AR, gap_of(read), SCALE, q, kt, (v,)))
    assert decide(*given)
    for which in range(3):
        for place in draw.integers(0, given[which].size, 8):
            spoilt = list(given)
            spoilt[which] = given[which].copy()
            spoilt[which].flat[place] = bad
            assert not decide(*spoilt)


def test_a_huge_scale_makes_scores_that_are_not() -> None:
    q, kt, v, _ = arrays(0)
    assert decided(q, kt, v, scale=-10.0)
    assert not decided(q, kt, v, scale=-1e4)


def test_the_bound_is_about_all_keys_and_not_the_dead_ones() -> None:
    """With q = 1 the dead key 0 beats the live keys at -1e6 by more than the gap of 1e4."""
    q, v = jnp.ones((H, N, D)), jnp.ones((H, N, D))
    kt = jnp.where(jnp.arange(N) < 4, -1e6, 0.0) * jnp.ones((H, D, N))
    assert not decided(q, kt, v)


def test_tiny_queries_under_a_huge_scale_do_not_slip_through() -> None:
    """The squares of the queries underflow in float32; their scores are 4e8."""
    q, kt = jnp.full((H, N, D), 1e-22, jnp.float32), jnp.full((H, D, N), 1e18, jnp.float32)
    assert jnp.linalg.norm(q[0, 0]) == 0
    assert not decided(q, kt, jnp.ones((H, N, D), jnp.float32), scale=1e12)
    assert decided(q, kt, jnp.ones((H, N, D), jnp.float32))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_exp_is_exactly_0_at_the_threshold(dtype: str) -> None:
    ar = Jitted(dtype, dtype)
    low = jnp.asarray([[-THRESHOLDS[dtype], 0.0, -0.5 * THRESHOLDS[dtype]]], dtype)
    weights = jax.jit(ar.shifted_exp)(low, jnp.zeros((1, 1), dtype))
    assert (weights == 0).tolist() == [[True, False, False]]
    assert np.exp(-np.asarray(THRESHOLDS[dtype], dtype)) == 0  # with denormals too


def test_a_score_above_the_largest_has_weight_1_and_one_that_is_none_has_none() -> None:
    """In the pullback scores are computed once more, and rounded otherwise they may exceed the largest."""
    scores, most = jnp.asarray([[2.0, 1.0, -jnp.inf, jnp.nan]], jnp.float32), jnp.asarray([[1.0]], jnp.float32)
    np.testing.assert_array_equal(jax.jit(AR.shifted_exp)(scores, most), [[1.0, 1.0, 0.0, jnp.nan]])


def test_float64_needs_a_deeper_gap() -> None:
    q, kt, v = (a.astype(jnp.float64) * 0.01 for a in arrays(0)[:3])
    assert not decided(q, kt, v, gap=700.0, ar=Jitted())
    assert decided(q, kt, v, gap=800.0, ar=Jitted())


def test_operands_in_bfloat16_leave_less_room() -> None:
    q, kt, v, _ = arrays(0)
    q, kt = 8 * q, 8 * kt
    largest = jnp.linalg.norm(q, axis=-1).max() * jnp.linalg.norm(kt, axis=-2).max()
    room = float(2 * largest + THRESHOLDS["float32"]) * 1.001  # between the two slacks
    assert decided(q, kt, v, gap=room)
    assert not decided(q, kt, v, gap=room, ar=Jitted("float32", "bfloat16"))


# ---- what a caller sees


def attention(skip: bool, bias: np.ndarray) -> Any:
    read = BiasPlan.of(bias, heads=H, seq_len=N, tile=2)

    def both(q: Any, kt: Any, v: Any, g: Any) -> Any:
        out, pullback = jax.vjp(lambda q, kt, v: masked_attention(q, kt, v, read, 1.0, skip=skip), q, kt, v)
        return out, *pullback(g)

    return jax.jit(both)


SKIPPING, WHOLE = attention(True, masked(1e4)), attention(False, masked(1e4))


def test_where_the_rule_fails_nothing_is_skipped() -> None:
    _, _, v, g = arrays(1)
    q = jnp.ones((H, N, D), jnp.float32)
    kt = jnp.where(jnp.arange(N) < 4, -1e6, 0.0).astype(jnp.float32) * jnp.ones((H, D, N), jnp.float32)
    found, whole = SKIPPING(q, kt, v, g), WHOLE(q, kt, v, g)
    assert all(np.array_equal(a, b) for a, b in zip(found, whole, strict=True))
    # The masked keys win all the weight here; skipping them would have given an average of the first four values.
    np.testing.assert_allclose(found[0][0, 0], v[0, 4:].mean(0), rtol=1e-5)


# ---- one answer for a batch under vmap


def batch(*scales: float) -> tuple[Any, ...]:
    """Examples whose queries, keys and values have these sizes."""
    return tuple(jnp.stack(a) for a in zip(*(arrays(4, scale) for scale in scales), strict=True))


@pytest.mark.parametrize(("scales", "sound"), [((1.0, 1.0, 1.0, 1.0), True), ((1.0, 1e6, 1.0, 1.0), False)])
@pytest.mark.parametrize("axes", [(4,), (2, 2)])
def test_under_vmap_all_examples_may_be_skipped_or_none(
    scales: tuple[float, ...], sound: bool, axes: tuple[int, ...]
) -> None:
    read = BiasPlan.of(masked(1e4), heads=H, seq_len=N, tile=2)
    decide: Any = lambda q, kt, v: may_skip(AR, gap_of(read), SCALE, q, kt, (v,))  # noqa: E731
    given = [a.reshape(*axes, *a.shape[1:]) for a in batch(*scales)[:3]]
    for _ in axes:
        decide = jax.vmap(decide)
    assert np.asarray(decide(*given)).tolist() == np.full(axes, sound).tolist()


def test_under_vmap_the_tiles_that_are_skipped_are_not_computed() -> None:
    # Of a choice that differs among examples JAX makes a selection between two computed results.
    given = [jnp.stack([a, a]) for a in batch(1.0, 1.0)]
    for run, examples in ((jax.vmap(SKIPPING), batch(1.0, 1.0)), (jax.vmap(jax.vmap(SKIPPING)), given)):
        assert str(jax.make_jaxpr(run)(*examples)).count(" cond[") == 2


def test_under_vmap_one_example_that_may_not_be_skipped_is_right_and_so_are_the_others() -> None:
    examples = batch(1.0, 1e6)
    for found, whole in zip(jax.vmap(SKIPPING)(*examples), jax.vmap(WHOLE)(*examples), strict=True):
        np.testing.assert_array_equal(found, whole)


@pytest.mark.parametrize("which", [2, 3])
def test_a_value_or_cotangent_that_is_not_finite_is_not_hidden(which: int) -> None:
    given = list(arrays(2))
    given[which] = given[which].at[0, 7, 0].set(jnp.inf)
    found, whole = SKIPPING(*given), WHOLE(*given)
    assert any(np.isnan(a).any() for a in whole)
    for a, b in zip(found, whole, strict=True):
        np.testing.assert_array_equal(np.isfinite(a), np.isfinite(b))


def test_a_shallow_hole_is_not_skipped_under_the_gap_of_deeper_tiles() -> None:
    """The keys at -300 score 400 more than their neighbours, so they win although other tiles lie at -1e9."""
    hole = np.where(np.arange(N) < 6, 0.0, -1e9) * np.ones((N, N))
    hole[:, 2:4] = -300.0
    read = BiasPlan.of(hole, heads=H, seq_len=N, tile=2)
    q, v = jnp.ones((H, N, D), jnp.float32), arrays(3)[2]
    kt = jnp.where((jnp.arange(N) == 2) | (jnp.arange(N) == 3), 100.0, 0.0).astype(jnp.float32) * jnp.ones((H, D, N))
    found = masked_attention(q, kt.astype(jnp.float32), v, read, 1.0, schedule="tiles")
    np.testing.assert_allclose(found[:, 0], v[:, 2:4].mean(1), rtol=1e-5)
