"""Wrong blocks: one step of the block or of its pullback is not what it should be."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from benchmarks.calibration.block import NormalisedRows, Passed, StepwiseBlock
from benchmarks.calibration.kernel import RejectedIn
from benchmarks.calibration.stepwise import Matrices
from benchmarks.calibration.wrong_attention import LargestBiasOnly

# Of a mistake that a bfloat16 has no digits for.
IN_FULL = ("float32", "float64")


class UnbiasedVariance(StepwiseBlock):
    """The unbiased variance."""

    shows = RejectedIn("small", "no mask")

    def moments(self, x: Matrices) -> tuple[Matrices, Matrices]:
        mean, variance = super().moments(x)
        return mean, variance * (x.shape[-1] / max(x.shape[-1] - 1, 1))


class EpsOutsideTheRoot(StepwiseBlock):
    """The ε added outside the root."""

    shows = RejectedIn("small", "key padding", "tiny")
    dtypes = IN_FULL

    def rstd(self, variance: Matrices, eps: float) -> Matrices:
        return 1 / (np.sqrt(variance) + eps)


class EpsForgotten(StepwiseBlock):
    """The ε forgotten."""

    shows = RejectedIn("small", "key padding", "tiny")
    dtypes = IN_FULL

    def rstd(self, variance: Matrices, eps: float) -> Matrices:
        return 1 / np.sqrt(variance)


class FirstEpsTwice(StepwiseBlock):
    """The first norm's ε in both norms."""

    shows = RejectedIn("odd sizes", "no mask")
    dtypes = IN_FULL

    def norm2(self, x: Matrices, c: Any, p: Any) -> tuple[Matrices, NormalisedRows]:
        return self.norm(x, c.gamma2, c.beta2, p.eps1)


class OnePassVariance(StepwiseBlock):
    """The variance as E[x²] - E[x]²."""

    shows = RejectedIn("small", "sliding window", "rows around 1e3")
    dtypes = ("float32",)

    def moments(self, x: Matrices) -> tuple[Matrices, Matrices]:
        mean = x.mean(axis=-1, keepdims=True)
        return mean, np.maximum((x * x).mean(axis=-1, keepdims=True) - mean * mean, 0)


class NotCentred(StepwiseBlock):
    """Root mean square in place of the standard deviation, the rows not centred."""

    shows = RejectedIn("small", "no mask")

    def moments(self, x: Matrices) -> tuple[Matrices, Matrices]:
        return np.zeros_like(x[..., :1]), np.square(x).mean(axis=-1, keepdims=True)


class ErfGelu(StepwiseBlock):
    """GELU by the error function."""

    shows = RejectedIn("small", "no mask")

    def gelu(self, x: Matrices) -> Matrices:
        erf = np.vectorize(math.erf, otypes=[np.float64])(x / math.sqrt(2))
        return (0.5 * x * (1 + erf)).astype(x.dtype)


class QuickGelu(StepwiseBlock):
    """GELU as x times the sigmoid of 1.702 x."""

    shows = RejectedIn("small", "no mask")

    def gelu(self, x: Matrices) -> Matrices:
        return x / (1 + np.exp(-1.702 * x))


class RoundedGelu(StepwiseBlock):
    """GELU with 0.7979 for the root of 2/π."""

    shows = RejectedIn("exact scores", "no mask", "tiny")
    dtypes = IN_FULL
    root = 0.7979


class ResidualFromInput(StepwiseBlock):
    """The second residual sum takes the input, not the first norm's output."""

    shows = RejectedIn("small", "no mask")

    def second_sum(self, n1: Matrices, projected: Matrices, c: Any) -> Matrices:
        return c.residual + projected


class NoSecondResidual(StepwiseBlock):
    """The second residual sum forgotten."""

    shows = RejectedIn("small", "no mask")

    def second_sum(self, n1: Matrices, projected: Matrices, c: Any) -> Matrices:
        return projected


class FirstGammaTwice(StepwiseBlock):
    """The first norm's γ in both norms."""

    shows = RejectedIn("small", "no mask")

    def norm2(self, x: Matrices, c: Any, p: Any) -> tuple[Matrices, NormalisedRows]:
        return self.norm(x, c.gamma1, c.beta2, p.eps2)


