"""Wrong attention kernels: one step of the forward pass is not what it should be."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from benchmarks.calibration.kernel import RejectedIn
from benchmarks.calibration.right_attention import BaseTwo
from benchmarks.calibration.rounding import in_bfloat16
from benchmarks.calibration.stepwise import Matrices, Operands, StepwiseAttention

# Of a mistake that a bfloat16 has no digits for.
IN_FULL = ("float32", "float64")


class NoMaximum(StepwiseAttention):
    """No maximum subtracted."""

    shows = RejectedIn("small", "causal, gap -1e4", "logits up to 200")

    def row_max(self, scores: Matrices) -> Matrices:
        return np.zeros_like(scores[..., :1])


class LargestBiasOnly(StepwiseAttention):
    """The row's largest bias subtracted, but not its largest logit."""

    shows = RejectedIn("small", "causal, gap -1e4", "logits up to 200")

    def attended(self, x: Operands) -> tuple[Matrices, Matrices]:
        e = self.exp(self.scores(x._replace(bias=x.bias - self.row_max(x.bias))))
        p = e / self.normaliser(e)
        return p, self.product(p, x.v)


class MaximumOfFirstHead(StepwiseAttention):
    """The maximum of the first head subtracted in all of them."""

    shows = RejectedIn("small", "causal, gap -1e4", "logits up to 200")

    def row_max(self, scores: Matrices) -> Matrices:
        return super().row_max(scores)[:1]


class MaximumFromZero(StepwiseAttention):
    """A maximum that starts at 0, so that rows of very negative scores vanish."""

    shows = RejectedIn("small", "causal, gap -1e4", "logits up to 200")

    def row_max(self, scores: Matrices) -> Matrices:
        return np.maximum(super().row_max(scores), 0)


class ScaleTwice(StepwiseAttention):
    """The scale applied to the queries and to the scores."""

    shows = RejectedIn("small", "no mask")

    def scores(self, x: Operands) -> Matrices:
        return super().scores(x._replace(scale=x.scale**2))


class NoScale(StepwiseAttention):
    """The scale forgotten."""

    shows = RejectedIn("small", "no mask")

    def operands(self, q: Matrices, kt: Matrices, v: Matrices, bias: Matrices, scale: float) -> Operands:
        return super().operands(q, kt, v, bias, 1.0)


class ScaledMask(StepwiseAttention):
    """The scale applied to the mask as well."""

    shows = RejectedIn("small", "ALiBi-like")

    def scores(self, x: Operands) -> Matrices:
        return x.scale * (self.product(x.q, x.kt) + x.bias)


class TransposedMask(StepwiseAttention):
    """The mask transposed."""

    shows = RejectedIn("small", "causal, gap -1e4")

    def scores(self, x: Operands) -> Matrices:
        return super().scores(x._replace(bias=x.bias.swapaxes(-1, -2)))


class MaskOffByOne(StepwiseAttention):
    """The mask shifted by one key."""

    shows = RejectedIn("small", "causal, gap -1e4")

    def scores(self, x: Operands) -> Matrices:
        return super().scores(x._replace(bias=np.roll(x.bias, 1, axis=-1)))


class MaskOfFirstHead(StepwiseAttention):
    """The first head's mask for all heads."""

    shows = RejectedIn("small", "ALiBi-like")

    def scores(self, x: Operands) -> Matrices:
        return super().scores(x._replace(bias=x.bias[:1]))


class MaskAsNumberOfKeys(StepwiseAttention):
    """A mask of numbers taken for one of yes and no: what is blocked counts, what is not does not."""

    shows = RejectedIn("small", "ALiBi-like")

    def scores(self, x: Operands) -> Matrices:
        return super().scores(x._replace(bias=np.where(x.bias < -100, x.bias, x.bias.dtype.type(0))))


class MaskedAfterwards(StepwiseAttention):
    """Blocked weights set to 0 after the softmax, which is not normalised again."""

    shows = RejectedIn("small", "causal, gap -1e4")

    def attended(self, x: Operands) -> tuple[Matrices, Matrices]:
        blocked = x.bias < -1000
        p = super().attended(x._replace(bias=np.where(blocked, x.bias.dtype.type(0), x.bias)))[0]
        p = np.where(blocked, p.dtype.type(0), p)
        return p, self.product(p, x.v)


class SafeDenominator(StepwiseAttention):
    """The denominator plus 1e-6."""

    shows = RejectedIn("one of everything", "prefix-LM", "dyadic")
    dtypes = IN_FULL

    def normaliser(self, e: Matrices) -> Matrices:
        return super().normaliser(e) + e.dtype.type(1e-6)


class RoundedLogarithm(BaseTwo):
    """exp2 with 1.4427 for 1/ln 2."""

    shows = RejectedIn("small", "no mask")
    dtypes = IN_FULL
    log2_e: ClassVar[float] = 1.4427


