"""The plain implementation of a kernel in its own dtype: what flash-attention's rule measures others against.

The formulas of `mirror.jit` in NumPy, every operation rounded to the dtype, sums in float32 where it is bfloat16: as a
framework computes them operation by operation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from flint import fmpq

from mirror.arithmetic.floating import Float64
from mirror.jit import BlockContext
from mirror.jit.arguments import maps_of, number
from mirror.jit.arrays import QKV, NormWeights
from mirror.jit.formulas import (
    Attended,
    after_attention,
    after_attention_pullback,
    attend,
    attend_pullback,
    backward_rows,
    transposed,
)
from mirror.jit.numbers import Normed, Numbers
from theorems.engine.evidence.block_floats import AttentionInstances, BlockInstances, Instances


class PlainNumbers(Float64, Numbers[np.ndarray]):
    """NumPy in one dtype. Constants are numbers of the dtype, so that nothing is widened."""

    name = "plain"

    def __init__(self, dtype: Any) -> None:
        self.dtype = np.dtype(dtype)
        # The sums of bfloat16 are float32's, in NumPy as in the frameworks.
        self.sums_in = np.promote_types(self.dtype, np.float32)

    def constant(self, value: fmpq) -> Any:
        return self.dtype.type(super().constant(value))

    @property
    def root_of_two_over_pi(self) -> Any:
        return self.dtype.type(np.sqrt(2 / np.pi))

    def sum(self, a: np.ndarray, axis: int) -> np.ndarray:
        return np.sum(a, axis=axis, dtype=self.sums_in).astype(self.dtype)

    def matmul(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return np.matmul(a.astype(self.sums_in), b.astype(self.sums_in)).astype(self.dtype)

    def row_max(self, scores: np.ndarray) -> np.ndarray:
        return np.max(scores, axis=-1, keepdims=True)

    def shifted_exp(self, scores: np.ndarray, row_max: np.ndarray) -> np.ndarray:
        return np.exp(np.minimum(scores - row_max, self.dtype.type(0)))

    def inv_normaliser(self, shifted: np.ndarray) -> np.ndarray:
        return self.dtype.type(1) / self.sum(shifted, -1)[..., None]

    def normalise(self, centred: np.ndarray, eps: fmpq) -> Normed[np.ndarray]:
        var_eps = self.mean(centred * centred) + self.constant(eps)
        rstd = self.inverse(self.sqrt(var_eps))
        return Normed(centred * rstd, rstd, var_eps)

    def sqrt(self, a: np.ndarray) -> np.ndarray:
        return np.sqrt(np.maximum(a, self.dtype.type(0)))

    def inverse(self, a: np.ndarray) -> np.ndarray:
        return np.divide(self.dtype.type(1), a, out=np.zeros_like(a), where=a != 0)

    def where_differentiable(self, value: np.ndarray, var_eps: np.ndarray, axes: int) -> np.ndarray:
        smooth = np.all(var_eps != 0, axis=(-2, -1))
        return np.where(smooth.reshape(smooth.shape + (1,) * axes), value, self.dtype.type(0))


def plainly(batch: Instances, k: int) -> tuple[np.ndarray, ...]:
    """The output and the cotangents of the k-th instance, as its own dtype arrives at them."""
    ar = PlainNumbers(batch.cotangent.dtype)
    with np.errstate(all="ignore"):  # what overflows here is no finding about somebody else's kernel
        if isinstance(batch, AttentionInstances):
            return _attention(ar, batch, k)
        assert isinstance(batch, BlockInstances)
        return _block(ar, batch, k)


def _attention(ar: PlainNumbers, batch: AttentionInstances, k: int) -> tuple[np.ndarray, ...]:
    attention = _Attention(ar, [a[k] for a in batch.inputs], batch.bias, batch.scale)
    return attention.attended.heads, *attention.pullback(batch.cotangent[k])


def _block(ar: PlainNumbers, batch: BlockInstances, k: int) -> tuple[np.ndarray, ...]:
    context, p = BlockContext(*(np.asarray(a[k]) for a in batch.inputs)), batch.parameters
    attention = _Attention(ar, context.qkv, batch.bias, p.scale)
    maps, weights = maps_of(p, batch.dims, np.asarray), NormWeights(*(a[None] for a in context.norms))
    y, saved = after_attention(ar, maps, attention.attended.heads, context.residual, weights)
    d_heads, *rest, d_weights = after_attention_pullback(ar, maps, saved, weights, np.asarray(batch.cotangent[k]))
    return y, *attention.pullback(d_heads), *rest, *d_weights


class _Attention:
    """The masked attention, forward at once and backward where it is asked for."""

    def __init__(self, ar: PlainNumbers, qkv: Sequence[np.ndarray], bias: Any, scale: float) -> None:
        self.ar, self.scale = ar, ar.constant(number("scale", scale))
        q, kt, v = qkv
        self.qkv, self.bias = QKV(q * self.scale, kt, v), np.asarray(bias).astype(ar.dtype)
        self.attended: Attended[np.ndarray] = attend(ar, self.qkv, self._biased)

    def _biased(self, scores: np.ndarray) -> np.ndarray:
        return scores + self.bias

    def pullback(self, g: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The cotangents of q, kt and v."""
        rows = backward_rows(self.ar, self.attended, g)
        d_qs, d_kt, d_vt = attend_pullback(self.ar, self.qkv, self._biased, rows)
        return d_qs * self.scale, d_kt, transposed(d_vt)
