"""Equation tests of the masked attention core, against sums over indices (`tests.ops.plain_block`)."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from math import prod

import numpy as np
import pytest
from flint import arb, fmpq

from mirror.arithmetic import BALL, rational_vector
from mirror.core.fderiv import eval_vec, forward_vec
from mirror.core.soundness import Idx
from mirror.core.vectorization import inner
from mirror.linear_map import Identity
from mirror.ops.attention.masked_multi_head_self_attention import (
    context_masked_core,
    idx_masked_core_kt,
    idx_masked_core_q,
    idx_masked_core_v,
    masked_core_dgraph,
    saved_masked_core,
    score_bias,
)
from mirror.spec.core.shape import Shape
from tests.ops.plain_block import CORE_KINDS, core_shapes, masked_core
from tests.ops.plain_graph import check_graph, check_index, cut, joined, named, plain, same
from theorems.engine.evidence.derivatives import along
from theorems.engine.strategies.masks import MASKS, mask
from theorems.engine.strategies.values import Fill

MHA = "Proofs.Autograd.MultiHeadAttention."
SIZES = tuple(product((0, 1, 2, 3), (0, 1, 2), (0, 1, 2)))  # n, H, d


def point(n: int, heads: int, d: int, seed: int, saved: int = 0) -> np.ndarray:
    return Fill("fractions", seed).vector(sum(prod(s) for s in core_shapes(n, heads, d, saved)))


@pytest.mark.lean(f"{MHA}ΓMaskedCore", f"{MHA}ssMaskedCore")
def test_contexts() -> None:
    for n, heads, d in SIZES:
        assert plain(context_masked_core(n, heads, d)) == [(heads, n, d), (heads, d, n), (heads, n, d)]
        scores = (heads, n, n)
        assert plain(saved_masked_core(n, heads, d)) == [scores, scores, scores, scores, (heads, n, d)]


@pytest.mark.parametrize(
    ("index", "position"),
    [
        named(pytest.mark.lean(f"{MHA}idxMaskedCoreQ"), idx_masked_core_q, 0),
        named(pytest.mark.lean(f"{MHA}idxMaskedCoreKt"), idx_masked_core_kt, 1),
        named(pytest.mark.lean(f"{MHA}idxMaskedCoreV"), idx_masked_core_v, 2),
    ],
)
def test_indices(index: Callable[..., Idx], position: int) -> None:
    for n, heads, d in SIZES:
        inputs, others = core_shapes(n, heads, d), (Shape(n), Shape(), Shape(2, heads))
        check_index(index(n, heads, d), position, inputs[position], inputs)
        check_index(index(n, heads, d, others), position, inputs[position], [*inputs, *others])


@pytest.mark.lean(f"{MHA}maskedCoreDGraph")
def test_the_core_is_five_nodes() -> None:
    for n, heads, d in SIZES:
        bias = Fill("integers", n).vector(heads * n * n)
        graph = masked_core_dgraph(n, heads, d, fmpq(3, 7), bias).g
        check_graph(graph, core_shapes(n, heads, d), CORE_KINDS, core_shapes(n, heads, d, 5)[3:])
        assert graph.nodes[1].parameters["c"] == fmpq(3, 7)
        assert graph.nodes[2].parameters["A"] == Identity(heads * n * n)
        assert list(graph.nodes[2].parameters["b"]) == list(bias)


@pytest.mark.lean(f"{MHA}maskedCoreDGraph")
@pytest.mark.parametrize("family", MASKS)
def test_the_core_computes_masked_attention(family: str) -> None:
    for k, (n, heads, d) in enumerate(SIZES):
        bias = mask(family, Fill("fractions", k), n, heads).bias
        x = point(n, heads, d, k)
        q, kt, v = cut(core_shapes(n, heads, d), x)
        graph = masked_core_dgraph(n, heads, d, fmpq(-5, 3), bias).g
        expected = masked_core(n, heads, d, fmpq(-5, 3), list(bias), q, kt, v)
        same(eval_vec(BALL, graph, x), joined([q, kt, v, *expected]), family)


@pytest.mark.lean(f"{MHA}maskedCoreDGraph")
def test_the_bias_is_zero_unless_given() -> None:
    x = point(2, 1, 2, 4)
    without = eval_vec(BALL, masked_core_dgraph(2, 1, 2, fmpq(1, 2)).g, x)
    zero = eval_vec(BALL, masked_core_dgraph(2, 1, 2, fmpq(1, 2), [0] * 4).g, x)
    assert all(a.overlaps(b) if isinstance(a, arb) else a == b for a, b in zip(without, zero, strict=True))


@pytest.mark.lean(f"{MHA}maskedCoreDGraph")
def test_the_bias_is_added_after_the_scale_and_softmax_runs_over_the_keys() -> None:
    # With c = 0 the biased scores are the bias: here it lets query 0 see key 1 only, and query 1 both.
    q, kt, v = [fmpq(1), fmpq(2)], [fmpq(3), fmpq(4)], [fmpq(10), fmpq(20)]
    bias = rational_vector([-1000, 0, 0, 0])
    found = eval_vec(BALL, masked_core_dgraph(2, 1, 1, fmpq(0), bias).g, joined([q, kt, v]))
    *_, first, second = found
    assert abs(first - 20) < arb(2) ** -200
    assert second == 15
    assert list(found[14:18]) == list(bias)


@pytest.mark.lean(f"{MHA}maskedCoreDGraph")
def test_each_node_comes_with_its_derivative() -> None:
    n, heads, d = 2, 2, 1
    dg = masked_core_dgraph(n, heads, d, fmpq(2, 3), Fill("fractions", 1).vector(heads * n * n))
    for k, hn in enumerate(dg.hg.nodes):
        assert hn.node is dg.g.nodes[k]
        x, h = point(n, heads, d, 5, k), point(n, heads, d, 6, k)
        moved = along(lambda ar, z, node=hn.node: forward_vec(ar, node, z), x, h)
        same(hn.deriv(BALL, x)(BALL, h), moved, hn.node.kind)
        w = Fill("integers", 7).vector(len(moved))
        same(inner(BALL, h, hn.deriv(BALL, x).adjoint(BALL, w)), inner(BALL, moved, w), hn.node.kind)


def test_a_bias_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match=r"3 entries, expected \(H, n, n\) = \(1, 2, 2\), 4 in all"):
        masked_core_dgraph(2, 1, 1, fmpq(1), [0, 0, 0])


@pytest.mark.parametrize("bad", [float("-inf"), float("inf"), float("nan")])
def test_a_bias_that_is_not_a_real_number_is_refused(bad: float) -> None:
    with pytest.raises(ValueError, match="not a real number"):
        score_bias(1, 1, [bad])
