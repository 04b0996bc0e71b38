"""Right attention kernels in NumPy, each its own way of rounding."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from benchmarks.calibration.rounding import in_bfloat16, in_tf32
from benchmarks.calibration.stepwise import Matrices, Operands, StepwiseAttention, t
from theorems.tools.conformance.declaring import Declared


class NormalisedLast(StepwiseAttention):
    """The output divided by the normaliser, not the weights."""

    def attended(self, x: Operands) -> tuple[Matrices, Matrices]:
        scores = self.scores(x)
        e = self.exp(scores - self.row_max(scores))
        normaliser = self.normaliser(e)
        return e / normaliser, self.product(e, x.v) / normaliser


class ScaledQueries(StepwiseAttention):
    """The queries scaled, not the scores."""

    def scores(self, x: Operands) -> Matrices:
        return self.product(x.q * x.scale, x.kt) + x.bias

    def d_kt(self, x: Operands, d_scores: Matrices) -> Matrices:
        return self.product(t(x.q * x.scale), d_scores)


class RootOfTheScale(StepwiseAttention):
    """Queries and keys each scaled by the root of the scale."""

    def operands(self, q: Matrices, kt: Matrices, v: Matrices, bias: Matrices, scale: float) -> Operands:
        x = super().operands(q, kt, v, bias, scale)
        root = scale**0.5
        return x._replace(q=x.q * root, kt=x.kt * root, scale=root)

    def scores(self, x: Operands) -> Matrices:
        return self.product(x.q, x.kt) + x.bias


class MaskRelative(StepwiseAttention):
    """Each row's largest bias subtracted from the mask first."""

    def scores(self, x: Operands) -> Matrices:
        return super().scores(x._replace(bias=x.bias - self.row_max(x.bias)))


class FromTheLogarithm(StepwiseAttention):
    """Weights as exp(score - logarithm of the normaliser), which is all that is saved."""

    def weights(self, scores: Matrices) -> Matrices:
        row_max = self.row_max(scores)
        return self.exp(scores - (row_max + np.log(self.normaliser(self.exp(scores - row_max)))))


class BaseTwo(StepwiseAttention):
    """exp2 of scores that are scaled by 1/ln 2 beforehand."""

    log2_e: ClassVar[float] = 1.4426950408889634

    def scores(self, x: Operands) -> Matrices:
        return self.product(x.q, x.kt) * (x.scale * self.log2_e) + x.bias * self.log2_e

    def exp(self, shifted: Matrices) -> Matrices:
        return np.exp2(shifted)


class DeltaFromWeights(StepwiseAttention):
    """The softmax's pullback with the sum of weights times their cotangents."""

    def delta(self, p: Matrices, d_p: Matrices, o: Matrices, g: Matrices) -> Matrices:
        return (p * d_p).sum(axis=-1, keepdims=True)


class DeltaFirst(StepwiseAttention):
    """The softmax's pullback multiplied out: weights times cotangents, less weights times their sum."""

    def d_scores(self, x: Operands, p: Matrices, o: Matrices, g: Matrices) -> Matrices:
        d_p = self.product(g, t(x.v))
        return p * d_p - p * (p * d_p).sum(axis=-1, keepdims=True)


class KeyByKey(StepwiseAttention):
    """Sums one term after the other."""

    def normaliser(self, e: Matrices) -> Matrices:
        return np.cumsum(e, axis=-1)[..., -1:]

    def product(self, a: Matrices, b: Matrices) -> Matrices:
        found = np.zeros((*a.shape[:-1], b.shape[-1]), a.dtype)
        for k in range(a.shape[-1]):
            found += a[..., k, None] * b[..., None, k, :]
        return found


class Halves(StepwiseAttention):
    """Sums by halves, as a tree."""

    def normaliser(self, e: Matrices) -> Matrices:
        half = e.shape[-1] // 2
        return self.normaliser(e[..., :half]) + self.normaliser(e[..., half:]) if half else e

    def product(self, a: Matrices, b: Matrices) -> Matrices:
        half = a.shape[-1] // 2
        if not half:
            return a * b
        return self.product(a[..., :half], b[..., :half, :]) + self.product(a[..., half:], b[..., half:, :])


