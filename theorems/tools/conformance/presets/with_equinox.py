"""Equinox's attention without its projections: they are identities, and a product with one is exact."""

from __future__ import annotations

from typing import Any

import equinox as eqx  # pyright: ignore[reportMissingImports] - an optional package
import jax
import jax.numpy as jnp


def attention(query: Any, key: Any, value: Any, mask: Any) -> Any:
    """`equinox.nn.MultiheadAttention` of q, k and v (H, n, d) and a mask (H, n, n), True where it is open."""
    heads, n, dim = query.shape
    width = heads * dim
    plain = eqx.nn.MultiheadAttention(heads, width, dtype=query.dtype, key=jax.random.key(0))
    weights = lambda m: [p.weight for p in (m.query_proj, m.key_proj, m.value_proj, m.output_proj)]  # noqa: E731
    module = eqx.tree_at(weights, plain, [jnp.eye(width, dtype=query.dtype)] * 4)
    beside = lambda a: a.swapaxes(0, 1).reshape(n, width)  # noqa: E731
    return module(beside(query), beside(key), beside(value), mask).reshape(n, heads, dim).swapaxes(0, 1)
