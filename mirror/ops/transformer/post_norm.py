"""LayerNorm under the post-norm names. Twin of `NN/Proofs/Autograd/Tape/Ops/Transformer/PostNorm.lean`."""

from __future__ import annotations

from flint import fmpq

from mirror.arithmetic import Arithmetic
from mirror.core.fderiv import CtxVec, GraphFDerivCorrectAt
from mirror.core.soundness import Graph
from mirror.links import mirrors
from mirror.ops.norm.layer_norm import (
    context_ln,
    layer_norm_certificate_at,
    layer_norm_graph,
    saved_layer_norm,
)
from mirror.spec.core.shape import Context


@mirrors("Proofs.Autograd.Transformer.ΓPostNorm")
def context_post_norm(seq_len: int, d_model: int) -> Context:
    """The inputs: the residual sum [n, D], γ [D], β [D]."""
    return context_ln(seq_len, d_model)


@mirrors("Proofs.Autograd.Transformer.ssPostNorm")
def saved_post_norm(seq_len: int, d_model: int) -> Context:
    """The 14 results of the LayerNorm graph."""
    return saved_layer_norm(seq_len, d_model)


@mirrors("Proofs.Autograd.Transformer.postNormGraph")
def post_norm_graph(seq_len: int, d_model: int, eps: fmpq) -> Graph:
    """The LayerNorm graph of a sequence of length n and width D."""
    return layer_norm_graph(seq_len, d_model, eps)


@mirrors("Proofs.Autograd.Transformer.postNormGraphFderivCorrectAt")
def post_norm_certificate_at(ar: Arithmetic, seq_len: int, d_model: int, eps: fmpq, x: CtxVec) -> GraphFDerivCorrectAt:
    """The LayerNorm graph's certificate at x, from `hVarEpsPos` and `hStdNe0`."""
    return layer_norm_certificate_at(ar, seq_len, d_model, eps, x)