class NoMergeBias(StepwiseBlock):
    """The bias of the merge forgotten."""

    shows = RejectedIn("small", "no mask")

    def merged(self, heads: Matrices, p: Any) -> Matrices:
        return super().merged(heads, p) - p.merge_bias


class HeadsInterleaved(StepwiseBlock):
    """Heads merged entry by entry, not head by head."""

    shows = RejectedIn("small", "no mask")

    def merged(self, heads: Matrices, p: Any) -> Matrices:
        h, n, d = heads.shape
        return np.moveaxis(heads, 0, -1).reshape(n, h * d) @ p.merge.reshape(h * d, -1) + p.merge_bias


class BlockWithoutMaximum(StepwiseBlock):
    """Block whose attention subtracts no largest logit."""

    shows = RejectedIn("small", "causal, gap -1e4", "logits up to 200")
    attention = LargestBiasOnly()


class NormBackwardWithoutMean(StepwiseBlock):
    """The norm's pullback without the mean of the cotangent."""

    shows = RejectedIn("small", "no mask")

    def norm_d_x(self, rows: NormalisedRows, d: Matrices) -> Matrices:
        return super().norm_d_x(rows, d) + rows.rstd * d.mean(axis=-1, keepdims=True)


class NormBackwardWithoutShare(StepwiseBlock):
    """The norm's pullback without the part along the normalised row."""

    shows = RejectedIn("small", "no mask")

    def norm_d_x(self, rows: NormalisedRows, d: Matrices) -> Matrices:
        return rows.rstd * (d - d.mean(axis=-1, keepdims=True))


class BackwardWithoutResidual(StepwiseBlock):
    """The pullback forgets the second residual sum."""

    shows = RejectedIn("small", "no mask")

    def d_n1(self, d_sum2: Matrices, through: Matrices) -> Matrices:
        return through


class GammaOfLastRow(StepwiseBlock):
    """The cotangents of γ of the last position, not added up."""

    shows = RejectedIn("small", "no mask")

    def norm_pullback(self, rows: NormalisedRows, gamma: Matrices, g: Matrices) -> tuple[Matrices, Matrices, Matrices]:
        d_x, _, d_beta = super().norm_pullback(rows, gamma, g)
        return d_x, (g * rows.x)[-1], d_beta


class SlopeWithoutThree(StepwiseBlock):
    """GELU's slope without the factor 3 of its cubic term."""

    shows = RejectedIn("small", "no mask")

    def gelu_slope(self, x: Matrices) -> Matrices:
        tanh = np.tanh(self.argument(x))
        return 0.5 * (1 + tanh) + 0.5 * x * (1 - tanh * tanh) * self.root * (1 + self.cubic * x * x)


class PaddedMean(StepwiseBlock):
    """Means over D rounded up to whole eights, wrong only where D is not one."""

    shows = RejectedIn("small", "no mask")

    def moments(self, x: Matrices) -> tuple[Matrices, Matrices]:
        width, padded = x.shape[-1], -(-x.shape[-1] // 8) * 8
        mean = x.sum(axis=-1, keepdims=True) / padded
        return mean, np.square(x - mean).sum(axis=-1, keepdims=True) / width


class FirstPositionsOnly(StepwiseBlock):
    """Positions from the 9th on keep the residual stream as it is, wrong only in longer sequences."""

    shows = RejectedIn("eight heads", "no mask")

    def merged(self, heads: Matrices, p: Any) -> Matrices:
        found = super().merged(heads, p)
        found[8:] = 0
        return found


class GradientOfSomeHeads(StepwiseBlock):
    """The last head's cotangents are those of a head of its own, not scaled."""

    shows = RejectedIn("small", "no mask")

    def pullback(self, c: Any, p: Any, s: Passed, g: Matrices) -> tuple[Matrices, ...]:
        d_q, *others = super().pullback(c, p, s, g)
        d_q[-1] = d_q[-1] / p.scale
        return (d_q, *others)
