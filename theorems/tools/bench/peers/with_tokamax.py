"""The block around tokamax's attention, which chooses a kernel for the device."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import tokamax  # pyright: ignore[reportMissingImports] - an optional extra

from theorems.tools.bench.candidate import Candidate
from theorems.tools.bench.peers.with_jax import block
from theorems.tools.bench.problem import Problem


def build(p: Problem, device: str) -> Candidate:
    """tokamax on one problem; the bias goes in whole, as it came."""
    return block(_attention, p, device)


def _attention(q: jax.Array, kt: jax.Array, v: jax.Array, bias: jax.Array, scale: float) -> jax.Array:
    q, k, v = jnp.moveaxis(q, -3, -2), jnp.moveaxis(kt, -1, -3), jnp.moveaxis(v, -3, -2)
    return tokamax.dot_product_attention(q, k, v, bias=bias[None], scale=scale)
