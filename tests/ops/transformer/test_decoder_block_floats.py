"""The whole block as a user would write it, in plain numpy and in plain jax.numpy, against the mirror's.

Nothing in the two compositions calls the mirror. They round at most as often as the mirror's definitions,
operation by operation (Σx/n for Σx·(1/n), e/Σe for e·(1/Σe), (x - μ)/σ for (x - μ)·(1/σ)), so what they give
must lie in the certified enclosure of the mirror's block: no tolerance decides.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flint import fmpq

from mirror.arithmetic import Arithmetic, Array
from mirror.arithmetic.rounded import JAX_FLOAT64, NUMPY_FLOAT64
from mirror.core.fderiv import eval_vec
from mirror.dims import Dims
from mirror.linear_map import LinearMap, PositionWise
from mirror.ops.transformer.decoder_block import Parameters, decoder_core_graph
from tests.ops.plain_block import block_shapes
from tests.ops.plain_graph import cut
from theorems.engine.evidence.floats import FloatVerdict, examine
from theorems.engine.strategies.masks import MASKS, mask
from theorems.engine.strategies.values import Fill

# Few shapes, because each costs a compilation; many values for each.
DIMS = (
    Dims(seq_len=3, d_model=4, num_heads=2, head_dim=2, d_ff=5),
    Dims(seq_len=2, d_model=3, num_heads=1, head_dim=1, d_ff=2),
)
SEEDS = range(12)
LEAN = "Proofs.Autograd.Transformer.decoderCoreGraph"
Floats = np.ndarray


@pytest.fixture(autouse=True)
def _x64() -> Iterator[None]:
    with jax.enable_x64(True):
        yield


# ---- numbers: exact rationals for the mirror, the nearest doubles for the compositions


def double(values: Any) -> Floats:
    return np.array([int(q.p) / int(q.q) for q in np.asarray(values, dtype=object).reshape(-1)])


def small(fill: Fill, n: int) -> Any:
    return fill.vector(n) * fmpq(1, 30)


@cache
def parameters(dims: Dims, family: str = "causal, gap -1e4") -> Parameters:
    """Fixed arguments of moderate size, the same for all values of a shape."""
    fill = Fill("dyadic", 1)
    n, model, hidden, heads = dims.seq_len, dims.d_model, dims.d_ff, dims.num_heads * dims.head_dim

    def weight(positions: int, rows: int, columns: int) -> PositionWise:
        return PositionWise(positions, rows, columns, tuple(small(fill, rows * columns)))

    return Parameters(
        merge=weight(1, n * model, n * heads),
        merge_bias=small(fill, n * model),
        fc1=weight(n, hidden, model),
        b1=small(fill, n * hidden),
        fc2=weight(n, model, hidden),
        b2=small(fill, n * model),
        c=fmpq(7, 10),
        eps1=fmpq(1, 1000),
        eps2=fmpq(1, 100),
        bias=mask(family, fill, n, dims.num_heads).bias,
    )


def point(dims: Dims, seed: int) -> np.ndarray:
    return Fill("fractions", seed).vector(sum(math.prod(s) for s in block_shapes(dims)))


def tensors(dims: Dims, x: np.ndarray) -> list[Floats]:
    """The eight inputs of the block in double precision."""
    shapes = block_shapes(dims)
    return [double(b).reshape(s) for b, s in zip(cut(shapes, x), shapes, strict=True)]


def matrix(linear: LinearMap) -> Floats:
    assert isinstance(linear, PositionWise)
    return double(linear.weight).reshape(linear.out_features, linear.in_features)


# ---- plain numpy, head by head


def attend(q: Floats, kt: Floats, v: Floats, c: float, bias: Floats) -> Floats:
    weights = np.exp(q @ kt * c + bias)
    return (weights / weights.sum(axis=1, keepdims=True)) @ v


def norm(x: Floats, gamma: Floats, beta: Floats, eps: float) -> Floats:
    centered = x - x.mean(axis=1, keepdims=True)
    var = (centered * centered).mean(axis=1, keepdims=True)
    return centered / np.sqrt(var + eps) * gamma + beta


def gelu(x: Floats) -> Floats:
    return 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x * x * x)))


def numpy_block(
    dims: Dims,
    p: Parameters,
    x: np.ndarray,
    attend: Callable[..., Floats] = attend,
    norm: Callable[..., Floats] = norm,
    gelu: Callable[..., Floats] = gelu,
) -> Floats:
    """The block's output [n, D]."""
    n, model = dims.seq_len, dims.d_model
    q, kt, v, stream, gamma1, beta1, gamma2, beta2 = tensors(dims, x)
    bias = double(p.bias).reshape(dims.num_heads, n, n)
    c, eps1, eps2 = double([p.c, p.eps1, p.eps2])
    heads = np.stack([attend(q[h], kt[h], v[h], c, bias[h]) for h in range(dims.num_heads)])
    merged = (matrix(p.merge) @ heads.reshape(-1) + double(p.merge_bias)).reshape(n, model)
    first = norm(stream + merged, gamma1, beta1, eps1)
    hidden = gelu(first @ matrix(p.fc1).T + double(p.b1).reshape(n, -1))
    projected = hidden @ matrix(p.fc2).T + double(p.b2).reshape(n, model)
    return norm(first + projected, gamma2, beta2, eps2)


