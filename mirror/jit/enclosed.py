"""The jitted block and its pullback, forward to the last cotangent, as certified enclosures."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from mirror.arithmetic import Scalar, rational_vector
from mirror.arithmetic.rounded import RoundedArray
from mirror.jit.arguments import (
    BlockContext,
    BlockParameters,
    check_attention,
    check_context,
    check_parameters,
    maps_of,
    number,
)
from mirror.jit.arrays import QKV, Given, NormWeights
from mirror.jit.enclosing import Enclosing
from mirror.jit.formulas import (
    Attended,
    after_attention,
    after_attention_pullback,
    attend,
    attend_pullback,
    backward_rows,
    transposed,
)

if TYPE_CHECKING:
    from jax.typing import ArrayLike
    from jaxtyping import Float, Real, Shaped

    Bias = Real[ArrayLike, "..."] | None


class _Attention(NamedTuple):
    """Scaled queries, keys and values, the mask relative to the row max, and the scale."""

    qkv: QKV[RoundedArray]
    mask: Shaped[RoundedArray, "H n n"]
    scale: Scalar

    def add_bias(self, scores: Shaped[RoundedArray, "*B H n n"]) -> Shaped[RoundedArray, "*B H n n"]:
        return scores + self.mask


def enclosed_core(
    ar: Enclosing,
    context: BlockContext[Given],
    parameters: BlockParameters,
    bias: Bias,
    cotangent: Float[Given, "*B n D"],
) -> tuple[Shaped[RoundedArray, "*B n D"], BlockContext[RoundedArray]]:
    """What `decoder_core` and its pullback at a cotangent (…, n, D) can arrive at: the output and eight cotangents.

    The arguments are what the jitted block takes, as arrays of the dtype that `ar` stands for; the bias is the mask
    itself, or None. A γ or β that the batch shares is not supported: raises `ValueError`, as for shapes that
    do not fit.
    """
    batch, dims = check_context(context)
    dims = check_parameters(parameters, dims)
    attention = _attention(ar, context.qkv, bias, parameters.scale)
    attended = attend(ar, attention.qkv, attention.add_bias)
    maps = maps_of(parameters, dims, ar.floats)
    weights = NormWeights(*(_row(ar, vector, batch) for vector in context.norms))
    y, saved = after_attention(ar, maps, attended.heads, ar.floats(context.residual), weights)
    d_heads, d_residual, d_weights = after_attention_pullback(ar, maps, saved, weights, ar.floats(cotangent))
    d_qkv = _pullback(ar, attention, attended, d_heads)
    return ar.store(y), BlockContext(*(ar.store(d) for d in (*d_qkv, d_residual, *d_weights)))


def enclosed_attention(
    ar: Enclosing,
    q: Float[Given, "*B H n d"],
    kt: Float[Given, "*B H d n"],
    v: Float[Given, "*B H n d"],
    bias: Bias,
    scale: float,
    cotangent: Float[Given, "*B H n d"],
) -> tuple[Shaped[RoundedArray, "*B H n d"], QKV[RoundedArray]]:
    """What `masked_attention` and its pullback at a cotangent (…, H, n, d) can arrive at: output, three cotangents."""
    qkv = QKV(q, kt, v)
    check_attention(qkv)
    attention = _attention(ar, qkv, bias, scale)
    attended = attend(ar, attention.qkv, attention.add_bias)
    d_qkv = _pullback(ar, attention, attended, ar.floats(cotangent))
    return ar.store(attended.heads), QKV(*(ar.store(d) for d in d_qkv))


def _attention(ar: Enclosing, given: QKV[Given], bias: Bias, scale: float) -> _Attention:
    q, kt, v = (ar.floats(a) for a in given)
    heads, n, _ = q.shape[-3:]
    factor = ar.constant(number("scale", scale))
    mask = ar.embed(exact_relative_to_row_max(bias, heads, n))
    return _Attention(QKV(q * factor, kt, v), mask, factor)


def _pullback(
    ar: Enclosing, a: _Attention, saved: Attended[RoundedArray], g: Shaped[RoundedArray, "*B H n d"]
) -> QKV[RoundedArray]:
    d_qs, d_kt, d_vt = attend_pullback(ar, a.qkv, a.add_bias, backward_rows(ar, saved, g))
    return QKV(d_qs * a.scale, d_kt, transposed(d_vt))


def exact_relative_to_row_max(bias: Bias, heads: int, n: int) -> Shaped[np.ndarray, "H n n"]:
    """The mask as exact rationals, each row relative to its row max: what the host rounds once."""
    values = np.broadcast_to(np.asarray(0.0 if bias is None else bias).astype(np.float64), (heads, n, n))
    exact = rational_vector(values).reshape(values.shape)
    return exact - exact.max(axis=-1, keepdims=True)


def _row(ar: Enclosing, vector: Float[Given, "... D"], batch: tuple[int, ...]) -> Shaped[RoundedArray, "*B 1 D"]:
    """γ or β of each example, beside its rows."""
    if np.shape(vector)[:-1] != batch:
        raise ValueError(f"a γ or β has shape {np.shape(vector)}, expected one for each example: {(*batch, 'D')}")
    return ar.floats(vector)[..., None, :]
