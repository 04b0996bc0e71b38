"""Masked attention by cuDNN, which is told that the mask is causal or a window instead of being given it.

It gives a blocked key no weight at all. The mask's finite gap gives it a weight that is exactly 0 where
`mirror.jit.rule` says so; where it does not, the whole is computed instead, forward and back.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import jax
import jax.numpy as jnp
from jax import lax

from mirror.jit.arrays import QKV
from mirror.jit.plan import TileLayout
from mirror.jit.pullback import varying_alike
from mirror.jit.rule import of_all

if TYPE_CHECKING:
    from jaxtyping import Bool, Float, PyTree, Shaped

# The attention computed in full: of queries, keys and values (B, H, ..) as given.
InFull = Callable[[QKV[jax.Array]], jax.Array]
# Queries, keys and values (B·H, n, 1, d).
CudnnArrays = tuple[jax.Array, jax.Array, jax.Array]
# cuDNN's pullback, of its own arrays and of those that it was given.
Rebuild = Callable[[list[jax.Array], CudnnArrays], Callable[[jax.Array], tuple[CudnnArrays]]]


class KeptByCudnn(NamedTuple):
    """What cuDNN's pullback needs: its arrays, but for those that it was given, and whether it was asked at all."""

    sound: Bool[jax.Array, ""]
    arrays: CudnnArrays
    leaves: list[jax.Array]


def told(layout: TileLayout, scale: float, arrays: CudnnArrays) -> Float[jax.Array, "BH n 1 d"]:
    """The heads' output for a plan without a mask, or with a causal or a windowed one."""
    band = layout.band
    window = (band.width - 1, 0) if band and band.width < layout.seq_len else None
    q, k, v = arrays
    return jax.nn.dot_product_attention(
        q, k, v, scale=scale, is_causal=band is not None, local_window_size=window, implementation="cudnn"
    )


def one_head_each(qkv: QKV[jax.Array]) -> CudnnArrays:
    """Queries, keys and values (B·H, n, 1, d).

    cuDNN wants the heads within the positions. To have every head as an example of its own spares turning all but
    the keys.
    """
    return _one_head(qkv.q), _one_head(qkv.kt.swapaxes(-1, -2)), _one_head(qkv.v)


def _one_head(a: Shaped[jax.Array, "B H n d"]) -> Shaped[jax.Array, "BH n 1 d"]:
    return a.reshape(-1, a.shape[-2], 1, a.shape[-1])


def with_vjp(layout: TileLayout, scale: float, arrays: CudnnArrays) -> tuple[jax.Array, list[jax.Array], Rebuild]:
    """The output, the arrays of its pullback that it was not given, and what makes the pullback of them again."""
    out, pullback = jax.vjp(partial(told, layout, scale), arrays)
    leaves, tree = jax.tree.flatten(pullback)
    given = [next((k for k, a in enumerate(arrays) if a is leaf), None) for leaf in leaves]

    def rebuild(own: list[jax.Array], arrays: CudnnArrays) -> Callable[[jax.Array], tuple[CudnnArrays]]:
        rest = iter(own)
        return jax.tree.unflatten(tree, [next(rest) if k is None else arrays[k] for k in given])

    return out, [leaf for leaf, k in zip(leaves, given, strict=True) if k is None], rebuild


def attended(
    layout: TileLayout, scale: float, sound: Bool[jax.Array, ""], in_full: InFull, qkv: QKV[jax.Array]
) -> tuple[Float[jax.Array, "B H n d"], KeptByCudnn]:
    """The heads' output, and what the pullback needs."""

    def by_cudnn(arrays: CudnnArrays, _: QKV[jax.Array]) -> PyTree:
        return varying_alike((arrays, *with_vjp(layout, scale, arrays)[:2]))[1:]

    arrays = one_head_each(qkv)
    _, like = jax.eval_shape(by_cudnn, arrays, qkv)

    def otherwise(arrays: CudnnArrays, qkv: QKV[jax.Array]) -> PyTree:
        nothing = [jnp.zeros(a.shape, a.dtype) for a in like]
        return varying_alike((arrays, _one_head(in_full(qkv)), nothing))[1:]

    out, leaves = lax.cond(sound, by_cudnn, otherwise, arrays, qkv)
    return out.reshape(qkv.q.shape), KeptByCudnn(sound, arrays, leaves)


def attended_pullback(
    layout: TileLayout,
    scale: float,
    in_full: InFull,
    qkv: QKV[jax.Array],
    kept: KeptByCudnn,
    g: Float[jax.Array, "B H n d"],
) -> QKV[jax.Array]:
    """The cotangents at the cotangent `g` of the heads' output; in full where `g` is not finite, for 0·∞ is NaN."""

    def by_cudnn(leaves: list[jax.Array], arrays: CudnnArrays, _: QKV[jax.Array], g: jax.Array) -> PyTree:
        return _rebuild(layout, scale, arrays)(leaves, arrays)(_one_head(g))[0]

    def otherwise(_: list[jax.Array], __: CudnnArrays, qkv: QKV[jax.Array], g: jax.Array) -> PyTree:
        return one_head_each(jax.vjp(in_full, qkv)[1](g)[0])

    clear = of_all(kept.sound & jnp.isfinite(jnp.sum(g, dtype=jnp.float32)))
    d_q, d_k, d_v = lax.cond(clear, by_cudnn, otherwise, kept.leaves, kept.arrays, qkv, g)
    d_q, d_k, d_v = (a.reshape(qkv.q.shape) for a in (d_q, d_k, d_v))
    return QKV(d_q, d_k.swapaxes(-1, -2), d_v)


def _rebuild(layout: TileLayout, scale: float, arrays: CudnnArrays) -> Rebuild:
    """How the pullback is made of its arrays, which nobody computes again for that."""
    found = []

    def traced(arrays: CudnnArrays) -> jax.Array:
        out, _, rebuild = with_vjp(layout, scale, arrays)
        found.append(rebuild)
        return out

    jax.eval_shape(traced, arrays)
    return found[-1]
