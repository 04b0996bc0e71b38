"""Instances of LayerNorm, the masked core, the feed-forward sublayer and the whole decoder block."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flint import arb, fmpq
from hypothesis import strategies as st

from mirror.arithmetic import BALL, Array, Scalar
from mirror.core.fderiv import eval_vec
from mirror.dims import Dims
from mirror.linear_map import PositionWise
from mirror.nodes.batched import batched_product
from mirror.ops.attention.masked_multi_head_self_attention import context_masked_core, saved_masked_core
from mirror.ops.norm.layer_norm import context_ln, saved_layer_norm
from mirror.ops.transformer.decoder_block import (
    Parameters,
    context_decoder_core,
    decoder_after_norm1_graph,
    decoder_ffn_residual_graph,
    idx_decoder_attention_residual,
    saved_decoder_core,
)
from mirror.ops.transformer.feed_forward import context_seq_ffn, saved_seq_ffn_residual
from theorems.engine.sizes import Sizes
from theorems.engine.strategies.epsilons import epsilons, row_variances, variances_of, wishes
from theorems.engine.strategies.masks import mask, mask_families
from theorems.engine.strategies.mixture import Purpose, Recipe, mixed_dimensions, mixed_points, recipes
from theorems.engine.strategies.probes import seeded_probes
from theorems.engine.strategies.values import Fill

# The block's dimensions that are 0 together in an instance of anything: so that each is 0 in one of ten instances,
# and yet something is left to compare. Without features the norms' parameters are gone, so the rest has to stay.
BLOCK_ZEROS = (
    *[()] * 4,
    *[("d_model",)] * 2,
    *[("d_model", "d_ff")] * 3,
    ("d_ff",),
    ("seq_len",),
    ("num_heads", "head_dim"),
    ("seq_len", "num_heads"),
    ("seq_len", "head_dim"),
    ("num_heads", "head_dim", "d_ff"),
    ("seq_len", "num_heads", "head_dim"),
    ("seq_len", "num_heads", "head_dim", "d_ff"),
)
CORE_ZEROS = (*[()] * 12, ("n",), ("num_heads",), ("head_dim",))
NORM_ZEROS = (*[()] * 8, ("m",), ("m",), ("n",))
FEED_FORWARD_ZEROS = (*[()] * 6, ("seq_len",), ("d_model",), *[("d_ff",)] * 3)

SCALES = (fmpq(1), fmpq(1, 2), fmpq(-1, 3), fmpq(-2))
LARGEST_SCORE = 8  # in half of the generic instances no score is larger, so that softmax is not saturated
# Which weights are all zero in an instance of anything.
CUT = (*[()] * 12, ("merge",), ("fc1",), ("fc2",))


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


def cut(weight: PositionWise) -> PositionWise:
    """The same map with every weight zero."""
    return replace(weight, weight=(fmpq(0),) * len(weight.weight))


def kept(weight: PositionWise) -> PositionWise:
    """The same map with a 1 in its first place where every weight would be zero by chance."""
    if any(weight.weight) or not weight.weight:
        return weight
    return replace(weight, weight=(fmpq(1), *weight.weight[1:]))


def scale(draw: st.DrawFn, recipe: Recipe, scores: Array) -> fmpq:
    """A scale c of those scores QKᵀ; in half of the generic instances it keeps all of them small."""
    c = draw(st.sampled_from(SCALES if recipe.generic else (*SCALES * 2, fmpq(0))))
    if not recipe.generic or draw(st.booleans()):
        return c
    largest: Scalar = max((arb(s).abs_upper() for s in scores), default=arb(0))
    while not largest * arb(abs(c)) <= LARGEST_SCORE:
        c /= 2
    return c


def scores(x: Array, n: int, num_heads: int, head_dim: int) -> Array:
    """QKᵀ of the queries and keys that x begins with."""
    heads = num_heads * n * head_dim
    return batched_product(BALL, num_heads, n, head_dim, n, x[:heads], x[heads : 2 * heads])


@st.composite
def block_dimensions(draw: st.DrawFn, sizes: Sizes, purpose: Purpose) -> Dims:
    """The five dimensions."""
    names = ("seq_len", "d_model", "num_heads", "head_dim", "d_ff")
    return Dims(**draw(mixed_dimensions(sizes, purpose, names, wide=names[:2], zeros=BLOCK_ZEROS)))


def _parameters(draw: st.DrawFn, recipe: Recipe, dims: Dims, x: Array, bias: Array) -> Parameters:
    """The fixed arguments but for both ε, which are 1 until the norms' inputs are known."""
    fill, n, model, hidden = recipe.fill, dims.seq_len, dims.d_model, dims.d_ff
    weights = {
        "merge": merge_map(fill, dims),
        "fc1": linear(draw, fill, n, hidden, model),
        "fc2": linear(draw, fill, n, model, hidden),
    }
    gone = () if recipe.generic else draw(st.sampled_from(CUT))
    return Parameters(
        **{name: cut(weight) if name in gone else kept(weight) for name, weight in weights.items()},
        merge_bias=fill.vector(n * model),
        b1=fill.vector(n * hidden),
        b2=fill.vector(n * model),
        c=scale(draw, recipe, scores(x, n, dims.num_heads, dims.head_dim)),
        eps1=fmpq(1),
        eps2=fmpq(1),
        bias=bias,
    )


