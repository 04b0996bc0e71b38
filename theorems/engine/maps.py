"""Smooth maps as data, each with its derivative: what "any differentiable map" is tried on.

Theorems over an arbitrary normed space E are tried on ℝ^k; infinite-dimensional E is not reached.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mirror.arithmetic import Arithmetic, Array
from mirror.core.vectorization import Vec
from mirror.linear_map import LinearMap, PositionWise, entrywise


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

    @property
    def domain(self) -> int:
        return self.linear.domain

    @property
    def codomain(self) -> int:
        return self.linear.codomain

    def __call__(self, ar: Arithmetic, x: Array) -> Vec:
        """The value at x, in any arithmetic."""
        value = self.linear(ar, x) + ar.embed(self.shift)
        if self.quadratic:
            left, right = self.quadratic
            value = value + left(ar, x) * right(ar, x)
        if self.hyperbolic:
            outer, inner = self.hyperbolic
            value = value + outer(ar, ar.tanh(inner(ar, x)))
        return value

    def derivative(self, ar: Arithmetic, x: Array) -> LinearMap:
        """The derivative at x, by the rules of calculus (a jet confirms it as a hypothesis)."""
        total: LinearMap = self.linear
        if self.quadratic:
            left, right = self.quadratic
            total = total + entrywise(left(ar, x)).comp(right) + entrywise(right(ar, x)).comp(left)
        if self.hyperbolic:
            outer, inner = self.hyperbolic
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
