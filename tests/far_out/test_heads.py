"""More than three heads, rows and columns: products, softmax, broadcasts, attention, the norm and the block."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import prod
from typing import Any

import numpy as np
import pytest
from flint import arb, fmpq

from mirror.arithmetic import BALL, EXACT, precision
from mirror.core.fderiv import (
    eval_vec,
    forward_vec,
)
from mirror.core.soundness import Idx
from mirror.dims import Dims
from mirror.linear_map import PositionWise, merge_heads
from mirror.nodes.batched import matmul, matmul_certificate, softmax_last
from mirror.nodes.matrix import broadcast_col, broadcast_row, row_mean
from mirror.nodes.softmax import deriv_mn, forward_mn
from mirror.ops.attention.masked_multi_head_self_attention import masked_core_dgraph
from mirror.ops.norm.layer_norm import layer_norm_graph
from mirror.ops.transformer.decoder_block import decoder_core_graph
from mirror.spec.core.shape import Shape
from tests.far_out.plainly import values
from tests.nodes.plain_nodes import Probe, assert_node
from tests.nodes.test_batched import product
from tests.ops import plain_norm
from tests.ops.plain_block import block, block_shapes, masked_core
from tests.ops.plain_graph import cut, joined, same
from tests.ops.plain_graph import rows as as_rows
from tests.ops.transformer.test_decoder_block import parameters
from tests.plain import assert_matrix, enclosed, numbers, plus, scattered, total, vector
from tests.plain_softmax import by_rows, softmax, softmax_jacobian
from theorems.engine.strategies.values import Fill

A = "Proofs.Autograd."
N = "Proofs.Autograd.TapeNodes."


def probe(context: Sequence[Shape]) -> Probe:
    n = total(tuple(context))
    return Probe(tuple(context), Fill("integers", 1), values(n), values(n, 4))


@pytest.mark.lean(f"{N}Batched.matmul", f"{N}Batched.matmulFderiv", f"{N}Batched.matmulBilin")
def test_many_heads_are_multiplied_each_by_its_own() -> None:
    h, m, n, p = 5, 4, 6, 5
    context = (Shape(h, n, p), Shape(h, m, n))
    at, a, b = probe(context), Idx(context, 1, context[1]), Idx(context, 0, context[0])
    u, v, du, dv = at.read(a), at.read(b), at.tangent(a), at.tangent(b)
    delta = values(h * m * p, 3)
    to_a = product(h, m, p, n, delta, turned(h, n, p, v))
    to_b = product(h, n, m, p, turned(h, m, n, u), delta)
    tangent = plus(product(h, m, n, p, u, dv), product(h, m, n, p, du, v))
    cotangent = plus(scattered(context, 1, to_a), scattered(context, 0, to_b))
    node = matmul(a, b)
    assert_node(node, at, (h, m, p), product(h, m, n, p, u, v), tangent, delta, cotangent)
    deriv = matmul_certificate(node).deriv(EXACT, vector(at.x))
    assert numbers(deriv(EXACT, vector(at.dx))) == tangent
    assert numbers(deriv.adjoint(EXACT, vector(delta))) == cotangent


def turned(h: int, m: int, n: int, a: Sequence[Any]) -> list[Any]:
    """h matrices m × n, each transposed."""
    return [a[(g * m + i) * n + j] for g in range(h) for j in range(n) for i in range(m)]


@pytest.mark.lean(f"{N}Batched.softmaxLast", f"{N}SoftmaxLastAxis.forwardMN", f"{N}SoftmaxLastAxis.derivMN")
def test_many_rows_are_normalised_each_by_itself() -> None:
    h, m, n = 4, 2, 5
    shape = Shape(h, m, n)
    x = [q / 20 for q in values(h * m * n)]
    with precision(256):
        expected = [y for row in by_rows(n, x) for y in softmax(row)]
        enclosed(forward_vec(BALL, softmax_last(Idx((shape,), 0, shape)), vector(x)), expected)
        enclosed(forward_mn(BALL, h * m, n, vector(x)), expected)
        ones = [sum(row, start=arb(0)) for r in by_rows(n, x) for row in softmax_jacobian(r)]
        enclosed(deriv_mn(BALL, h * m, n, vector(x))(BALL, vector([1] * len(x))), ones)


@pytest.mark.lean(f"{N}broadcastRow", f"{N}broadcastCol", f"{N}rowMean")
def test_a_large_matrix_is_broadcast_and_averaged() -> None:
    m, n = 6, 7
    context = (Shape(m), Shape(n), Shape(m, n))
    at = probe(context)
    i, j, ij = (Idx(context, k, s) for k, s in enumerate(context))
    delta = values(m * n, 2)
    by_row = by_rows(n, delta)
    assert_node(
        broadcast_row(i, n),
        at,
        (m, n),
        [q for q in at.read(i) for _ in range(n)],
        [q for q in at.tangent(i) for _ in range(n)],
        delta,
        scattered(context, 0, [sum(row, Fraction(0)) for row in by_row]),
    )
    columns = [sum((row[k] for row in by_row), Fraction(0)) for k in range(n)]
    assert_node(
        broadcast_col(j, m), at, (m, n), at.read(j) * m, at.tangent(j) * m, delta, scattered(context, 1, columns)
    )
    means, moved = ([sum(r, Fraction(0)) / n for r in by_rows(n, v)] for v in (at.read(ij), at.tangent(ij)))
    back = [q / n for q in delta[:m] for _ in range(n)]
    assert_node(row_mean(ij), at, (m,), means, moved, delta[:m], scattered(context, 2, back))


def test_many_heads_are_merged_each_in_its_place() -> None:
    h, p, d, out = 5, 2, 3, 2
    weight = values(out * h * d)
    merged = merge_heads(h, PositionWise(p, out, h * d, tuple(vector(weight))))

    def entry(i: int, j: int) -> Fraction | int:
        head, position, feature = np.unravel_index(j, (h, p, d))
        return weight[i % out * h * d + head * d + feature] if i // out == position else 0

    assert_matrix(merged, p * out, h * p * d, entry)


@pytest.mark.lean(f"{A}MultiHeadAttention.maskedCoreDGraph")
def test_every_head_and_row_of_a_large_core_is_its_own() -> None:
    n, h, d, c = 5, 5, 3, fmpq(1, 7)
    x = Fill("fractions", 3).vector(3 * h * n * d)
    bias = [fmpq(k % 11 - 5, 3) for k in range(h * n * n)]
    inputs = cut([(h, n, d), (h, d, n), (h, n, d)], x)
    with precision(320):
        found = eval_vec(BALL, masked_core_dgraph(n, h, d, c, bias).g, x)
        same(found, joined([*inputs, *masked_core(n, h, d, c, bias, *inputs)]))


@pytest.mark.lean(f"{A}LayerNorm.layerNormGraph")
def test_every_row_of_a_large_norm_is_its_own() -> None:
    m, n, eps = 6, 9, fmpq(1, 100)
    x, gamma, beta = Fill("fractions", 3).vector(m * n), list(vector(values(n))), list(vector(values(n, 2)))
    with precision(320):
        expected = plain_norm.entries(as_rows(x, m, n), gamma, beta, eps)
        same(eval_vec(BALL, layer_norm_graph(m, n, eps), joined(expected[:3])), joined(expected))


@pytest.mark.lean(f"{A}Transformer.decoderCoreGraph")
def test_a_large_block_computes_entry_by_entry() -> None:
    dims = Dims(seq_len=5, d_model=7, num_heads=5, head_dim=2, d_ff=6)
    p, shapes = parameters(dims, 2), block_shapes(dims)
    x = Fill("fractions", 4).vector(sum(prod(s) for s in shapes))
    with precision(320):
        same(eval_vec(BALL, decoder_core_graph(dims, p), x), joined(block(dims, p, cut(shapes, x))))
