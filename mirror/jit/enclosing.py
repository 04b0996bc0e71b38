"""The certified enclosure of the jitted block: what its formulas can arrive at in floats, whatever the schedule.

The formulas of `mirror.jit.formulas` run over balls that hold every rounded result. Panels, tiles and groups of heads
change only the order of sums and which exact zeros are added, and the bounds hold for any order. What an interval
evaluation forgets (no weight exceeds 1, a normaliser is at most 1) is put back where floats guarantee it: rounding
is monotone, so an inequality that holds before a number is rounded holds after.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import frexp
from typing import TYPE_CHECKING

import numpy as np
from flint import arb, fmpq

from mirror.arithmetic import Scalar
from mirror.arithmetic.rounded import JAX_BFLOAT16, JAX_FLOAT32, JAX_FLOAT64, Backend, Rounded, RoundedArray
from mirror.jit.arrays import Given
from mirror.jit.numbers import Normed, Numbers

if TYPE_CHECKING:
    from jaxtyping import Float, Shaped

_UNBOUNDED = arb("nan")

# What is known of an example's norm, from the weightiest on: it is not differentiable, that is open, it is.
_KINK, _OPEN, _SMOOTH = range(3)


def _larger(a: Scalar, b: Scalar) -> arb:
    return arb(a).max(arb(b))


_maxima = np.frompyfunc(_larger, 2, 1)


@dataclass(frozen=True)
class Enclosing(Rounded, Numbers[RoundedArray]):
    """Enclosures of what `mirror.jit.numbers.Jitted` computes.

    `backend` is the format that is computed in, `stored` the one that results are rounded to at the end. Matrix
    products round their operands to `operand`, where given, and may then truncate their sums, as tensor cores do.
    No operation raises: where a total function meets its jump, both sides of it are enclosed. The real value is
    enclosed too, unless a variance plus ε lies between 0 and the smallest number of the format.
    """

    stored: Backend | None = None
    operand: Backend | None = None
    name = "enclosing"

    def constant(self, value: fmpq) -> Scalar:
        return arb(super().constant(value))

    def floats(self, values: Float[Given, "..."]) -> Shaped[RoundedArray, "..."]:
        """An array of floats, rounded where they have more digits than the format.

        What may be flushed to 0 is enclosed together with 0.
        """
        smallest, largest, places = 2.0**self.backend.lowest, float(self._largest), 2.0**self.backend.bits

        def entry(x: float) -> arb:
            exact = x == 0 or (smallest <= abs(x) <= largest and (frexp(x)[0] * places).is_integer())
            return arb(x) if exact else self.rounded(arb(x))

        return self._entrywise(entry, np.asarray(values).astype(np.float64))

    def store(self, a: Shaped[RoundedArray, "..."]) -> Shaped[RoundedArray, "..."]:
        """An array as it is returned."""
        return a if self.stored is None else self._converted(a, self.stored)

    def _converted(self, a: Shaped[RoundedArray, "..."], backend: Backend) -> Shaped[RoundedArray, "..."]:
        to = Rounded(backend)

        def entry(x: Scalar) -> Scalar:
            return x if x == 0 else to.rounded(x)

        return self._entrywise(entry, a)

    def multiply(self, a: Scalar, b: Scalar) -> Scalar:
        # A product with 1 is exact: the mean of a row of length 1 is its entry.
        if a == 1 or b == 1:
            return b if a == 1 else a
        return super().multiply(a, b)

    def matmul(
        self, a: Shaped[RoundedArray, "*B s d"], b: Shaped[RoundedArray, "*#B d t"]
    ) -> Shaped[RoundedArray, "*B s t"]:
        if self.operand is None:
            return super().matmul(a, b)
        left, right = (self._converted(x, self.operand).balls for x in (a, b))
        # Products of two such operands are exact, and a truncation is off by up to two units.
        return self._accumulated(np.matmul(left, right), np.matmul(abs(left), abs(right)), 2 * left.shape[-1])

    def _clipped(
        self, a: Shaped[RoundedArray, "..."], low: Scalar | None, high: Scalar | None = None
    ) -> Shaped[RoundedArray, "..."]:
        """The enclosures of numbers that are known to be no lower and no higher."""

        def entry(x: Scalar) -> Scalar:
            x = arb(x)
            if not x.is_finite():
                return _UNBOUNDED
            # By its ends: a ball much wider than the interval would keep a radius that is rounded at its own scale.
            lowest = x.lower() if low is None else x.lower().max(arb(low))
            highest = x.upper() if high is None else x.upper().min(arb(high))
            return x if (lowest, highest) == (x.lower(), x.upper()) else lowest.union(highest)

        return self._entrywise(entry, a)

    # ---- softmax

    def row_max(self, scores: Shaped[RoundedArray, "*N t"]) -> Shaped[RoundedArray, "*N 1"]:
        # Taking a maximum rounds nothing.
        return self._wrap(_maxima.reduce(scores.balls, axis=-1, keepdims=True))

    def shifted_exp(
        self, scores: Shaped[RoundedArray, "*N t"], row_max: Shaped[RoundedArray, "*N 1"]
    ) -> Shaped[RoundedArray, "*N t"]:
        # exp of a number that is not positive is never negative, and at most 1: the tests hold each backend to that.
        return self._clipped(self.exp(self._clipped(scores - row_max, None, 0)), 0, 1)

    def inv_normaliser(self, shifted: Shaped[RoundedArray, "*N t"]) -> Shaped[RoundedArray, "*N 1"]:
        # One of the numbers is 1 and none is negative, so a sum of them, in any order, arrives at 1 or more.
        normaliser = self._clipped(self.sum(shifted, -1)[..., None], 1)
        return self._entrywise(self._inverse, normaliser)

    def _inverse(self, x: Scalar) -> arb:
        return self.rounded(1 / x)

    # ---- LayerNorm

    def normalise(self, centred: Shaped[RoundedArray, "*N D"], eps: fmpq) -> Normed[RoundedArray]:
        length = centred.shape[-1]
        # A sum of squares is not negative, and rounded it is still not.
        variance = self._clipped(self.inner(centred, centred)[..., None] * self.constant(fmpq(1, length)), 0)
        var_eps = variance + self.constant(eps)
        if eps < 0:
            rstd = self._entrywise(self._rstd, var_eps)
            return Normed(centred * rstd, rstd, var_eps)
        # Where both terms are not negative their rounded sum is at least either.
        var_eps = self._clipped(var_eps, max(arb(self.constant(eps)).lower(), arb(0)))
        rstd, bound = self._entrywise(self._rstd, var_eps), self._normalised_bound(length)
        return Normed(self._clipped(centred * rstd, -bound, bound), rstd, var_eps)

    def _normalised_bound(self, n: int) -> arb:
        """What no entry of a normalised row exceeds: n·(var + ε) is at least its square, before and after rounding.

        Ten roundings lie between the two. Where the square underflows and the variance plus ε does not, the entry
        is below 1; where both are denormal, each is off by a half of itself at most.
        """
        return arb(n).sqrt() * 2 * (1 + 10 * self.backend.unit)

    @property
    def _least(self) -> arb:
        """The smallest positive number that is computed with."""
        b = self.backend
        return arb(fmpq(2) ** (b.lowest if b.flushes else b.lowest - b.bits + 1))

    def _rstd(self, var_eps: Scalar) -> Scalar:
        """1/√x, and 0 where x is not positive; both where the enclosure leaves that open."""
        x = arb(var_eps)
        if not x.is_finite():
            return _UNBOUNDED
        if x <= 0:
            return arb(0)
        return self._one_over_root(x) if x >= self._least else arb(0).union(self._one_over_root(self._least))

    def _one_over_root(self, x: arb) -> arb:
        return self.rounded(1 / self.rounded(x.sqrt()))

    def where_differentiable(
        self, value: Shaped[RoundedArray, "..."], var_eps: Shaped[RoundedArray, "*B n 1"], axes: int
    ) -> Shaped[RoundedArray, "..."]:
        found = np.frompyfunc(self._known, 1, 1)(var_eps.balls)
        known = np.min(found, axis=(-2, -1))
        known = np.reshape(known, np.shape(known) + (1,) * axes)
        return self._wrap(np.frompyfunc(_kept, 2, 1)(value.balls, known))

    def _known(self, var_eps: Scalar) -> int:
        if var_eps == 0:
            return _KINK
        return _SMOOTH if arb(var_eps).abs_lower() >= self._least else _OPEN


def _kept(value: Scalar, known: int) -> Scalar:
    if known == _KINK:
        return arb(0)
    return value if known == _SMOOTH else arb(value).union(arb(0))


# How a dtype is computed with on CPUs.
ENCLOSING = {
    "float64": Enclosing(JAX_FLOAT64),
    "float32": Enclosing(JAX_FLOAT32),
    "bfloat16": Enclosing(JAX_FLOAT32, stored=JAX_BFLOAT16),
}
