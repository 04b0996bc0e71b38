"""Equation tests of LayerNorm under its post-norm names, with sequence length and width in their places."""

from __future__ import annotations

from itertools import product

import pytest
from flint import fmpq

from mirror.arithmetic import BALL
from mirror.core.fderiv import eval_vec, forward_vec
from mirror.ops.transformer.post_norm import (
    context_post_norm,
    post_norm_certificate_at,
    post_norm_graph,
    saved_post_norm,
)
from tests.ops.plain_graph import check_graph, joined, plain, rows, same
from tests.ops.plain_norm import KINDS, entries, shapes
from theorems.engine.evidence.derivatives import along
from theorems.engine.strategies.values import Fill

T = "Proofs.Autograd.Transformer."
SIZES = tuple(product((0, 1, 3), (0, 1, 2, 4)))  # n, D


@pytest.mark.lean(f"{T}ΓPostNorm", f"{T}ssPostNorm")
def test_contexts() -> None:
    for n, model in SIZES:
        assert plain(context_post_norm(n, model)) == [(n, model), (model,), (model,)]
        assert plain(saved_post_norm(n, model)) == shapes(n, model, 14)[3:]


def point(n: int, model: int, seed: int, eps: fmpq) -> list[list[fmpq]]:
    fill = Fill("fractions", seed)
    x, gamma, beta = rows(fill.vector(n * model), n, model), list(fill.vector(model)), list(fill.vector(model))
    return entries(x, gamma, beta, eps)


@pytest.mark.lean(f"{T}postNormGraph")
@pytest.mark.parametrize("eps", [fmpq(1, 1000), fmpq(0), fmpq(-3)])
def test_the_graph_normalizes_each_position(eps: fmpq) -> None:
    for k, (n, model) in enumerate(SIZES):
        expected = point(n, model, k, eps)
        graph = post_norm_graph(n, model, eps)
        check_graph(graph, shapes(n, model), KINDS, shapes(n, model, 14)[3:])
        same(eval_vec(BALL, graph, joined(expected[:3])), joined(expected))


@pytest.mark.lean(f"{T}postNormGraphFderivCorrectAt")
def test_the_certificate_has_each_nodes_derivative() -> None:
    for k, (n, model) in enumerate(SIZES):
        expected = point(n, model, k, fmpq(1, 5))
        certificate = post_norm_certificate_at(BALL, n, model, fmpq(1, 5), joined(expected[:3]))
        assert certificate.graph is post_norm_graph(n, model, fmpq(1, 5))
        same(certificate.x, joined(expected[:3]))
        for j, hn in enumerate(certificate.nodes):
            same(hn.x, joined(expected[: 3 + j]))
            h = Fill("integers", 3).vector(len(hn.x))
            same(hn.deriv(BALL, h), along(lambda ar, z, node=hn.node: forward_vec(ar, node, z), hn.x, h))
