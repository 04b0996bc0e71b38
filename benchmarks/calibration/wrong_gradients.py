"""Attention kernels with a right output and wrong cotangents."""

from __future__ import annotations

import numpy as np

from benchmarks.calibration.kernel import RejectedIn
from benchmarks.calibration.online import OnlineAttention, RunningSoftmax
from benchmarks.calibration.right_online import ByQueries, FlashBackward
from benchmarks.calibration.rounding import in_bfloat16
from benchmarks.calibration.stepwise import Matrices, Operands, StepwiseAttention, t


class NoRowSum(StepwiseAttention):
    """The row sum of the softmax's pullback forgotten."""

    shows = RejectedIn("small", "no mask")

    def delta(self, p: Matrices, d_p: Matrices, o: Matrices, g: Matrices) -> Matrices:
        return np.zeros_like(g[..., :1])


class RowSumOfValues(StepwiseAttention):
    """The row sum taken of cotangent times value, not times output."""

    shows = RejectedIn("small", "no mask")

    def d_scores(self, x: Operands, p: Matrices, o: Matrices, g: Matrices) -> Matrices:
        return super().d_scores(x, p, x.v, g)


class MeanForRowSum(StepwiseAttention):
    """The mean of the weights' cotangents in place of their weighted sum."""

    shows = RejectedIn("small", "no mask")

    def delta(self, p: Matrices, d_p: Matrices, o: Matrices, g: Matrices) -> Matrices:
        return d_p.mean(axis=-1, keepdims=True)


class NoScaleInKeys(StepwiseAttention):
    """The scale missing in the keys' cotangent."""

    shows = RejectedIn("small", "no mask")

    def d_kt(self, x: Operands, d_scores: Matrices) -> Matrices:
        return self.product(t(x.q), d_scores)


class NoScaleInQueries(StepwiseAttention):
    """The scale missing in the queries' cotangent."""

    shows = RejectedIn("small", "no mask")

    def d_q(self, x: Operands, d_scores: Matrices) -> Matrices:
        return self.product(d_scores, t(x.kt))


class NoValueCotangent(StepwiseAttention):
    """The values' cotangent dropped."""

    shows = RejectedIn("small", "no mask")

    def d_v(self, p: Matrices, g: Matrices) -> Matrices:
        return np.zeros_like(g)


class WeightsNotTransposed(StepwiseAttention):
    """The values' cotangent by the weights instead of their transposes."""

    shows = RejectedIn("small", "no mask")

    def d_v(self, p: Matrices, g: Matrices) -> Matrices:
        return self.product(p, g)


class MaskForgotten(StepwiseAttention):
    """Weights recomputed without the mask."""

    shows = RejectedIn("small", "causal, gap -1e4")

    def pullback(self, x: Operands, p: Matrices, o: Matrices, g: Matrices) -> tuple[Matrices, Matrices, Matrices]:
        return super().pullback(x, self.weights(x.scale * self.product(x.q, x.kt)), o, g)


class LastQueriesOnly(ByQueries):
    """The cotangents of keys and values of the last eight queries, not added up."""

    shows = RejectedIn("eight heads", "no mask")

    def pullback(self, x: Operands, p: Matrices, o: Matrices, g: Matrices) -> tuple[Matrices, Matrices, Matrices]:
        last = self.blocks(x)[-1]
        parts = super().pullback(self.some(x, last), p[:, last], o[:, last], g[:, last])
        return super().pullback(x, p, o, g)[0], *parts[1:]


class LastTileOfQueries(FlashBackward):
    """The queries' cotangent of the last tile of keys, not added up."""

    shows = RejectedIn("96 positions", "no mask")
    dtypes = ("float32",)  # in which large shapes are tried

    def pullback(self, x: Operands, p: Matrices, o: Matrices, g: Matrices) -> tuple[Matrices, Matrices, Matrices]:
        *_, last = self.tiles(x.kt.shape[-1])
        d_scores = self.d_scores(x, p, o, g)
        d_q = x.scale * self.product(d_scores[..., last], t(x.kt[..., last]))
        return d_q, *super().pullback(x, p, o, g)[1:]


class MaximumForLogarithm(FlashBackward):
    """Weights recomputed without the normaliser."""

    shows = RejectedIn("small", "no mask")

    def recomputed(self, x: Operands, end: RunningSoftmax) -> Matrices:
        return self.exp(self.scores(x) - end.row_max)


class LogarithmInBfloat16(FlashBackward):
    """The saved logarithm of the normaliser in bfloat16."""

    shows = RejectedIn("small", "no mask")
    dtypes = ("float32", "float64")

    def recomputed(self, x: Operands, end: RunningSoftmax) -> Matrices:
        return self.exp(self.scores(x) - in_bfloat16(end.row_max + np.log(end.normaliser)))


class SecondHeadGradient(StepwiseAttention):
    """The keys' cotangent of the second head has the first head's."""

    shows = RejectedIn("small", "no mask")

    def d_kt(self, x: Operands, d_scores: Matrices) -> Matrices:
        found = super().d_kt(x, d_scores)
        found[1:2] = found[:1]
        return found


class DiagonalSkipped(StepwiseAttention):
    """The cotangents of the diagonal weights set to 0."""

    shows = RejectedIn("small", "no mask")

    def d_scores(self, x: Operands, p: Matrices, o: Matrices, g: Matrices) -> Matrices:
        return super().d_scores(x, p, o, g) * (1 - np.eye(p.shape[-1], dtype=p.dtype))


class ShortCotangent(OnlineAttention):
    """The cotangent of the output rounded to bfloat16 where float32 is declared."""

    shows = RejectedIn("small", "no mask")
    dtypes = ("float32", "float64")

    def pullback(self, x: Operands, p: Matrices, o: Matrices, g: Matrices) -> tuple[Matrices, Matrices, Matrices]:
        return super().pullback(x, p, o, in_bfloat16(g))
