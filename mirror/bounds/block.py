"""How far a float kernel's block and cotangents may be from the real ones, for one instance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mirror.bounds.bounded import LAMBDA, Bounded
from mirror.bounds.declared import FloatArithmetic
from mirror.bounds.intervals import MidRadArray, exactly, outward
from mirror.bounds.roundings import Roundings
from mirror.bounds.tape import anchor
from mirror.bounds.traced import Tape, Traced
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


def block_bounds(
    context: BlockContext[Given],
    parameters: BlockParameters,
    bias: Bias,
    cotangent: Given,
    arithmetic: FloatArithmetic,
) -> tuple[Bounded, ...]:
    """What is known of the output (n, D) and of the eight cotangents of one instance, which has no batch axis.

    The bias is the mask itself (H, n, n), or None. Raises as the jitted block does for shapes that do not fit.
    """
    mixing = any(isinstance(m, Dense) for m in (parameters.merge, parameters.fc1, parameters.fc2))
    ar = Tape(arithmetic, by_row=not mixing)
    return tuple(_bounded(arithmetic, a) for a in traced_block(ar, context, parameters, bias, cotangent))


def traced_block(
    ar: Tape, context: BlockContext[Given], parameters: BlockParameters, bias: Bias, cotangent: Given
) -> tuple[Traced, ...]:
    """The formulas on a tape, as `mirror.jit.enclosed` runs them on balls: the output and the eight cotangents.

    Rows are those of the queries, the residual stream and the cotangent; all rows share keys and values.
    """
    batch, dims = check_context(context)
    if batch:
        raise ValueError(f"the context has batch axes {batch}, expected one instance")
    dims = check_parameters(parameters, dims)
    mask = ar.rounded(_relative_to_row_max(bias, dims), 1)
    scale = ar.constant(number("scale", parameters.scale))
    qkv = QKV(ar.given(context.q, 1) * scale, ar.given(context.kt), ar.given(context.v))

    def add_bias(scores: Traced) -> Traced:
        return scores + mask

    attended = attend(ar, qkv, add_bias)
    maps = maps_of(parameters, dims, ar.given)
    weights = NormWeights(*(ar.given(vector)[None, :] for vector in context.norms))
    y, saved = after_attention(ar, maps, attended.heads, ar.given(context.residual, 0), weights)
    d_heads, d_residual, d_weights = after_attention_pullback(ar, maps, saved, weights, ar.given(cotangent, 0))
    d_qs, d_kt, d_vt = attend_pullback(ar, qkv, add_bias, backward_rows(ar, attended, d_heads))
    return y, d_qs * scale, d_kt, transposed(d_vt), d_residual, *d_weights


def _relative_to_row_max(bias: Bias, dims: Dims) -> MidRadArray:
    """The mask, each row relative to its row max."""
    shape = (dims.num_heads, dims.seq_len, dims.seq_len)
    values = np.broadcast_to(np.asarray(0.0 if bias is None else bias).astype(np.float64), shape)
    return exactly(values) - exactly(values.max(axis=-1, keepdims=True))


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
