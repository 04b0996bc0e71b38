"""What every candidate is given: one post-norm decoder block, its context, weights, bias and cotangent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

GAP = -1e9  # the bias of a blocked key; finite, as the theorem wants it
ENTRIES = ("q", "kt", "v", "residual", "gamma1", "beta1", "gamma2", "beta2")


@dataclass(frozen=True, slots=True)
class Size:
    """Batch, heads, positions, head dimension, model dimension and hidden dimension."""

    batch: int
    heads: int
    seq_len: int
    head_dim: int
    d_model: int
    d_ff: int

    def with_seq_len(self, seq_len: int) -> Size:
        """The same with another number of positions."""
        return replace(self, seq_len=seq_len)

    @property
    def dense_flops(self) -> tuple[int, int]:
        """Operations of the forward pass and of forward and VJP together, no key skipped and nothing recomputed."""
        attention = 4 * self.heads * self.seq_len**2 * self.head_dim
        linear = 2 * self.seq_len * self.d_model * (self.heads * self.head_dim + 2 * self.d_ff)
        return self.batch * (attention + linear), self.batch * (3 * attention + 2 * linear)


# By device: what a CPU core does in milliseconds, and what fills an accelerator.
SIZES = {
    "cpu": {
        "small": Size(1, 4, 128, 32, 128, 512),
        "mid": Size(1, 8, 512, 64, 512, 2048),
        "large": Size(1, 12, 1024, 64, 768, 3072),
    },
    "gpu": {
        "small": Size(4, 16, 2048, 128, 2048, 8192),
        "mid": Size(2, 16, 4096, 128, 2048, 8192),
        "large": Size(1, 16, 8192, 128, 2048, 8192),
    },
}
# Small enough for balls.
TINY = Size(1, 2, 6, 8, 5, 7)


@dataclass(frozen=True, slots=True)
class Weights:
    """The fixed arguments: merge (H·d, D), fc1 (D, F), fc2 (F, D), their biases, the scale of the scores, ε."""

    merge: np.ndarray
    merge_bias: np.ndarray
    fc1: np.ndarray
    b1: np.ndarray
    fc2: np.ndarray
    b2: np.ndarray
    scale: float
    eps: float


@dataclass(frozen=True, slots=True)
class Problem:
    """One instance: context in the order of `ENTRIES`, weights, bias (H, S, S), cotangent (B, S, D).

    q and v are (B, H, S, d), kt is (B, H, d, S), the residual stream (B, S, D), γ and β (D,), all in one format,
    float32 to begin with. A candidate must not write to them. `causal` says that the bias is the causal mask, for
    peers that want to be told.
    """

    size: Size
    context: tuple[np.ndarray, ...]
    weights: Weights
    bias: np.ndarray
    cotangent: np.ndarray
    causal: bool = True

    def astype(self, dtype: Any) -> Problem:
        """The same problem rounded to another format."""
        w = self.weights
        weights = Weights(*(a.astype(dtype) for a in self.arrays), scale=w.scale, eps=w.eps)
        context = tuple(a.astype(dtype) for a in self.context)
        bias, cotangent = self.bias.astype(dtype), self.cotangent.astype(dtype)
        return Problem(self.size, context, weights, bias, cotangent, self.causal)

    @property
    def arrays(self) -> tuple[np.ndarray, ...]:
        """The six arrays among the weights, in their order."""
        w = self.weights
        return (w.merge, w.merge_bias, w.fc1, w.b1, w.fc2, w.b2)


def causal_bias(heads: int, seq_len: int, gap: float = GAP) -> np.ndarray:
    """The additive mask (H, S, S) of a causal block: `gap` above the diagonal, 0 elsewhere."""
    above = np.triu(np.full((seq_len, seq_len), gap, np.float32), 1)
    return np.ascontiguousarray(np.broadcast_to(above, (heads, seq_len, seq_len)))


def dense_bias(heads: int, seq_len: int, seed: int = 0) -> np.ndarray:
    """A bias (H, S, S) that leaves every key alive and no two entries alike: ALiBi's slopes, with noise."""
    slopes = np.float32(2) ** (-8 * np.arange(1, heads + 1, dtype=np.float32) / heads)
    positions = np.arange(seq_len, dtype=np.float32)
    distance = np.abs(positions[:, None] - positions)
    noise = np.random.default_rng(seed).standard_normal((heads, seq_len, seq_len), np.float32)
    return noise - slopes[:, None, None] * distance


def problem(size: Size, seed: int = 0, *, causal: bool = True) -> Problem:
    """Random normal data in float32, never zeros, weights scaled by the root of their fan-in."""
    rng = np.random.default_rng(seed)
    B, H, S, d, D, F = size.batch, size.heads, size.seq_len, size.head_dim, size.d_model, size.d_ff

    def normal(*shape: int, fan_in: int = 1) -> np.ndarray:
        return rng.standard_normal(shape, np.float32) / np.float32(fan_in**0.5)

    context = (
        normal(B, H, S, d),
        normal(B, H, d, S),
        normal(B, H, S, d),
        normal(B, S, D),
        *(normal(D) for _ in "1234"),
    )
    weights = Weights(
        merge=normal(H * d, D, fan_in=H * d),
        merge_bias=normal(D),
        fc1=normal(D, F, fan_in=D),
        b1=normal(F),
        fc2=normal(F, D, fan_in=F),
        b2=normal(D),
        scale=d**-0.5,
        eps=1e-5,
    )
    bias = causal_bias(H, S) if causal else dense_bias(H, S, seed)
    return Problem(size, context, weights, bias, normal(B, S, D), causal)
