"""The formulas in float64 with roundings of float32 put in by hand: as large as the model allows, of chosen signs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import fmpq

from mirror.arithmetic.floating import FLOAT64
from mirror.bounds.declared import FloatArithmetic
from mirror.bounds.intervals import MidRadArray, exactly
from mirror.jit.numbers import Normed, Numbers

# A little less than the whole, so that float64 rounds none of them up to more.
WHOLE = 1 - 1e-6

Signs = Callable[[tuple[int, ...]], np.ndarray]


@dataclass(frozen=True, eq=False)
class Off:
    """An array of a float32 evaluation, as float64."""

    ar: Perturbed
    values: np.ndarray

    __array_ufunc__ = None

    @property
    def shape(self) -> tuple[int, ...]:
        return self.values.shape

    def __getitem__(self, key: Any) -> Off:
        return Off(self.ar, self.values[key])

    def reshape(self, *shape: Any) -> Off:
        return Off(self.ar, self.values.reshape(*shape))

    def swapaxes(self, a: int, b: int) -> Off:
        return Off(self.ar, self.values.swapaxes(a, b))

    def __add__(self, other: Any) -> Off:
        return self.ar.off(self.values + values(other))

    def __neg__(self) -> Off:
        return Off(self.ar, -self.values)

    def __sub__(self, other: Any) -> Off:
        return self.ar.off(self.values - values(other))

    def __rsub__(self, other: Any) -> Off:
        return self.ar.off(values(other) - self.values)

    def __mul__(self, other: Any) -> Off:
        return self.ar.off(self.values * values(other), ~(powers(self.values) | powers(values(other))))

    __radd__ = __add__
    __rmul__ = __mul__


def powers(a: np.ndarray) -> np.ndarray:
    """Which are 0 or a power of two: a product with one is exact."""
    return (a == 0) | (abs(np.frexp(a)[0]) == 0.5)


def chained(terms: np.ndarray) -> np.ndarray:
    """What the partial sums of a chain add to that takes the largest terms of one sign first, and then the others."""
    swapped = terms * np.sign(np.sum(terms, axis=-1, keepdims=True) + 1e-300)
    ordered = -np.sort(-swapped, axis=-1)
    return np.sum(abs(np.cumsum(ordered, axis=-1))[..., 1:] * (ordered[..., 1:] != 0), axis=-1)


def values(a: Any) -> np.ndarray:
    return a.values if isinstance(a, Off) else np.asarray(a)


class Perturbed(Numbers[Off]):
    """Each operation is off by its whole bound, with the sign that it is told."""

    name = "perturbed"

    def __init__(self, arithmetic: FloatArithmetic, signs: Signs) -> None:
        self.arithmetic, self.signs = arithmetic, signs
        self.unit = float(arithmetic.accumulate.unit) * WHOLE

    def off(self, exact: np.ndarray, units: Any = 1, size: np.ndarray | None = None) -> Off:
        exact = np.asarray(exact)
        amount = units * self.unit * (abs(exact) if size is None else size)
        return Off(self, exact + amount * self.signs(exact.shape))

    def given(self, a: Any, row: int | None = None) -> Off:
        return Off(self, np.asarray(a).astype(np.float64))

    def rounded(self, a: MidRadArray, row: int | None = None) -> Off:
        return self.off(a.mid)

    def also(self, a: Off, bound: np.ndarray) -> Off:
        return Off(self, a.values + bound * WHOLE * self.signs(a.shape))

    def passed(self, a: Off) -> MidRadArray:
        return exactly(a.values)

    def embed(self, rationals: np.ndarray) -> Off:
        return self.off(FLOAT64.embed(rationals))

    def constant(self, value: fmpq) -> Off:
        exact = float(fmpq(value).p) / float(fmpq(value).q)
        return Off(self, np.array(exact)) if np.float32(exact) == exact else self.off(np.array(exact))

    def zeros(self, shape: int | tuple[int, ...]) -> Off:
        return Off(self, np.zeros(shape))

    def concat(self, parts: Sequence[Off]) -> Off:
        return Off(self, np.concatenate([p.values for p in parts]))

    def sum(self, a: Off, axis: int) -> Off:
        return self.off(np.sum(a.values, axis=axis), size=chained(np.moveaxis(a.values, axis, -1)))

    def matmul(self, a: Off, b: Off) -> Off:
        left, right = a.values, b.values
        rounded = ~np.maximum(
            np.all(powers(left), axis=-1, keepdims=True), np.all(powers(right), axis=-2, keepdims=True)
        )
        additions = chained(left[..., :, None, :] * right.swapaxes(-1, -2)[..., None, :, :])
        return self.off(left @ right, size=additions + rounded * (abs(left) @ abs(right)))

    def exp(self, a: Off) -> Off:
        return self.off(np.exp(a.values), float(self.arithmetic.exp_ulps) * (a.values != 0))

    def tanh(self, a: Off) -> Off:
        return self.off(np.tanh(a.values), float(self.arithmetic.tanh_ulps))

    def sqrt(self, a: Off) -> Off:
        return self.off(np.sqrt(a.values))

    def positive_part(self, a: Off) -> Off:
        return Off(self, np.maximum(a.values, 0))

    def inverse(self, a: Off) -> Off:
        return self.off(1 / a.values)

    @property
    def pi(self) -> Off:
        return self.off(np.array(np.pi))

    @property
    def root_of_two_over_pi(self) -> Off:
        return self.off(np.array(np.sqrt(2 / np.pi)), 3)

    def keep_if_nonzero(self, value: Off, witnesses: Off) -> Off:
        return value

    def row_max(self, scores: Off) -> Off:
        return Off(self, scores.values.max(axis=-1, keepdims=True))

    def shifted_exp(self, scores: Off, row_max: Off) -> Off:
        shifted = (scores - row_max).values
        return self.exp(Off(self, np.minimum(shifted, 0)))

    def inv_normaliser(self, shifted: Off) -> Off:
        return self.inverse(self.sum(shifted, -1)[..., None])

    def normalise(self, centred: Off, eps: fmpq) -> Normed[Off]:
        variance = self.inner(centred, centred)[..., None] * self.constant(fmpq(1, centred.shape[-1]))
        var_eps = variance + self.constant(eps)
        rstd = self.inverse(self.sqrt(var_eps))
        return Normed(centred * rstd, rstd, var_eps)

    def where_differentiable(self, value: Off, var_eps: Off, axes: int) -> Off:
        return value
