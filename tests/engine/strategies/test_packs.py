"""The real packs, entry by entry: which position of which block they read, and what they pass along."""

from __future__ import annotations

import random

import numpy as np
import pytest
from flint import fmpq

from mirror.arithmetic import EXACT, rational_vector
from theorems.engine.maps import SmoothMap
from theorems.engine.strategies.packs import (
    attention_pack,
    merge_pack,
    projection_pack,
    residual_after_norm_pack,
    residual_pack,
    structured,
)
from theorems.engine.strategies.values import Fill

N, H, D, MODEL = 3, 2, 2, 4
DIMS = [(N, H, D, MODEL), (1, 3, 1, 2), (2, 1, 3, 1), (0, 2, 2, 3), (2, 0, 2, 2), (2, 2, 2, 0)]


def numbers(n: int) -> np.ndarray:
    source = random.Random(n)
    return rational_vector([source.randint(-9, 9) for _ in range(n)])


def fill() -> Fill:
    return Fill("fractions", 7)


def linear_part(pack: SmoothMap, x: np.ndarray) -> np.ndarray:
    return pack.linear(EXACT, x)


def test_a_structured_matrix_has_its_entries_and_zeros() -> None:
    assert structured(2, 3, {(0, 2): fmpq(5), (1, 0): fmpq(7)}).weight == (0, 0, 5, 7, 0, 0)


@pytest.mark.parametrize(("n", "num_heads", "head_dim", "width"), DIMS)
def test_projection_makes_queries_transposed_keys_and_values_of_each_token(
    n: int, num_heads: int, head_dim: int, width: int
) -> None:
    features, source = num_heads * head_dim, fill()
    pack, again = projection_pack(source, n, num_heads, head_dim, width), fill()
    weights = [np.array(again.weights(features * width), dtype=object).reshape(features, width) for _ in range(3)]
    tokens = numbers(n * width).reshape(n, width)
    q, keys, v = (
        [[sum(w[f, b] * tokens[i, b] for b in range(width)) for f in range(features)] for i in range(n)]
        for w in weights
    )
    heads, dims = range(num_heads), range(head_dim)
    expected = [q[i][h * head_dim + a] for h in heads for i in range(n) for a in dims]
    expected += [keys[i][h * head_dim + a] for h in heads for a in dims for i in range(n)]
    expected += [v[i][h * head_dim + a] for h in heads for i in range(n) for a in dims]
    assert list(linear_part(pack, tokens.reshape(-1))) == expected


def core_context(n: int, num_heads: int, head_dim: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The masked core's flat context, with its queries and heads' output (H, n, d)."""
    heads = num_heads * n * head_dim
    x = numbers(4 * heads + 4 * num_heads * n * n)
    shape = (num_heads, n, head_dim)
    return x, x[:heads].reshape(shape), x[x.size - heads :].reshape(shape)


def joined(weight: np.ndarray, blocks: np.ndarray, i: int, m: int) -> fmpq:
    """Feature m of position i from all heads' entries at that position."""
    num_heads, _, head_dim = blocks.shape
    return sum(
        (weight[m, h * head_dim + a] * blocks[h, i, a] for h in range(num_heads) for a in range(head_dim)), fmpq(0)
    )


@pytest.mark.parametrize(("n", "num_heads", "head_dim", "model"), DIMS)
def test_merge_joins_the_heads_of_each_position(n: int, num_heads: int, head_dim: int, model: int) -> None:
    x, _, output = core_context(n, num_heads, head_dim)
    weight = np.array(fill().weights(model * num_heads * head_dim), dtype=object).reshape(model, num_heads * head_dim)
    expected = [joined(weight, output, i, m) for i in range(n) for m in range(model)]
    assert list(linear_part(merge_pack(fill(), n, num_heads, head_dim, model), x)) == expected


def test_the_attention_pack_adds_a_stream_read_from_the_queries_and_passes_constants() -> None:
    x, queries, _ = core_context(N, H, D)
    source = fill()
    merged = linear_part(merge_pack(source, N, H, D, MODEL), x)
    weight = np.array(source.weights(MODEL * H * D), dtype=object).reshape(MODEL, H * D)
    pack = attention_pack(fill(), N, H, D, MODEL)
    stream = [joined(weight, queries, i, m) for i in range(N) for m in range(MODEL)]
    found = linear_part(pack, x)
    assert list(found) == [*(merged + stream), *([0] * 2 * MODEL)]
    assert list(pack(EXACT, x)[N * MODEL :]) == list(pack.shift[N * MODEL :])


@pytest.mark.parametrize(("n", "model"), [(3, 4), (1, 2), (2, 1), (0, 3), (2, 0)])
def test_residual_packs_pass_the_stream_and_the_affine_parameters_along(n: int, model: int) -> None:
    size = n * model
    x = numbers(size + 2 * model)
    assert list(linear_part(residual_pack(fill(), n, model), x)) == list(x)

    pack = residual_after_norm_pack(fill(), n, model)
    x = numbers(pack.domain)
    y, affine = x[x.size - size :], x[size : size + 2 * model]
    assert list(linear_part(pack, x)) == [*y, *affine]


def test_a_residual_packs_sublayer_reads_each_position_by_itself() -> None:
    pack = residual_pack(fill(), N, MODEL)
    assert pack.hyperbolic is not None
    outer, inner = (np.array(m.matrix(EXACT)) for m in pack.hyperbolic)
    for i in range(N):
        for j in range(N):
            read = inner[2 * i : 2 * i + 2, MODEL * j : MODEL * j + MODEL]
            written = outer[MODEL * i : MODEL * i + MODEL, 2 * j : 2 * j + 2]
            assert i == j or not (read.any() or written.any())
    assert np.array_equal(inner[:2, :MODEL], inner[2:4, MODEL : 2 * MODEL])
    assert not inner[:, N * MODEL :].any()
    assert not outer[N * MODEL :].any()