class KeysReversed(StepwiseAttention):
    """The keys from the last to the first."""

    def operands(self, q: Matrices, kt: Matrices, v: Matrices, bias: Matrices, scale: float) -> Operands:
        return super().operands(q, kt[..., ::-1], v[:, ::-1], bias[..., ::-1], scale)

    def pullback(self, x: Operands, p: Matrices, o: Matrices, g: Matrices) -> tuple[Matrices, Matrices, Matrices]:
        d_q, d_kt, d_v = super().pullback(x, p, o, g)
        return d_q, d_kt[..., ::-1], d_v[:, ::-1]


class HeadByHead(StepwiseAttention):
    """One head after the other."""

    def product(self, a: Matrices, b: Matrices) -> Matrices:
        return np.stack([one @ other for one, other in zip(a, b, strict=True)])


class ByEinsum(StepwiseAttention):
    """Products by einsum, without BLAS."""

    def product(self, a: Matrices, b: Matrices) -> Matrices:
        return np.einsum("hij,hjk->hik", a, b)


class DoubleInside(StepwiseAttention):
    """Computed in float64, rounded once."""

    dtypes = ("float32", "bfloat16")

    def operands(self, q: Matrices, kt: Matrices, v: Matrices, bias: Matrices, scale: float) -> Operands:
        wide = [a.astype(np.float64) for a in (q, kt, v, bias)]
        return Operands(wide[0], wide[1], wide[2], wide[3], scale)


class Compensated(StepwiseAttention):
    """The normaliser by Kahan's compensated sum."""

    def normaliser(self, e: Matrices) -> Matrices:
        total, lost = np.zeros_like(e[..., :1]), np.zeros_like(e[..., :1])
        for k in range(e.shape[-1]):
            term = e[..., k, None] - lost
            following = total + term
            total, lost = following, (following - total) - term
        return total


class ReciprocalNormaliser(StepwiseAttention):
    """Weights times one over the normaliser."""

    def weights(self, scores: Matrices) -> Matrices:
        e = self.exp(scores - self.row_max(scores))
        return e * (1 / self.normaliser(e))


class InPlace(StepwiseAttention):
    """The queries scaled in the array that the caller gave."""

    dtypes = ("float32", "float64")

    def operands(self, q: Matrices, kt: Matrices, v: Matrices, bias: Matrices, scale: float) -> Operands:
        q *= scale
        return Operands(q, kt, v, bias, scale)

    def scores(self, x: Operands) -> Matrices:
        return self.product(x.q, x.kt) + x.bias

    def d_kt(self, x: Operands, d_scores: Matrices) -> Matrices:
        return self.product(t(x.q), d_scores)


class WeightsInBfloat16(StepwiseAttention):
    """Weights and their cotangents in bfloat16 where they are multiplied, as declared."""

    dtypes = ("float32", "bfloat16")
    declared = Declared(p_dtype="bfloat16")

    def attended(self, x: Operands) -> tuple[Matrices, Matrices]:
        scores = self.scores(x)
        e = self.exp(scores - self.row_max(scores))
        normaliser = self.normaliser(e)
        return e / normaliser, self.product(in_bfloat16(e), x.v) / normaliser

    def d_scores(self, x: Operands, p: Matrices, o: Matrices, g: Matrices) -> Matrices:
        return in_bfloat16(super().d_scores(x, p, o, g))

    def d_v(self, p: Matrices, g: Matrices) -> Matrices:
        return super().d_v(in_bfloat16(p), g)


class OperandsInTf32(StepwiseAttention):
    """The operands of every product in tf32, as declared."""

    dtypes = ("float32",)
    declared = Declared(accumulate="tf32")

    def product(self, a: Matrices, b: Matrices) -> Matrices:
        return super().product(in_tf32(a), in_tf32(b))
