"""A mask family has the biases that its name says, head by head, query by query, key by key."""

from __future__ import annotations

import numpy as np
import pytest
from flint import fmpq

from theorems.engine.strategies.masks import MASKS, mask
from theorems.engine.strategies.values import Fill

FAR = -(10**4)
QUARTER, HALF = fmpq(1, 4), fmpq(1, 2)


def causal(gap: int) -> np.ndarray:
    return np.triu(np.full((5, 5), -gap, dtype=object), 1)


# Of five positions, query by query.
BIASES = {
    "none": np.zeros((5, 5), int),
    **{f"causal, gap -{gap}": causal(int(float(gap))) for gap in ("1", "1e4", "1e9")},
    "causal, gap -1e30": causal(10**30),
    "sliding window": [
        [0, FAR, FAR, FAR, FAR],
        [0, 0, FAR, FAR, FAR],
        [FAR, 0, 0, FAR, FAR],
        [FAR, FAR, 0, 0, FAR],
        [FAR, FAR, FAR, 0, 0],
    ],
    "block": [
        [0, 0, FAR, FAR, FAR],
        [0, 0, FAR, FAR, FAR],
        [FAR, FAR, 0, 0, FAR],
        [FAR, FAR, 0, 0, FAR],
        [FAR, FAR, FAR, FAR, 0],
    ],
    "fully blocked row": [[0] * 5] * 4 + [[-(10**9)] * 5],
}
ALIBI = [[FAR if j > i else j - i for j in range(5)] for i in range(5)]


def bias(family: str) -> np.ndarray:
    return mask(family, Fill("integers", 1), 5, 2).bias.reshape(2, 5, 5)


@pytest.mark.parametrize("family", BIASES)
def test_every_head_has_the_biases_of_its_family(family: str) -> None:
    assert [head.tolist() for head in bias(family)] == [np.array(BIASES[family], dtype=object).tolist()] * 2


def test_the_slope_of_each_head_is_half_the_last_ones() -> None:
    for slope, head in zip((HALF, QUARTER), bias("ALiBi-like"), strict=True):
        assert head.tolist() == [[FAR if v == FAR else v * slope for v in row] for row in ALIBI]


def test_random_biases_have_no_pattern() -> None:
    first, second = bias("random")
    assert (first != second).any()
    assert (first != first.T).any()
    assert len(set(first.reshape(-1).tolist())) > 3


def test_every_family_is_held() -> None:
    assert {*BIASES, "ALiBi-like", "random"} == {*MASKS}
