"""A certified enclosure of a floating-point evaluation, whatever the order of its operations.

Each entry is a ball that holds the exact value and every value that the format can arrive at when
each operation is off by at most its unit round-off u = 2^-bits. Sums and products of n terms, in any
order, fused or not, are off by at most γ_n·Σ|a||b| with γ_n = n·u/(1 - n·u) (Higham, Accuracy and
Stability of Numerical Algorithms, sections 3.1 and 4.2). Nobody chooses a tolerance.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from flint import arb, fmpq

from mirror.arithmetic.base import Arithmetic, Array, Scalar, Undecided
from mirror.arithmetic.rigorous import BALL, rational_root, sign

_UNBOUNDED = arb("nan")
_ZERO = fmpq(0)

# Elementary functions are trusted this many times further than they were ever seen to be off.
SAFETY = 4


@dataclass(frozen=True, slots=True)
class Backend:
    """A floating-point format, and how accurate the library that computes in it is.

    `bits` of significand; normal numbers from 2^lowest to below 2^(highest + 1). `exp` and `tanh`
    are the largest errors seen against balls, in units of u relative to the true value (a correct
    rounding is off by 1); `flushes` says that results below 2^lowest may become 0.
    """

    name: str
    bits: int
    lowest: int
    highest: int
    exp: fmpq
    tanh: fmpq
    flushes: bool

    @property
    def unit(self) -> fmpq:
        """The unit round-off u."""
        return fmpq(1, 2**self.bits)

    @property
    def absolute(self) -> fmpq:
        """What an operation may lose where its result underflows."""
        return fmpq(2) ** (self.lowest if self.flushes else self.lowest - self.bits)

    @property
    def largest(self) -> fmpq:
        """The largest finite number."""
        return (2 - 2 * self.unit) * fmpq(2) ** self.highest

    @property
    def assumes(self) -> str:
        """What an enclosure in this format takes for granted, in one sentence."""
        underflow = "flushed to 0" if self.flushes else "gradual"
        return (
            f"{self.name}: + - * / and sqrt are off by at most u = 2^-{self.bits}, sums and products of n terms by "
            f"n·u/(1 - n·u) in any order, exp by {SAFETY * self.exp}·u and tanh by {SAFETY * self.tanh}·u "
            f"({SAFETY} times the largest error measured), underflow is {underflow}"
        )


# Measured over 128,000 points a function in vectors and one by one (`theorems.engine.evidence.ulps`).
NUMPY_FLOAT64 = Backend("numpy float64", 53, -1022, 1023, fmpq(6, 5), fmpq(17, 10), flushes=False)
NUMPY_FLOAT32 = Backend("numpy float32", 24, -126, 127, fmpq(33, 10), fmpq(19, 10), flushes=False)
JAX_FLOAT64 = Backend("jax float64 on CPU", 53, -1022, 1023, fmpq(21, 10), fmpq(7), flushes=True)
JAX_FLOAT32 = Backend("jax float32 on CPU", 24, -126, 127, fmpq(41, 10), fmpq(9, 2), flushes=True)
JAX_BFLOAT16 = Backend("jax bfloat16 on CPU", 8, -126, 127, fmpq(1), fmpq(1), flushes=True)
# torch.exp was seen off by 1.1 units. The exp inside scaled_dot_product_attention on CPUs is a faster one, by its name
# (exp_u20) good to 20 units in the last place: that, and no more, is 4 times 10 units of u.
TORCH_FLOAT32 = Backend("torch float32 on CPU", 24, -126, 127, fmpq(10), fmpq(1), flushes=False)
TORCH_FLOAT64 = Backend("torch float64 on CPU", 53, -1022, 1023, fmpq(11, 10), fmpq(13, 10), flushes=False)


@dataclass(frozen=True, slots=True, eq=False)
class RoundedArray:
    """An array of enclosures, with the arithmetic that rounds what is done to them."""

    model: Rounded
    balls: np.ndarray

    __array_ufunc__ = None  # numpy leaves `array * rounded` to `RoundedArray.__rmul__`

    @property
    def shape(self) -> tuple[int, ...]:
        return self.balls.shape

    def _with(self, balls: Any) -> RoundedArray:
        return RoundedArray(self.model, np.asarray(balls, dtype=object))

    def __getitem__(self, key: Any) -> RoundedArray:
        return self._with(self.balls[key])

    def reshape(self, *shape: Any) -> RoundedArray:
        return self._with(self.balls.reshape(*shape))

    def swapaxes(self, a: int, b: int) -> RoundedArray:
        return self._with(self.balls.swapaxes(a, b))

    def __add__(self, other: Any) -> RoundedArray:
        return self._with(np.frompyfunc(self.model.add, 2, 1)(self.balls, _balls(other)))

    def __neg__(self) -> RoundedArray:
        return self._with(-self.balls)

    def __sub__(self, other: Any) -> RoundedArray:
        return self + -self._with(_balls(other))

    def __rsub__(self, other: Any) -> RoundedArray:
        return -self + other

    def __mul__(self, other: Any) -> RoundedArray:
        return self._with(np.frompyfunc(self.model.multiply, 2, 1)(self.balls, _balls(other)))

    __radd__ = __add__
    __rmul__ = __mul__


def _balls(value: Any) -> np.ndarray:
    return value.balls if isinstance(value, RoundedArray) else np.asarray(value, dtype=object)


def _magnitude(x: Scalar) -> Scalar:
    return arb(x).abs_upper()


_magnitudes = np.frompyfunc(_magnitude, 1, 1)


def _tanh(x: arb) -> arb:
    # Of a wide ball flint makes nothing; tanh increases, so its values at the ends will do.
    return x.tanh() if x.rad() < 1 else x.lower().tanh().union(x.upper().tanh())


def representable(x: fmpq, backend: Backend) -> bool:
    """Whether a rational is a normal number of the format, or 0."""
    if x == 0:
        return True
    numerator, denominator = abs(int(x.numer())), int(x.denom())
    dyadic = denominator & (denominator - 1) == 0
    short = (numerator // (numerator & -numerator)).bit_length() <= backend.bits
    return dyadic and short and fmpq(2) ** backend.lowest <= abs(x) <= backend.largest


@dataclass(frozen=True)
class Rounded(Arithmetic):
    """Enclosures of what a backend computes; an overflow makes them unbounded.

    Raises `Undecided` where a total function meets its corner or jump, or an unbounded enclosure.
    """

    backend: Backend
    name = "rounded"

    # Dyadic numbers of few bits, so exact balls at any precision: a ball times a ball is three times faster.
    @cached_property
    def _unit(self) -> arb:
        return arb(self.backend.unit)

    @cached_property
    def _absolute(self) -> arb:
        return arb(self.backend.absolute)

    @cached_property
    def _largest(self) -> arb:
        return arb(self.backend.largest)

    def rounded(self, exact: Scalar, ulps: fmpq | int | None = None) -> Scalar:
        """The exact image of an operation, widened by the operation's own error: one unit, or so many."""
        unit = self._unit if ulps is None else self._unit * ulps
        return self._bounded(arb(exact, abs(exact) * unit + self._absolute))

    def _bounded(self, ball: arb) -> arb:
        return ball if abs(ball) <= self._largest else _UNBOUNDED

    def add(self, a: Scalar, b: Scalar) -> Scalar:
        """a + b of two enclosures; adding an exact 0 is exact."""
        if a == 0 or b == 0:
            return b if a == 0 else a
        return self.rounded(a + b)

    def multiply(self, a: Scalar, b: Scalar) -> Scalar:
        """a·b of two enclosures; a product with an exact 0 is an exact 0 unless the other is unbounded."""
        if a == 0 or b == 0:
            return _ZERO if arb(a).is_finite() and arb(b).is_finite() else _UNBOUNDED
        return self.rounded(a * b)

    def _accumulated(self, exact: np.ndarray, totals: np.ndarray, roundings: int) -> RoundedArray:
        """Exact sums whose absolute terms add to `totals`, after that many roundings of each term."""
        relative = roundings * self.backend.unit
        if roundings == 0:
            return self._wrap(exact)
        if relative >= 1:
            return self._wrap(np.frompyfunc(lambda x, total: x if total == 0 else _UNBOUNDED, 2, 1)(exact, totals))
        gamma, underflow = arb(relative / (1 - relative)), roundings * 2 / (1 - relative) * self._absolute

        def widened(sum_: Scalar, total: Scalar) -> Scalar:
            if total == 0:
                return sum_
            error = gamma * total + underflow
            # Any partial sum may overflow, so it is the absolute terms that must stay finite.
            return self._bounded(arb(sum_, error)) if total + error <= self._largest else _UNBOUNDED

        return self._wrap(np.frompyfunc(widened, 2, 1)(exact, totals))

    def _wrap(self, balls: Any) -> RoundedArray:
        return RoundedArray(self, np.asarray(balls, dtype=object))

    def _entrywise(self, function: Callable[[Scalar], Scalar], a: Array) -> RoundedArray:
        return self._wrap(np.frompyfunc(function, 1, 1)(_balls(a)))

    def embed(self, rationals: np.ndarray) -> Array:
        return self._entrywise(self.constant, rationals)

    def constant(self, value: fmpq) -> Scalar:
        # Exact where the format holds the number; else rounded to float64 first, as the backends do.
        if representable(value, self.backend):
            return value
        return self.rounded(value, 1 + fmpq(2) ** (self.backend.bits - 52) * (self.backend.bits < 53))

    def zeros(self, shape: int | tuple[int, ...]) -> Array:
        return self._wrap(BALL.zeros(shape))

    def concat(self, parts: Sequence[Array]) -> Array:
        return self._wrap(np.concatenate([_balls(p) for p in parts]))

    def sum(self, a: Array, axis: int) -> Array:
        balls = _balls(a)
        totals = BALL.sum(_magnitudes(balls), axis)
        roundings = max(balls.shape[axis] - 1, 0)
        return self._accumulated(BALL.sum(balls, axis), totals, roundings)

    def matmul(self, a: Array, b: Array) -> Array:
        left, right = _balls(a), _balls(b)
        totals = BALL.matmul(_magnitudes(left), _magnitudes(right))
        return self._accumulated(BALL.matmul(left, right), totals, left.shape[-1])

    def exp(self, a: Array) -> Array:
        return self._entrywise(lambda x: self.rounded(arb(x).exp(), SAFETY * self.backend.exp), a)

    def tanh(self, a: Array) -> Array:
        return self._entrywise(lambda x: self.rounded(_tanh(arb(x)), SAFETY * self.backend.tanh), a)

    def sign(self, x: Scalar) -> int:
        """-1, 0 or 1; raises `Undecided` where an enclosure leaves open what the backend sees."""
        found = sign(x)
        if found and self.backend.flushes and arb(x).abs_lower() < fmpq(2) ** self.backend.lowest:
            raise Undecided(f"{arb(x).str(6)} may be flushed to 0 in {self.backend.name}")
        return found

    def sqrt(self, a: Array) -> Array:
        return self._entrywise(lambda x: self._root(x) if self.sign(x) > 0 else _ZERO, a)

    def _root(self, x: Scalar) -> Scalar:
        return self.rounded(rational_root(x) or arb(x).sqrt())

    def positive_part(self, a: Array) -> Array:
        return self._entrywise(lambda x: x if self.sign(x) > 0 else _ZERO, a)

    def inverse(self, a: Array) -> Array:
        return self._entrywise(lambda x: self.rounded(1 / x) if self.sign(x) else _ZERO, a)

    @property
    def pi(self) -> Scalar:
        return self.rounded(arb.pi(), 2)

    @property
    def root_of_two_over_pi(self) -> Scalar:
        # Rounded π, its quotient, the root and the conversion: less than three units together.
        return self.rounded((2 / arb.pi()).sqrt(), 3)

    def keep_if_nonzero(self, value: Array, witnesses: Array) -> Array:
        signs = [self.sign(w) for w in _balls(witnesses).reshape(-1)]
        return value if all(signs) else self.zeros(value.shape)
