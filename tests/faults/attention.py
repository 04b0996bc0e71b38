"""Faults of masked attention."""

from __future__ import annotations

from typing import Any

from flint import fmpq

from mirror.core.soundness import Idx
from mirror.linear_map import Identity
from mirror.nodes import arithmetic, batched
from mirror.nodes.context import get
from mirror.nodes.graph_composition import nil, snoc
from mirror.ops.attention import masked_multi_head_self_attention as attention
from mirror.ops.attention.multi_head_self_attention import scores_shape
from mirror.spec.core.shape import size
from mirror.util.idx import last
from tests.faults.fault import fault, node_fault

_ATTENTION = "Proofs.Autograd.MultiHeadAttention."
_MASKED = "ops.attention.masked_multi_head_self_attention"


def _core(order: str, value_index: int = 2) -> Any:
    """The masked core with its scale (s), bias (b) and softmax (p) nodes in another order."""

    def breaks(_: Any) -> Any:
        def core(n: int, num_heads: int, head_dim: int, c: fmpq, bias: Any = None) -> Any:
            context = attention.context_masked_core(n, num_heads, head_dim)
            scores = scores_shape(n, num_heads)
            q = attention.idx_masked_core_q(n, num_heads, head_dim)
            kt = attention.idx_masked_core_kt(n, num_heads, head_dim)
            dg = snoc(nil(context), batched.matmul_certificate(batched.matmul(q, kt)))
            for k, step in enumerate(order):
                at = last(context, (scores,) * k, scores)
                if step == "s":
                    node = arithmetic.scale_certificate(arithmetic.scale(at, c))
                elif step == "b":
                    vector = attention.score_bias(n, num_heads, bias)
                    shift = arithmetic.affine(at, scores, Identity(size(scores)), vector)
                    node = arithmetic.affine_certificate(shift)
                else:
                    node = batched.softmax_last_certificate(batched.softmax_last(at))
                dg = snoc(dg, node)
            everything = (*context, *(scores,) * 4)
            v = Idx(everything, value_index, everything[value_index])
            output = batched.matmul(last(context, (scores,) * 3, scores), v)
            return snoc(dg, batched.matmul_certificate(output))

        return core

    return breaks


def _swapped_keys(node: Any) -> Any:
    """Kᵀ read as K: the entry's memory taken in the order (n, d), in the value alone."""
    a, b = node.inputs
    (h, m, n), p = a.shape, b.shape[2]

    def forward(ar: Any, x: Any) -> Any:
        keys = get(b, x).reshape(h, p, n).swapaxes(1, 2).reshape(-1)
        return batched.batched_product(ar, h, m, n, p, get(a, x), keys)

    return forward


def _sees_the_future(original: Any) -> Any:
    def bias(n: int, num_heads: int, given: Any) -> Any:
        vector = original(n, num_heads, given)
        return vector.reshape(num_heads, n, n).swapaxes(1, 2).reshape(-1)

    return bias


FAULTS = (
    fault(
        "attention: swapped Kᵀ",
        "Proofs.Autograd.TapeNodes.Batched.matmul",
        "Proofs.Autograd.MultiHeadAttention.maskedCore_backpropVec_eq_adjoint_fderiv",
        "nodes.batched:matmul",
        node_fault(forward=_swapped_keys),
    ),
    fault(
        "attention: bias before the scale",
        _ATTENTION + "maskedCoreDGraph",
        "tests.ops.attention.test_masked_multi_head_self_attention::test_the_core_is_five_nodes",
        f"{_MASKED}:masked_core_dgraph",
        _core("bsp"),
    ),
    fault(
        "attention: bias after the softmax",
        _ATTENTION + "maskedCoreDGraph",
        "tests.ops.attention.test_masked_multi_head_self_attention::test_the_core_is_five_nodes",
        f"{_MASKED}:masked_core_dgraph",
        _core("spb"),
    ),
    fault(
        "attention: Q in place of V",
        _ATTENTION + "maskedCoreDGraph",
        "tests.ops.attention.test_masked_multi_head_self_attention::test_the_core_is_five_nodes",
        f"{_MASKED}:masked_core_dgraph",
        _core("sbp", value_index=0),
    ),
    fault(
        "attention: mask transposed",
        _ATTENTION + "maskedCoreDGraph",
        "tests.ops.attention.test_masked_multi_head_self_attention::test_the_core_is_five_nodes",
        f"{_MASKED}:score_bias",
        _sees_the_future,
    ),
)
