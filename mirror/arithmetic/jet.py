"""Truncated power series: derivatives from the forward map alone.

A jet carries the Taylor coefficients f, f', f''/2, … of t ↦ f(x + t·h) at t = 0, or the value of f at x
and its slope along each of several directions: what they share is then computed once. It is the
derivative side of every check: it never calls a `jvp` or `vjp` of the code under test. Over a ball
of parameters (the zeroth coefficient a segment) the second coefficient bounds f''/2 on the segment.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from flint import fmpq

from mirror.arithmetic.base import Arithmetic, Array, AtBoundary, Scalar
from mirror.arithmetic.rigorous import BALL, sign

Coefficients = tuple[np.ndarray, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Monomials:
    """The monomials that a jet has a coefficient of; what is not among them is cut off.

    The k-th has the degree `degrees[k]`, and is the product of the i-th and the j-th for each (i, j) of `splits[k]`.
    The first is 1.
    """

    degrees: tuple[int, ...]
    splits: tuple[tuple[tuple[int, int], ...], ...]

    @property
    def order(self) -> int:
        """The highest degree."""
        return self.degrees[-1]

    @property
    def moving(self) -> range:
        """The monomials but 1, by number."""
        return range(1, len(self.degrees))

    def proper(self, k: int) -> Iterator[tuple[int, int]]:
        """The splits of the k-th whose first factor is not 1."""
        return (split for split in self.splits[k] if split[0])


@cache
def powers(order: int) -> Monomials:
    """1, t, …, t^order."""
    degrees = tuple(range(order + 1))
    return Monomials(degrees, tuple(tuple((i, k - i) for i in range(k + 1)) for k in degrees))


@cache
def several(directions: int) -> Monomials:
    """1, t₁, …, t_directions, all products of two cut off: one parameter for each direction."""
    moved = range(1, directions + 1)
    return Monomials((0, *(1 for _ in moved)), (((0, 0),), *(((0, k), (k, 0)) for k in moved)))


@dataclass(frozen=True, slots=True)
class JetArray:
    """An array of jets, coefficient by coefficient, over rationals and balls.

    `constant` marks the entries that are known not to depend on the point at all (not only along
    these lines): a total function with a corner or a jump may be applied to those.
    """

    coefficients: Coefficients
    constant: np.ndarray
    monomials: Monomials

    __array_ufunc__ = None  # numpy leaves `array * jet` to `JetArray.__rmul__`

    @property
    def shape(self) -> tuple[int, ...]:
        return self.coefficients[0].shape

    @property
    def order(self) -> int:
        return self.monomials.order

    def _each(self, method: str, *args: Any) -> JetArray:
        parts = tuple(getattr(c, method)(*args) for c in self.coefficients)
        return JetArray(parts, getattr(self.constant, method)(*args), self.monomials)

    def __getitem__(self, key: Any) -> JetArray:
        return JetArray(tuple(c[key] for c in self.coefficients), self.constant[key], self.monomials)

    def reshape(self, *shape: Any) -> JetArray:
        return self._each("reshape", *shape)

    def swapaxes(self, a: int, b: int) -> JetArray:
        return self._each("swapaxes", a, b)

    def __add__(self, other: Any) -> JetArray:
        if not isinstance(other, JetArray):
            moved = np.asarray(self.coefficients[0] + other, dtype=object)
            if moved.shape == self.shape:  # a constant moves the value alone
                return JetArray((moved, *self.coefficients[1:]), self.constant, self.monomials)
        other = lift(other, self.monomials)
        sums = tuple(a + b for a, b in zip(self.coefficients, other.coefficients, strict=True))
        return JetArray(sums, self.constant & other.constant, self.monomials)

    def __neg__(self) -> JetArray:
        return JetArray(tuple(-c for c in self.coefficients), self.constant, self.monomials)

    def __sub__(self, other: Any) -> JetArray:
        return self + (-other)

    def __rsub__(self, other: Any) -> JetArray:
        return -self + other

    def __mul__(self, other: Any) -> JetArray:
        if not isinstance(other, JetArray):  # a constant factor needs one product for each coefficient
            parts = tuple(np.asarray(c * other, dtype=object) for c in self.coefficients)
            grown = parts[0].shape != self.shape
            constant = np.broadcast_to(self.constant, parts[0].shape) if grown else self.constant
            return JetArray(parts, constant, self.monomials)
        return JetArray(_product(self, other, np.multiply), self.constant & other.constant, self.monomials)

    __radd__ = __add__
    __rmul__ = __mul__


def _product(a: JetArray, b: JetArray, product: Any) -> Coefficients:
    """The product of two jets, for any bilinear product of their coefficients."""
    left, right = a.coefficients, b.coefficients

    def coefficient(split: Sequence[tuple[int, int]]) -> np.ndarray:
        (i, j), *others = split
        total = product(left[i], right[j])
        for i, j in others:
            total = total + product(left[i], right[j])
        return total

    return tuple(coefficient(split) for split in a.monomials.splits)


def derived(a: JetArray, slope: Sequence[np.ndarray], k: int) -> np.ndarray:
    """The k-th coefficient of the jet f(a), from those of the jet f'(a) and of a.

    D f(a) = f'(a)·D a for the derivation D that multiplies every monomial by its degree.
    """
    degrees = a.monomials.degrees
    total = fmpq(0)
    for i, j in a.monomials.proper(k):
        term = a.coefficients[i] * slope[j]
        total = total + (term if degrees[i] == degrees[k] else term * fmpq(degrees[i], degrees[k]))
    return np.asarray(total, dtype=object)


def lift(value: Any, monomials: Monomials) -> JetArray:
    """A constant array or scalar as a jet; a jet as itself."""
    if isinstance(value, JetArray):
        return value
    array = np.asarray(value, dtype=object)
    zero = BALL.zeros(array.shape)
    rest = len(monomials.degrees) - 1
    return JetArray((array,) + (zero,) * rest, np.ones(array.shape, dtype=bool), monomials)


def variable(point: np.ndarray, direction: np.ndarray, order: int = 1) -> JetArray:
    """The line t ↦ point + t·direction, as jets of the given order."""
    zero = BALL.zeros(point.shape)
    parts = (point, direction) + (zero,) * (order - 1)
    return JetArray(parts, np.zeros(point.shape, dtype=bool), powers(order))


def variables(point: np.ndarray, directions: Sequence[np.ndarray]) -> JetArray:
    """(t₁, t₂, …) ↦ point + t₁·directions[0] + t₂·directions[1] + …, as jets of order 1."""
    return JetArray((point, *directions), np.zeros(point.shape, dtype=bool), several(len(directions)))


class Jet(Arithmetic):
    """Jets over the ball arithmetic; a boundary of a total function raises `AtBoundary`."""

    name = "jet"

    def __init__(self, order: int = 1, monomials: Monomials | None = None) -> None:
        self.monomials = powers(order) if monomials is None else monomials

    @classmethod
    def along(cls, directions: int) -> Jet:
        """Jets of order 1 along several directions at once."""
        return cls(monomials=several(directions))

    def lift(self, value: Array) -> JetArray:
        """A constant array as a jet; a jet as itself."""
        return lift(value, self.monomials)

    def embed(self, rationals: np.ndarray) -> Array:
        return rationals

    def constant(self, value: fmpq) -> Scalar:
        return value

    def zeros(self, shape: int | tuple[int, ...]) -> Array:
        return BALL.zeros(shape)

    def concat(self, parts: Sequence[Array]) -> Array:
        jets = [self.lift(p) for p in parts]
        coefficients = zip(*(j.coefficients for j in jets), strict=True)
        constant = np.concatenate([j.constant for j in jets])
        return JetArray(tuple(np.concatenate(c) for c in coefficients), constant, self.monomials)

    def sum(self, a: Array, axis: int) -> Array:
        a = self.lift(a)
        sums = tuple(BALL.sum(c, axis) for c in a.coefficients)
        return JetArray(sums, np.asarray(a.constant.all(axis=axis)), a.monomials)

    def matmul(self, a: Array, b: Array) -> Array:
        # A constant factor is common (weights) and needs one product per coefficient, not two.
        if not isinstance(a, JetArray):
            return self._linear(b, lambda c: BALL.matmul(a, c))
        if not isinstance(b, JetArray):
            return self._linear(a, lambda c: BALL.matmul(c, b))
        product = _product(a, b, BALL.matmul)
        return JetArray(product, np.zeros(product[0].shape, dtype=bool), self.monomials)

    @staticmethod
    def _linear(a: JetArray, apply: Any) -> JetArray:
        parts = tuple(apply(c) for c in a.coefficients)
        return JetArray(parts, np.zeros(parts[0].shape, dtype=bool), a.monomials)

    def exp(self, a: Array) -> Array:
        a = self.lift(a)
        e = [BALL.exp(a.coefficients[0])]
        for k in a.monomials.moving:
            e.append(derived(a, e, k))
        return JetArray(tuple(e), a.constant, a.monomials)

    def tanh(self, a: Array) -> Array:
        a = self.lift(a)
        t = [BALL.tanh(a.coefficients[0])]
        s = [1 - t[0] * t[0]]  # s = 1 - tanh², and D t = D a · s
        for k in a.monomials.moving:
            t.append(derived(a, s, k))
            if a.monomials.degrees[k] < a.order:
                s.append(-sum(t[i] * t[j] for i, j in a.monomials.splits[k]))
        return JetArray(tuple(t), a.constant, a.monomials)

    def sqrt(self, a: Array) -> Array:
        a = self._away_from_zero(self.lift(a), "sqrt")
        r = [BALL.sqrt(a.coefficients[0])]
        half = BALL.inverse(r[0]) * fmpq(1, 2)  # 0 where the root is 0: locally constant there
        for k in a.monomials.moving:
            cross = sum((r[i] * r[j] for i, j in a.monomials.proper(k) if j), start=fmpq(0))
            r.append((a.coefficients[k] - cross) * half)
        return JetArray(tuple(r), a.constant | _is_zero(r[0]), a.monomials)

    def positive_part(self, a: Array) -> Array:
        a = self._away_from_zero(self.lift(a), "max(x, 0)")
        keep = np.frompyfunc(lambda x: fmpq(int(x > 0)), 1, 1)(a.coefficients[0])
        keep = np.asarray(keep, dtype=object)
        kept = tuple(c * keep for c in a.coefficients)
        return JetArray(kept, a.constant | _is_zero(keep), a.monomials)

    def inverse(self, a: Array) -> Array:
        a = self._away_from_zero(self.lift(a), "1/x")
        v = [BALL.inverse(a.coefficients[0])]
        for k in a.monomials.moving:
            total = sum(a.coefficients[i] * v[j] for i, j in a.monomials.proper(k))
            v.append(-v[0] * total)
        return JetArray(tuple(v), a.constant, a.monomials)

    @staticmethod
    def _away_from_zero(a: JetArray, name: str) -> JetArray:
        moving = a.coefficients[0][~a.constant]
        if any(sign(x) == 0 for x in moving):
            raise AtBoundary(f"{name} is met at 0 by a value that may move")
        return a

    @property
    def pi(self) -> Scalar:
        return BALL.pi

    @property
    def root_of_two_over_pi(self) -> Scalar:
        return BALL.root_of_two_over_pi

    def keep_if_nonzero(self, value: Array, witnesses: Array) -> Array:
        raise AtBoundary("jets differentiate forward maps; this choice belongs to a derivative")


def _is_zero(a: np.ndarray) -> np.ndarray:
    return np.frompyfunc(lambda x: x == 0, 1, 1)(a).astype(bool)
