"""Shapes of multi-head attention. Twin of `NN/Proofs/Autograd/Tape/Ops/Attention/MultiHeadSelfAttention.lean`."""

from __future__ import annotations

from mirror.links import mirrors
from mirror.spec.core.shape import Shape


@mirrors("Proofs.Autograd.MultiHeadAttention.HeadsShape")
def heads_shape(n: int, num_heads: int, head_dim: int) -> Shape:
    """[H, n, d], heads outermost."""
    return Shape(num_heads, n, head_dim)


@mirrors("Proofs.Autograd.MultiHeadAttention.KtShape")
def kt_shape(n: int, num_heads: int, head_dim: int) -> Shape:
    """[H, d, n]: the keys, transposed."""
    return Shape(num_heads, head_dim, n)


@mirrors("Proofs.Autograd.MultiHeadAttention.ScoresShape")
def scores_shape(n: int, num_heads: int) -> Shape:
    """[H, n, n]: query index, then key index."""
    return Shape(num_heads, n, n)
