"""Instances of LayerNorm, the masked core, the feed-forward sublayer and the whole decoder block."""

from __future__ import annotations

from typing import Any

from flint import fmpq
from hypothesis import strategies as st

from mirror.core.fderiv import ctx_size
from mirror.linear_map import PositionWise
from mirror.ops.transformer.decoder_block import (
    Dims,
    Parameters,
    context_decoder_core,
    saved_decoder_core,
)
from theorems.sizes import Sizes
from theorems.strategies.masks import mask, mask_families
from theorems.strategies.probes import probes
from theorems.strategies.shapes import context_vector, dimensions
from theorems.strategies.values import Fill, fills

SCALES = (fmpq(1), fmpq(1, 2), fmpq(-1, 3), fmpq(0))
POSITIVE_EPSILONS = (fmpq(1), fmpq(1, 1000), fmpq(1, 100000), fmpq(1, 2**40))
# With a negative ε a row can have var + ε < 0: the norm is locally constant there, and its
# certificate exists although the positivity hypotheses of the LayerNorm theorems fail.
ANY_EPSILONS = (*POSITIVE_EPSILONS, fmpq(-1, 7), fmpq(-(10**6)))


@st.composite
def decoder_dims(draw: st.DrawFn, sizes: Sizes) -> Dims:
    """The five dimensions, 0 and 1 included."""
    return Dims(*(draw(dimensions(sizes)) for _ in range(5)))


def linear(draw: st.DrawFn, fill: Fill, positions: int, rows: int, columns: int) -> PositionWise:
    """A weight per position, or a map on the whole flattened tensor, in which positions may mix."""
    if draw(st.booleans()):
        return PositionWise(positions, rows, columns, fill.weights(rows * columns))
    rows, columns = positions * rows, positions * columns
    return PositionWise(1, rows, columns, fill.weights(rows * columns))


def merge_map(fill: Fill, dims: Dims) -> PositionWise:
    """Any linear map from all heads' outputs to all positions: no constraint D = H·d."""
    rows = dims.seq_len * dims.d_model
    columns = dims.num_heads * dims.seq_len * dims.head_dim
    return PositionWise(1, rows, columns, fill.weights(rows * columns))


@st.composite
def decoder_blocks(draw: st.DrawFn, sizes: Sizes, dims: Dims | None = None) -> dict[str, Any]:
    """Dimensions (or the given ones), fixed arguments, mask family, an input point and a seed of the decoder core."""
    dims = draw(decoder_dims(sizes)) if dims is None else dims
    fill = draw(fills())
    family = draw(mask_families())
    n, model, hidden = dims.seq_len, dims.d_model, dims.d_ff
    parameters = Parameters(
        merge=merge_map(fill, dims),
        merge_bias=fill.vector(n * model),
        fc1=linear(draw, fill, n, hidden, model),
        b1=fill.vector(n * hidden),
        fc2=linear(draw, fill, n, model, hidden),
        b2=fill.vector(n * model),
        c=draw(st.sampled_from(SCALES)),
        eps1=draw(st.sampled_from(ANY_EPSILONS)),
        eps2=draw(st.sampled_from(ANY_EPSILONS)),
        bias=mask(family, fill, n, dims.num_heads).bias,
    )
    context = context_decoder_core(dims)
    point = context_vector(fill, context)
    seed = context_vector(fill, (*context, *saved_decoder_core(dims)))
    return {
        "dims": dims,
        "mask": family,
        "values": fill.family,
        "parameters": parameters,
        "x": point,
        "seed": seed,
        **draw(probes(ctx_size(context), fill)),
    }
