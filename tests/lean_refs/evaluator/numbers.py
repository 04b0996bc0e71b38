"""Scalars for these tests: rationals, whose roots and powers are floats, and dual numbers over them for derivatives."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any


@dataclass(frozen=True)
class Dual:
    """value + Σⱼ slopesⱼ εⱼ with εⱼ εₖ = 0."""

    value: Any
    slopes: tuple[Any, ...]

    def __add__(self, other: Any) -> Dual:
        other = _dual(other, len(self.slopes))
        return Dual(self.value + other.value, tuple(a + b for a, b in zip(self.slopes, other.slopes, strict=True)))

    def __neg__(self) -> Dual:
        return Dual(-self.value, tuple(-a for a in self.slopes))

    def __sub__(self, other: Any) -> Dual:
        return self + -_dual(other, len(self.slopes))

    def __rsub__(self, other: Any) -> Dual:
        return -self + other

    def __mul__(self, other: Any) -> Dual:
        other = _dual(other, len(self.slopes))
        pairs = zip(self.slopes, other.slopes, strict=True)
        return Dual(self.value * other.value, tuple(a * other.value + self.value * b for a, b in pairs))

    __radd__, __rmul__ = __add__, __mul__


def _dual(x: Any, count: int) -> Dual:
    return x if isinstance(x, Dual) else Dual(x, (0,) * count)


class Numbers:
    """Exact where Lean's operations are rational."""

    def of_rational(self, numerator: int, denominator: int) -> Fraction:
        return Fraction(numerator, denominator)

    def bits(self) -> int:
        return 53

    def sign(self, x: Any) -> int:
        value = x.value if isinstance(x, Dual) else x
        return (value > 0) - (value < 0)

    def varies(self, x: Any) -> bool:
        return isinstance(x, Dual) and any(x.slopes)

    def inverse(self, x: Any) -> Any:
        return self._chained(x, lambda v: 1 / v, lambda v: -1 / (v * v))

    def sqrt(self, x: Any) -> Any:
        return self._chained(x, math.sqrt, lambda v: 1 / (2 * math.sqrt(v)))

    def exp(self, x: Any) -> Any:
        return self._chained(x, math.exp, math.exp)

    def tanh(self, x: Any) -> Any:
        return self._chained(x, math.tanh, lambda v: 1 - math.tanh(v) ** 2)

    def pi(self) -> float:
        return math.pi

    def _chained(self, x: Any, function: Callable[[Any], Any], slope: Callable[[Any], Any]) -> Any:
        if not isinstance(x, Dual):
            return function(x)
        return Dual(function(x.value), tuple(slope(x.value) * a for a in x.slopes))

    def derivative(
        self, function: Callable[[Sequence[Any]], Sequence[Any]], point: Sequence[Any]
    ) -> Sequence[Sequence[Any]]:
        count = len(point)
        variables = [Dual(x, tuple(int(i == j) for j in range(count))) for i, x in enumerate(point)]
        return [_dual(y, count).slopes for y in function(variables)]
