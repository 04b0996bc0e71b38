"""What the fast path asks of a number system beyond the mirror, in JAX and as certified enclosures.

Softmax subtracts the row max and LayerNorm is computed in two passes; what floats guarantee about that (no shifted
exponential exceeds 1, no normalised entry exceeds √n) is part of each operation, so that an enclosure stays bounded
where a ball evaluation that forgets how its numbers belong together would not.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, NamedTuple

import jax
import jax.numpy as jnp
from flint import fmpq

from mirror.arithmetic import Arithmetic
from mirror.arithmetic.jax import Jax
from mirror.jit import device
from mirror.jit.arrays import A, aligned

if TYPE_CHECKING:
    from jax.typing import DTypeLike
    from jaxtyping import Float, Shaped

# What a core's own cache holds, about: an array that is larger is read from further away.
CACHE_BYTES = 1 << 20


def barrier(a: Float[jax.Array, "..."]) -> Float[jax.Array, "..."]:
    """`a`, which the compiler neither rounds otherwise nor rearranges for what it is used for: it stops at this.

    XLA drops optimisation barriers on CPUs; through a choice it does not look. A NaN stays one, and none is made, at
    which JAX's NaN checker would stop.
    """
    return jnp.where(jnp.isnan(a), -a, a)


class Normed(NamedTuple, Generic[A]):
    """A LayerNorm's normalised rows, their rstd (1/√(var + ε)) and their variance plus ε."""

    normalised: Shaped[A, "*N D"]
    rstd: Shaped[A, "*N 1"]
    var_eps: Shaped[A, "*N 1"]


class Numbers(Arithmetic, Generic[A]):
    """An arithmetic with the operations of a stable softmax and of a two-pass LayerNorm."""

    def inner(self, a: Shaped[A, "*N m"], b: Shaped[A, "*N m"]) -> Shaped[A, "*N"]:
        """The sums of products of rows, `Σ a·b`."""
        return self.sum(a * b, -1)

    def mean(self, a: Shaped[A, "*N m"]) -> Shaped[A, "*N 1"]:
        """The means of rows."""
        return self.sum(a, -1)[..., None] * self.constant(fmpq(1, a.shape[-1]))

    def weighted(self, a: Shaped[A, "*N m"], weights: Shaped[A, "*#N m"]) -> Shaped[A, "*N 1"]:
        """The sums `Σ a·w` of rows weighted alike; `w` is (m,) or (.., 1, m)."""
        return self.sum(a * aligned(weights, a), -1)[..., None]

    def tanh_recomputed(self, a: Shaped[A, "..."]) -> Shaped[A, "..."]:
        """`tanh(a)`, which was computed before and is not kept."""
        return self.tanh(a)

    @abstractmethod
    def row_max(self, scores: Shaped[A, "*N t"]) -> Shaped[A, "*N 1"]:
        """The largest entry of each row."""

    @abstractmethod
    def shifted_exp(self, scores: Shaped[A, "*N t"], row_max: Shaped[A, "*N 1"]) -> Shaped[A, "*N t"]:
        """`exp(min(scores - row_max, 0))`, entrywise: from 0 to 1, also where the scores were computed once more."""

    @abstractmethod
    def inv_normaliser(self, shifted: Shaped[A, "*N t"]) -> Shaped[A, "*N 1"]:
        """One over the sum of each row of shifted exponentials, one of which is 1."""

    @abstractmethod
    def normalise(self, centred: Shaped[A, "*N D"], eps: fmpq) -> Normed[A]:
        """Centred rows over `√(Σ centred²/D + ε)`.

        Lean's total functions: rstd is 0 where the variance plus ε is not positive.
        """

    @abstractmethod
    def where_differentiable(
        self, value: Shaped[A, "..."], var_eps: Shaped[A, "*B n 1"], axes: int
    ) -> Shaped[A, "..."]:
        """`value`, and 0 for each example where a variance plus ε is 0; an example is the last `axes` axes of it."""


