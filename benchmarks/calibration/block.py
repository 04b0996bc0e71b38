"""The decoder block and its pullback in NumPy, a method for each step, so that a kernel differs in one of them."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, ClassVar, NamedTuple

import numpy as np

from benchmarks.calibration.kernel import CalibrationKernel
from benchmarks.calibration.rounding import working
from benchmarks.calibration.stepwise import Matrices, Operands, StepwiseAttention
from mirror.jit import BlockContext, BlockParameters

ROOT_OF_TWO_OVER_PI = (2 / np.pi) ** 0.5


class NormalisedRows(NamedTuple):
    """A norm's normalised rows, and one over their standard deviation."""

    x: Matrices
    rstd: Matrices


class Passed(NamedTuple):
    """What the pullback of a block needs: operands and results of its steps."""

    operands: Operands
    weights: Matrices
    heads: Matrices
    norm1: NormalisedRows
    n1: Matrices
    hidden: Matrices
    norm2: NormalisedRows
    y: Matrices


class StepwiseBlock(CalibrationKernel):
    """Block of a softmax of all scores and norms in two passes."""

    kind = "block"
    attention: ClassVar[StepwiseAttention] = StepwiseAttention()
    cubic: ClassVar[float] = 0.044715
    root: ClassVar[float] = ROOT_OF_TWO_OVER_PI

    def __call__(self, context: BlockContext[Matrices], parameters: BlockParameters, bias: Matrices) -> Matrices:
        with np.errstate(all="ignore"):
            return self.passed(*self.given(context, parameters, bias)).y.astype(bias.dtype)

    def vjp(
        self, context: BlockContext[Matrices], parameters: BlockParameters, bias: Matrices, cotangent: Matrices
    ) -> tuple[Matrices, ...]:
        """The cotangents of the eight entries of the context."""
        with np.errstate(all="ignore"):
            c, p, mask = self.given(context, parameters, bias)
            found = self.pullback(c, p, self.passed(c, p, mask), working(cotangent))
        return tuple(np.asarray(d).astype(bias.dtype) for d in found)

    def given(self, c: BlockContext[Matrices], p: BlockParameters, bias: Matrices) -> tuple[Any, Any, Matrices]:
        arrays = {f.name: working(a) for f in fields(p) if isinstance(a := getattr(p, f.name), np.ndarray)}
        return BlockContext(*map(working, c)), replace(p, **arrays), working(bias)

    # ---- forwards

    def passed(self, c: Any, p: Any, bias: Matrices) -> Passed:
        x = Operands(c.q, c.kt, c.v, bias, p.scale)
        weights, heads = self.attention.attended(x)
        n1, norm1 = self.norm1(c.residual + self.merged(heads, p), c, p)
        hidden = n1 @ p.fc1 + p.b1
        y, norm2 = self.norm2(self.second_sum(n1, self.gelu(hidden) @ p.fc2 + p.b2, c), c, p)
        return Passed(x, weights, heads, norm1, n1, hidden, norm2, y)

    def merged(self, heads: Matrices, p: Any) -> Matrices:
        return np.einsum("hnd,hdm->nm", heads, p.merge) + p.merge_bias

    def second_sum(self, n1: Matrices, projected: Matrices, c: Any) -> Matrices:
        return n1 + projected

    def norm1(self, x: Matrices, c: Any, p: Any) -> tuple[Matrices, NormalisedRows]:
        return self.norm(x, c.gamma1, c.beta1, p.eps1)

    def norm2(self, x: Matrices, c: Any, p: Any) -> tuple[Matrices, NormalisedRows]:
        return self.norm(x, c.gamma2, c.beta2, p.eps2)

    def norm(self, x: Matrices, gamma: Matrices, beta: Matrices, eps: float) -> tuple[Matrices, NormalisedRows]:
        found = self.normalised(x, eps)
        return found.x * gamma + beta, found

    def normalised(self, x: Matrices, eps: float) -> NormalisedRows:
        mean, variance = self.moments(x)
        rstd = self.rstd(variance, eps)
        return NormalisedRows((x - mean) * rstd, rstd)

    def moments(self, x: Matrices) -> tuple[Matrices, Matrices]:
        mean = x.mean(axis=-1, keepdims=True)
        return mean, np.square(x - mean).mean(axis=-1, keepdims=True)

    def rstd(self, variance: Matrices, eps: float) -> Matrices:
        return 1 / np.sqrt(variance + eps)

    def gelu(self, x: Matrices) -> Matrices:
        return 0.5 * x * (1 + np.tanh(self.argument(x)))

    def argument(self, x: Matrices) -> Matrices:
        return self.root * (x + self.cubic * (x * x * x))

    # ---- backwards

    def pullback(self, c: Any, p: Any, s: Passed, g: Matrices) -> tuple[Matrices, ...]:
        d_sum2, d_gamma2, d_beta2 = self.norm_pullback(s.norm2, c.gamma2, g)
        d_hidden = (d_sum2 @ p.fc2.T) * self.gelu_slope(s.hidden)
        d_n1 = self.d_n1(d_sum2, d_hidden @ p.fc1.T)
        d_sum1, d_gamma1, d_beta1 = self.norm_pullback(s.norm1, c.gamma1, d_n1)
        d_heads = np.einsum("nm,hdm->hnd", d_sum1, p.merge)
        d_qkv = self.attention.pullback(s.operands, s.weights, s.heads, d_heads)
        return (*d_qkv, self.d_residual(d_sum1), d_gamma1, d_beta1, d_gamma2, d_beta2)

    def d_n1(self, d_sum2: Matrices, through: Matrices) -> Matrices:
        return d_sum2 + through

    def d_residual(self, d_sum1: Matrices) -> Matrices:
        return d_sum1

    def norm_pullback(self, rows: NormalisedRows, gamma: Matrices, g: Matrices) -> tuple[Matrices, Matrices, Matrices]:
        return self.norm_d_x(rows, g * gamma), (g * rows.x).sum(axis=0), g.sum(axis=0)

    def norm_d_x(self, rows: NormalisedRows, d: Matrices) -> Matrices:
        along = (d * rows.x).mean(axis=-1, keepdims=True)
        return rows.rstd * (d - d.mean(axis=-1, keepdims=True) - rows.x * along)

    def gelu_slope(self, x: Matrices) -> Matrices:
        tanh = np.tanh(self.argument(x))
        return 0.5 * (1 + tanh) + 0.5 * x * (1 - tanh * tanh) * self.root * (1 + 3 * self.cubic * x * x)
