"""Instances of the chain-rule theorems: packs around the masked core and around one or two norms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st

from mirror.arithmetic import BALL, Array, Scalar, precision
from mirror.core.fderiv import ctx_size, eval_vec
from mirror.ops.attention.masked_multi_head_self_attention import context_masked_core
from mirror.ops.transformer.post_norm import context_post_norm, post_norm_graph, saved_post_norm
from mirror.spec.core.shape import Shape
from theorems.engine.maps import Differential, SmoothMap
from theorems.engine.sizes import Sizes
from theorems.engine.strategies.blocks import masked_core_arguments, masked_core_dimensions
from theorems.engine.strategies.epsilons import epsilons, row_variances, wishes
from theorems.engine.strategies.mixture import Purpose, Recipe, mixed_dimensions, mixed_points, recipes
from theorems.engine.strategies.packs import (
    attention_pack,
    merge_pack,
    pack,
    projection_pack,
    residual_after_norm_pack,
    residual_pack,
)
from theorems.engine.strategies.probes import probes

# The dimensions that are 0 together, so that each is in one of twelve instances: a pack into the first norm's input
# has γ and β to yield as long as there are features.
DECODER_ZEROS = (
    *[()] * 4,
    *[("model",)] * 4,
    ("n",),
    ("num_heads", "head_dim"),
    ("n", "num_heads"),
    ("head_dim",),
    ("n", "head_dim"),
    ("num_heads",),
    ("n", "num_heads", "head_dim"),
)
SUBLAYER_ZEROS = (*[()] * 3, *[("seq_len",)] * 2, *[("d_model",)] * 2)

# Enough bits to tell a score or a variance from another at the sizes that are drawn.
_BITS = 256


def _with_derivative(name: str, smooth: SmoothMap) -> dict[str, Any]:
    return {name: smooth, f"d_{name}": Differential(smooth)}


def _point(draw: st.DrawFn, recipe: Recipe, first: SmoothMap) -> dict[str, Any]:
    at = draw(mixed_points(recipe, (Shape(first.domain),), loud=(0,)))
    return {**at, **draw(probes(first.domain, recipe.fill))}


def _projected(draw: st.DrawFn, sizes: Sizes, recipe: Recipe, dims: dict[str, int]) -> dict[str, Any]:
    """A masked core of those dimensions with the pack that feeds it, and a point of E."""
    core = {name: dims[name] for name in ("n", "num_heads", "head_dim")}
    width = draw(st.integers(1, sizes.dimension))
    codomain = ctx_size(context_masked_core(**core))
    project = pack(draw, recipe, lambda: projection_pack(recipe.fill, **core, width=width), codomain)
    point = _point(draw, recipe, project)
    with precision(_BITS):
        arguments = masked_core_arguments(draw, recipe, core, project(BALL, point["x"]))
    return {**arguments, **_with_derivative("project_pack", project), **point}


@st.composite
def projected_cores(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """A masked core after a projection pack."""
    recipe = draw(recipes())
    return _projected(draw, sizes, recipe, masked_core_dimensions(draw, sizes, recipe.purpose))


@st.composite
def projected_attentions(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """A masked core between a projection pack and a merge pack into any F."""
    recipe = draw(recipes())
    case = _projected(draw, sizes, recipe, masked_core_dimensions(draw, sizes, recipe.purpose))
    dims = case["n"], case["num_heads"], case["head_dim"]
    real = merge_pack(recipe.fill, *dims, draw(st.integers(1, sizes.dimension)))
    codomain = draw(st.integers(1 if recipe.generic else 0, 4))
    merge = pack(draw, recipe, lambda: real, codomain, real.domain)
    return {**case, **_with_derivative("merge_pack", merge)}


@st.composite
def projected_decoder_attentions(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """A masked core between a projection pack and a pack into the first norm's input."""
    recipe = draw(recipes())
    dims = masked_core_dimensions(draw, sizes, recipe.purpose, DECODER_ZEROS, "model")
    case = _projected(draw, sizes, recipe, dims)
    real = attention_pack(recipe.fill, case["n"], case["num_heads"], case["head_dim"], dims["model"])
    merge = pack(draw, recipe, lambda: real, real.codomain, real.domain)
    return {**case, "d_model": dims["model"], **_with_derivative("merge_pack", merge)}


def _sublayer_dimensions(draw: st.DrawFn, sizes: Sizes, purpose: Purpose) -> tuple[int, int]:
    names = ("seq_len", "d_model")
    dims = draw(mixed_dimensions(sizes, purpose, names, wide=names, zeros=SUBLAYER_ZEROS))
    return dims["seq_len"], dims["d_model"]


def _into_norm(draw: st.DrawFn, recipe: Recipe, n: int, model: int) -> SmoothMap:
    codomain = ctx_size(context_post_norm(n, model))
    return pack(draw, recipe, lambda: residual_pack(recipe.fill, n, model), codomain)


def _rows_of(packed: Array, n: int, model: int) -> Callable[[], Sequence[Scalar]]:
    return lambda: list(row_variances(BALL, packed, n, model))


@st.composite
def residuals_then_norm(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """A residual pack and a norm with an ε that suits the point."""
    recipe = draw(recipes())
    n, model = _sublayer_dimensions(draw, sizes, recipe.purpose)
    residual = _into_norm(draw, recipe, n, model)
    point = _point(draw, recipe, residual)
    with precision(_BITS):
        packed = residual(BALL, point["x"])
        eps = draw(epsilons(wishes(recipe, above=True), model, _rows_of(packed, n, model)))
    return {"seq_len": n, "d_model": model, "eps": eps, **_with_derivative("residual_pack", residual), **point}


@st.composite
def two_sublayers(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """Two residual packs, each before a norm with an ε that suits the point."""
    recipe = draw(recipes())
    n, model = _sublayer_dimensions(draw, sizes, recipe.purpose)
    attention = _into_norm(draw, recipe, n, model)
    point = _point(draw, recipe, attention)
    inputs = context_post_norm(n, model)
    domain = ctx_size((*inputs, *saved_post_norm(n, model)))
    ffn = pack(draw, recipe, lambda: residual_after_norm_pack(recipe.fill, n, model), ctx_size(inputs), domain)
    wished = wishes(recipe, above=True)
    with precision(_BITS):
        packed = attention(BALL, point["x"])
        eps1 = draw(epsilons(wished, model, _rows_of(packed, n, model)))

        def second() -> Sequence[Scalar]:
            normed = eval_vec(BALL, post_norm_graph(n, model, eps1), packed)
            return list(row_variances(BALL, ffn(BALL, normed), n, model))

        eps2 = draw(epsilons(wished, model, second))
    packs = {**_with_derivative("attn_pack", attention), **_with_derivative("ffn_pack", ffn)}
    return {"seq_len": n, "d_model": model, "eps1": eps1, "eps2": eps2, **packs, **point}
