"""What every candidate is given: one post-norm decoder block, its context, weights, bias and cotangent."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from mirror.dims import Dims

GAP = -1e9  # the bias of a blocked key; finite, as the theorem wants it
ENTRIES = ("q", "kt", "v", "residual", "gamma1", "beta1", "gamma2", "beta2")


@dataclass(frozen=True, slots=True)
class Size:
    """How many examples, and the dimensions of each."""

    batch: int
    dims: Dims

    def with_seq_len(self, seq_len: int) -> Size:
        """The same with another number of positions."""
        return replace(self, dims=replace(self.dims, seq_len=seq_len))

    @property
    def numbers(self) -> dict[str, int]:
        """Every number of it by name."""
        return {"batch": self.batch, **asdict(self.dims)}

    @property
    def dense_flops(self) -> tuple[int, int]:
        """Operations of the forward pass and of forward and VJP together, no key skipped and nothing recomputed."""
        dims = self.dims
        attention = 4 * dims.num_heads * dims.seq_len**2 * dims.head_dim
        linear = 2 * dims.seq_len * dims.d_model * (dims.num_heads * dims.head_dim + 2 * dims.d_ff)
        return self.batch * (attention + linear), self.batch * (3 * attention + 2 * linear)


# By device: what a CPU core does in milliseconds. An accelerator is measured at the attention alone.
SIZES = {
    "cpu": {
        "small": Size(1, Dims(seq_len=128, d_model=128, num_heads=4, head_dim=32, d_ff=512)),
        "mid": Size(1, Dims(seq_len=512, d_model=512, num_heads=8, head_dim=64, d_ff=2048)),
        "large": Size(1, Dims(seq_len=1024, d_model=768, num_heads=12, head_dim=64, d_ff=3072)),
    },
}
# Small enough for balls.
TINY = Size(1, Dims(seq_len=6, d_model=5, num_heads=2, head_dim=8, d_ff=7))


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
    B, dims = size.batch, size.dims
    H, S, d, D, F = dims.num_heads, dims.seq_len, dims.head_dim, dims.d_model, dims.d_ff

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
