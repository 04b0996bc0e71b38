"""What the fast path asks of a number system beyond the mirror, in JAX and as certified enclosures.

Softmax subtracts the largest score and LayerNorm is computed in two passes; what floats guarantee
about that (no weight exceeds 1, no normalised entry exceeds √n) is part of each operation, so that an
enclosure stays bounded where a ball evaluation that forgets how its numbers belong together would not.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
from flint import fmpq

from mirror.arithmetic import Arithmetic, Array
from mirror.arithmetic.jax import Jax

# What a core's own cache holds, about: an array that is larger is read from further away.
CACHE_BYTES = 1 << 20


def as_written(a: jax.Array) -> jax.Array:
    """`a`, which the compiler neither rounds otherwise nor rearranges for what it is used for: it stops at this.

    XLA drops optimisation barriers on CPUs; through a choice it does not look. A NaN stays one.
    """
    return jnp.where(jnp.isnan(a), jnp.nan, a)


class Numbers(Arithmetic):
    """An arithmetic with the operations of a stable softmax and of a two-pass LayerNorm."""

    def inner(self, a: Array, b: Array) -> Array:
        """The sums of products of rows, `Σ a·b` (last axis, without it)."""
        return self.sum(a * b, -1)

    def mean(self, a: Array) -> Array:
        """The means of rows (last axis, kept with length 1)."""
        return self.sum(a, -1)[..., None] * self.constant(fmpq(1, a.shape[-1]))

    def weighted(self, a: Array, weights: Array) -> Array:
        """The sums `Σ a·w` of rows weighted alike (last axis, kept with length 1); `w` is (D,) or (.., 1, D)."""
        return self.sum(a * weights, -1)[..., None]

    def tanh_again(self, a: Array) -> Array:
        """`tanh(a)`, which was computed before and is not kept."""
        return self.tanh(a)

    @abstractmethod
    def largest(self, a: Array) -> Array:
        """The largest entry of each row (last axis, kept with length 1)."""

    @abstractmethod
    def decayed(self, a: Array, most: Array) -> Array:
        """`exp(min(a - most, 0))`, entrywise: between 0 and 1, also where `a` was computed once more."""

    @abstractmethod
    def normaliser(self, e: Array) -> Array:
        """`1 / Σe` of each row (last axis, kept) of numbers from 0 to 1 one of which is 1."""

    @abstractmethod
    def normalise(self, dev: Array, eps: fmpq) -> tuple[Array, Array, Array]:
        """The rows `dev / √(Σdev²/n + ε)`, the inverse roots and the spreads `Σdev²/n + ε` (last axis kept).

        Lean's total functions: the inverse root is 0 where the spread is not positive.
        """

    @abstractmethod
    def keep_examples(self, value: Array, spread: Array, axes: int) -> Array:
        """`value`, and 0 for each example with a spread of 0; an example is the last `axes` axes of `value`."""


@dataclass(frozen=True)
class Jitted(Jax, Numbers):
    """JAX in one dtype; products of matrices take their operands in `operand` and give `dtype`."""

    operand: str = "float64"

    def matmul(self, a: Array, b: Array) -> Array:
        a, b = a.astype(self.operand), b.astype(self.operand)
        exact = jax.lax.Precision.HIGHEST if self.operand == self.dtype else None
        product = jnp.matmul(a, b, precision=exact, preferred_element_type=jnp.dtype(self.dtype))
        # A sum of one product is a bare multiplication, which the compiler fuses unrounded into one use and rounded
        # into another: then no score equals their largest, and huge ones have a normaliser of 1/0.
        return as_written(product) if a.shape[-1] == 1 else product

    def inner(self, a: Array, b: Array) -> Array:
        # As a contraction: XLA's CPU reduction of a fused product takes ten times as long.
        return jnp.einsum("...nm,...nm->...n", a, b, precision=jax.lax.Precision.HIGHEST)

    def mean(self, a: Array) -> Array:
        # As a contraction too: with a reduction XLA's CPU library takes in all that comes before `a - mean`, GELU as
        # well, every constant of it as an array of its own.
        return self.weighted(a, jnp.ones(a.shape[-1], a.dtype)) * self.constant(fmpq(1, a.shape[-1]))

    def weighted(self, a: Array, weights: Array) -> Array:
        one = weights if weights.ndim == 1 else jnp.squeeze(weights, -2)
        return jnp.einsum("...nm,...m->...n", a, one, precision=jax.lax.Precision.HIGHEST)[..., None]

    def tanh_again(self, a: Array) -> Array:
        # The compiler would keep what it computed before, and reading that takes longer than computing it, once it is
        # more than a cache holds. It does not see that tanh is odd, which it is in floats too: no bit changes.
        return jnp.tanh(a) if a.nbytes <= CACHE_BYTES else -jnp.tanh(-a)

    def largest(self, a: Array) -> Array:
        return jnp.max(a, axis=-1, keepdims=True)

    def decayed(self, a: Array, most: Array) -> Array:
        # No minimum: that of a NaN and 0 is 0 in XLA's CPU library, and a lost query would come out as a number.
        above = a - most
        return jnp.exp(jnp.where(above > 0, 0, above))

    def normaliser(self, e: Array) -> Array:
        return self.over(jnp.sum(e, axis=-1, keepdims=True))

    def over(self, total: Array) -> Array:
        """One over the sum of a row's exponentials, which is at least 1 however the compiler fuses what is summed."""
        return 1 / jnp.maximum(total, 1)

    def normalise(self, dev: Array, eps: fmpq) -> tuple[Array, Array, Array]:
        mean_square = self.inner(dev, dev)[..., None] * self.constant(fmpq(1, dev.shape[-1]))
        spread = mean_square + self.constant(eps)
        root = self.inverse(self.sqrt(spread))
        return dev * root, root, spread

    def keep_examples(self, value: Array, spread: Array, axes: int) -> Array:
        kept = jnp.all(spread != 0, axis=(-2, -1))
        return jnp.where(kept.reshape(kept.shape + (1,) * axes), value, 0)


def numbers_for(dtype: Any, platform: str | None = None) -> Jitted:
    """How arrays of a dtype are computed with: bfloat16 in float32, on accelerators with bfloat16 matrix operands."""
    name = jnp.dtype(dtype).name
    compute = "float32" if name == "bfloat16" else name
    on_cpu = (platform or jax.default_backend()) == "cpu"
    return Jitted(compute, compute if on_cpu else name)
