"""Functions to call a definition with, as the mirror and as Lean take them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flint import fmpq

from lean_refs.evaluator.machine import force
from lean_refs.evaluator.values import LeanValue, euclidean
from mirror.arithmetic import Arithmetic, Array
from theorems.engine.maps import SmoothMap
from theorems.engine.strategies.values import DIGITS, Fill
from theorems.tools.audit.evaluated.coordinates import array, coordinates, entries, of_coordinates
from theorems.tools.audit.evaluated.forms import arithmetic_for


@dataclass(frozen=True, slots=True)
class Polynomial:
    """A real function, entrywise: the coefficients from the constant on."""

    coefficients: tuple[fmpq, ...]

    @classmethod
    def drawn(cls, fill: Fill) -> Polynomial:
        """A polynomial of degree 2, not an even or an odd one."""
        return cls(tuple(fmpq(fill.random.choice(DIGITS)) for _ in range(3)))

    def derivative(self) -> Polynomial:
        """Its derivative."""
        return Polynomial(tuple(k * c for k, c in enumerate(self.coefficients) if k))

    def __call__(self, ar: Arithmetic, x: Array) -> Array:
        total = ar.zeros(x.shape) + self.coefficients[-1]
        for c in reversed(self.coefficients[:-1]):
            total = total * x + c
        return total

    def in_lean(self) -> Callable[[LeanValue], LeanValue]:
        """The function on numbers."""

        def apply(x: LeanValue) -> LeanValue:
            v = array([force(x)])
            return entries(self(arithmetic_for(v), v))[0]

        return apply


@dataclass(frozen=True, slots=True)
class Operation:
    """A function of two numbers that does not commute: p·a·b + q·a + r·b + s."""

    coefficients: tuple[fmpq, ...]

    @classmethod
    def drawn(cls, fill: Fill) -> Operation:
        """With coefficients none of which is zero, and those of a and b different."""
        p, s = (fmpq(fill.random.choice(DIGITS)) for _ in range(2))
        return cls((p, *map(fmpq, fill.random.sample(DIGITS, 2)), s))

    def __call__(self, a: Any, b: Any) -> Any:
        p, q, r, s = self.coefficients
        return a * b * p + a * q + b * r + s

    def in_lean(self) -> Callable[[LeanValue], Callable[[LeanValue], LeanValue]]:
        """The function on numbers."""
        return lambda a: lambda b: self(force(a), force(b))


@dataclass(frozen=True, slots=True)
class MapOfVectors:
    """A smooth map, its derivative applied, or the adjoint of that: what a node is made of."""

    map: SmoothMap
    role: str

    def __call__(self, ar: Arithmetic, x: Array, *rest: Array) -> Array:
        if self.role == "value":
            return self.map(ar, x)
        derivative = self.map.derivative(ar, x)
        return derivative.apply(ar, *rest) if self.role == "jvp" else derivative.apply_adjoint(ar, *rest)

    def in_lean(self) -> Callable[[LeanValue], LeanValue]:
        """The function on vectors."""
        domain, codomain = euclidean(self.map.domain), euclidean(self.map.codomain)
        if self.role == "value":
            return lambda x: self._at(codomain, array(coordinates(domain, x)))
        other, result = (domain, codomain) if self.role == "jvp" else (codomain, domain)
        return lambda x: lambda y: self._at(result, array(coordinates(domain, x)), array(coordinates(other, y)))

    def _at(self, codomain: LeanValue, *vectors: Array) -> LeanValue:
        return of_coordinates(codomain, entries(self(arithmetic_for(*vectors), *vectors)))
