"""Masked attention by cuDNN, which is told that the mask is causal or a window instead of being given it.

It gives a blocked key no weight at all. The mask's finite gap gives it a weight that is exactly 0 where
`mirror.jit.rule` says so; where it does not, the whole is computed by XLA instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import jax
import jax.numpy as jnp

from mirror.jit.arrays import QKV
from mirror.jit.plan import TileLayout

if TYPE_CHECKING:
    from jaxtyping import Float


def told(layout: TileLayout, scale: float, qkv: QKV[jax.Array]) -> Float[jax.Array, "B H n d"]:
    """The heads' output for a plan without a mask, or with a causal or a windowed one."""
    q, k, v = (a.swapaxes(-3, -2) for a in (qkv.q, qkv.kt.swapaxes(-1, -2), qkv.v))
    band = layout.band
    window = (band.width - 1, 0) if band and band.width < layout.seq_len else None
    out = jax.nn.dot_product_attention(
        q, k, v, scale=scale, is_causal=band is not None, local_window_size=window, implementation="cudnn"
    )
    return out.swapaxes(-3, -2)


def with_what_is_lost(d_qkv: QKV[jax.Array], g: Float[jax.Array, "B H n d"]) -> QKV[jax.Array]:
    """The cotangents, those of keys and values NaN in heads where `g` is not finite.

    A blocked key has the weight 0, and 0·∞ is NaN: computing it would show that, and leaving it out must not hide it.
    """
    lost = jnp.where(jnp.all(jnp.isfinite(g), axis=(-2, -1), keepdims=True), 0, jnp.nan).astype(g.dtype)
    return QKV(d_qkv.q, d_qkv.kt + lost, d_qkv.v + lost)
