"""Series in s = √t, from one side: what a map does along x + t·h for small t > 0, at a corner or jump too.

Jets stop where a total function is not differentiable. A germ goes on: along a line √t, 1/t and the like have a
series in s with finitely many negative powers, and the sign of its first term says which side of the corner the
line is on. So that a map has no derivative is decided from what it is, not from a few of its values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Any

import numpy as np
from flint import fmpq

from mirror.arithmetic import BALL, Array, Scalar, Undecided, sign
from mirror.arithmetic.rigorous import Ball

# So many powers of s are carried behind the first one, where a series does not end.
TERMS = 10
_HALF = fmpq(1, 2)


@dataclass(frozen=True, slots=True)
class Germ:
    """Σ c_k·s^k + O(s^order) for small s > 0; a polynomial, of either sign of powers, where the order is infinite."""

    terms: Mapping[int, Scalar]
    order: float = inf
    __array_ufunc__: None = field(default=None, init=False, repr=False)

    @classmethod
    def of(cls, value: Any) -> Germ:
        """A constant as a germ; a germ as itself."""
        return value if isinstance(value, cls) else _germ({0: value})

    @property
    def lowest(self) -> float:
        """The lowest power that may occur."""
        return min(self.terms, default=self.order)

    def __add__(self, other: Any) -> Germ:
        other = Germ.of(other)
        sums = dict(self.terms)
        for k, c in other.terms.items():
            sums[k] = sums[k] + c if k in sums else c
        return _germ(sums, min(self.order, other.order))

    def __mul__(self, other: Any) -> Germ:
        other = Germ.of(other)
        products: dict[int, Scalar] = {}
        for i, a in self.terms.items():
            for j, b in other.terms.items():
                products[i + j] = products[i + j] + a * b if i + j in products else a * b
        return _germ(products, min(_times(self.lowest, other.order), _times(other.lowest, self.order)))

    def __neg__(self) -> Germ:
        return Germ({k: -c for k, c in self.terms.items()}, self.order)

    def __sub__(self, other: Any) -> Germ:
        return self + -Germ.of(other)

    def __rsub__(self, other: Any) -> Germ:
        return -self + other

    __radd__ = __add__
    __rmul__ = __mul__

    def leading(self) -> tuple[int, int]:
        """The first power and the sign of its coefficient, which is that of the germ; (0, 0) where the germ is 0.

        Raises `Undecided` where a coefficient is a ball that straddles 0, or all that are known are 0.
        """
        if self.terms:
            k = min(self.terms)
            return k, sign(self.terms[k])
        if self.order < inf:
            raise Undecided(f"a value vanishes along a line up to t^{self.order / 2:g}")
        return 0, 0

    def composed(self, series: Callable[[int], Scalar]) -> Germ:
        """Σ series(j)·self^j, for a germ without constant term or negative powers."""
        total, power, reach = Germ.of(series(0)), Germ.of(fmpq(1)), min(self.order, TERMS)
        j = 0
        while power.lowest < reach and self.terms:
            j, power = j + 1, _cut(power * self, reach)
            total = total + power * series(j)
        return total if not self.terms and self.order == inf else _germ(dict(total.terms), reach)


def _germ(terms: dict[int, Scalar], order: float = inf) -> Germ:
    """Without the terms that are 0 for certain, or that the order leaves unknown."""
    return Germ({k: c for k, c in terms.items() if k < order and not _is_zero(c)}, order)


def _is_zero(c: Scalar) -> bool:
    """Whether a number is 0 for certain; for a ball `!=` would say that it does not contain 0."""
    return c == 0


def _cut(germ: Germ, order: float) -> Germ:
    return _germ(dict(germ.terms), min(germ.order, order))


def _times(lowest: float, order: float) -> float:
    return inf if order == inf else lowest + order


def _shifted(germ: Germ, k: int, factor: Scalar) -> Germ:
    """The germ times factor·s^k."""
    return _germ({i + k: c * factor for i, c in germ.terms.items()}, germ.order + k)


def _rest(germ: Germ, k: int) -> Germ:
    """u in germ = c·s^k·(1 + u)."""
    whole = _shifted(germ, -k, 1 / germ.terms[k])
    return _germ({i: c for i, c in whole.terms.items() if i}, whole.order)


def _inverse(germ: Germ) -> Germ:
    k, side = germ.leading()
    if side == 0:
        return germ  # Lean: 1/0 = 0
    return _shifted(_rest(germ, k).composed(lambda j: fmpq((-1) ** j)), -k, 1 / germ.terms[k])


def _sqrt(germ: Germ) -> Germ:
    k, side = germ.leading()
    if side <= 0:
        return _germ({})  # Lean: √x = 0 for x ≤ 0
    if k % 2:
        raise Undecided(f"the root of a value of the order t^({k}/2) has no series in √t")
    return _shifted(_rest(germ, k).composed(_binomial), k // 2, BALL.sqrt(np.array([germ.terms[k]]))[0])


def _binomial(j: int) -> fmpq:
    """The coefficient of u^j in √(1 + u)."""
    found = fmpq(1)
    for i in range(j):
        found = found * (_HALF - i) / (i + 1)
    return found


def _positive_part(germ: Germ) -> Germ:
    return germ if germ.leading()[1] > 0 else _germ({})


def _pole(germ: Germ) -> int:
    """The sign of a germ that is unbounded; 0 where it is bounded."""
    return germ.leading()[1] if germ.lowest < 0 else 0


def _exp(germ: Germ) -> Germ:
    if pole := _pole(germ):
        if pole > 0:
            raise Undecided("exp of a value that grows without bound along a line")
        return Germ({}, TERMS)  # less than any power
    if germ.order <= 0:
        raise Undecided("exp of a value of which no term is known")
    start = germ.terms.get(0, fmpq(0))
    moving = _germ({k: c for k, c in germ.terms.items() if k}, germ.order)
    return moving.composed(_reciprocal_factorial) * BALL.exp(np.array([start], dtype=object))[0]


def _reciprocal_factorial(j: int) -> fmpq:
    found = fmpq(1)
    for i in range(2, j + 1):
        found = found / i
    return found


def _tanh(germ: Germ) -> Germ:
    if pole := _pole(germ):
        return Germ({0: fmpq(pole)}, TERMS)  # ±1, but for less than any power
    return 1 - _inverse(_exp(2 * germ) + 1) * 2


class Germs(Ball):
    """Germs in numpy object arrays; what does not move along the line stays a rational or a ball.

    Raises `Undecided` where a sign is not seen, or a series in √t does not exist.
    """

    name = "germs"

    def exp(self, a: Array) -> Array:
        return _entrywise(_exp, super().exp, a)

    def tanh(self, a: Array) -> Array:
        return _entrywise(_tanh, super().tanh, a)

    def sqrt(self, a: Array) -> Array:
        return _entrywise(_sqrt, super().sqrt, a)

    def positive_part(self, a: Array) -> Array:
        return _entrywise(_positive_part, super().positive_part, a)

    def inverse(self, a: Array) -> Array:
        return _entrywise(_inverse, super().inverse, a)


def _entrywise(moving: Callable[[Germ], Germ], still: Callable[[Array], Array], a: Array) -> Array:
    out = np.empty(a.shape, dtype=object)
    for place, x in np.ndenumerate(a):
        out[place] = moving(x) if isinstance(x, Germ) else still(np.array([x], dtype=object))[0]
    return out


GERMS = Germs()


def line(x: np.ndarray, h: np.ndarray) -> np.ndarray:
    """x + s²·h, entry by entry; an entry that does not move stays a number."""
    out = np.empty(len(x), dtype=object)
    out[:] = [_germ({0: a, 2: b}) if not _is_zero(b) else a for a, b in zip(x, h, strict=True)]
    return out
