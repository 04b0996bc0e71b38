"""Instances of LayerNorm, the masked core, the feed-forward sublayer and the whole decoder block."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from flint import fmpq
from hypothesis import strategies as st

from mirror.arithmetic import BALL, Arithmetic, Array, precision
from mirror.core.fderiv import ctx_size
from mirror.dims import Dims
from mirror.linear_map import PositionWise
from mirror.ops.attention.masked_multi_head_self_attention import context_masked_core, saved_masked_core
from mirror.ops.norm.layer_norm import context_ln, saved_layer_norm
from mirror.ops.transformer.decoder_block import (
    Parameters,
    context_decoder_core,
    saved_decoder_core,
)
from mirror.ops.transformer.feed_forward import context_seq_ffn, saved_seq_ffn_residual
from mirror.spec.core.shape import Context
from theorems.engine.sizes import Sizes
from theorems.engine.strategies.masks import mask, mask_families
from theorems.engine.strategies.probes import nowhere_zero, probes
from theorems.engine.strategies.shapes import context_vector, dimensions
from theorems.engine.strategies.values import Fill, fills

SCALES = (fmpq(1), fmpq(1, 2), fmpq(-1, 3), fmpq(0))
POSITIVE_EPSILONS = (fmpq(1), fmpq(1, 1000), fmpq(1, 100000), fmpq(1, 2**40))
# With a negative ε a row can have var + ε < 0: the norm is locally constant there, and its
# certificate exists although the positivity hypotheses of the LayerNorm theorems fail.
ANY_EPSILONS = (*POSITIVE_EPSILONS, fmpq(-1, 7), fmpq(-(10**6)))


@st.composite
def decoder_dims(draw: st.DrawFn, sizes: Sizes) -> Dims:
    """The five dimensions, 0 and 1 included."""
    return Dims(**{f.name: draw(dimensions(sizes)) for f in fields(Dims)})


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
    return {
        "dims": dims,
        "mask": family,
        "parameters": parameters,
        **point_and_seed(draw, fill, context_decoder_core(dims), saved_decoder_core(dims)),
    }


def point_and_seed(draw: st.DrawFn, fill: Fill, context: Context, saved: Context) -> dict[str, Any]:
    """An input point, a seed on inputs and results, and directions, as values to merge into an instance."""
    return {
        "x": context_vector(fill, context),
        "seed": nowhere_zero(fill, ctx_size((*context, *saved))),
        "values": fill.family,
        **draw(probes(ctx_size(context), fill)),
    }


def masked_core_arguments(draw: st.DrawFn, sizes: Sizes, fill: Fill) -> dict[str, Any]:
    """Dimensions, scale and bias of the masked attention core."""
    n, num_heads, head_dim = (draw(dimensions(sizes)) for _ in range(3))
    family = draw(mask_families())
    return {
        "n": n,
        "num_heads": num_heads,
        "head_dim": head_dim,
        "c": draw(st.sampled_from(SCALES)),
        "bias": mask(family, fill, n, num_heads).bias,
        "mask": family,
    }


@st.composite
def masked_cores(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """A masked attention core with an input point and a seed."""
    fill = draw(fills())
    core = masked_core_arguments(draw, sizes, fill)
    dims = core["n"], core["num_heads"], core["head_dim"]
    return {**core, **point_and_seed(draw, fill, context_masked_core(*dims), saved_masked_core(*dims))}


@st.composite
def feed_forwards(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """The two affine maps of a residual feed-forward sublayer, an input point and a seed."""
    fill = draw(fills())
    n, model, hidden = (draw(dimensions(sizes)) for _ in range(3))
    return {
        "seq_len": n,
        "d_model": model,
        "d_ff": hidden,
        "fc1": linear(draw, fill, n, hidden, model),
        "b1": fill.vector(n * hidden),
        "fc2": linear(draw, fill, n, model, hidden),
        "b2": fill.vector(n * model),
        **point_and_seed(draw, fill, context_seq_ffn(n, model), saved_seq_ffn_residual(n, model, hidden)),
    }


# Zero, and negative numbers: admissible where every row's variance is larger.
DARING_EPSILONS = (fmpq(0), fmpq(-1, 2**40), fmpq(-1, 1000), fmpq(-1, 7), fmpq(-3))


def row_variances(ar: Arithmetic, x: Array, m: int, n: int) -> Array:
    """The biased variance of each row of the m × n matrix that x begins with; 0 where n = 0."""
    share = fmpq(1, n) if n else fmpq(0)
    rows = x[: m * n].reshape(m, n)
    centered = rows - (ar.sum(rows, 1) * share).reshape(m, 1)
    return ar.sum(centered * centered, 1) * share


def admissible_epsilon(draw: st.DrawFn, x: Array, m: int, n: int) -> fmpq:
    """An ε with var + ε > 0 for certain in every row; half of the time zero or negative where that is so."""
    with precision(256):
        variances = row_variances(BALL, x, m, n)
        daring = [e for e in DARING_EPSILONS if all(v + e > 0 for v in variances)]
    return draw(st.one_of(st.sampled_from(POSITIVE_EPSILONS), st.sampled_from(daring or POSITIVE_EPSILONS)))


@st.composite
def layer_norms(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """A matrix with γ and β, an ε that satisfies the domain hypotheses, and a seed."""
    fill, m, n = draw(fills()), draw(dimensions(sizes)), draw(dimensions(sizes))
    case = point_and_seed(draw, fill, context_ln(m, n), saved_layer_norm(m, n))
    return {"m": m, "n": n, "eps": admissible_epsilon(draw, case["x"], m, n), **case}