@dataclass(frozen=True)
class Jitted(Jax, Numbers[jax.Array]):
    """JAX in one dtype; products of matrices take their operands in `operand` and give `dtype`.

    `cache_bytes` is what a CPU's core has a cache for; None on an accelerator, where everything is computed at once and
    a sum is a sum.
    """

    operand: str = "float64"
    cache_bytes: int | None = CACHE_BYTES

    def matmul(self, a: Float[jax.Array, "*B s d"], b: Float[jax.Array, "*#B d t"]) -> Float[jax.Array, "*B s t"]:
        a, b = a.astype(self.operand), b.astype(self.operand)
        exact = jax.lax.Precision.HIGHEST if self.operand == self.dtype else None
        product = jnp.matmul(a, b, precision=exact, preferred_element_type=jnp.dtype(self.dtype))
        # A sum of one product is a bare multiplication, which the compiler fuses unrounded into one use and rounded
        # into another: then no score equals their largest, and huge ones have a normaliser of 1/0.
        return barrier(product) if a.shape[-1] == 1 else product

    def inner(self, a: Float[jax.Array, "*N m"], b: Float[jax.Array, "*N m"]) -> Float[jax.Array, "*N"]:
        if self.cache_bytes is None:
            return super().inner(a, b)
        # As a contraction: XLA's CPU reduction of a fused product takes ten times as long.
        return jnp.einsum("...nm,...nm->...n", a, b, precision=jax.lax.Precision.HIGHEST)

    def mean(self, a: Float[jax.Array, "*N m"]) -> Float[jax.Array, "*N 1"]:
        if self.cache_bytes is None:
            return super().mean(a)
        # As a contraction too: with a reduction XLA's CPU library takes in all that comes before `a - mean`, GELU as
        # well, every constant of it as an array of its own.
        return self.weighted(a, jnp.ones(a.shape[-1], a.dtype)) * self.constant(fmpq(1, a.shape[-1]))

    def weighted(self, a: Float[jax.Array, "*N m"], weights: Float[jax.Array, "*#N m"]) -> Float[jax.Array, "*N 1"]:
        if self.cache_bytes is None:
            return super().weighted(a, weights)
        one = weights if weights.ndim == 1 else jnp.squeeze(weights, -2)
        return jnp.einsum("...nm,...m->...n", a, one, precision=jax.lax.Precision.HIGHEST)[..., None]

    def tanh_recomputed(self, a: Float[jax.Array, "..."]) -> Float[jax.Array, "..."]:
        # The compiler would keep what it computed before, and reading that takes longer than computing it, once it is
        # more than a cache holds. It does not see that tanh is odd, which it is in floats too: no bit changes.
        # Of an array whose size is open nobody knows: then it is computed.
        fits = isinstance(a.size, int) and a.nbytes <= (self.cache_bytes or 0)
        return jnp.tanh(a) if fits else -jnp.tanh(-a)

    def row_max(self, scores: Float[jax.Array, "*N t"]) -> Float[jax.Array, "*N 1"]:
        return jnp.max(scores, axis=-1, keepdims=True)

    def shifted_exp(
        self, scores: Float[jax.Array, "*N t"], row_max: Float[jax.Array, "*N 1"]
    ) -> Float[jax.Array, "*N t"]:
        # No minimum: that of a NaN and 0 is 0 in XLA's CPU library, and a lost query would come out as a number.
        shifted = scores - row_max
        return jnp.exp(jnp.where(shifted > 0, 0, shifted))

    def inv_normaliser(self, shifted: Float[jax.Array, "*N t"]) -> Float[jax.Array, "*N 1"]:
        return self.over_normaliser(jnp.sum(shifted, axis=-1, keepdims=True))

    def over_normaliser(self, normaliser: Float[jax.Array, "*N 1"]) -> Float[jax.Array, "*N 1"]:
        """One over the normaliser, which is at least 1 however the compiler fuses what is summed."""
        return 1 / jnp.maximum(normaliser, 1)

    def normalise(self, centred: Float[jax.Array, "*N D"], eps: fmpq) -> Normed[jax.Array]:
        variance = self.inner(centred, centred)[..., None] * self.constant(fmpq(1, centred.shape[-1]))
        var_eps = variance + self.constant(eps)
        rstd = self.inverse(self.sqrt(var_eps))
        return Normed(centred * rstd, rstd, var_eps)

    def where_differentiable(
        self, value: Float[jax.Array, "..."], var_eps: Float[jax.Array, "*B n 1"], axes: int
    ) -> Float[jax.Array, "..."]:
        differentiable = jnp.all(var_eps != 0, axis=(-2, -1))
        return jnp.where(differentiable.reshape(differentiable.shape + (1,) * axes), value, 0)


def computing_dtype(dtype: DTypeLike) -> str:
    """In what arrays of a dtype are computed with: bfloat16 in float32."""
    name = jnp.dtype(dtype).name
    return "float32" if name == "bfloat16" else name


def numbers_for(dtype: DTypeLike, platform: str | None = None) -> Jitted:
    """How arrays of a dtype are computed with: bfloat16 on accelerators with bfloat16 matrix operands."""
    name, compute = jnp.dtype(dtype).name, computing_dtype(dtype)
    if (platform or device.here().platform) == "cpu":
        return Jitted(compute, compute, CACHE_BYTES)
    return Jitted(compute, name, cache_bytes=None)