# ---- plain jax.numpy, all heads at once


def jax_norm(x: Any, gamma: Any, beta: Any, eps: float) -> Any:
    centered = x - jnp.mean(x, axis=-1, keepdims=True)
    return centered / jnp.sqrt(jnp.mean(centered * centered, axis=-1, keepdims=True) + eps) * gamma + beta


def jax_block(dims: Dims, p: Parameters, *inputs: Any) -> Any:
    """The block's output [n, D]."""
    n, model = dims.seq_len, dims.d_model
    q, kt, v, stream, gamma1, beta1, gamma2, beta2 = inputs
    c, eps1, eps2 = double([p.c, p.eps1, p.eps2])
    scores = jnp.einsum("hnd,hdm->hnm", q, kt) * c + double(p.bias).reshape(-1, n, n)
    weights = jnp.exp(scores)
    probabilities = weights / jnp.sum(weights, axis=-1, keepdims=True)
    heads = jnp.einsum("hnm,hmd->hnd", probabilities, v)
    merged = jnp.dot(matrix(p.merge), heads.ravel()) + double(p.merge_bias)
    first = jax_norm(stream + merged.reshape(n, model), gamma1, beta1, eps1)
    before = jnp.einsum("nd,fd->nf", first, matrix(p.fc1)) + double(p.b1).reshape(n, -1)
    cubic = np.sqrt(2 / np.pi) * (before + 0.044715 * before * before * before)
    hidden = before * (1 + jnp.tanh(cubic)) / 2
    projected = jnp.einsum("nf,df->nd", hidden, matrix(p.fc2)) + double(p.b2).reshape(n, model)
    return jax_norm(first + projected, gamma2, beta2, eps2)


# ---- the mirror's block, whose enclosure judges both


def output(dims: Dims, p: Parameters) -> Callable[[Arithmetic, Array], Array]:
    """The mirror's program for entry 20, the last one."""
    graph = decoder_core_graph(dims, p)
    return lambda ar, x: eval_vec(ar, graph, x)[-dims.seq_len * dims.d_model :]


@pytest.mark.lean(LEAN)
@pytest.mark.parametrize("dims", DIMS, ids=str)
def test_the_block_in_plain_numpy_is_inside(dims: Dims) -> None:
    p = parameters(dims)
    for seed in SEEDS:
        x = point(dims, seed)
        found = examine(output(dims, p), (x,), numpy_block(dims, p, x), NUMPY_FLOAT64)
        assert found.verdict is FloatVerdict.INSIDE, found.mismatch
        assert found.bound < 1e-9  # an enclosure as wide as the values would hold anything


