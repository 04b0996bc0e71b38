"""Equation tests of the feed-forward sublayer, against sums over indices (`tests.ops.plain_block`)."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest

from mirror.arithmetic import BALL
from mirror.core.fderiv import eval_vec, forward_vec
from mirror.core.soundness import Idx
from mirror.core.vectorization import inner
from mirror.linear_map import PositionWise
from mirror.nodes.graph_composition import DGraph
from mirror.ops.transformer.feed_forward import (
    context_seq_ffn,
    saved_seq_ffn_residual,
    seq_ffn_hidden_shape,
    seq_ffn_idx_hidden_act,
    seq_ffn_idx_hidden_pre,
    seq_ffn_idx_projected,
    seq_ffn_idx_x,
    seq_ffn_model_shape,
    seq_ffn_residual_dgraph,
)
from mirror.spec.core.shape import Shape
from tests.ops.plain_block import Kinds, feed_forward
from tests.ops.plain_graph import check_graph, check_index, joined, named, plain, same
from theorems.engine.evidence.derivatives import along
from theorems.engine.strategies.values import Fill

T = "Proofs.Autograd.Transformer."
SIZES = tuple(product((0, 1, 3), (0, 1, 2), (0, 1, 4)))  # n, D, F
KINDS: Kinds = (("affine", (0,)), ("gelu", (1,)), ("affine", (2,)), ("add", (0, 3)))


def shapes(n: int, model: int, hidden: int, saved: int = 0) -> list[tuple[int, ...]]:
    return [(n, model), *[(n, hidden), (n, hidden), (n, model), (n, model)][:saved]]


@pytest.mark.lean(f"{T}SeqFFNModelShape", f"{T}SeqFFNHiddenShape", f"{T}ΓSeqFFN", f"{T}ssSeqFFNResidual")
def test_shapes_and_contexts() -> None:
    for n, model, hidden in SIZES:
        assert tuple(seq_ffn_model_shape(n, model)) == (n, model)
        assert tuple(seq_ffn_hidden_shape(n, hidden)) == (n, hidden)
        assert plain(context_seq_ffn(n, model)) == [(n, model)]
        assert plain(saved_seq_ffn_residual(n, model, hidden)) == [(n, hidden), (n, hidden), (n, model), (n, model)]


@pytest.mark.lean(f"{T}seqFfnIdxX")
def test_the_input_index() -> None:
    for n, model, hidden in SIZES:
        check_index(seq_ffn_idx_x(n, model), 0, (n, model), [(n, model)])
        others = (Shape(n, hidden), Shape())
        check_index(seq_ffn_idx_x(n, model, others), 0, (n, model), [(n, model), *others])


@pytest.mark.parametrize(
    ("index", "position"),
    [
        named(pytest.mark.lean(f"{T}seqFfnIdxHiddenPre"), seq_ffn_idx_hidden_pre, 1),
        named(pytest.mark.lean(f"{T}seqFfnIdxHiddenAct"), seq_ffn_idx_hidden_act, 2),
        named(pytest.mark.lean(f"{T}seqFfnIdxProjected"), seq_ffn_idx_projected, 3),
    ],
)
def test_an_index_is_the_last_result_so_far(index: Callable[[int, int, int], Idx], position: int) -> None:
    for n, model, hidden in SIZES:
        context = shapes(n, model, hidden, position)
        check_index(index(n, model, hidden), position, context[position], context)


def graph(n: int, model: int, hidden: int, mixing: bool, seed: int) -> tuple[DGraph, tuple[Any, ...]]:
    """A sublayer with random weights: one for each position, or one on the whole flattened tensor."""
    fill = Fill("fractions", seed)

    def weight(rows: int, columns: int) -> PositionWise:
        if mixing:
            rows, columns = n * rows, n * columns
        return PositionWise(1 if mixing else n, rows, columns, tuple(fill.vector(rows * columns)))

    fixed = weight(hidden, model), fill.vector(n * hidden), weight(model, hidden), fill.vector(n * model)
    return seq_ffn_residual_dgraph(n, model, hidden, *fixed), fixed


@pytest.mark.lean(f"{T}seqFfnResidualDGraph")
@pytest.mark.parametrize("mixing", [False, True])
def test_the_sublayer_is_four_nodes_and_computes_them(mixing: bool) -> None:
    for k, (n, model, hidden) in enumerate(SIZES):
        dg, (fc1, b1, fc2, b2) = graph(n, model, hidden, mixing, k)
        check_graph(dg.g, shapes(n, model, hidden), KINDS, shapes(n, model, hidden, 4)[1:])
        first, _, second, _ = dg.g.nodes
        assert (first.parameters["A"], second.parameters["A"]) == (fc1, fc2)
        x = Fill("fractions", 50 + k).vector(n * model)
        expected = feed_forward(fc1, list(b1), fc2, list(b2), list(x))
        same(eval_vec(BALL, dg.g, x), joined([list(x), *expected]))


@pytest.mark.lean(f"{T}seqFfnResidualDGraph")
def test_each_node_comes_with_its_derivative() -> None:
    dg, _ = graph(2, 2, 3, mixing=True, seed=1)
    for k, hn in enumerate(dg.hg.nodes):
        assert hn.node is dg.g.nodes[k]
        length = sum(a * b for a, b in shapes(2, 2, 3, k))
        x, h = Fill("fractions", 3).vector(length), Fill("fractions", 4).vector(length)
        moved = along(lambda ar, z, node=hn.node: forward_vec(ar, node, z), x, h)
        same(hn.deriv(BALL, x)(BALL, h), moved, hn.node.kind)
        w = Fill("integers", 7).vector(len(moved))
        same(inner(BALL, h, hn.deriv(BALL, x).adjoint(BALL, w)), inner(BALL, moved, w), hn.node.kind)
