"""The masked attention core: five nodes from Q, Kᵀ and V to the heads' outputs.

Twin of `NN/Proofs/Autograd/Tape/Ops/Attention/MaskedMultiHeadSelfAttention.lean`. The mask is a
finite additive bias: any real vector, fixed, with no gradient of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from flint import fmpq

from mirror.arithmetic import rational_vector
from mirror.core.soundness import Idx
from mirror.linear_map import Identity
from mirror.links import mirrors
from mirror.nodes import arithmetic as nodes
from mirror.nodes import batched
from mirror.nodes.graph_composition import DGraph, nil, snoc
from mirror.ops.attention.multi_head_self_attention import heads_shape, kt_shape, scores_shape
from mirror.spec.core.shape import Context, size
from mirror.util.idx import last


@mirrors("Proofs.Autograd.MultiHeadAttention.ΓMaskedCore")
def context_masked_core(n: int, num_heads: int, head_dim: int) -> Context:
    """The inputs: Q [H, n, d], Kᵀ [H, d, n], V [H, n, d]."""
    heads = heads_shape(n, num_heads, head_dim)
    return (heads, kt_shape(n, num_heads, head_dim), heads)


@mirrors("Proofs.Autograd.MultiHeadAttention.ssMaskedCore")
def saved_masked_core(n: int, num_heads: int, head_dim: int) -> Context:
    """The results: scores, scaled, biased, probabilities (all [H, n, n]), heads' output [H, n, d]."""
    scores = scores_shape(n, num_heads)
    return (scores, scores, scores, scores, heads_shape(n, num_heads, head_dim))


@mirrors("Proofs.Autograd.MultiHeadAttention.idxMaskedCoreQ")
def idx_masked_core_q(n: int, num_heads: int, head_dim: int, saved: Context = ()) -> Idx:
    """Index 0: the queries."""
    context = context_masked_core(n, num_heads, head_dim)
    return Idx((*context, *saved), 0, heads_shape(n, num_heads, head_dim))


@mirrors("Proofs.Autograd.MultiHeadAttention.idxMaskedCoreKt")
def idx_masked_core_kt(n: int, num_heads: int, head_dim: int, saved: Context = ()) -> Idx:
    """Index 1: the transposed keys."""
    context = context_masked_core(n, num_heads, head_dim)
    return Idx((*context, *saved), 1, kt_shape(n, num_heads, head_dim))


@mirrors("Proofs.Autograd.MultiHeadAttention.idxMaskedCoreV")
def idx_masked_core_v(n: int, num_heads: int, head_dim: int, saved: Context = ()) -> Idx:
    """Index 2: the values."""
    context = context_masked_core(n, num_heads, head_dim)
    return Idx((*context, *saved), 2, heads_shape(n, num_heads, head_dim))


def score_bias(n: int, num_heads: int, bias: Sequence[Any] | np.ndarray | None) -> np.ndarray:
    """A bias of H·n·n finite numbers as exact rationals, zeros where none is given.

    Raises `ValueError` for another length, and for NaN or infinite entries.
    """
    expected = size(scores_shape(n, num_heads))
    vector = rational_vector([0] * expected if bias is None else bias)
    if vector.size != expected:
        raise ValueError(
            f"the bias has {vector.size} entries, expected (H, n, n) = ({num_heads}, {n}, {n}), {expected} in all"
        )
    return vector


@mirrors("Proofs.Autograd.MultiHeadAttention.maskedCoreDGraph")
def masked_core_dgraph(
    n: int,
    num_heads: int,
    head_dim: int,
    c: fmpq,
    bias: Sequence[Any] | np.ndarray | None = None,
) -> DGraph:
    """QKᵀ, times c, plus bias, softmax over the keys, times V. Differentiable everywhere.

    `bias` has H·n·n entries and is zero by default.
    """
    context = context_masked_core(n, num_heads, head_dim)
    scores = scores_shape(n, num_heads)

    product = batched.matmul(idx_masked_core_q(n, num_heads, head_dim), idx_masked_core_kt(n, num_heads, head_dim))
    dg = snoc(nil(context), batched.matmul_certificate(product))

    scaled = nodes.scale(last(context, (), scores), c)
    dg = snoc(dg, nodes.scale_certificate(scaled))

    biased = nodes.affine(
        last(context, (scores,), scores),
        scores,
        Identity(size(scores)),
        score_bias(n, num_heads, bias),
    )
    dg = snoc(dg, nodes.affine_certificate(biased))

    probabilities = batched.softmax_last(last(context, (scores, scores), scores))
    dg = snoc(dg, batched.softmax_last_certificate(probabilities))

    saved = (scores, scores, scores, scores)
    output = batched.matmul(last(context, saved[:3], scores), idx_masked_core_v(n, num_heads, head_dim, saved))
    return snoc(dg, batched.matmul_certificate(output))
