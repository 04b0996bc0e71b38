"""Right blocks in NumPy, each its own way of rounding."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.calibration.block import NormalisedRows, StepwiseBlock
from benchmarks.calibration.online import OnlineAttention
from benchmarks.calibration.right_online import FlashBackward
from benchmarks.calibration.stepwise import Matrices


class Welford(StepwiseBlock):
    """Mean and variance by Welford's recurrence, in one pass."""

    def moments(self, x: Matrices) -> tuple[Matrices, Matrices]:
        mean, squares = np.zeros_like(x[..., :1]), np.zeros_like(x[..., :1])
        for k in range(x.shape[-1]):
            away = x[..., k, None] - mean
            mean = mean + away / (k + 1)
            squares = squares + away * (x[..., k, None] - mean)
        return mean, squares / x.shape[-1]


class JoinedMoments(StepwiseBlock):
    """Mean and variance of both halves of a row, joined as Chan, Golub and LeVeque do."""

    def moments(self, x: Matrices) -> tuple[Matrices, Matrices]:
        half = x.shape[-1] // 2
        if not half:
            return super().moments(x)
        (mean1, var1), (mean2, var2) = super().moments(x[..., :half]), super().moments(x[..., half:])
        share, apart = half / x.shape[-1], mean2 - mean1
        variance = var1 * share + var2 * (1 - share) + apart * apart * (share * (1 - share))
        return mean1 + apart * (1 - share), variance


class FromFirstEntry(StepwiseBlock):
    """Norms of rows relative to their first entry."""

    def normalised(self, x: Matrices, eps: float) -> NormalisedRows:
        return super().normalised(x - x[..., :1], eps)


class CentredOnce(StepwiseBlock):
    """Centred rows kept, and divided by the root."""

    def normalised(self, x: Matrices, eps: float) -> NormalisedRows:
        centred = x - x.mean(axis=-1, keepdims=True)
        root = np.sqrt((centred * centred).sum(axis=-1, keepdims=True) / x.shape[-1] + eps)
        return NormalisedRows(centred / root, 1 / root)


class GeluBySigmoid(StepwiseBlock):
    """GELU as x times a sigmoid, which is the same function."""

    def gelu(self, x: Matrices) -> Matrices:
        return x / (1 + np.exp(-2 * self.argument(x)))


class SlopeByProduct(StepwiseBlock):
    """GELU's slope with (1 - tanh)(1 + tanh), and its polynomial multiplied out."""

    def gelu_slope(self, x: Matrices) -> Matrices:
        tanh = np.tanh(x * (self.root + self.root * self.cubic * (x * x)))
        return (1 + tanh) * (0.5 + x * (1 - tanh) * (0.5 * self.root + 1.5 * self.root * self.cubic * (x * x)))


class NormPullbackAtOnce(StepwiseBlock):
    """The norm's pullback over D at once."""

    def norm_d_x(self, rows: NormalisedRows, d: Matrices) -> Matrices:
        width = d.shape[-1]
        sums = d.sum(axis=-1, keepdims=True) + rows.x * (d * rows.x).sum(axis=-1, keepdims=True)
        return (rows.rstd / width) * (width * d - sums)


class MergedAsOneMatrix(StepwiseBlock):
    """Heads side by side, merged by one matrix."""

    def merged(self, heads: Matrices, p: Any) -> Matrices:
        h, n, d = heads.shape
        return heads.swapaxes(0, 1).reshape(n, h * d) @ p.merge.reshape(h * d, -1) + p.merge_bias


class MergedHeadByHead(StepwiseBlock):
    """Heads merged one after the other, onto the bias."""

    def merged(self, heads: Matrices, p: Any) -> Matrices:
        found = p.merge_bias
        for one, weight in zip(heads, p.merge, strict=True):
            found = found + one @ weight
        return found


class BlockInTiles(StepwiseBlock):
    """Block over an online softmax."""

    attention = OnlineAttention()


class FlashBlock(StepwiseBlock):
    """Block over flash attention with Welford's norms and GELU by a sigmoid, fused."""

    attention = FlashBackward()
    moments = Welford.moments
    gelu = GeluBySigmoid.gelu


class BlockInDouble(StepwiseBlock):
    """Block computed in float64, rounded once."""

    dtypes = ("float32", "bfloat16")

    def given(self, c: Any, p: Any, bias: Matrices) -> tuple[Any, Any, Matrices]:
        doubled = {name: a.astype(np.float64) for name, a in vars(p).items() if isinstance(a, np.ndarray)}
        context = type(c)(*(a.astype(np.float64) for a in c))
        return context, type(p)(**{**vars(p), **doubled}), bias.astype(np.float64)
