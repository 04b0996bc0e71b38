"""What the masks that are tried let each query see."""

from __future__ import annotations

import numpy as np
import pytest

from theorems.tools.conformance.masks import (
    BLOCKED_ROWS,
    FINITE,
    INFINITE,
    NARROW,
    blocked,
    family,
    with_minus_infinity,
)

CAUSAL = np.tri(12, dtype=bool)


def mask(name: str, heads: int = 2, n: int = 12, seed: int = 0) -> np.ndarray:
    return family(name)(np.random.default_rng(seed), heads, n)


def seen(name: str, seed: int = 0) -> np.ndarray:
    return mask(name, seed=seed) > -1e4


@pytest.mark.parametrize("name", FINITE)
@pytest.mark.parametrize("n", [1, 2, 3, 33])
def test_a_mask_has_one_shape_is_finite_and_lets_each_query_see_something(name: str, n: int) -> None:
    for seed in range(5):
        found = mask(name, 3, n, seed)
        assert found.shape == (3, n, n)
        assert np.isfinite(found).all()
        rows = blocked(found)
        assert rows.shape == (3, n)
        assert rows.any(axis=1).all() if name == BLOCKED_ROWS else not rows.any()


def test_key_padding_is_the_last_keys_for_all_queries() -> None:
    kept = {int(seen("key padding", seed)[0, 0].sum()) for seed in range(20)}
    assert kept == {8, 9, 10, 11}
    assert all(
        (seen("key padding", s)[:, :, k] == (k < seen("key padding", s)[0, 0].sum())).all() for s, k in ((0, 9),)
    )


def test_each_head_sees_keys_of_its_own_and_itself() -> None:
    first, second = seen("per head")
    assert (first != second).any()
    assert first.diagonal().all()
    assert second.diagonal().all()


def test_a_causal_window_is_a_third_of_the_keys_and_a_prefix_is_seen_by_all() -> None:
    assert (seen("causal window")[0] == (CAUSAL & ~np.tri(12, k=-4, dtype=bool))).all()
    assert (seen("prefix-LM")[0] == (CAUSAL | (np.arange(12) < 4))).all()


def test_documents_are_causal_and_do_not_see_each_other() -> None:
    found = [seen("documents", seed)[0] for seed in range(10)]
    assert all(not (open_ & ~CAUSAL).any() for open_ in found)
    starts = [open_.argmax(axis=1) for open_ in found]
    assert all((np.diff(s) >= 0).all() for s in starts)
    assert {len(set(s.tolist())) for s in starts} >= {3, 4}
    assert all(open_[k, s[k] : k + 1].all() for open_, s in zip(found, starts, strict=True) for k in range(12))


@pytest.mark.parametrize("name", INFINITE)
def test_a_mask_with_infinities_sees_what_the_finite_one_sees(name: str) -> None:
    finite = mask(INFINITE[name]).astype("float32")
    found = with_minus_infinity(finite)
    assert found.dtype == finite.dtype
    assert (np.isneginf(found) == (finite < -1e8)).all()
    assert (found[~np.isneginf(found)] == finite[~np.isneginf(found)]).all()
    assert np.isneginf(found).any()


def test_which_gaps_huge_logits_exceed() -> None:
    assert {name for name in FINITE if mask(name).min() == -1e4} == set(NARROW)
