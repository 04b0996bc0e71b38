"""The GPT-style post-norm decoder core: 8 inputs, 13 nodes.

Twin of `NN/Proofs/Autograd/Tape/Ops/Transformer/DecoderBlock.lean`. Masked attention on given Q, Kᵀ
and V, a merge map, residual and LayerNorm; then feed-forward, residual and LayerNorm. The linear
maps, biases, scale, mask and both ε are fixed arguments: nothing differentiates with respect to them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import fmpq

from mirror.arithmetic import Arithmetic
from mirror.core.fderiv import (
    CtxVec,
    GraphFDerivCorrectAt,
    NodeFDerivCorrectAt,
    ctx_size,
    eval_vec,
)
from mirror.core.soundness import Graph, Idx, Node
from mirror.dims import Dims
from mirror.linear_map import LinearMap
from mirror.links import mirrors
from mirror.node_kinds import node_certificate_at
from mirror.nodes.arithmetic import add, affine
from mirror.nodes.elementwise import gelu
from mirror.nodes.graph_composition import DGraph, weaken_context
from mirror.ops.attention.masked_multi_head_self_attention import (
    context_masked_core,
    masked_core_dgraph,
    saved_masked_core,
)
from mirror.ops.attention.multi_head_self_attention import heads_shape
from mirror.ops.norm.layer_norm import Inputs, mat_shape, vec_shape, whole_node
from mirror.ops.transformer.feed_forward import (
    saved_seq_ffn_residual,
    seq_ffn_hidden_shape,
    seq_ffn_model_shape,
)
from mirror.spec.core.shape import Context
from mirror.util.idx import last, weaken


@dataclass(frozen=True, slots=True, eq=False)
class Parameters:
    """The fixed arguments of the block, all exact: they receive no gradient.

    merge: ℝ^(H·n·d) → ℝ^(n·D) with merge_bias (n·D); fc1: ℝ^(n·D) → ℝ^(n·F) with b1 (n·F);
    fc2: ℝ^(n·F) → ℝ^(n·D) with b2 (n·D); the scale c of the scores; ε of both norms; bias (H·n·n,
    zero where it is None), the finite additive mask.
    """

    merge: LinearMap
    merge_bias: np.ndarray
    fc1: LinearMap
    b1: np.ndarray
    fc2: LinearMap
    b2: np.ndarray
    c: fmpq
    eps1: fmpq
    eps2: fmpq
    bias: Sequence[Any] | np.ndarray | None = None


def _extra(dims: Dims) -> Context:
    """What the decoder's context has after Q, Kᵀ and V: the residual stream, γ1, β1, γ2, β2."""
    vec = vec_shape(dims.d_model)
    return (mat_shape(dims.seq_len, dims.d_model), vec, vec, vec, vec)


def _core_saved(dims: Dims) -> Context:
    return saved_masked_core(dims.seq_len, dims.num_heads, dims.head_dim)


def _model(dims: Dims) -> Any:
    return mat_shape(dims.seq_len, dims.d_model)


@mirrors("Proofs.Autograd.Transformer.ΓDecoderCore")
def context_decoder_core(dims: Dims) -> Context:
    """The inputs: Q [H, n, d], Kᵀ [H, d, n], V [H, n, d], residual [n, D], γ1, β1, γ2, β2 [D]."""
    return (*context_masked_core(dims.seq_len, dims.num_heads, dims.head_dim), *_extra(dims))


@mirrors("Proofs.Autograd.Transformer.ssDecoderCore")
def saved_decoder_core(dims: Dims) -> Context:
    """The 13 results, at positions 8 to 20."""
    ffn = saved_seq_ffn_residual(dims.seq_len, dims.d_model, dims.d_ff)
    model = _model(dims)
    return (*_core_saved(dims), model, model, model, *ffn, model)


@mirrors("Proofs.Autograd.Transformer.idxDecoderResidualInput")
def idx_decoder_residual_input(dims: Dims, saved: Context = ()) -> Idx:
    """Index 3: the residual stream."""
    return Idx((*context_decoder_core(dims), *saved), 3, _model(dims))


def _idx_vector(dims: Dims, saved: Context, i: int) -> Idx:
    return Idx((*context_decoder_core(dims), *saved), i, vec_shape(dims.d_model))


@mirrors("Proofs.Autograd.Transformer.idxDecoderNorm1Gamma")
def idx_decoder_norm1_gamma(dims: Dims, saved: Context = ()) -> Idx:
    """Index 4: γ of the first norm."""
    return _idx_vector(dims, saved, 4)


@mirrors("Proofs.Autograd.Transformer.idxDecoderNorm1Beta")
def idx_decoder_norm1_beta(dims: Dims, saved: Context = ()) -> Idx:
    """Index 5: β of the first norm."""
    return _idx_vector(dims, saved, 5)


@mirrors("Proofs.Autograd.Transformer.idxDecoderNorm2Gamma")
def idx_decoder_norm2_gamma(dims: Dims, saved: Context = ()) -> Idx:
    """Index 6: γ of the second norm."""
    return _idx_vector(dims, saved, 6)


