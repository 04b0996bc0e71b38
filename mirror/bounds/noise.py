"""How far roundings may move a sum: at worst, and with a stated probability.

Both ways of adding them up go through the same formulas. `Worst` adds them with the worst signs. `Likely` takes the
root of the sum of squares, for roundings that are independent and of mean zero; adding two such roots is never too
little, so that a rounding may enter two of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from mirror.arithmetic.rounded import Backend
from mirror.bounds.declared import FloatArithmetic, SumOrder

if TYPE_CHECKING:
    from jaxtyping import Float


@dataclass(frozen=True)
class Worst:
    """Roundings of an arithmetic, each with the worst sign."""

    arithmetic: FloatArithmetic

    @cached_property
    def unit(self) -> float:
        """The unit round-off of what is computed in."""
        return float(self.arithmetic.accumulate.unit)

    @cached_property
    def exp(self) -> float:
        """The relative error of exp."""
        return float(self.arithmetic.exp_ulps) * self.unit

    @cached_property
    def operand(self) -> float:
        """The relative error of an operand of a product of matrices."""
        return _unit(self.arithmetic.operand)

    @cached_property
    def weights(self) -> float:
        """The relative error of a weight as an operand."""
        return _unit(self.arithmetic.weights)

    @cached_property
    def stored(self) -> float:
        """The relative error of storing a result that was computed in another format."""
        a = self.arithmetic
        return 0.0 if a.stored.bits >= a.accumulate.bits else _unit(a.stored)

    @cached_property
    def tiny(self) -> float:
        """What an operation may lose where its result underflows."""
        return _absolute(self.arithmetic.accumulate)

    @cached_property
    def tiny_operand(self) -> float:
        """What an operand of a product of matrices may lose where it underflows."""
        return _absolute(self.arithmetic.operand)

    @cached_property
    def tiny_weight(self) -> float:
        """What a weight may lose as an operand where it underflows."""
        return _absolute(self.arithmetic.weights)

    def gamma(self, roundings: Any) -> Any:
        """The relative error of a term that is rounded so many times; infinite where nothing is known."""
        lost = np.asarray(roundings) * self.unit
        return np.where(lost < 1, lost / np.where(lost < 1, 1 - lost, 1), np.inf)

    def summed(self, terms: Any, further: Any = 0) -> Any:
        """The relative error of the terms of a sum in the declared order, each rounded some further times."""
        terms = np.asarray(terms)
        tree = self.arithmetic.order is SumOrder.TREE
        depth = np.ceil(np.log2(np.maximum(terms, 1))) if tree else np.maximum(terms - 1, 0)
        return np.where(terms > 0, self.gamma(depth + further), 0.0)

    def dotted(self, terms: Any, further: Any = 0) -> Any:
        """The same of a sum of products, as one of a product of matrices."""
        terms = np.asarray(terms)
        if self.arithmetic.operand is None:
            return self.summed(terms, 1 + np.asarray(further))
        # Products of two such operands are exact, and a truncation is off by up to two units.
        return self.summed(terms, 1 + np.asarray(further)) + self.summed(terms, 1)

    def product(self, a: Float[np.ndarray, "m k"], b: Float[np.ndarray, "k n"]) -> Float[np.ndarray, "m n"]:
        """How far sums are moved by deviations a of terms whose factors are b, neither negative."""
        return a @ b

    def rows(self, a: Float[np.ndarray, "m k"]) -> Float[np.ndarray, "m 1"]:
        """How far the sums of rows are moved by deviations of their terms."""
        return a.sum(-1, keepdims=True)

    def from_mean(
        self,
        deviations: Float[np.ndarray, "n t"],
        v: Float[np.ndarray, "t d"],
        mean: Float[np.ndarray, "n d"],
        radius: Float[np.ndarray, "n d"],
    ) -> Float[np.ndarray, "n d"]:
        """`Σ_j deviations_ij·|v_jc - mean_ic|`, where a mean is known up to its radius."""
        far, apart = np.empty_like(mean), np.empty_like(deviations)
        for c, column in enumerate(v.T):
            np.subtract(column[None, :], mean[:, c, None], out=apart)
            np.abs(apart, out=apart)
            far[:, c] = np.einsum("ij,ij->i", deviations, apart)
        return far + deviations.sum(-1, keepdims=True) * radius


class Likely(Worst):
    """Roundings that are independent and of mean zero."""

    def gamma(self, roundings: Any) -> Any:
        # Each of them moves no further than one unit of what has been added up till then.
        return np.sqrt(np.asarray(roundings)) * self.unit

    def product(self, a: Float[np.ndarray, "m k"], b: Float[np.ndarray, "k n"]) -> Float[np.ndarray, "m n"]:
        return np.sqrt((a * a) @ (b * b))

    def rows(self, a: Float[np.ndarray, "m k"]) -> Float[np.ndarray, "m 1"]:
        return np.sqrt((a * a).sum(-1, keepdims=True))

    def from_mean(
        self,
        deviations: Float[np.ndarray, "n t"],
        v: Float[np.ndarray, "t d"],
        mean: Float[np.ndarray, "n d"],
        radius: Float[np.ndarray, "n d"],
    ) -> Float[np.ndarray, "n d"]:
        squares = deviations * deviations
        total = squares.sum(-1, keepdims=True)
        spread = squares @ (v * v) - 2 * mean * (squares @ v) + mean * mean * total
        # What float64 loses in the difference is a part in 1e15 of its first term.
        return np.sqrt(np.maximum(spread, 0) + 1e-12 * (squares @ (v * v))) + np.sqrt(total) * radius


def _unit(backend: Backend | None) -> float:
    return 0.0 if backend is None else float(backend.unit)


def _absolute(backend: Backend | None) -> float:
    return 0.0 if backend is None else max(float(backend.absolute), 2.0**-1074)
