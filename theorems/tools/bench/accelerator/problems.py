"""What is measured on an accelerator: one masked attention at some length, in one format, under one bias."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from mirror.jit import BiasPlan
from theorems.tools.bench.problem import GAP

# More than the second-level cache of an accelerator: an input that comes round again is no longer in it.
PAST_L2 = 256 * 2**20
# Keys that a query sees under the bias "window": its own and those before it.
WINDOW = 1024

AttentionContext = tuple[jax.Array, jax.Array, jax.Array]


@dataclass(frozen=True, slots=True)
class AttentionSize:
    """How many positions an example has, and how many there are in all; heads and their dimension."""

    positions: int
    together: int = 16384
    heads: int = 8
    head_dim: int = 128

    @property
    def batch(self) -> int:
        """How many examples."""
        return max(1, self.together // self.positions)

    def flops(self, bias: str) -> tuple[int, int]:
        """Operations of forward, and of forward with VJP: 4 and 14 for each pair of positions that may see each other.

        Half of the pairs under a causal bias, as others count; what is recomputed counts as flash attention counts it.
        """
        n = self.positions
        pairs = {"causal": n * n // 2, "window": n * WINDOW - WINDOW * (WINDOW - 1) // 2}.get(bias, n * n)
        products = self.batch * self.heads * self.head_dim * pairs
        return 4 * products, 14 * products


@dataclass(frozen=True, slots=True)
class AttentionProblem:
    """A size, a format and a bias: causal or a window, given as a finite gap, or dense, of its own for each head."""

    size: AttentionSize
    dtype: str
    bias: str

    @property
    def scale(self) -> float:
        """What the scores are multiplied by."""
        return self.size.head_dim**-0.5


@dataclass(frozen=True, slots=True)
class OnDevice:
    """The arrays of a problem on the device: contexts (q, kt, v) to go round, the bias (1 or H, S, S), a cotangent.

    `plan` is the bias read, and `plan_seconds` how long that took on the host.
    """

    contexts: list[AttentionContext]
    bias: jax.Array
    cotangent: jax.Array
    plan: BiasPlan
    plan_seconds: float


def given(p: AttentionProblem, clock: Callable[[], float]) -> OnDevice:
    """Random normal data, never zeros; so many contexts that none is in the cache when its turn comes."""
    s = p.size
    by_row, by_column = (s.batch, s.heads, s.positions, s.head_dim), (s.batch, s.heads, s.head_dim, s.positions)
    keys = iter(jax.random.split(jax.random.key(0, impl="unsafe_rbg"), 2 + 3 * 64))

    def normal(shape: tuple[int, ...]) -> jax.Array:
        return jax.random.normal(next(keys), shape, p.dtype)

    cotangent = normal(by_row)
    bias = normal((s.heads, s.positions, s.positions)) if p.bias == "dense" else banded(p)
    copies = 1 if jax.default_backend() == "cpu" else min(64, -(-PAST_L2 // (3 * cotangent.nbytes)))
    contexts = [(normal(by_row), normal(by_column), normal(by_row)) for _ in range(copies)]
    began = clock()
    plan = BiasPlan.of(np.asarray(bias), heads=s.heads, seq_len=s.positions)
    return OnDevice(contexts, bias, cotangent, jax.device_put(plan), clock() - began)


def banded(p: AttentionProblem) -> jax.Array:
    """The causal mask (1, n, n), or that of a window, as a finite bias."""
    n = p.size.positions
    seen = jnp.tri(n, dtype=bool)
    if p.bias == "window":
        seen &= ~jnp.tri(n, k=-WINDOW, dtype=bool)
    return jnp.where(seen[None], jnp.zeros((), p.dtype), jnp.asarray(GAP, p.dtype))


def reference(p: AttentionProblem, g: OnDevice) -> list[jax.Array]:
    """The output and the three cotangents in float64, on the device, head by head, for the first context.

    By the formulas as they stand: softmax of all scores.
    """
    with jax.enable_x64(True):
        one_head = jax.jit(jax.vmap(partial(_one_head, p.scale), in_axes=(0, 0, 0, 0, None)))
        masks = jnp.broadcast_to(g.bias, (p.size.heads, *g.bias.shape[1:]))
        heads = [one_head(*(a[:, h] for a in (*g.contexts[0], g.cotangent)), masks[h]) for h in range(p.size.heads)]
        return [jnp.stack(each, 1) for each in zip(*heads, strict=True)]


def _one_head(scale: float, *arrays: jax.Array) -> tuple[jax.Array, ...]:
    q, kt, v, g, mask = (a.astype(jnp.float64) for a in arrays)
    weights = jax.nn.softmax(q @ kt * scale + mask, axis=-1)
    d_weights = g @ v.T
    d_scores = weights * (d_weights - jnp.sum(weights * d_weights, -1, keepdims=True)) * scale
    return weights @ v, d_scores @ kt.T, q.T @ d_scores, weights.T @ g


def off(results: list[Any], expected: list[jax.Array]) -> float:
    """The largest difference over the largest entry, of the worst result; infinite for NaN."""
    with jax.enable_x64(True):
        worst = max(
            float(jnp.max(jnp.abs(jnp.asarray(r).astype(jnp.float64) - e)) / jnp.max(jnp.abs(e)))
            for r, e in zip(results, expected, strict=True)
        )
    return worst if np.isfinite(worst) else float("inf")