@mirrors("Proofs.Autograd.Transformer.idxDecoderNorm2Beta")
def idx_decoder_norm2_beta(dims: Dims, saved: Context = ()) -> Idx:
    """Index 7: β of the second norm."""
    return _idx_vector(dims, saved, 7)


@mirrors("Proofs.Autograd.Transformer.decoderMaskedCoreDGraph")
def decoder_masked_core_dgraph(dims: Dims, c: fmpq, bias: Sequence[Any] | np.ndarray | None = None) -> DGraph:
    """The masked attention core, re-run in the decoder's context without reading the five extra entries."""
    core = masked_core_dgraph(dims.seq_len, dims.num_heads, dims.head_dim, c, bias)
    return weaken_context(core, _extra(dims))


@mirrors("Proofs.Autograd.Transformer.idxDecoderHeadOut")
def idx_decoder_head_out(dims: Dims) -> Idx:
    """Index 12: the heads' output [H, n, d]."""
    heads = heads_shape(dims.seq_len, dims.num_heads, dims.head_dim)
    return last(context_decoder_core(dims), _core_saved(dims)[:4], heads)


@mirrors("Proofs.Autograd.Transformer.idxDecoderMergedAttention")
def idx_decoder_merged_attention(dims: Dims) -> Idx:
    """Index 13: the merged heads [n, D]."""
    return last(context_decoder_core(dims), _core_saved(dims), _model(dims))


@mirrors("Proofs.Autograd.Transformer.idxDecoderResidualInputAfterMerge")
def idx_decoder_residual_input_after_merge(dims: Dims) -> Idx:
    """Index 3, weakened past the merged heads."""
    return weaken(idx_decoder_residual_input(dims, _core_saved(dims)), (_model(dims),))


@mirrors("Proofs.Autograd.Transformer.idxDecoderAttentionResidual")
def idx_decoder_attention_residual(dims: Dims) -> Idx:
    """Index 14: the residual stream plus the merged heads."""
    return last(context_decoder_core(dims), (*_core_saved(dims), _model(dims)), _model(dims))


@mirrors("Proofs.Autograd.Transformer.decoderNorm1Inputs")
def decoder_norm1_inputs(dims: Dims) -> Inputs:
    """The first norm reads x at 14, γ at 4, β at 5."""
    saved = (*_core_saved(dims), _model(dims), _model(dims))
    return Inputs(
        idx_decoder_attention_residual(dims),
        idx_decoder_norm1_gamma(dims, saved),
        idx_decoder_norm1_beta(dims, saved),
    )


def _attention_residual_graph(dims: Dims, p: Parameters) -> Graph:
    """The seven nodes before the first norm, which Lean spells out inside `hNorm1`."""
    core = decoder_masked_core_dgraph(dims, p.c, p.bias).g
    merged = core.snoc(affine(idx_decoder_head_out(dims), _model(dims), p.merge, p.merge_bias))
    residual = idx_decoder_residual_input_after_merge(dims)
    return merged.snoc(add(residual, idx_decoder_merged_attention(dims)))


@mirrors("Proofs.Autograd.Transformer.decoderAfterNorm1Graph")
def decoder_after_norm1_graph(dims: Dims, p: Parameters) -> Graph:
    """The first eight nodes: masked core, merge, residual sum, first norm."""
    before = _attention_residual_graph(dims, p)
    return before.snoc(whole_node(decoder_norm1_inputs(dims), p.eps1))


def _after_norm1(dims: Dims, k: int) -> Context:
    """The shapes saved before the k-th feed-forward node."""
    return saved_decoder_core(dims)[: 8 + k]


@mirrors("Proofs.Autograd.Transformer.idxDecoderNorm1Out")
def idx_decoder_norm1_out(dims: Dims) -> Idx:
    """Index 15: the first norm's output."""
    shape = seq_ffn_model_shape(dims.seq_len, dims.d_model)
    return last(context_decoder_core(dims), _after_norm1(dims, -1), shape)


@mirrors("Proofs.Autograd.Transformer.idxDecoderNorm1OutAfterFfn")
def idx_decoder_norm1_out_after_ffn(dims: Dims) -> Idx:
    """Index 15, weakened past the three feed-forward results."""
    ffn = saved_seq_ffn_residual(dims.seq_len, dims.d_model, dims.d_ff)
    return weaken(idx_decoder_norm1_out(dims), ffn[:3])


@mirrors("Proofs.Autograd.Transformer.idxDecoderFfnHiddenPre")
def idx_decoder_ffn_hidden_pre(dims: Dims) -> Idx:
    """Index 16: the first feed-forward map's output [n, F]."""
    hidden = seq_ffn_hidden_shape(dims.seq_len, dims.d_ff)
    return last(context_decoder_core(dims), _after_norm1(dims, 0), hidden)


