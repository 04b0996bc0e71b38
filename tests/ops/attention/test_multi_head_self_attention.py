"""Equation tests of attention's shapes."""

from __future__ import annotations

from itertools import product

import pytest

from mirror.ops.attention.multi_head_self_attention import heads_shape, kt_shape, scores_shape

MHA = "Proofs.Autograd.MultiHeadAttention."


@pytest.mark.lean(f"{MHA}HeadsShape", f"{MHA}KtShape", f"{MHA}ScoresShape")
def test_shapes_have_the_heads_outermost() -> None:
    for n, heads, d in product(range(4), range(3), range(4)):
        assert tuple(heads_shape(n, heads, d)) == (heads, n, d)
        assert tuple(kt_shape(n, heads, d)) == (heads, d, n)
        assert tuple(scores_shape(n, heads)) == (heads, n, n)