class ScoresInBfloat16(StepwiseAttention):
    """Scores rounded to bfloat16 before the softmax."""

    shows = RejectedIn("small", "no mask")

    def scores(self, x: Operands) -> Matrices:
        return in_bfloat16(super().scores(x))


class UndeclaredBfloat16(StepwiseAttention):
    """Weights in bfloat16 where float32 is declared."""

    shows = RejectedIn("small", "no mask")
    dtypes = IN_FULL

    def attended(self, x: Operands) -> tuple[Matrices, Matrices]:
        p = super().attended(x)[0]
        return p, self.product(in_bfloat16(p), x.v)


class NormaliserInBfloat16(StepwiseAttention):
    """The normaliser added up in bfloat16."""

    shows = RejectedIn("small", "no mask")
    dtypes = IN_FULL

    def normaliser(self, e: Matrices) -> Matrices:
        return in_bfloat16(super().normaliser(e))


class ClippedScores(StepwiseAttention):
    """Scores clipped at 60, wrong only with huge logits."""

    shows = RejectedIn("small", "causal, gap -1e4", "logits up to 200")

    def scores(self, x: Operands) -> Matrices:
        return np.minimum(super().scores(x), 60)


class SoftCap(StepwiseAttention):
    """Logits capped by 50 tanh(score / 50), as another model has it."""

    shows = RejectedIn("small", "no mask")

    def scores(self, x: Operands) -> Matrices:
        return 50 * np.tanh(super().scores(x._replace(bias=np.zeros_like(x.bias))) / 50) + x.bias


class NotInEights(StepwiseAttention):
    """The last entry left out where the head dimension is not a multiple of 8."""

    shows = RejectedIn("small", "no mask")

    def scores(self, x: Operands) -> Matrices:
        d = x.q.shape[-1]
        kept = d - 1 if d % 8 and d > 1 else d
        return super().scores(x._replace(q=x.q[..., :kept], kt=x.kt[:, :kept]))


class LastHead(StepwiseAttention):
    """The last head reads the values of the head before."""

    shows = RejectedIn("small", "no mask")

    def operands(self, q: Matrices, kt: Matrices, v: Matrices, bias: Matrices, scale: float) -> Operands:
        v = np.concatenate([v[:-1], v[-2:-1]]) if len(v) > 1 else v
        return super().operands(q, kt, v, bias, scale)


class FifthHead(StepwiseAttention):
    """The fifth head, where there is one, has the scale of the fourth squared."""

    shows = RejectedIn("eight heads", "no mask")

    def scores(self, x: Operands) -> Matrices:
        found = super().scores(x)
        found[4:5] = super().scores(x._replace(scale=x.scale**2))[4:5]
        return found


class NotANumberFrom16(StepwiseAttention):
    """NaN from 16 positions on."""

    shows = RejectedIn("96 positions", "no mask")
    dtypes = ("float32",)  # in which large shapes are tried

    def normaliser(self, e: Matrices) -> Matrices:
        return super().normaliser(e) * (np.nan if e.shape[-1] >= 16 else 1)


class WrongFrom64(StepwiseAttention):
    """The normaliser of the first 64 keys, wrong only from 65 positions on."""

    shows = RejectedIn("96 positions", "no mask")
    dtypes = ("float32",)  # in which large shapes are tried

    def normaliser(self, e: Matrices) -> Matrices:
        return super().normaliser(e[..., :64])


class WrongFrom256(StepwiseAttention):
    """Keys past the 256th left out."""

    shows = RejectedIn("512 positions", "no mask")
    dtypes = ("float32",)  # in which large shapes are tried

    def operands(self, q: Matrices, kt: Matrices, v: Matrices, bias: Matrices, scale: float) -> Operands:
        x = super().operands(q, kt, v, bias, scale)
        blocked = np.arange(x.kt.shape[-1]) >= 256
        return x._replace(bias=np.where(blocked, x.bias.dtype.type(-1e30), x.bias))


class PaddedKeys(StepwiseAttention):
    """Keys padded with zeros to whole sixteens, which are counted in the normaliser."""

    shows = RejectedIn("small", "no mask")

    def weights(self, scores: Matrices) -> Matrices:
        row_max, padding = self.row_max(scores), -scores.shape[-1] % 16
        e = self.exp(scores - row_max)
        return e / (self.normaliser(e) + padding * self.exp(-row_max))


class SharpenedWeights(StepwiseAttention):
    """Weights below 1e-5 set to 0."""

    shows = RejectedIn("small", "causal, gap -1e4", "logits up to 200")
    dtypes = IN_FULL

    def weights(self, scores: Matrices) -> Matrices:
        p = super().weights(scores)
        return np.where(p < 1e-5, p.dtype.type(0), p)
