"""What a definition may ask of the number system that it is evaluated over."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from flint import fmpq

# An n-dimensional array of the arithmetic's own kind: a numpy array of flint scalars or of
# float64, a JAX array, a `JetArray`. All of them slice, reshape, transpose, add and multiply.
Array = Any
Scalar = Any

GELU_COEFFICIENT = fmpq(44715, 1_000_000)


class Undecided(ArithmeticError):
    """A ball straddles a boundary of a total function: the precision is too low to say which side."""


class AtBoundary(ArithmeticError):
    """A jet meets a point where a total function is not differentiable: the jet says nothing there."""


class Irrational(ArithmeticError):
    """The exact arithmetic was asked for a value that is not rational."""


def rational(value: int | float | str | Fraction | fmpq | np.integer | np.floating) -> fmpq:
    """The exact rational that `value` denotes (a float is the dyadic rational that it stores).

    Raises `ValueError` for NaN, infinities and text that spells no rational, `TypeError` for anything
    that is not a number.
    """
    if isinstance(value, fmpq):
        return value
    if type(value) is int:  # the usual case, at a tenth of the price
        return fmpq(value)
    if isinstance(value, float | np.floating) and not np.isfinite(value):
        raise ValueError(
            f"{value} is not a real number and the theorems are about real numbers: "
            "for a mask use a finite gap such as -1e4 or -1e9"
        )
    if not isinstance(value, int | float | str | Fraction | np.integer | np.floating):
        raise TypeError(f"expected a rational number, got {type(value).__name__}: {value!r}")
    try:
        exact = Fraction(value.item() if isinstance(value, np.generic) else value)
    except (ValueError, ZeroDivisionError) as why:
        raise ValueError(f"{value!r} does not spell a rational number such as -3/4 or 0.25") from why
    return fmpq(exact.numerator, exact.denominator)


def rational_vector(values: Sequence[Any] | np.ndarray) -> np.ndarray:
    """A flat numpy array of exact rationals, read row-major from numbers in any nesting.

    Raises `ValueError` for NaN and infinities.
    """
    flat = np.asarray(values, dtype=object).reshape(-1)
    out = np.empty(flat.size, dtype=object)
    out[:] = [rational(v) for v in flat]
    return out


class Arithmetic(ABC):
    """A number system, with the total functions of Lean's real numbers.

    `inverse(0)` is 0, `sqrt` of a negative number is 0, an empty sum is 0. Arrays support `+`, `-`,
    `*` (entrywise), slicing, `reshape` and `swapaxes`; everything else goes through the arithmetic.
    """

    name: str

    @abstractmethod
    def embed(self, rationals: np.ndarray) -> Array:
        """Exact constants (an object array of `fmpq`) as an array of this arithmetic."""

    @abstractmethod
    def constant(self, value: fmpq) -> Scalar:
        """One exact constant as a scalar of this arithmetic."""

    @abstractmethod
    def zeros(self, shape: int | tuple[int, ...]) -> Array:
        """An array of zeros."""

    @abstractmethod
    def concat(self, parts: Sequence[Array]) -> Array:
        """Vectors end to end."""

    @abstractmethod
    def sum(self, a: Array, axis: int) -> Array:
        """Sum along one axis; 0 where the axis is empty."""

    @abstractmethod
    def matmul(self, a: Array, b: Array) -> Array:
        """Matrix product over the last two axes; 0 where the inner dimension is empty."""

    @abstractmethod
    def exp(self, a: Array) -> Array:
        """Exponential, entrywise."""

    @abstractmethod
    def tanh(self, a: Array) -> Array:
        """Hyperbolic tangent, entrywise."""

    @abstractmethod
    def sqrt(self, a: Array) -> Array:
        """Square root, entrywise; 0 for a negative entry (Lean's `Real.sqrt`)."""

    @abstractmethod
    def positive_part(self, a: Array) -> Array:
        """`max(x, 0)`, entrywise."""

    @abstractmethod
    def inverse(self, a: Array) -> Array:
        """`1/x`, entrywise; 0 for a zero entry (Lean's `Inv ℝ`)."""

    @property
    @abstractmethod
    def pi(self) -> Scalar:
        """The circle constant."""

    @property
    def half(self) -> Scalar:
        """One half."""
        return self.constant(fmpq(1, 2))

    @property
    @abstractmethod
    def root_of_two_over_pi(self) -> Scalar:
        """√(2/π), the constant of GELU's tanh form."""

    @abstractmethod
    def keep_if_nonzero(self, value: Array, witnesses: Array) -> Array:
        """`value` if every entry of `witnesses` is nonzero, else zeros of the same shape."""
