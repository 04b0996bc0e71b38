"""Instances of the chain-rule theorems: packs around the masked core and around one or two norms."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from mirror.arithmetic import BALL, precision
from mirror.core.fderiv import ctx_size, eval_vec
from mirror.ops.attention.masked_multi_head_self_attention import context_masked_core
from mirror.ops.transformer.post_norm import context_post_norm, post_norm_graph, saved_post_norm
from theorems.engine.maps import Differential, SmoothMap
from theorems.engine.sizes import Sizes
from theorems.engine.strategies.blocks import admissible_epsilon, masked_core_arguments
from theorems.engine.strategies.packs import (
    attention_pack,
    merge_pack,
    pack,
    projection_pack,
    residual_after_norm_pack,
    residual_pack,
)
from theorems.engine.strategies.probes import probes
from theorems.engine.strategies.shapes import dimensions
from theorems.engine.strategies.values import Fill, fills


def _with_derivative(name: str, smooth: SmoothMap) -> dict[str, Any]:
    return {name: smooth, f"d_{name}": Differential(smooth)}


def _point(draw: st.DrawFn, fill: Fill, first: SmoothMap) -> dict[str, Any]:
    return {"x": fill.vector(first.domain), "values": fill.family, **draw(probes(first.domain, fill))}


def _projected(draw: st.DrawFn, sizes: Sizes, fill: Fill) -> dict[str, Any]:
    """A masked core with the pack that feeds it, and a point of E."""
    core = masked_core_arguments(draw, sizes, fill)
    dims = core["n"], core["num_heads"], core["head_dim"]
    width = draw(dimensions(sizes))
    codomain = ctx_size(context_masked_core(*dims))
    project = pack(draw, fill, lambda: projection_pack(fill, *dims, width), codomain)
    return {**core, **_with_derivative("project_pack", project), **_point(draw, fill, project)}


@st.composite
def projected_cores(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """A masked core after a projection pack."""
    return _projected(draw, sizes, draw(fills()))


@st.composite
def projected_attentions(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """A masked core between a projection pack and a merge pack into any F."""
    fill = draw(fills())
    case = _projected(draw, sizes, fill)
    dims = case["n"], case["num_heads"], case["head_dim"]
    width = draw(dimensions(sizes))
    real = merge_pack(fill, *dims, width)
    merge = pack(draw, fill, lambda: real, draw(st.integers(0, 4)), real.domain)
    return {**case, **_with_derivative("merge_pack", merge)}


@st.composite
def projected_decoder_attentions(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """A masked core between a projection pack and a pack into the first norm's input."""
    fill = draw(fills())
    case = _projected(draw, sizes, fill)
    dims = case["n"], case["num_heads"], case["head_dim"]
    real = attention_pack(fill, *dims, draw(dimensions(sizes)))
    return {**case, **_with_derivative("merge_pack", pack(draw, fill, lambda: real, real.codomain, real.domain))}


def _into_norm(draw: st.DrawFn, fill: Fill, n: int, model: int) -> SmoothMap:
    codomain = ctx_size(context_post_norm(n, model))
    return pack(draw, fill, lambda: residual_pack(fill, n, model), codomain)


@st.composite
def residuals_then_norm(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """A residual pack and a norm with an ε that suits the point."""
    fill, n, model = draw(fills()), draw(dimensions(sizes)), draw(dimensions(sizes))
    residual = _into_norm(draw, fill, n, model)
    point = _point(draw, fill, residual)
    with precision(256):
        packed = residual(BALL, point["x"])
    eps = admissible_epsilon(draw, packed, n, model)
    return {"seq_len": n, "d_model": model, "eps": eps, **_with_derivative("residual_pack", residual), **point}


@st.composite
def two_sublayers(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """Two residual packs, each before a norm with an ε that suits the point."""
    fill, n, model = draw(fills()), draw(dimensions(sizes)), draw(dimensions(sizes))
    attention = _into_norm(draw, fill, n, model)
    point = _point(draw, fill, attention)
    inputs = context_post_norm(n, model)
    domain = ctx_size((*inputs, *saved_post_norm(n, model)))
    ffn = pack(draw, fill, lambda: residual_after_norm_pack(fill, n, model), ctx_size(inputs), domain)
    with precision(256):
        packed = attention(BALL, point["x"])
        eps1 = admissible_epsilon(draw, packed, n, model)
        normed = eval_vec(BALL, post_norm_graph(n, model, eps1), packed)
        eps2 = admissible_epsilon(draw, ffn(BALL, normed), n, model)
    packs = {**_with_derivative("attn_pack", attention), **_with_derivative("ffn_pack", ffn)}
    return {"seq_len": n, "d_model": model, "eps1": eps1, "eps2": eps2, **packs, **point}
