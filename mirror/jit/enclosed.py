"""The jitted block and its pullback, forward to the last cotangent, as certified enclosures."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from mirror.arithmetic import Array, rational_vector
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
from mirror.jit.enclosing import Enclosing
from mirror.jit.formulas import (
    Attended,
    after_attention,
    after_attention_pullback,
    attend,
    attend_pullback,
    backward,
    transposed,
)


class _Attention(NamedTuple):
    """Scaled queries, keys, values, the mask by rows relative to their largest, and the forward run."""

    qs: Array
    kt: Array
    v: Array
    mask: Array
    saved: Attended


def enclosed_core(
    ar: Enclosing, context: BlockContext, parameters: BlockParameters, bias: Any, cotangent: Any
) -> tuple[RoundedArray, BlockContext]:
    """What `decoder_core` and its pullback at a cotangent (…, n, D) can arrive at: the output and eight cotangents.

    The arguments are what the jitted block takes, as arrays of the dtype that `ar` stands for; the bias is the mask
    itself, or None. A γ or β that the batch shares is not supported: raises `ValueError`, as for shapes that
    do not fit.
    """
    batch, dims = check_context(context)
    dims = check_parameters(parameters, dims)
    attention = _attended(ar, context[:3], bias, parameters.scale)
    maps = maps_of(parameters, dims, ar.floats)
    gamma1, beta1, gamma2, beta2 = (_row(ar, vector, batch) for vector in context[4:])
    norms, residual = (gamma1, beta1, gamma2, beta2), ar.floats(context.residual)
    y, saved = after_attention(ar, maps, attention.saved.heads, residual, norms)
    d_heads, *others = after_attention_pullback(ar, maps, saved, gamma1, gamma2, ar.floats(cotangent))
    d_qkv = _attention_pullback(ar, attention, parameters.scale, d_heads)
    return ar.store(y), BlockContext(*(ar.store(d) for d in (*d_qkv, *others)))


def enclosed_attention(
    ar: Enclosing, q: Any, kt: Any, v: Any, bias: Any, scale: Any, cotangent: Any
) -> tuple[RoundedArray, tuple[RoundedArray, ...]]:
    """What `masked_attention` and its pullback at a cotangent (…, H, n, d) can arrive at: output, three cotangents."""
    check_attention(q, kt, v)
    attention = _attended(ar, (q, kt, v), bias, scale)
    found = _attention_pullback(ar, attention, scale, ar.floats(cotangent))
    return ar.store(attention.saved.heads), tuple(ar.store(d) for d in found)


def _attended(ar: Enclosing, qkv: tuple[Any, Any, Any], bias: Any, scale: Any) -> _Attention:
    q, kt, v = (ar.floats(a) for a in qkv)
    heads, n, _ = q.shape[-3:]
    qs, mask = q * ar.constant(number("scale", scale)), ar.embed(relative_to_rows(bias, heads, n))
    return _Attention(qs, kt, v, mask, attend(ar, qs, kt, v, lambda scores: scores + mask))


def _attention_pullback(ar: Enclosing, a: _Attention, scale: Any, g: RoundedArray) -> tuple[RoundedArray, ...]:
    found = attend_pullback(ar, a.qs, a.kt, a.v, lambda scores: scores + a.mask, backward(ar, a.saved, g))
    return found[0] * ar.constant(number("scale", scale)), found[1], transposed(found[2])


def relative_to_rows(bias: Any, heads: int, n: int) -> np.ndarray:
    """The mask (H, n, n) as exact rationals, each row relative to its largest entry: what the host rounds once."""
    values = np.broadcast_to(np.asarray(0.0 if bias is None else bias).astype(np.float64), (heads, n, n))
    exact = rational_vector(values).reshape(values.shape)
    return exact - exact.max(axis=-1, keepdims=True)


def _row(ar: Enclosing, vector: Any, batch: tuple[int, ...]) -> RoundedArray:
    """γ or β of each example, beside its rows."""
    if np.shape(vector)[:-1] != batch:
        raise ValueError(f"a γ or β has shape {np.shape(vector)}, expected one for each example: {(*batch, 'D')}")
    return ar.floats(vector)[..., None, :]