def _with_epsilons(draw: st.DrawFn, recipe: Recipe, dims: Dims, p: Parameters, x: Array) -> Parameters:
    """ε of the first norm, then of the second, which sees what the first makes of it."""
    n, model, wished = dims.seq_len, dims.d_model, wishes(recipe, above=False)

    def first() -> Sequence[Scalar]:
        at = idx_decoder_attention_residual(dims)
        values = eval_vec(BALL, decoder_after_norm1_graph(dims, p), x)
        return list(row_variances(BALL, values[at.start : at.stop], n, model))

    eps1 = draw(epsilons(wished, model, first))
    after_first = replace(p, eps1=eps1)

    def second() -> Sequence[Scalar]:
        values = eval_vec(BALL, decoder_ffn_residual_graph(dims, after_first), x)
        return list(row_variances(BALL, values[len(values) - n * model :], n, model))

    return replace(after_first, eps2=draw(epsilons(wished, model, second)))


@st.composite
def decoder_blocks(draw: st.DrawFn, sizes: Sizes, dims: Dims | None = None) -> dict[str, Any]:
    """Dimensions (or the given ones), fixed arguments, mask family, an input point and a seed of the decoder core."""
    recipe = draw(recipes())
    dims = draw(block_dimensions(sizes, recipe.purpose)) if dims is None else dims
    family = draw(mask_families())
    bias = mask(family, recipe.fill, dims.seq_len, dims.num_heads).bias
    context = context_decoder_core(dims)
    point = draw(mixed_points(recipe, context, loud=(0, 1, 2, 3)))
    parameters = _parameters(draw, recipe, dims, point["x"], bias)
    parameters = _with_epsilons(draw, recipe, dims, parameters, point["x"])
    probed = draw(seeded_probes(recipe.fill, context, saved_decoder_core(dims)))
    return {"dims": dims, "mask": family, "parameters": parameters, **point, **probed}


def masked_core_dimensions(
    draw: st.DrawFn, sizes: Sizes, purpose: Purpose, zeros: Sequence[tuple[str, ...]] = CORE_ZEROS, *more: str
) -> dict[str, int]:
    """n, num_heads and head_dim, and any dimension more that goes with them."""
    names = ("n", "num_heads", "head_dim", *more)
    return draw(mixed_dimensions(sizes, purpose, names, wide=("n", *more), zeros=zeros))


def masked_core_arguments(draw: st.DrawFn, recipe: Recipe, dims: Mapping[str, int], inputs: Array) -> dict[str, Any]:
    """Dimensions, scale and bias of the masked attention core, whose queries and keys `inputs` begins with."""
    n, num_heads, head_dim = dims["n"], dims["num_heads"], dims["head_dim"]
    family = draw(mask_families())
    return {
        "n": n,
        "num_heads": num_heads,
        "head_dim": head_dim,
        "c": scale(draw, recipe, scores(inputs, n, num_heads, head_dim)),
        "bias": mask(family, recipe.fill, n, num_heads).bias,
        "mask": family,
    }


@st.composite
def masked_cores(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """A masked attention core with an input point and a seed."""
    recipe = draw(recipes())
    dims = masked_core_dimensions(draw, sizes, recipe.purpose)
    context, saved = context_masked_core(**dims), saved_masked_core(**dims)
    point = draw(mixed_points(recipe, context, loud=(0, 1, 2)))
    core = masked_core_arguments(draw, recipe, dims, point["x"])
    return {**core, **point, **draw(seeded_probes(recipe.fill, context, saved))}


@st.composite
def feed_forwards(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """The two affine maps of a residual feed-forward sublayer, an input point and a seed."""
    recipe = draw(recipes())
    fill, names = recipe.fill, ("seq_len", "d_model", "d_ff")
    dims = draw(mixed_dimensions(sizes, recipe.purpose, names, wide=names[:2], zeros=FEED_FORWARD_ZEROS))
    n, model, hidden = (dims[name] for name in names)
    context, saved = context_seq_ffn(n, model), saved_seq_ffn_residual(n, model, hidden)
    return {
        **dims,
        "fc1": linear(draw, fill, n, hidden, model),
        "b1": fill.vector(n * hidden),
        "fc2": linear(draw, fill, n, model, hidden),
        "b2": fill.vector(n * model),
        **draw(mixed_points(recipe, context, loud=(0,))),
        **draw(seeded_probes(fill, context, saved)),
    }


@st.composite
def layer_norms(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """A matrix with γ and β, an ε that satisfies the domain hypotheses, and a seed."""
    recipe = draw(recipes())
    dims = draw(mixed_dimensions(sizes, recipe.purpose, ("m", "n"), wide=("m", "n"), zeros=NORM_ZEROS))
    m, n = dims["m"], dims["n"]
    point = draw(mixed_points(recipe, context_ln(m, n), loud=(0,)))
    eps = draw(epsilons(wishes(recipe, above=True), n, variances_of(point["x"], m, n)))
    probed = draw(seeded_probes(recipe.fill, context_ln(m, n), saved_layer_norm(m, n)))
    return {**dims, "eps": eps, **point, **probed}
