"""How far a float kernel's block and cotangents may be from the real ones, for one instance."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from mirror.bounds.bounded import LAMBDA, Bounded
from mirror.bounds.declared import FloatArithmetic
from mirror.bounds.intervals import exactly, outward
from mirror.bounds.roundings import Roundings
from mirror.bounds.tape import anchor
from mirror.bounds.traced import Tape, Traced
from mirror.bounds.variants import of_delta, variants
from mirror.dims import Dims
from mirror.jit.arguments import (
    BlockContext,
    BlockParameters,
    Dense,
    check_context,
    check_parameters,
    maps_of,
    number,
)
from mirror.jit.arrays import QKV, Given, NormWeights
from mirror.jit.formulas import (
    after_attention,
    after_attention_pullback,
    attend,
    attend_pullback,
    backward_rows,
    transposed,
)

if TYPE_CHECKING:
    from mirror.jit.enclosed import Bias

# What stands for -inf in a mask.
_FAR = -1e30


def block_bounds(
    context: BlockContext[Given],
    parameters: BlockParameters,
    bias: Bias,
    cotangent: Given,
    arithmetic: FloatArithmetic,
    *,
    relative_mask: bool = False,
) -> tuple[Bounded, ...]:
    """What is known of the output (n, D) and of the eight cotangents of one instance, which has no batch axis.

    The bias is the mask itself (H, n, n), or None; an entry may be -inf, and nothing is known where a whole row is. A
    kernel may add it as it is, which loses logits under a row that has large entries only; `relative_mask` says that it
    subtracts each row's largest entry first, as the jitted block does. Raises as the jitted block does for shapes that
    do not fit.
    """
    mixing = any(isinstance(m, Dense) for m in (parameters.merge, parameters.fc1, parameters.fc2))
    ar = Tape(arithmetic, by_row=not mixing)
    results = traced_block(ar, context, parameters, bias, cotangent, relative_mask=relative_mask)
    return tuple(_bounded(arithmetic, a) for a in results)


def traced_block(
    ar: Tape,
    context: BlockContext[Given],
    parameters: BlockParameters,
    bias: Bias,
    cotangent: Given,
    *,
    relative_mask: bool = False,
) -> tuple[Traced, ...]:
    """The formulas on a tape, as `mirror.jit.enclosed` runs them on balls: the output and the eight cotangents.

    Rows are those of the queries, the residual stream and the cotangent; all rows share keys and values.
    """
    batch, dims = check_context(context)
    if batch:
        raise ValueError(f"the context has batch axes {batch}, expected one instance")
    dims = check_parameters(parameters, dims)
    values = _finite(np.broadcast_to(np.asarray(0.0 if bias is None else bias).astype(np.float64), _mask_shape(dims)))
    mask = ar.rounded(exactly(values) - exactly(values.max(axis=-1, keepdims=True)), 1)
    scale = ar.constant(number("scale", parameters.scale))
    qkv = QKV(ar.given(context.q, 1) * scale, ar.given(context.kt), ar.given(context.v))
    exact = QKV(*(np.asarray(a).astype(np.float64) for a in context.qkv))
    others = variants(exact, float(parameters.scale), values, ar.arithmetic, relative_mask=relative_mask)

    def add_bias(noise: np.ndarray) -> Callable[[Traced], Traced]:
        return partial(_masked, ar, mask, noise)

    attended = attend(ar, qkv, add_bias(others.forward))
    maps = maps_of(parameters, dims, ar.given)
    weights = NormWeights(*(ar.given(vector)[None, :] for vector in context.norms))
    y, saved = after_attention(ar, maps, attended.heads, ar.given(context.residual, 0), weights)
    d_heads, d_residual, d_weights = after_attention_pullback(ar, maps, saved, weights, ar.given(cotangent, 0))
    rows = backward_rows(ar, attended, d_heads)
    rows = rows._replace(delta=ar.also(rows.delta, of_delta(others, exact.v, ar.passed(rows.g))))
    d_qs, d_kt, d_vt = attend_pullback(ar, qkv, add_bias(others.backward), rows)
    return y, d_qs * scale, d_kt, transposed(d_vt), d_residual, *d_weights


def _mask_shape(dims: Dims) -> tuple[int, int, int]:
    return dims.num_heads, dims.seq_len, dims.seq_len


def _finite(mask: np.ndarray) -> np.ndarray:
    """-inf as a number whose exponential is 0 in float64 too; NaN, of which nothing is known, in a row of -inf only."""
    return np.where(np.isneginf(mask.max(axis=-1, keepdims=True)), np.nan, np.maximum(mask, _FAR))


def _masked(ar: Tape, mask: Traced, noise: np.ndarray, scores: Traced) -> Traced:
    # A difference: the mask is added to finished scores, and is not what the products of a score begin with.
    return ar.also(scores - -mask, noise)


def _bounded(arithmetic: FloatArithmetic, a: Traced) -> Bounded:
    """What is known of a node, once the kernel stored it."""
    anchor(a.node)
    real, tube = a.node.real, a.node.tube
    assert a.node.spread is not None
    certified, spread = outward(tube.rad + abs(tube.mid - real.mid), 2), a.node.spread
    if arithmetic.stored is not arithmetic.accumulate:
        noise = Roundings.of(arithmetic.stored).once(tube.magnitude)
        certified, spread = outward(certified + noise.bound, 1), np.hypot(spread, noise.spread)
    likely = np.minimum(outward(LAMBDA * spread + real.rad, 4), certified)
    return Bounded(real.mid, real.rad, certified, likely)
