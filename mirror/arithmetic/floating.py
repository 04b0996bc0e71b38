"""float64 through numpy: fast, and a second opinion that proves nothing by itself."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from flint import fmpq

from mirror.arithmetic.base import Arithmetic, Array, Scalar


def nearest_float(value: fmpq) -> float:
    """The float64 nearest to a rational (Python's integer division rounds correctly)."""
    return int(value.numer()) / int(value.denom())


class Float64(Arithmetic):
    """IEEE double precision in numpy arrays, with Lean's total functions."""

    name = "float64"

    def embed(self, rationals: np.ndarray) -> Array:
        flat = [nearest_float(q) for q in rationals.reshape(-1)]
        return np.array(flat, dtype=np.float64).reshape(rationals.shape)

    def constant(self, value: fmpq) -> Scalar:
        return nearest_float(value)

    def zeros(self, shape: int | tuple[int, ...]) -> Array:
        return np.zeros(shape)

    def concat(self, parts: Sequence[Array]) -> Array:
        return np.concatenate(parts)

    def sum(self, a: Array, axis: int) -> Array:
        return np.sum(a, axis=axis)

    def matmul(self, a: Array, b: Array) -> Array:
        return np.matmul(a, b)

    def exp(self, a: Array) -> Array:
        return np.exp(a)

    def tanh(self, a: Array) -> Array:
        return np.tanh(a)

    def sqrt(self, a: Array) -> Array:
        return np.sqrt(np.maximum(a, 0.0))

    def positive_part(self, a: Array) -> Array:
        return np.maximum(a, 0.0)

    def inverse(self, a: Array) -> Array:
        return np.divide(1.0, a, out=np.zeros_like(a), where=a != 0)

    @property
    def pi(self) -> Scalar:
        return np.pi

    @property
    def root_of_two_over_pi(self) -> Scalar:
        return np.sqrt(2 / np.pi)

    def keep_if_nonzero(self, value: Array, witnesses: Array) -> Array:
        return value if np.all(witnesses != 0) else np.zeros_like(value)


FLOAT64 = Float64()
