"""Truncated power series in one parameter: derivatives from the forward map alone.

A jet carries the Taylor coefficients f, f', f''/2, … of t ↦ f(x + t·h) at t = 0. It is the
derivative side of every check: it never calls a `jvp` or `vjp` of the code under test. Over a ball
of parameters (the zeroth coefficient a segment) the second coefficient bounds f''/2 on the segment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import fmpq

from mirror.arithmetic.base import Arithmetic, Array, AtBoundary, Scalar
from mirror.arithmetic.rigorous import BALL, sign

Coefficients = tuple[np.ndarray, ...]


@dataclass(frozen=True, slots=True)
class JetArray:
    """An array of jets, coefficient by coefficient, over rationals and balls.

    `constant` marks the entries that are known not to depend on the point at all (not only along
    this line): a total function with a corner or a jump may be applied to those.
    """

    coefficients: Coefficients
    constant: np.ndarray

    __array_ufunc__ = None  # numpy leaves `array * jet` to `JetArray.__rmul__`

    @property
    def shape(self) -> tuple[int, ...]:
        return self.coefficients[0].shape

    @property
    def order(self) -> int:
        return len(self.coefficients) - 1

    def _each(self, method: str, *args: Any) -> JetArray:
        parts = tuple(getattr(c, method)(*args) for c in self.coefficients)
        return JetArray(parts, getattr(self.constant, method)(*args))

    def __getitem__(self, key: Any) -> JetArray:
        return JetArray(tuple(c[key] for c in self.coefficients), self.constant[key])

    def reshape(self, *shape: Any) -> JetArray:
        return self._each("reshape", *shape)

    def swapaxes(self, a: int, b: int) -> JetArray:
        return self._each("swapaxes", a, b)

    def __add__(self, other: Any) -> JetArray:
        if not isinstance(other, JetArray):
            moved = np.asarray(self.coefficients[0] + other, dtype=object)
            if moved.shape == self.shape:  # a constant moves the value alone
                return JetArray((moved, *self.coefficients[1:]), self.constant)
        other = lift(other, self.order)
        sums = tuple(a + b for a, b in zip(self.coefficients, other.coefficients, strict=True))
        return JetArray(sums, self.constant & other.constant)

    def __neg__(self) -> JetArray:
        return JetArray(tuple(-c for c in self.coefficients), self.constant)

    def __sub__(self, other: Any) -> JetArray:
        return self + (-other)

    def __rsub__(self, other: Any) -> JetArray:
        return -self + other

    def __mul__(self, other: Any) -> JetArray:
        if not isinstance(other, JetArray):  # a constant factor needs one product for each coefficient
            parts = tuple(np.asarray(c * other, dtype=object) for c in self.coefficients)
            return JetArray(parts, np.broadcast_to(self.constant, parts[0].shape))
        return JetArray(
            _cauchy(self.coefficients, other.coefficients, np.multiply),
            self.constant & other.constant,
        )

    __radd__ = __add__
    __rmul__ = __mul__


def _cauchy(a: Coefficients, b: Coefficients, product: Any) -> Coefficients:
    """The Cauchy product of two truncated series, for any bilinear product of their coefficients."""

    def term(k: int) -> np.ndarray:
        total = product(a[0], b[k])
        for i in range(1, k + 1):
            total = total + product(a[i], b[k - i])
        return total

    return tuple(term(k) for k in range(len(a)))


def lift(value: Any, order: int) -> JetArray:
    """A constant array or scalar as a jet; a jet as itself."""
    if isinstance(value, JetArray):
        return value
    array = np.asarray(value, dtype=object)
    zero = BALL.zeros(array.shape)
    return JetArray((array,) + (zero,) * order, np.ones(array.shape, dtype=bool))


def variable(point: np.ndarray, direction: np.ndarray, order: int = 1) -> JetArray:
    """The line t ↦ point + t·direction, as jets of the given order."""
    zero = BALL.zeros(point.shape)
    return JetArray((point, direction) + (zero,) * (order - 1), np.zeros(point.shape, dtype=bool))


class Jet(Arithmetic):
    """Jets over the ball arithmetic; a boundary of a total function raises `AtBoundary`."""

    name = "jet"

    def __init__(self, order: int = 1) -> None:
        self.order = order

    def embed(self, rationals: np.ndarray) -> Array:
        return rationals

    def constant(self, value: fmpq) -> Scalar:
        return value

    def zeros(self, shape: int | tuple[int, ...]) -> Array:
        return BALL.zeros(shape)

    def concat(self, parts: Sequence[Array]) -> Array:
        jets = [lift(p, self.order) for p in parts]
        coefficients = zip(*(j.coefficients for j in jets), strict=True)
        constant = np.concatenate([j.constant for j in jets])
        return JetArray(tuple(np.concatenate(c) for c in coefficients), constant)

    def sum(self, a: Array, axis: int) -> Array:
        a = lift(a, self.order)
        sums = tuple(BALL.sum(c, axis) for c in a.coefficients)
        return JetArray(sums, np.asarray(a.constant.all(axis=axis)))

    def matmul(self, a: Array, b: Array) -> Array:
        # A constant factor is common (weights) and needs one product per coefficient, not two.
        if not isinstance(a, JetArray):
            return self._linear(b, lambda c: BALL.matmul(a, c))
        if not isinstance(b, JetArray):
            return self._linear(a, lambda c: BALL.matmul(c, b))
        product = _cauchy(a.coefficients, b.coefficients, BALL.matmul)
        return JetArray(product, np.zeros(product[0].shape, dtype=bool))

    @staticmethod
    def _linear(a: JetArray, apply: Any) -> JetArray:
        parts = tuple(apply(c) for c in a.coefficients)
        return JetArray(parts, np.zeros(parts[0].shape, dtype=bool))

    def exp(self, a: Array) -> Array:
        a = lift(a, self.order)
        e = [BALL.exp(a.coefficients[0])]
        for k in range(1, a.order + 1):  # k·e_k = Σ i·a_i·e_{k-i}
            total = sum(a.coefficients[i] * e[k - i] * i for i in range(1, k + 1))
            e.append(total * fmpq(1, k))
        return JetArray(tuple(e), a.constant)

    def tanh(self, a: Array) -> Array:
        a = lift(a, self.order)
        t = [BALL.tanh(a.coefficients[0])]
        s = [1 - t[0] * t[0]]  # s = 1 - tanh², so that tanh' = s·a'
        for k in range(1, a.order + 1):
            total = sum(a.coefficients[i] * s[k - i] * i for i in range(1, k + 1))
            t.append(total * fmpq(1, k))
            s.append(-sum(t[i] * t[k - i] for i in range(k + 1)))
        return JetArray(tuple(t), a.constant)

    def sqrt(self, a: Array) -> Array:
        a = self._away_from_zero(lift(a, self.order), "sqrt")
        r = [BALL.sqrt(a.coefficients[0])]
        half = BALL.inverse(r[0]) * fmpq(1, 2)  # 0 where the root is 0: locally constant there
        for k in range(1, a.order + 1):
            cross = sum((r[i] * r[k - i] for i in range(1, k)), start=fmpq(0))
            r.append((a.coefficients[k] - cross) * half)
        return JetArray(tuple(r), a.constant | _is_zero(r[0]))

    def positive_part(self, a: Array) -> Array:
        a = self._away_from_zero(lift(a, self.order), "max(x, 0)")
        keep = np.frompyfunc(lambda x: fmpq(int(x > 0)), 1, 1)(a.coefficients[0])
        keep = np.asarray(keep, dtype=object)
        kept = tuple(c * keep for c in a.coefficients)
        return JetArray(kept, a.constant | _is_zero(keep))

    def inverse(self, a: Array) -> Array:
        a = self._away_from_zero(lift(a, self.order), "1/x")
        v = [BALL.inverse(a.coefficients[0])]
        for k in range(1, a.order + 1):
            total = sum(a.coefficients[i] * v[k - i] for i in range(1, k + 1))
            v.append(-v[0] * total)
        return JetArray(tuple(v), a.constant)

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
