"""Masked attention and its pullback in NumPy, a method for each step, so that a kernel differs in one of them."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from benchmarks.calibration.kernel import CalibrationKernel
from benchmarks.calibration.rounding import working

Matrices = np.ndarray


class Operands(NamedTuple):
    """The arguments of an attention, in what it computes in."""

    q: Matrices
    kt: Matrices
    v: Matrices
    bias: Matrices
    scale: Any


def t(a: Matrices) -> Matrices:
    """The matrices of the last two axes, transposed."""
    return a.swapaxes(-1, -2)


class StepwiseAttention(CalibrationKernel):
    """Softmax of all scores, then the values."""

    def __call__(self, q: Matrices, kt: Matrices, v: Matrices, bias: Matrices, scale: float) -> Matrices:
        with np.errstate(all="ignore"):
            return self.attended(self.operands(q, kt, v, bias, scale))[1].astype(v.dtype)

    def vjp(
        self, q: Matrices, kt: Matrices, v: Matrices, bias: Matrices, scale: float, cotangent: Matrices
    ) -> tuple[Matrices, Matrices, Matrices]:
        """The cotangents of q, kt and v."""
        with np.errstate(all="ignore"):
            x = self.operands(q, kt, v, bias, scale)
            d_q, d_kt, d_v = self.pullback(x, *self.attended(x), working(cotangent))
        return d_q.astype(v.dtype), d_kt.astype(v.dtype), d_v.astype(v.dtype)

    def operands(self, q: Matrices, kt: Matrices, v: Matrices, bias: Matrices, scale: float) -> Operands:
        return Operands(working(q), working(kt), working(v), working(bias), scale)

    # ---- forwards

    def attended(self, x: Operands) -> tuple[Matrices, Matrices]:
        """The weights, and the output."""
        p = self.weights(self.scores(x))
        return p, self.product(p, x.v)

    def scores(self, x: Operands) -> Matrices:
        return x.scale * self.product(x.q, x.kt) + x.bias

    def weights(self, scores: Matrices) -> Matrices:
        e = self.exp(scores - self.row_max(scores))
        return e / self.normaliser(e)

    def row_max(self, scores: Matrices) -> Matrices:
        return scores.max(axis=-1, keepdims=True)

    def exp(self, shifted: Matrices) -> Matrices:
        return np.exp(shifted)

    def normaliser(self, e: Matrices) -> Matrices:
        return e.sum(axis=-1, keepdims=True)

    def product(self, a: Matrices, b: Matrices) -> Matrices:
        return a @ b

    # ---- backwards

    def pullback(self, x: Operands, p: Matrices, o: Matrices, g: Matrices) -> tuple[Matrices, Matrices, Matrices]:
        d_scores = self.d_scores(x, p, o, g)
        return self.d_q(x, d_scores), self.d_kt(x, d_scores), self.d_v(p, g)

    def d_scores(self, x: Operands, p: Matrices, o: Matrices, g: Matrices) -> Matrices:
        d_p = self.product(g, t(x.v))
        return p * (d_p - self.delta(p, d_p, o, g))

    def delta(self, p: Matrices, d_p: Matrices, o: Matrices, g: Matrices) -> Matrices:
        return (g * o).sum(axis=-1, keepdims=True)

    def d_q(self, x: Operands, d_scores: Matrices) -> Matrices:
        return x.scale * self.product(d_scores, t(x.kt))

    def d_kt(self, x: Operands, d_scores: Matrices) -> Matrices:
        return x.scale * self.product(t(x.q), d_scores)

    def d_v(self, p: Matrices, g: Matrices) -> Matrices:
        return self.product(t(p), g)
