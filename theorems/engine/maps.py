"""Smooth maps as data, each with its derivative: what "any differentiable map" is tried on.

Theorems over an arbitrary normed space E are tried on ℝ^k; infinite-dimensional E is not reached.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from flint import fmpq

from mirror.arithmetic import Arithmetic, Array
from mirror.core.vectorization import Vec
from mirror.linear_map import LinearMap, PositionWise, entrywise


@dataclass(frozen=True, slots=True, eq=False)
class Gathered(LinearMap):
    """A matrix of few entries, applied by gathering what each row reads: many times as fast as a product with zeros."""

    dense: PositionWise
    columns: np.ndarray
    weights: np.ndarray

    @classmethod
    def of(cls, dense: PositionWise) -> Gathered:
        """The same map; of one position, as every part of a smooth map is."""
        rows: list[list[tuple[int, fmpq]]] = [[] for _ in range(dense.out_features)]
        for k, weight in enumerate(dense.weight):
            if weight:
                rows[k // dense.in_features].append((k % dense.in_features, weight))
        columns = np.zeros((len(rows), max(map(len, rows), default=0)), dtype=int)
        weights = np.full(columns.shape, fmpq(0), dtype=object)
        for i, row in enumerate(rows):
            for j, (column, weight) in enumerate(row):
                columns[i, j], weights[i, j] = column, weight
        return cls(dense, columns, weights)

    @property
    def domain(self) -> int:  # type: ignore[override]
        return self.dense.domain

    @property
    def codomain(self) -> int:  # type: ignore[override]
        return self.dense.codomain

    def apply(self, ar: Arithmetic, v: Array) -> Array:
        return ar.sum(v[self.columns] * ar.embed(self.weights), axis=1)

    def apply_adjoint(self, ar: Arithmetic, w: Array) -> Array:
        return self.dense.apply_adjoint(ar, w)


@dataclass(frozen=True, slots=True, eq=False)
class SmoothMap:
    """x ↦ A·x + b + (B·x)∘(C·x) + E·tanh(F·x), with any of the last two terms left out.

    A, B, C map ℝ^domain to ℝ^codomain; F maps to a hidden ℝ^k and E back. All exact.
    """

    kind: str
    linear: PositionWise
    shift: np.ndarray
    quadratic: tuple[PositionWise, PositionWise] | None = None
    hyperbolic: tuple[PositionWise, PositionWise] | None = None
    _parts: tuple[tuple[Gathered, ...], ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        parts = ((self.linear,), self.quadratic or (), self.hyperbolic or ())
        object.__setattr__(self, "_parts", tuple(tuple(map(Gathered.of, maps)) for maps in parts))

    @property
    def domain(self) -> int:
        return self.linear.domain

    @property
    def codomain(self) -> int:
        return self.linear.codomain

    def __call__(self, ar: Arithmetic, x: Array) -> Vec:
        """The value at x, in any arithmetic."""
        (linear,), quadratic, hyperbolic = self._parts
        value = linear(ar, x) + ar.embed(self.shift)
        if quadratic:
            left, right = quadratic
            value = value + left(ar, x) * right(ar, x)
        if hyperbolic:
            outer, inner = hyperbolic
            value = value + outer(ar, ar.tanh(inner(ar, x)))
        return value

    def derivative(self, ar: Arithmetic, x: Array) -> LinearMap:
        """The derivative at x, by the rules of calculus (a jet confirms it as a hypothesis)."""
        (linear,), quadratic, hyperbolic = self._parts
        total: LinearMap = linear
        if quadratic:
            left, right = quadratic
            total = total + entrywise(left(ar, x)).comp(right) + entrywise(right(ar, x)).comp(left)
        if hyperbolic:
            outer, inner = hyperbolic
            t = ar.tanh(inner(ar, x))
            total = total + outer.comp(entrywise(1 - t * t).comp(inner))
        return total


@dataclass(frozen=True, slots=True, eq=False)
class Differential:
    """The derivative binder of a theorem over "any differentiable map", as data: that of the map `of`.

    Whether it belongs to the map that the theorem is about is the theorem's hypothesis.
    """

    of: SmoothMap

    def at(self, ar: Arithmetic, x: Array) -> LinearMap:
        """The linear map at the point x, which may be an enclosure."""
        return self.of.derivative(ar, x)
