"""The masks that are tried, by name: those of the jitted block's own tests, and more that people's models have.

A mask is (H, n, n), finite, and 0 where a query sees a key. Every query sees a key, but for the rows that are blocked
on purpose. With −∞ for its gap a mask is a family of its own, for kernels that are said to take it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from theorems.engine.strategies import jitted
from theorems.engine.strategies.jitted import MaskFamily

BLOCKED_ROWS = "fully blocked rows"
# What is this far below the largest of its row weighs nothing beside ordinary logits; beside any logits that are tried.
GAP, WIDE_GAP = -1e4, -1e9
NARROW = ("causal, gap -1e4", "sliding window", "blocks", "ALiBi-like")


def _masked(open_: np.ndarray, heads: int) -> np.ndarray:
    """0 where it is open, (n, n) or (H, n, n), else the wide gap."""
    return np.broadcast_to(np.where(open_, 0.0, WIDE_GAP), (heads, *open_.shape[-2:]))


def _causal(n: int) -> np.ndarray:
    return np.tri(n, dtype=bool)


def _key_padding(draw: np.random.Generator, heads: int, n: int) -> np.ndarray:
    """The last keys, up to a third of them, are padding."""
    kept = n - draw.integers(min(1, n - 1), max(n // 3, 1), endpoint=True) if n > 1 else n
    return _masked(np.broadcast_to(np.arange(n) < kept, (n, n)), heads)


def _per_head(draw: np.random.Generator, heads: int, n: int) -> np.ndarray:
    """Each head sees half of the keys of its own, and each query itself."""
    return _masked((draw.random((heads, n, n)) < 0.5) | np.eye(n, dtype=bool), heads)


def _causal_window(draw: np.random.Generator, heads: int, n: int) -> np.ndarray:
    """The last keys, a third of all, and none that comes later."""
    return _masked(_causal(n) & ~np.tri(n, k=-max(n // 3, 2), dtype=bool), heads)


def _prefix(draw: np.random.Generator, heads: int, n: int) -> np.ndarray:
    """All see the first third, else nothing that comes later."""
    return _masked(_causal(n) | (np.arange(n) < n // 3), heads)


def _documents(draw: np.random.Generator, heads: int, n: int) -> np.ndarray:
    """Documents of uneven length, each causal in itself."""
    of = np.cumsum(draw.random(n) < min(0.25, 8 / n))
    return _masked(_causal(n) & np.equal.outer(of, of), heads)


FINITE: dict[str, MaskFamily] = {
    **jitted.MASKS,
    "key padding": _key_padding,
    "per head": _per_head,
    "causal window": _causal_window,
    "prefix-LM": _prefix,
    "documents": _documents,
}
# The same masks with −∞ for the gap, beside the finite ones.
_INFINITE = ("causal, gap -1e9", "key padding", "documents", BLOCKED_ROWS)
INFINITE = {f"{name.removesuffix(', gap -1e9')}, -inf": name for name in _INFINITE}
NAMES = (*FINITE, *INFINITE)


def is_infinite(name: str) -> bool:
    """Whether a mask of this name has −∞."""
    return name in INFINITE


def blocks_rows(name: str) -> bool:
    """Whether rows of a mask of this name are blocked throughout."""
    return INFINITE.get(name, name) == BLOCKED_ROWS


def family(name: str) -> MaskFamily:
    """The finite mask of a name; of one with −∞ the one with the wide gap, which weighs as little."""
    return FINITE[INFINITE.get(name, name)]


def with_minus_infinity(bias: Any) -> np.ndarray:
    """A mask with −∞ where it is at least as low as its gaps."""
    return np.where(np.asarray(bias).astype(np.float64) <= GAP, -np.inf, bias).astype(bias.dtype)


def blocked(bias: Any) -> np.ndarray:
    """The queries, (H, n), that see no key: of those the mask is the gap throughout."""
    return np.asarray(bias).astype(np.float64).max(axis=-1) <= GAP