@pytest.mark.lean(LEAN)
@pytest.mark.parametrize("family", [f for f in MASKS if f != "fully blocked row"])
def test_the_block_in_plain_numpy_is_inside_under_every_mask(family: str) -> None:
    p, x = parameters(DIMS[0], family), point(DIMS[0], 3)
    found = examine(output(DIMS[0], p), (x,), numpy_block(DIMS[0], p, x), NUMPY_FLOAT64)
    assert found.verdict is FloatVerdict.INSIDE, found.mismatch


@pytest.mark.unmeasured
@pytest.mark.lean(LEAN)
@pytest.mark.parametrize("dims", DIMS, ids=str)
def test_the_block_in_plain_jax_is_inside_under_jit_and_vmap(dims: Dims) -> None:
    p, points = parameters(dims), [point(dims, seed) for seed in SEEDS]
    batch = [jnp.stack(parts) for parts in zip(*(tensors(dims, x) for x in points), strict=True)]
    results = jax.jit(jax.vmap(lambda *inputs: jax_block(dims, p, *inputs)))(*batch)
    for x, result in zip(points, results, strict=True):
        found = examine(output(dims, p), (x,), result, JAX_FLOAT64)
        assert found.verdict is FloatVerdict.INSIDE, found.mismatch
        assert found.bound < 1e-9


def erf_gelu(x: Floats) -> Floats:
    return x * (1 + np.vectorize(math.erf)(x / math.sqrt(2))) / 2


def unbiased_norm(x: Floats, gamma: Floats, beta: Floats, eps: float) -> Floats:
    centered = x - x.mean(axis=1, keepdims=True)
    return centered / np.sqrt(x.var(axis=1, ddof=1, keepdims=True) + eps) * gamma + beta


def outside_norm(x: Floats, gamma: Floats, beta: Floats, eps: float) -> Floats:
    return (x - x.mean(axis=1, keepdims=True)) / (x.std(axis=1, keepdims=True) + eps) * gamma + beta


def early_bias(q: Floats, kt: Floats, v: Floats, c: float, bias: Floats) -> Floats:
    return attend(q, kt, v, 1.0, (bias + q @ kt) * c - q @ kt)


def over_queries(q: Floats, kt: Floats, v: Floats, c: float, bias: Floats) -> Floats:
    weights = np.exp(q @ kt * c + bias)
    return (weights / weights.sum(axis=0, keepdims=True)) @ v


WRONG: dict[str, dict[str, Callable[..., Floats]]] = {
    "GELU through erf": {"gelu": erf_gelu},
    "unbiased variance": {"norm": unbiased_norm},
    "epsilon outside the root": {"norm": outside_norm},
    "epsilon forgotten": {"norm": lambda x, gamma, beta, eps: norm(x, gamma, beta, 0.0)},
    "gamma and beta exchanged": {"norm": lambda x, gamma, beta, eps: norm(x, beta, gamma, eps)},
    "bias before the scale": {"attend": early_bias},
    "softmax over the queries": {"attend": over_queries},
    "scale forgotten": {"attend": lambda q, kt, v, c, bias: attend(q, kt, v, 1.0, bias)},
}


@pytest.mark.unmeasured
@pytest.mark.lean(LEAN)
@pytest.mark.parametrize("wrong", WRONG)
def test_another_block_is_outside(wrong: str) -> None:
    p = parameters(DIMS[0], "random")
    for seed in SEEDS:
        x = point(DIMS[0], seed)
        result = numpy_block(DIMS[0], p, x, **WRONG[wrong])
        assert examine(output(DIMS[0], p), (x,), result, NUMPY_FLOAT64).verdict is FloatVerdict.OUTSIDE
