"""One head of the masked attention and its pullback in float64, with the sums of absolute terms."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from mirror.bounds.rescaled import rescalings

if TYPE_CHECKING:
    from jaxtyping import Bool, Float, Int


@dataclass(frozen=True)
class AttentionHead:
    """The inputs of one head, exact in float64, and what a pullback computes of them.

    `bias` is the mask relative to each row's largest entry.
    """

    q: Float[np.ndarray, "n d"]
    k: Float[np.ndarray, "n d"]
    v: Float[np.ndarray, "n d"]
    bias: Float[np.ndarray, "n n"]
    scale: float
    g: Float[np.ndarray, "n d"]

    @cached_property
    def products(self) -> Float[np.ndarray, "n n"]:
        """The scaled scores without the mask."""
        return self.scale * (self.q @ self.k.T)

    @cached_property
    def scores(self) -> Float[np.ndarray, "n n"]:
        """The scores relative to the mask's row maxima; -inf under a mask of -inf."""
        return self.products + self.bias

    @cached_property
    def open(self) -> Bool[np.ndarray, "n n"]:
        """Where the mask is not -inf."""
        return np.isfinite(self.bias)

    @cached_property
    def gap(self) -> Float[np.ndarray, "n n"]:
        """How far each score is below the largest of its row; 0 under a mask of -inf."""
        return np.where(self.open, self.scores.max(-1, keepdims=True) - self.scores, 0.0)

    @cached_property
    def exponentials(self) -> Float[np.ndarray, "n n"]:
        """Of the shifted scores."""
        return np.where(self.open, np.exp(-self.gap), 0.0)

    @cached_property
    def normaliser(self) -> Float[np.ndarray, "n 1"]:
        """The sums of the exponentials."""
        return self.exponentials.sum(-1, keepdims=True)

    @cached_property
    def weights(self) -> Float[np.ndarray, "n n"]:
        """Softmax's weights."""
        return self.exponentials / self.normaliser

    @cached_property
    def y(self) -> Float[np.ndarray, "n d"]:
        """The head's output."""
        return self.weights @ self.v

    @cached_property
    def d_weights(self) -> Float[np.ndarray, "n n"]:
        """The cotangents of the weights."""
        return self.g @ self.v.T

    @cached_property
    def delta(self) -> Float[np.ndarray, "n 1"]:
        """The weighted means of the weights' cotangents."""
        return (self.weights * self.d_weights).sum(-1, keepdims=True)

    @cached_property
    def slopes(self) -> Float[np.ndarray, "n n"]:
        """The weights' cotangents less their weighted means: the cotangents of the scores over the weights."""
        return self.d_weights - self.delta

    @cached_property
    def values(self) -> tuple[Float[np.ndarray, "..."], ...]:
        """The output and the cotangents of q, of the transposed keys and of the values."""
        d_scores = self.weights * self.slopes
        return self.y, self.scale * (d_scores @ self.k), self.scale * (self.q.T @ d_scores), self.weights.T @ self.g

    @cached_property
    def mean_key(self) -> Float[np.ndarray, "n d"]:
        """The weighted means of the keys, in size."""
        # What float64 may have lost of a sum that nearly cancels is added.
        return abs(self.weights @ self.k) + 1e-10 * abs(self.k).max(0, initial=0.0)

    @cached_property
    def size_of_products(self) -> Float[np.ndarray, "n n"]:
        """`Σ|q||k|`, without the scale."""
        return abs(self.q) @ abs(self.k).T

    @cached_property
    def size_of_d_weights(self) -> Float[np.ndarray, "n n"]:
        """`Σ|g||v|`."""
        return abs(self.g) @ abs(self.v).T

    @cached_property
    def rescaled(self) -> tuple[Int[np.ndarray, "n n"], ...]:
        """How often an online softmax rescales each key's terms at most, one way or another."""
        # What is further below than this is 0 in any format.
        return rescalings(np.where(self.open & (self.gap < 1000), self.scores, -np.inf))

    @property
    def plain_scale(self) -> bool:
        """Whether scaling rounds nothing, its root on either side included: a power of four."""
        mantissa, exponent = np.frexp(self.scale)
        return bool(mantissa == 0.5 and exponent % 2 == 1)

    @property
    def scaling(self) -> int:
        """How many roundings the scale costs a product: that of its root and a product with it, on either side."""
        return 0 if self.plain_scale else 4
