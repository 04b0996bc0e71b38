"""LayerNorms where var + ε is 0 or negative in a row, with everything else as the theorem wants it.

Only a rational variance can be taken to var + ε = 0 exactly. Where the norm's input would leave ℚ it is kept in:
packs become affine, attention uniform (Q and the mask 0), and the norm before has a rational standard deviation.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
from flint import arb, fmpq
from hypothesis import strategies as st

from mirror.arithmetic import BALL, Scalar, precision
from mirror.core.fderiv import eval_vec
from mirror.core.soundness import Idx
from mirror.dims import Dims
from mirror.linear_map import PositionWise
from mirror.nodes.context import get
from mirror.ops.transformer.decoder_block import Parameters, decoder_core_graph
from mirror.ops.transformer.post_norm import post_norm_graph
from theorems.engine.case import Case
from theorems.engine.maps import Differential, SmoothMap
from theorems.engine.strategies.blocks import row_variances
from theorems.tools.hypotheses.other_packs import affine, with_equal_rows

_BITS = 256
FIRST_NORM, SECOND_NORM = 7, 12  # the nodes of the decoder core
Parts = dict[str, Any]


def norm(draw: st.DrawFn, case: Case) -> Case:
    """The one norm of the theorem, of its input or after a residual pack."""
    if "residual_pack" not in case:
        return {**case, **_epsilon(draw, "eps", case["x"], case["m"], case["n"])}
    packed = _pack("residual_pack", _maybe_affine(draw, case["residual_pack"]))
    value = _at(packed["residual_pack"], case["x"])
    return {**case, **packed, **_epsilon(draw, "eps", value, case["seq_len"], case["d_model"])}


def first_norm(draw: st.DrawFn, case: Case) -> Case:
    """The norm after the first pack; the second norm gets an ε that suits every input."""
    packed = _pack("attn_pack", _maybe_affine(draw, case["attn_pack"]))
    value = _at(packed["attn_pack"], case["x"])
    outside = _epsilon(draw, "eps1", value, case["seq_len"], case["d_model"])
    return {**case, **packed, **outside, "eps2": fmpq(1)}


def second_norm(draw: st.DrawFn, case: Case) -> Case:
    """The norm after the second pack, with rational values up to there."""
    n, model = case["seq_len"], case["d_model"]
    attention, ffn = with_equal_rows(case["attn_pack"], n, model), affine(case["ffn_pack"])
    value = attention(BALL, case["x"])
    eps1 = _rational_deviation(row_variances(BALL, value, n, model))
    with precision(_BITS):
        second = ffn(BALL, eval_vec(BALL, post_norm_graph(n, model, eps1), value))
    packs = _pack("attn_pack", attention) | _pack("ffn_pack", ffn)
    return {**case, **packs, "eps1": eps1, **_epsilon(draw, "eps2", second, n, model)}


def decoder_first_norm(draw: st.DrawFn, case: Case) -> Case:
    """The decoder core with its first norm outside; the second gets an ε that suits every input."""
    dims: Dims = case["dims"]
    parameters, x = _uniform(case["parameters"], dims), _without_queries(dims, case["x"])
    parameters = replace(parameters, eps2=fmpq(1))
    before = _reads(dims, parameters, FIRST_NORM, x)
    outside = _epsilon(draw, "eps1", before, dims.seq_len, dims.d_model, exactly=True)
    return {**case, "x": x, "parameters": replace(parameters, **outside)}


def decoder_second_norm(draw: st.DrawFn, case: Case) -> Case:
    """The decoder core with its second norm outside, and rational values up to there."""
    dims: Dims = case["dims"]
    parameters, x = _uniform(case["parameters"], dims), _with_one_residual_row(dims, case["x"])
    parameters = replace(_without_feed_forward(parameters, dims), merge_bias=parameters.merge_bias * 0)
    first = _reads(dims, parameters, FIRST_NORM, x)
    eps1 = _rational_deviation(row_variances(BALL, first, dims.seq_len, dims.d_model))
    parameters = replace(parameters, eps1=eps1)
    second = _reads(dims, parameters, SECOND_NORM, x)
    outside = _epsilon(draw, "eps2", second, dims.seq_len, dims.d_model, exactly=True)
    return {**case, "x": x, "parameters": replace(parameters, **outside)}


# ---- ε


def _epsilon(draw: st.DrawFn, name: str, value: np.ndarray, rows: int, width: int, *, exactly: bool = False) -> Parts:
    """An ε that takes var + ε below 0 in a row of the norm's input, or to 0 where that is rational; none without a row.

    To 0 wherever it can be had if `exactly`: a certificate is there below 0 too. A row of length 0 or 1 has variance 0.
    """
    with precision(_BITS):
        variances = list(row_variances(BALL, value, rows, width))
    if not variances:
        return {}
    row = variances[draw(st.integers(0, len(variances) - 1))]
    below = -_above(row) - 1
    if not isinstance(row, fmpq):
        return {name: below}
    return {name: -row if exactly else draw(st.sampled_from((-row, below)))}


def _rational_deviation(variances: Iterable[Scalar]) -> fmpq:
    """An ε with var + ε the square of an integer in the first row; 1 without a row."""
    for first in variances:
        root = _above(first) + 1
        return root * root - first
    return fmpq(1)


def _above(v: Scalar) -> fmpq:
    """An integer of at least v."""
    above = arb(v).upper().ceil().unique_fmpz()
    assert above is not None, "an exact number has one ceiling"
    return fmpq(int(above))


# ---- packs


def _pack(name: str, smooth: SmoothMap) -> Parts:
    return {name: smooth, f"d_{name}": Differential(smooth)}


def _maybe_affine(draw: st.DrawFn, smooth: SmoothMap) -> SmoothMap:
    return affine(smooth) if draw(st.booleans()) else smooth


def _at(smooth: SmoothMap, x: np.ndarray) -> np.ndarray:
    with precision(_BITS):
        return smooth(BALL, x)


# ---- the decoder core


def _reads(dims: Dims, parameters: Parameters, position: int, x: np.ndarray) -> np.ndarray:
    """What the norm at that node normalises."""
    graph = decoder_core_graph(dims, parameters)
    read: Idx = graph.nodes[position].inputs[0]
    with precision(_BITS):
        return get(read, eval_vec(BALL, graph, x)[: read.total])


def _uniform(parameters: Parameters, dims: Dims) -> Parameters:
    """Without mask: where Q is 0 every position then attends to all alike."""
    return replace(parameters, bias=np.full(dims.num_heads * dims.seq_len**2, fmpq(0), dtype=object))


def _without_queries(dims: Dims, x: np.ndarray) -> np.ndarray:
    x = x.copy()
    x[: dims.num_heads * dims.seq_len * dims.head_dim] = fmpq(0)
    return x


def _with_one_residual_row(dims: Dims, x: np.ndarray) -> np.ndarray:
    """Without queries, keys or values, and with the first row of the residual stream in each of its rows."""
    x = x.copy()
    stream = 3 * dims.num_heads * dims.seq_len * dims.head_dim
    x[:stream] = fmpq(0)
    for i in range(1, dims.seq_len):
        start = stream + i * dims.d_model
        x[start : start + dims.d_model] = x[stream : stream + dims.d_model]
    return x


def _without_feed_forward(parameters: Parameters, dims: Dims) -> Parameters:
    """With GELU at 0 alone, which is rational: the feed-forward sublayer adds its last bias."""
    hidden, model = dims.seq_len * dims.d_ff, dims.seq_len * dims.d_model
    nothing = PositionWise(1, hidden, model, (fmpq(0),) * (hidden * model))
    return replace(parameters, fc1=nothing, b1=np.full(hidden, fmpq(0), dtype=object))
