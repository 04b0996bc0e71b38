"""Linear maps between coordinate spaces, as values that know their adjoint.

Mathlib's `E →L[ℝ] F` and its `.adjoint`. A map is data (`Dense`, `PositionWise`, `Identity`) or is
given by the two functions that apply it and its adjoint (`LinearFunction`).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from flint import fmpq

from mirror.arithmetic import BALL, Arithmetic, Array, rational_vector

VectorFunction = Callable[[Arithmetic, Array], Array]


class LinearMap(ABC):
    """A linear map ℝ^domain → ℝ^codomain with its adjoint for the Euclidean inner products."""

    domain: int
    codomain: int

    @abstractmethod
    def apply(self, ar: Arithmetic, v: Array) -> Array:
        """The image of a vector of length `domain`, of length `codomain`."""

    @abstractmethod
    def apply_adjoint(self, ar: Arithmetic, w: Array) -> Array:
        """The adjoint's image of a vector of length `codomain`, of length `domain`."""

    def __call__(self, ar: Arithmetic, v: Array) -> Array:
        """Apply the map; raises `ValueError` for a vector of the wrong length."""
        if v.shape != (self.domain,):
            raise ValueError(
                f"{type(self).__name__} maps ℝ^{self.domain} to ℝ^{self.codomain}, got an array of shape {v.shape}"
            )
        return self.apply(ar, v)

    @property
    def adjoint(self) -> LinearMap:
        """The adjoint map ℝ^codomain → ℝ^domain."""
        return LinearFunction(self.codomain, self.domain, self.apply_adjoint, self.apply)

    def comp(self, inner: LinearMap) -> LinearMap:
        """The composite `self ∘ inner`; raises `ValueError` where the dimensions do not meet."""
        if inner.codomain != self.domain:
            raise ValueError(
                f"cannot compose: the inner map lands in ℝ^{inner.codomain}, the outer starts from ℝ^{self.domain}"
            )

        def apply(ar: Arithmetic, v: Array) -> Array:
            return self.apply(ar, inner.apply(ar, v))

        def adjoint(ar: Arithmetic, w: Array) -> Array:
            return inner.apply_adjoint(ar, self.apply_adjoint(ar, w))

        return LinearFunction(inner.domain, self.codomain, apply, adjoint)

    def __add__(self, other: LinearMap) -> LinearMap:
        if (self.domain, self.codomain) != (other.domain, other.codomain):
            raise ValueError(
                f"cannot add maps ℝ^{self.domain} → ℝ^{self.codomain} and ℝ^{other.domain} → ℝ^{other.codomain}"
            )

        def apply(ar: Arithmetic, v: Array) -> Array:
            return self.apply(ar, v) + other.apply(ar, v)

        def adjoint(ar: Arithmetic, w: Array) -> Array:
            return self.apply_adjoint(ar, w) + other.apply_adjoint(ar, w)

        return LinearFunction(self.domain, self.codomain, apply, adjoint)

    def matrix(self, ar: Arithmetic = BALL) -> np.ndarray:
        """The matrix of the map, codomain by domain, column by column from the standard basis."""
        out = np.empty((self.codomain, self.domain), dtype=object)
        for j in range(self.domain):
            out[:, j] = self.apply(ar, ar.embed(basis_vector(self.domain, j)))
        return out


def basis_vector(n: int, j: int) -> np.ndarray:
    """The j-th standard basis vector of ℚ^n."""
    return rational_vector([int(i == j) for i in range(n)])


@dataclass(frozen=True)
class LinearFunction(LinearMap):
    """A linear map given by its action and by the action of its adjoint."""

    domain: int
    codomain: int
    forward: VectorFunction
    backward: VectorFunction

    def apply(self, ar: Arithmetic, v: Array) -> Array:
        return self.forward(ar, v)

    def apply_adjoint(self, ar: Arithmetic, w: Array) -> Array:
        return self.backward(ar, w)


@dataclass(frozen=True)
class Identity(LinearMap):
    """The identity of ℝ^size (Lean's `1`)."""

    size: int

    @property
    def domain(self) -> int:  # type: ignore[override]
        return self.size

    @property
    def codomain(self) -> int:  # type: ignore[override]
        return self.size

    def apply(self, ar: Arithmetic, v: Array) -> Array:
        return v

    def apply_adjoint(self, ar: Arithmetic, w: Array) -> Array:
        return w


