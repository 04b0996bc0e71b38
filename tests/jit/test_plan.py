"""The reading of a mask: kinds of tiles, panels, what is kept of the values, and what is refused."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from mirror.jit import BiasPlan, masked_attention
from mirror.jit.arrays import lowest
from mirror.jit.plan import Band, Panel, Tile, relative_to_row_max

N = 8
DISTANCE = np.subtract.outer(np.arange(N), np.arange(N))
CAUSAL = np.where(DISTANCE >= 0, 0.0, -1e9)
WINDOW = np.where((DISTANCE >= 0) & (DISTANCE < 3), 0.0, -1e4)
BLOCKS = np.where(np.equal.outer(np.arange(N) // 4, np.arange(N) // 4), 0.0, -1e4)
DEAD, CONSTANT, DENSE = Tile


def plan(bias: Any, tile: int = 2, heads: int = 3) -> BiasPlan:
    return BiasPlan.of(bias, heads=heads, seq_len=N, tile=tile)


def added(plan: BiasPlan, panel: Panel) -> np.ndarray:
    """What a panel's terms add, (heads or 1, rows, keys), before any is cut to the panel's span."""
    strips = [s for s in plan.strips if s.shape[0] > 1]
    out = np.zeros((strips[0].shape[0] if strips else 1, panel.stop - panel.start, N))
    for term in panel.terms:
        out[..., term.low : term.high] = term.value if term.strip is None else plan.strips[term.strip]
    return out


def test_a_causal_mask_keeps_one_tile() -> None:
    causal = plan(CAUSAL)
    assert causal.family == "causal"
    assert [s.shape for s in causal.strips] == [(1, 2, 2)]
    assert causal.layout.gap == 1e9
    assert [(p.low, p.high) for p in causal.layout.live] == [(0, 2), (0, 4), (0, 6), (0, 8)]
    assert causal.layout.kinds[1] == (CONSTANT, DENSE, DEAD, DEAD)


def test_a_window_has_live_keys_on_both_sides_of_which_nothing_is_computed() -> None:
    assert [(p.low, p.high) for p in plan(WINDOW).layout.live] == [(0, 2), (0, 4), (2, 6), (4, 8)]


def test_a_last_tile_may_be_shorter() -> None:
    causal = plan(CAUSAL, tile=3)
    assert [(p.start, p.stop, p.low, p.high) for p in causal.layout.live] == [(0, 3, 0, 3), (3, 6, 0, 6), (6, 8, 0, 8)]


@pytest.mark.parametrize(
    ("bias", "family"),
    [
        (None, "no mask"),
        (-7.0, "no mask"),
        (CAUSAL, "causal"),
        (WINDOW, "sliding window"),
        (BLOCKS, "block diagonal"),
        (np.where(DISTANCE <= 0, 0.0, -1e9), "masked"),
        (np.where(np.arange(N) < 5, 0.0, -1e9), "masked"),
        (np.where(np.arange(3)[:, None, None] == 1, CAUSAL, WINDOW), "dense"),
        (np.where(np.arange(3)[:, None, None] == 1, CAUSAL, 0.0), "masked"),
        (np.where(DISTANCE >= 0, -0.5 * DISTANCE, -1e9), "dense"),
    ],
)
def test_the_family_is_read_off_the_values(bias: Any, family: str) -> None:
    assert plan(bias).family == family


@pytest.mark.parametrize("bias", [CAUSAL, WINDOW, BLOCKS, np.where(DISTANCE > 3, -50.0, 0.25 * DISTANCE), None])
@pytest.mark.parametrize("tile", [1, 2, 3, 8, 100])
def test_the_whole_panels_add_the_whole_mask(bias: Any, tile: int) -> None:
    read = plan(bias, tile)
    rows = [added(read, panel) for panel in read.layout.whole]
    np.testing.assert_array_equal(np.concatenate(rows, axis=1)[0], relative_to_row_max(bias, 3, N)[0])


def test_heads_that_differ_keep_strips_of_their_own() -> None:
    bias = np.random.default_rng(0).normal(size=(3, N, N))
    read = plan(bias)
    assert {s.shape[0] for s in read.strips} == {3}
    rows = [added(read, panel) for panel in read.layout.whole]
    np.testing.assert_array_equal(np.concatenate(rows, axis=1), relative_to_row_max(bias, 3, N))


def test_a_row_is_taken_relative_to_its_largest_entry() -> None:
    """A fully blocked row masks nothing: softmax does not see what is added to a whole row."""
    blocked = np.where(np.arange(N)[:, None] == 2, -1e9, 0.0) * np.ones((N, N))
    assert plan(blocked).family == "no mask"


def test_the_shallowest_dead_tile_decides_the_gap() -> None:
    """Also one between live tiles, which the panels compute and the fixed order of tiles skips."""
    hole = np.zeros((N, N))
    hole[:, 6:] = -1e9
    assert plan(hole).layout.gap == 1e9
    hole[:, 2:4] = -300.0
    assert plan(hole).layout.gap == 300.0


def test_a_shallow_tile_is_never_dead() -> None:
    assert plan(np.where(DISTANCE >= 0, 0.0, -100.0)).layout.gap is None


DEEPEST = float(np.finfo(np.float64).min)


@pytest.mark.parametrize("gap", [-1e39, DEEPEST])
def test_a_gap_beyond_float32_is_a_deep_one_that_float32_has(gap: float) -> None:
    made = plan(np.where(DISTANCE >= 0, 0.0, gap))
    assert made.in_format("float64").layout is made.layout
    there, low = made.in_format("float32"), lowest("float32")
    assert (there.layout.gap, there.layout.band) == (-low, Band(N, -low))
    assert {t.value for p in (*there.layout.whole, *there.layout.live) for t in p.terms} <= {low, 0.0}
    moved = jax.device_put(made).in_format("float32")
    assert [(float(s.min()), s.dtype) for s in there.strips] == [(low, np.float32)]
    assert [float(s.min()) for s in moved.strips] == [low]


def test_a_row_from_the_least_number_to_the_largest_has_a_finite_gap() -> None:
    made = plan(np.where(DISTANCE >= 0, -DEEPEST, DEEPEST))
    assert made.layout.gap == -lowest("float64")
    assert made.family == "causal"


def test_a_blocked_key_has_no_weight_however_far_it_is_below() -> None:
    open_, (q, kt, v) = DISTANCE % 3 != 1, np.random.default_rng(0).standard_normal((3, 1, 4, 4)).astype(np.float32)
    masks = [np.where(open_[:4, :4], 0.0, gap) for gap in (-1e9, -1e39, DEEPEST)]
    found = [masked_attention(q, kt, v, BiasPlan.of(m, heads=1, seq_len=4), 1.0) for m in masks]
    np.testing.assert_array_equal(found[1:], found[:1] * 2)


@pytest.mark.parametrize(
    ("bias", "error", "message"),
    [
        (np.full((N, N), -np.inf), ValueError, "the mask holds NaN or an infinity, expected finite numbers"),
        (np.full((N, N), np.nan), ValueError, "the mask holds NaN or an infinity"),
        (np.zeros((5, N)), ValueError, r"the mask has shape \(5, 8\), which cannot broadcast to .* \(3, 8, 8\)"),
        (np.zeros((2, N, N)), ValueError, r"the mask has shape \(2, 8, 8\), which cannot broadcast"),
        (np.zeros((1, 1, N, N)), ValueError, "cannot broadcast"),
        (DISTANCE >= 0, TypeError, "the mask holds bool, expected real numbers"),
        (np.zeros((N, N), complex), TypeError, "the mask holds complex128"),
        (np.array([["a"]]), TypeError, "the mask holds <U1|the mask holds str"),
    ],
)
def test_a_mask_that_is_none_is_refused(bias: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        plan(bias)


def test_a_traced_mask_is_refused() -> None:
    with pytest.raises(TypeError, match=r"the mask is traced, expected its values: make the plan outside jax\.jit"):
        jax.jit(plan)(CAUSAL)
    assert jax.jit(lambda made: made.family == "causal")(plan(CAUSAL))


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.int32, jnp.bfloat16])
def test_a_mask_may_have_any_real_dtype(dtype: Any) -> None:
    assert plan(jnp.asarray(CAUSAL / 1e6, dtype) * 10).family == "causal"


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        ({"heads": 0, "seq_len": N}, "heads is 0, expected a whole number of at least 1"),
        ({"heads": 2, "seq_len": 0}, "seq_len is 0"),
        ({"heads": True, "seq_len": N}, "heads is True"),
        ({"heads": 2, "seq_len": 2.5}, "seq_len is 2.5"),
        ({"heads": 2, "seq_len": N, "tile": -1}, "tile is -1"),
        ({"heads": 2, "seq_len": N, "tile": 0}, "tile is 0"),
        ({"heads": 2, "seq_len": N, "tile": False}, "tile is False"),
    ],
)
def test_sizes_that_are_none_are_refused(sizes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        BiasPlan.of(None, **sizes)
