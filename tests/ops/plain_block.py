"""Attention, feed-forward and the whole block, said index by index over scalars.

Nothing here calls the mirror; of a linear map only its weights are read, as data.
"""

from __future__ import annotations

from typing import Any

from flint import arb, fmpq

from mirror.dims import Dims
from mirror.linear_map import PositionWise
from mirror.ops.transformer.decoder_block import Parameters
from tests.ops.plain_graph import rows
from tests.ops.plain_norm import Row, norm, total

Kinds = tuple[tuple[str, tuple[int, ...]], ...]

# Kind and input positions of the masked core's five nodes, after Q, Kᵀ and V.
CORE_KINDS: Kinds = (("matmul", (0, 1)), ("scale", (3,)), ("affine", (4,)), ("softmaxLast", (5,)), ("matmul", (6, 2)))

# The same of the block's 13 nodes, after its eight inputs.
BLOCK_KINDS: Kinds = (
    ("matmul", (0, 1)),
    ("scale", (8,)),
    ("affine", (9,)),
    ("softmaxLast", (10,)),
    ("matmul", (11, 2)),
    ("affine", (12,)),
    ("add", (3, 13)),
    ("wholeNode", (14, 4, 5)),
    ("affine", (15,)),
    ("gelu", (16,)),
    ("affine", (17,)),
    ("add", (15, 18)),
    ("wholeNode", (19, 6, 7)),
)


def core_shapes(n: int, heads: int, d: int, saved: int = 0) -> list[tuple[int, ...]]:
    """Q, Kᵀ, V, and the first `saved` results of the masked core."""
    scores = (heads, n, n)
    return [(heads, n, d), (heads, d, n), (heads, n, d), *[scores, scores, scores, scores, (heads, n, d)][:saved]]


def block_shapes(dims: Dims, saved: int = 0) -> list[tuple[int, ...]]:
    """The block's eight inputs, and the first `saved` of its 13 results."""
    n, model, heads, d, hidden = dims.seq_len, dims.d_model, dims.num_heads, dims.head_dim, dims.d_ff
    inputs = [(heads, n, d), (heads, d, n), (heads, n, d), (n, model), (model,), (model,), (model,), (model,)]
    results = [*[(heads, n, n)] * 4, (heads, n, d), *[(n, model)] * 3, *[(n, hidden)] * 2, *[(n, model)] * 3]
    return inputs + results[:saved]


def product(h: int, m: int, k: int, p: int, a: Row, b: Row) -> Row:
    """The products of h matrices m × k with h matrices k × p, all row-major in one list."""
    return [
        total([a[(i * m + r) * k + j] * b[(i * k + j) * p + c] for j in range(k)])
        for i in range(h)
        for r in range(m)
        for c in range(p)
    ]


def softmax(row: Row) -> Row:
    """exp(x_j)/Σ exp(x_k), no maximum subtracted."""
    weights = [arb(x).exp() for x in row]
    return [w / total(weights) for w in weights]


def masked_core(n: int, heads: int, d: int, c: fmpq, bias: Row, q: Row, kt: Row, v: Row) -> list[Row]:
    """The five results, each flat: scores, times c, plus bias, softmax over the keys, times V."""
    scores = product(heads, n, d, n, q, kt)
    scaled = [s * c for s in scores]
    biased = [s + b for s, b in zip(scaled, bias, strict=True)]
    probabilities = [p for row in rows(biased, heads * n, n) for p in softmax(row)]
    return [scores, scaled, biased, probabilities, product(heads, n, n, d, probabilities, v)]


def affine(linear: PositionWise, b: Row, x: Row) -> Row:
    """W·x + b, position by position."""
    rows_, columns = linear.out_features, linear.in_features
    return [
        total([linear.weight[o * columns + i] * x[p * columns + i] for i in range(columns)]) + b[p * rows_ + o]
        for p in range(linear.positions)
        for o in range(rows_)
    ]


def gelu(x: Any) -> Any:
    """x·(1 + tanh(√(2/π)·(x + 0.044715·x³)))/2."""
    inner = (2 / arb.pi()).sqrt() * (x + fmpq(44715, 10**6) * x * x * x)
    return x * (1 + inner.tanh()) / 2


def feed_forward(fc1: PositionWise, b1: Row, fc2: PositionWise, b2: Row, x: Row) -> list[Row]:
    """The four results, each flat: pre-activation, activation, projection, residual sum."""
    before = affine(fc1, b1, x)
    activation = [gelu(a) for a in before]
    projected = affine(fc2, b2, activation)
    return [before, activation, projected, [a + b for a, b in zip(x, projected, strict=True)]]


def block(dims: Dims, p: Parameters, inputs: list[Row]) -> list[Row]:
    """All 21 entries, each flat: the inputs, then what the 13 nodes save."""
    n, model = dims.seq_len, dims.d_model
    q, kt, v, stream, gamma1, beta1, gamma2, beta2 = inputs
    bias = [fmpq(0)] * (dims.num_heads * n * n) if p.bias is None else list(p.bias)
    core = masked_core(n, dims.num_heads, dims.head_dim, p.c, bias, q, kt, v)
    assert isinstance(p.merge, PositionWise)
    assert isinstance(p.fc1, PositionWise)
    assert isinstance(p.fc2, PositionWise)
    merged = affine(p.merge, list(p.merge_bias), core[-1])
    residual = [a + b for a, b in zip(stream, merged, strict=True)]
    norm1 = norm(rows(residual, n, model), gamma1, beta1, p.eps1)
    ffn = feed_forward(p.fc1, list(p.b1), p.fc2, list(p.b2), norm1)
    norm2 = norm(rows(ffn[-1], n, model), gamma2, beta2, p.eps2)
    return [*inputs, *core, merged, residual, norm1, *ffn, norm2]