@mirrors("Proofs.Autograd.Transformer.idxDecoderFfnHiddenAct")
def idx_decoder_ffn_hidden_act(dims: Dims) -> Idx:
    """Index 17: GELU of index 16."""
    hidden = seq_ffn_hidden_shape(dims.seq_len, dims.d_ff)
    return last(context_decoder_core(dims), _after_norm1(dims, 1), hidden)


@mirrors("Proofs.Autograd.Transformer.idxDecoderFfnProjected")
def idx_decoder_ffn_projected(dims: Dims) -> Idx:
    """Index 18: the second feed-forward map's output [n, D]."""
    shape = seq_ffn_model_shape(dims.seq_len, dims.d_model)
    return last(context_decoder_core(dims), _after_norm1(dims, 2), shape)


@mirrors("Proofs.Autograd.Transformer.idxDecoderFfnResidual")
def idx_decoder_ffn_residual(dims: Dims) -> Idx:
    """Index 19: the first norm's output plus the feed-forward output."""
    shape = seq_ffn_model_shape(dims.seq_len, dims.d_model)
    return last(context_decoder_core(dims), _after_norm1(dims, 3), shape)


@mirrors("Proofs.Autograd.Transformer.decoderFfnResidualGraph")
def decoder_ffn_residual_graph(dims: Dims, p: Parameters) -> Graph:
    """The first twelve nodes: through the second residual sum."""
    model = seq_ffn_model_shape(dims.seq_len, dims.d_model)
    hidden = seq_ffn_hidden_shape(dims.seq_len, dims.d_ff)
    graph = decoder_after_norm1_graph(dims, p)
    graph = graph.snoc(affine(idx_decoder_norm1_out(dims), hidden, p.fc1, p.b1))
    graph = graph.snoc(gelu(idx_decoder_ffn_hidden_pre(dims)))
    graph = graph.snoc(affine(idx_decoder_ffn_hidden_act(dims), model, p.fc2, p.b2))
    return graph.snoc(add(idx_decoder_norm1_out_after_ffn(dims), idx_decoder_ffn_projected(dims)))


@mirrors("Proofs.Autograd.Transformer.decoderNorm2Inputs")
def decoder_norm2_inputs(dims: Dims) -> Inputs:
    """The second norm reads x at 19, γ at 6, β at 7."""
    saved = saved_decoder_core(dims)[:12]
    return Inputs(
        idx_decoder_ffn_residual(dims),
        idx_decoder_norm2_gamma(dims, saved),
        idx_decoder_norm2_beta(dims, saved),
    )


@mirrors("Proofs.Autograd.Transformer.decoderCoreGraph")
def decoder_core_graph(dims: Dims, p: Parameters) -> Graph:
    """All 13 nodes; the output is entry 20 of inputs and results together."""
    before = decoder_ffn_residual_graph(dims, p)
    return before.snoc(whole_node(decoder_norm2_inputs(dims), p.eps2))


@mirrors("Proofs.Autograd.Transformer.decoderFfnResidualGraphFDerivCorrectAt")
def decoder_ffn_residual_certificate_at(
    ar: Arithmetic, dims: Dims, p: Parameters, x: CtxVec, h_norm1: NodeFDerivCorrectAt
) -> GraphFDerivCorrectAt:
    """The certificate of the 12-node graph at x, from `hNorm1` alone: all other nodes are smooth."""
    graph = decoder_ffn_residual_graph(dims, p)
    return GraphFDerivCorrectAt(graph, x, _certificates(ar, dims, p, graph, x, {7: h_norm1}))


@mirrors("Proofs.Autograd.Transformer.decoderCoreGraphFDerivCorrectAt")
def decoder_core_certificate_at(
    ar: Arithmetic,
    dims: Dims,
    p: Parameters,
    x: CtxVec,
    h_norm1: NodeFDerivCorrectAt,
    h_norm2: NodeFDerivCorrectAt,
) -> GraphFDerivCorrectAt:
    """The certificate of the whole graph at x, from `hNorm1` and `hNorm2`."""
    graph = decoder_core_graph(dims, p)
    given = {7: h_norm1, 12: h_norm2}
    return GraphFDerivCorrectAt(graph, x, _certificates(ar, dims, p, graph, x, given))


def _certificates(
    ar: Arithmetic,
    dims: Dims,
    p: Parameters,
    graph: Graph,
    x: CtxVec,
    given: dict[int, NodeFDerivCorrectAt],
) -> tuple[NodeFDerivCorrectAt, ...]:
    everything = eval_vec(ar, graph, x)
    core = decoder_masked_core_dgraph(dims, p.c, p.bias).hg.nodes

    def certificate(k: int, node: Node) -> NodeFDerivCorrectAt:
        here = everything[: ctx_size(node.context)]
        if k in given:
            return NodeFDerivCorrectAt(node, here, given[k].deriv)
        if k < len(core):
            return NodeFDerivCorrectAt(node, here, core[k].deriv(ar, here))
        return node_certificate_at(ar, node, here)

    return tuple(certificate(k, node) for k, node in enumerate(graph.nodes))
