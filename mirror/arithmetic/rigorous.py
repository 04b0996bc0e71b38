"""The two rigorous arithmetics: exact rationals, and rationals that turn into balls when they must.

In the ball arithmetic a number stays an exact `fmpq` until an operation leaves ℚ; only then does it
become an `arb` enclosure. So equality of rationals is equality, a boundary such as var + ε = 0 is
decided wherever it can be, and nothing is ever compared with a tolerance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from flint import arb, ctx, fmpq
from flint.utils.flint_exceptions import DomainError

from mirror.arithmetic.base import Arithmetic, Array, Irrational, Scalar, Undecided

_ZERO = fmpq(0)


@contextmanager
def precision(bits: int) -> Iterator[None]:
    """Run balls at `bits` bits: the one place that sets flint's working precision."""
    before = ctx.prec
    ctx.prec = bits
    try:
        yield
    finally:
        ctx.prec = before


def working_precision() -> int:
    """How many bits balls have at present."""
    return ctx.prec


def _entrywise(function: Callable[[Scalar], Scalar], a: Array) -> Array:
    # A ufunc turns a zero-dimensional array into a bare scalar; `asarray` keeps it an array.
    return np.asarray(np.frompyfunc(function, 1, 1)(a), dtype=object)


def sign(x: Scalar) -> int:
    """-1, 0 or 1; raises `Undecided` for a ball that straddles zero without being zero."""
    if x > 0:
        return 1
    if x < 0:
        return -1
    if x == 0:
        return 0
    raise Undecided(f"the sign of {x} at {ctx.prec} bits")


def _exp(x: Scalar) -> Scalar:
    if x == 0:
        return fmpq(1)
    return arb(x).exp()


def _tanh(x: Scalar) -> Scalar:
    if x == 0:
        return _ZERO
    return arb(x).tanh()


def _sqrt(x: Scalar) -> Scalar:
    if sign(x) <= 0:
        return _ZERO
    return rational_root(x) or arb(x).sqrt()


def rational_root(x: Scalar) -> fmpq | None:
    """The square root of a positive rational square, None for any other number."""
    if not isinstance(x, fmpq):
        return None
    try:
        return x.sqrt()
    except DomainError:
        return None


def _inverse(x: Scalar) -> Scalar:
    return _ZERO if sign(x) == 0 else 1 / x


def _positive_part(x: Scalar) -> Scalar:
    return x if sign(x) > 0 else _ZERO


class Ball(Arithmetic):
    """Rationals and balls in numpy object arrays, at the precision set by `precision`.

    A ball that straddles a boundary of a total function raises `Undecided`.
    """

    name = "ball"

    def embed(self, rationals: np.ndarray) -> Array:
        return rationals

    def constant(self, value: fmpq) -> Scalar:
        return value

    def zeros(self, shape: int | tuple[int, ...]) -> Array:
        out = np.empty(shape, dtype=object)
        out.fill(_ZERO)  # half the time of `np.full`, which is asked for tens of zeros in each run
        return out

    def concat(self, parts: Sequence[Array]) -> Array:
        return np.concatenate(parts)

    def sum(self, a: Array, axis: int) -> Array:
        return np.asarray(np.add.reduce(a, axis=axis, initial=_ZERO), dtype=object)

    def matmul(self, a: Array, b: Array) -> Array:
        # numpy gives the integer 0 where the inner dimension is empty; our entries are `fmpq`.
        if a.shape[-1] == 0:
            return self.zeros((*a.shape[:-1], b.shape[-1]))
        return np.matmul(a, b)

    def exp(self, a: Array) -> Array:
        return _entrywise(_exp, a)

    def tanh(self, a: Array) -> Array:
        return _entrywise(_tanh, a)

    def sqrt(self, a: Array) -> Array:
        return _entrywise(_sqrt, a)

    def positive_part(self, a: Array) -> Array:
        return _entrywise(_positive_part, a)

    def inverse(self, a: Array) -> Array:
        return _entrywise(_inverse, a)

    @property
    def pi(self) -> Scalar:
        return arb.pi()

    @property
    def root_of_two_over_pi(self) -> Scalar:
        return (2 / arb.pi()).sqrt()

    def keep_if_nonzero(self, value: Array, witnesses: Array) -> Array:
        # No short circuit: one undecided witness must raise wherever it stands in the array.
        signs = [sign(w) for w in witnesses.reshape(-1)]
        return value if all(signs) else self.zeros(value.shape)


def _rational_only(name: str, rational_at: Callable[[Scalar], fmpq | None], a: Array) -> Array:
    """A function entrywise where its values are rational; raises `Irrational` at the first that is not."""

    def entry(x: Scalar) -> fmpq:
        value = rational_at(x)
        if value is None:
            raise Irrational(f"{name}({x}) is not rational: use the ball arithmetic")
        return value

    return _entrywise(entry, a)


class Exact(Ball):
    """Rationals only: it refuses, by name, every value that is not rational."""

    name = "exact"

    def exp(self, a: Array) -> Array:
        return _rational_only("exp", lambda x: fmpq(1) if x == 0 else None, a)

    def tanh(self, a: Array) -> Array:
        return _rational_only("tanh", lambda x: _ZERO if x == 0 else None, a)

    def sqrt(self, a: Array) -> Array:
        return _rational_only("sqrt", lambda x: _ZERO if x <= 0 else rational_root(x), a)

    @property
    def pi(self) -> Scalar:
        raise Irrational("pi is not rational: use the ball arithmetic")

    @property
    def root_of_two_over_pi(self) -> Scalar:
        raise Irrational("sqrt(2/pi) is not rational: use the ball arithmetic")


BALL = Ball()
EXACT = Exact()
