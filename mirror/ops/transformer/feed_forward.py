"""The feed-forward sublayer with its residual. Twin of `NN/Proofs/Autograd/Tape/Ops/Transformer/FeedForward.lean`."""

from __future__ import annotations

import numpy as np

from mirror.core.soundness import Idx
from mirror.linear_map import LinearMap
from mirror.links import mirrors
from mirror.nodes.arithmetic import add, add_certificate, affine, affine_certificate
from mirror.nodes.elementwise import gelu, gelu_certificate
from mirror.nodes.graph_composition import DGraph, nil, snoc
from mirror.spec.core.shape import Context, Shape
from mirror.util.idx import last


@mirrors("Proofs.Autograd.Transformer.SeqFFNModelShape")
def seq_ffn_model_shape(seq_len: int, d_model: int) -> Shape:
    """[n, D]."""
    return Shape(seq_len, d_model)


@mirrors("Proofs.Autograd.Transformer.SeqFFNHiddenShape")
def seq_ffn_hidden_shape(seq_len: int, d_ff: int) -> Shape:
    """[n, F]."""
    return Shape(seq_len, d_ff)


@mirrors("Proofs.Autograd.Transformer.ΓSeqFFN")
def context_seq_ffn(seq_len: int, d_model: int) -> Context:
    """The one input [n, D]."""
    return (seq_ffn_model_shape(seq_len, d_model),)


@mirrors("Proofs.Autograd.Transformer.ssSeqFFNResidual")
def saved_seq_ffn_residual(seq_len: int, d_model: int, d_ff: int) -> Context:
    """The results: pre-activation [n, F], activation [n, F], projection [n, D], residual sum [n, D]."""
    hidden, model = seq_ffn_hidden_shape(seq_len, d_ff), seq_ffn_model_shape(seq_len, d_model)
    return (hidden, hidden, model, model)


@mirrors("Proofs.Autograd.Transformer.seqFfnIdxX")
def seq_ffn_idx_x(seq_len: int, d_model: int, saved: Context = ()) -> Idx:
    """Index 0: the input."""
    shape = seq_ffn_model_shape(seq_len, d_model)
    return Idx((*context_seq_ffn(seq_len, d_model), *saved), 0, shape)


def _last(seq_len: int, d_model: int, d_ff: int, k: int) -> Idx:
    saved = saved_seq_ffn_residual(seq_len, d_model, d_ff)
    return last(context_seq_ffn(seq_len, d_model), saved[:k], saved[k])


@mirrors("Proofs.Autograd.Transformer.seqFfnIdxHiddenPre")
def seq_ffn_idx_hidden_pre(seq_len: int, d_model: int, d_ff: int) -> Idx:
    """Index 1: the first affine map's output."""
    return _last(seq_len, d_model, d_ff, 0)


@mirrors("Proofs.Autograd.Transformer.seqFfnIdxHiddenAct")
def seq_ffn_idx_hidden_act(seq_len: int, d_model: int, d_ff: int) -> Idx:
    """Index 2: the activation."""
    return _last(seq_len, d_model, d_ff, 1)


@mirrors("Proofs.Autograd.Transformer.seqFfnIdxProjected")
def seq_ffn_idx_projected(seq_len: int, d_model: int, d_ff: int) -> Idx:
    """Index 3: the second affine map's output."""
    return _last(seq_len, d_model, d_ff, 2)


@mirrors("Proofs.Autograd.Transformer.seqFfnResidualDGraph")
def seq_ffn_residual_dgraph(
    seq_len: int,
    d_model: int,
    d_ff: int,
    fc1: LinearMap,
    b1: np.ndarray,
    fc2: LinearMap,
    b2: np.ndarray,
) -> DGraph:
    """x + fc2(gelu(fc1 x + b1)) + b2, in four nodes; fc1 and fc2 act on whole flattened tensors."""
    hidden, model = seq_ffn_hidden_shape(seq_len, d_ff), seq_ffn_model_shape(seq_len, d_model)
    saved = saved_seq_ffn_residual(seq_len, d_model, d_ff)
    dg = nil(context_seq_ffn(seq_len, d_model))
    dg = snoc(dg, affine_certificate(affine(seq_ffn_idx_x(seq_len, d_model), hidden, fc1, b1)))
    dg = snoc(dg, gelu_certificate(gelu(seq_ffn_idx_hidden_pre(seq_len, d_model, d_ff))))
    act = seq_ffn_idx_hidden_act(seq_len, d_model, d_ff)
    dg = snoc(dg, affine_certificate(affine(act, model, fc2, b2)))
    x = seq_ffn_idx_x(seq_len, d_model, saved[:3])
    return snoc(dg, add_certificate(add(x, seq_ffn_idx_projected(seq_len, d_model, d_ff))))
