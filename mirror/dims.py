"""The five dimensions of a decoder block, by name alone."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Dims:
    """Lean's five implicit dimensions: n, D, H, d and F; any of them may be 0.

    Given by keyword, because no two texts have them in the same order.
    """

    seq_len: int
    d_model: int
    num_heads: int
    head_dim: int
    d_ff: int
