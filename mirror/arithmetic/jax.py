"""JAX arrays: the arithmetic of the code that a user runs, traceable and jittable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from flint import fmpq

from mirror.arithmetic.base import Arithmetic, Array, Scalar
from mirror.arithmetic.floating import nearest_float


@dataclass(frozen=True)
class Jax(Arithmetic):
    """jax.numpy in one floating dtype, with Lean's total functions.

    Raises `ValueError` for float64 while JAX's 64-bit mode is off, because JAX would silently
    compute in float32.
    """

    dtype: str = "float64"
    name = "jax"

    def __post_init__(self) -> None:
        if self.dtype == "float64" and not jax.config.jax_enable_x64:  # type: ignore[attr-defined]
            raise ValueError(
                "the jax arithmetic in float64 needs 64-bit mode: "
                "call jax.config.update('jax_enable_x64', True) first, or use dtype='float32'"
            )

    def embed(self, rationals: np.ndarray) -> Array:
        flat = [nearest_float(q) for q in rationals.reshape(-1)]
        return jnp.array(flat, dtype=self.dtype).reshape(rationals.shape)

    def constant(self, value: fmpq) -> Scalar:
        return jnp.asarray(nearest_float(value), dtype=self.dtype)

    def zeros(self, shape: int | tuple[int, ...]) -> Array:
        return jnp.zeros(shape, dtype=self.dtype)

    def concat(self, parts: Sequence[Array]) -> Array:
        return jnp.concatenate(parts)

    def sum(self, a: Array, axis: int) -> Array:
        return jnp.sum(a, axis=axis)

    def matmul(self, a: Array, b: Array) -> Array:
        return jnp.matmul(a, b, precision=jax.lax.Precision.HIGHEST)

    def exp(self, a: Array) -> Array:
        return jnp.exp(a)

    def tanh(self, a: Array) -> Array:
        return jnp.tanh(a)

    def sqrt(self, a: Array) -> Array:
        return jnp.sqrt(jnp.maximum(a, 0))

    def positive_part(self, a: Array) -> Array:
        return jnp.maximum(a, 0)

    def inverse(self, a: Array) -> Array:
        # Divide by 1 where the entry is 0, so that no infinity is ever formed.
        return jnp.where(a == 0, 0, 1 / jnp.where(a == 0, 1, a))

    @property
    def pi(self) -> Scalar:
        return jnp.asarray(np.pi, dtype=self.dtype)

    @property
    def root_of_two_over_pi(self) -> Scalar:
        return jnp.asarray(np.sqrt(2 / np.pi), dtype=self.dtype)

    def keep_if_nonzero(self, value: Array, witnesses: Array) -> Array:
        return jnp.where(jnp.all(witnesses != 0), value, jnp.zeros_like(value))