@dataclass(frozen=True)
class PositionWise(LinearMap):
    """The same weight matrix (out × in, exact rationals) at each of `positions` positions.

    Vectors are row-major (position, feature) matrices. One position is a dense map.
    """

    positions: int
    out_features: int
    in_features: int
    weight: tuple[fmpq, ...]

    def __post_init__(self) -> None:
        if len(self.weight) != self.out_features * self.in_features:
            raise ValueError(
                f"the weight has {len(self.weight)} entries, expected out_features * in_features = "
                f"{self.out_features} * {self.in_features}"
            )

    @property
    def domain(self) -> int:  # type: ignore[override]
        return self.positions * self.in_features

    @property
    def codomain(self) -> int:  # type: ignore[override]
        return self.positions * self.out_features

    @cached_property
    def at_a_position(self) -> np.ndarray:
        """The weight as a matrix, out × in."""
        return _object_matrix(self.weight, self.out_features, self.in_features)

    def apply(self, ar: Arithmetic, v: Array) -> Array:
        rows = v.reshape(self.positions, self.in_features)
        return ar.matmul(rows, ar.embed(self.at_a_position).swapaxes(0, 1)).reshape(-1)

    def apply_adjoint(self, ar: Arithmetic, w: Array) -> Array:
        rows = w.reshape(self.positions, self.out_features)
        return ar.matmul(rows, ar.embed(self.at_a_position)).reshape(-1)


def merge_heads(heads: int, weight: PositionWise) -> LinearMap:
    """`weight` at each position, of what all heads have there, side by side: [heads, positions, d] to [positions, out].

    Raises `ValueError` for a weight whose inputs the heads do not divide.
    """
    positions, width = weight.positions, weight.in_features
    if width % heads:
        raise ValueError(f"the weight takes {width} inputs at a position, expected a multiple of heads = {heads}")
    dim = width // heads

    def by_position(v: Array) -> Array:
        return v.reshape(heads, positions, dim).swapaxes(0, 1).reshape(-1)

    def by_head(w: Array) -> Array:
        return w.reshape(positions, heads, dim).swapaxes(0, 1).reshape(-1)

    def apply(ar: Arithmetic, v: Array) -> Array:
        return weight.apply(ar, by_position(v))

    def adjoint(ar: Arithmetic, w: Array) -> Array:
        return by_head(weight.apply_adjoint(ar, w))

    return LinearFunction(weight.domain, weight.codomain, apply, adjoint)


def _object_matrix(entries: Sequence[fmpq], rows: int, columns: int) -> np.ndarray:
    out = np.empty(len(entries), dtype=object)
    out[:] = entries
    return out.reshape(rows, columns)


def dense(matrix: Sequence[Sequence[Any]] | np.ndarray) -> LinearMap:
    """The map of a matrix of numbers, converted exactly (rows are outputs).

    Raises `ValueError` for anything but a two-dimensional array of finite numbers.
    """
    array = np.asarray(matrix, dtype=object)
    if array.ndim != 2:
        raise ValueError(f"a dense map needs a matrix, got an array of shape {array.shape}")
    rows, columns = array.shape
    return PositionWise(1, rows, columns, tuple(rational_vector(array)))


def scaled(c: fmpq, inner: LinearMap) -> LinearMap:
    """`c • inner`."""

    def apply(ar: Arithmetic, v: Array) -> Array:
        return inner.apply(ar, v) * ar.constant(c)

    def adjoint(ar: Arithmetic, w: Array) -> Array:
        return inner.apply_adjoint(ar, w) * ar.constant(c)

    return LinearFunction(inner.domain, inner.codomain, apply, adjoint)


def entrywise(multiplier: Array) -> LinearMap:
    """`v ↦ multiplier * v`, its own adjoint."""
    n = multiplier.shape[0]

    def apply(ar: Arithmetic, v: Array) -> Array:
        return v * multiplier

    return LinearFunction(n, n, apply, apply)
