"""Masks by name: finite additive biases of shape (H, n, n), exact."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from flint import fmpq
from hypothesis import strategies as st

from mirror.arithmetic import rational_vector
from theorems.engine.strategies.values import Fill

# The bias of head h between query i and key j, of n positions.
MaskRule = Callable[[Fill, int, int, int, int], fmpq]


def _causal(gap: int) -> MaskRule:
    return lambda fill, n, h, i, j: fmpq(0 if j <= i else gap)


def _blocked_row(fill: Fill, n: int, h: int, i: int, j: int) -> fmpq:
    return fmpq(-(10**9) if i == n - 1 else 0)


# From the plainest on: Hypothesis shrinks towards the front.
MASKS: dict[str, MaskRule] = {
    "none": lambda fill, n, h, i, j: fmpq(0),
    "causal, gap -1": _causal(-1),
    "causal, gap -1e4": _causal(-(10**4)),
    "causal, gap -1e9": _causal(-(10**9)),
    "causal, gap -1e30": _causal(-(10**30)),
    "sliding window": lambda fill, n, h, i, j: fmpq(0 if 0 <= i - j < 2 else -(10**4)),
    "block": lambda fill, n, h, i, j: fmpq(0 if i // 2 == j // 2 else -(10**4)),
    "ALiBi-like": lambda fill, n, h, i, j: fmpq(j - i, 2 ** (h + 1)) if j <= i else fmpq(-(10**4)),
    "fully blocked row": _blocked_row,
    "random": lambda fill, n, h, i, j: fill.number(),
}


@dataclass(frozen=True, slots=True, eq=False)
class Mask:
    """A named mask family and the bias that was drawn from it, H·n·n entries, row-major."""

    family: str
    bias: np.ndarray


def mask(family: str, fill: Fill, n: int, num_heads: int) -> Mask:
    """The mask of that family."""
    rule = MASKS[family]
    places = [(h, i, j) for h in range(num_heads) for i in range(n) for j in range(n)]
    return Mask(family, rational_vector([rule(fill, n, *place) for place in places]))


@cache
def mask_families() -> st.SearchStrategy[str]:
    """The name of a mask family."""
    return st.sampled_from(list(MASKS))
