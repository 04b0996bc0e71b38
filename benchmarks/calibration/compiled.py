"""Right kernels in JAX, differentiated by JAX: jitted, the library's, by a scan, by Pallas.

Most are tried in float32 alone, because they are compiled anew for each dtype.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
from jax.experimental import pallas as pl

from benchmarks.calibration.kernel import CalibrationKernel

HIGHEST = jax.lax.Precision.HIGHEST
product = partial(jnp.matmul, precision=HIGHEST)


def plain(q: Any, kt: Any, v: Any, bias: Any, scale: float) -> jax.Array:
    """Computed in float32 where bfloat16 is stored."""
    wide = jnp.promote_types(v.dtype, jnp.float32)
    q, kt, values, bias = (a.astype(wide) for a in (q, kt, v, bias))
    return product(jax.nn.softmax(scale * product(q, kt) + bias), values).astype(v.dtype)


_plain = jax.jit(plain)


class CompiledAttention(CalibrationKernel):
    """Softmax of all scores, jitted JAX."""

    dtypes = ("float32",)

    def __call__(self, q: Any, kt: Any, v: Any, bias: Any, scale: float) -> Any:
        return _plain(q, kt, v, bias, scale)


@partial(jax.jit, static_argnums=4)
def _library(q: Any, kt: Any, v: Any, bias: Any, scale: float) -> jax.Array:
    by_position = (jnp.moveaxis(a, 0, 1)[None] for a in (q, kt.swapaxes(-1, -2), v))
    found = jax.nn.dot_product_attention(*by_position, bias=bias[None], scale=scale)
    return jnp.moveaxis(found[0], 0, 1)


class LibraryAttention(CalibrationKernel):
    """jax.nn.dot_product_attention.

    Its weights are float32 also for float64 inputs, where it is no right kernel. In bfloat16 XLA's CPU library does not
    compile it for a single position.
    """

    dtypes = ("float32",)

    def __call__(self, q: Any, kt: Any, v: Any, bias: Any, scale: float) -> Any:
        return _library(q, kt, v, bias, scale)


@jax.jit
def _scanned(q: Any, kt: Any, v: Any, bias: Any, scale: float) -> jax.Array:
    """One key at a time, with a running maximum."""
    wide = jnp.promote_types(v.dtype, jnp.float32)
    q, kt, values, bias = (a.astype(wide) for a in (q, kt, v, bias))

    def step(now: tuple[jax.Array, ...], key: tuple[jax.Array, ...]) -> tuple[tuple[jax.Array, ...], None]:
        (row_max, normaliser, output), (k, value, mask) = now, key
        scores = scale * (q * k[:, None, :]).sum(-1, keepdims=True) + mask[..., None]
        largest = jax.lax.stop_gradient(jnp.maximum(row_max, scores))
        factor, e = jnp.exp(row_max - largest), jnp.exp(scores - largest)
        return (largest, normaliser * factor + e, output * factor + e * value[:, None, :]), None

    keys = (jnp.moveaxis(kt, -1, 0), jnp.moveaxis(values, 1, 0), jnp.moveaxis(bias, -1, 0))
    rows = (*q.shape[:-1], 1)
    start = (jnp.full(rows, -jnp.inf, wide), jnp.zeros(rows, wide), jnp.zeros_like(values))
    (_, normaliser, output), _ = jax.lax.scan(step, start, keys)
    return (output / normaliser).astype(v.dtype)


class ScannedAttention(CalibrationKernel):
    """Online softmax as a scan over the keys, jitted JAX."""

    dtypes = ("float32",)

    def __call__(self, q: Any, kt: Any, v: Any, bias: Any, scale: float) -> Any:
        return _scanned(q, kt, v, bias, scale)


def _head(q: Any, kt: Any, v: Any, bias: Any, out: Any, *, scale: float) -> None:
    """A Pallas program: one head."""
    out[0] = plain(q[0], kt[0], v[0], bias[0], scale)


@partial(jax.custom_vjp, nondiff_argnums=(4,))
def _in_pallas(q: Any, kt: Any, v: Any, bias: Any, scale: float) -> jax.Array:
    heads = [pl.BlockSpec((1, *a.shape[1:]), lambda h: (h, 0, 0)) for a in (q, kt, v, bias, v)]
    call = pl.pallas_call(
        partial(_head, scale=scale),
        out_shape=jax.ShapeDtypeStruct(v.shape, v.dtype),
        grid=(len(q),),
        in_specs=heads[:4],
        out_specs=heads[4],
        interpret=True,
    )
    return call(q, kt, v, bias)


def _ahead(q: Any, kt: Any, v: Any, bias: Any, scale: float) -> tuple[jax.Array, Any]:
    return _in_pallas(q, kt, v, bias, scale), (q, kt, v, bias)


def _back(scale: float, kept: Any, g: Any) -> tuple[Any, ...]:
    *qkv, bias = kept
    return *jax.vjp(lambda q, kt, v: plain(q, kt, v, bias, scale), *qkv)[1](g), None


_in_pallas.defvjp(_ahead, _back)
_pallas = jax.jit(_in_pallas, static_argnums=4)


class PallasAttention(CalibrationKernel):
    """A head as a Pallas program, interpreted."""

    dtypes = ("float32",)

    def __call__(self, q: Any, kt: Any, v: Any, bias: Any, scale: float) -> Any:
        return _pallas(q, kt, v, bias, scale)


@jax.jit
def _block(c: Any, p: Any, bias: Any) -> jax.Array:
    wide = jnp.promote_types(bias.dtype, jnp.float32)
    c, p, mask = jax.tree.map(lambda a: a.astype(wide), (c, p, bias))

    def norm(x: Any, gamma: Any, beta: Any, eps: float) -> jax.Array:
        centred = x - x.mean(axis=-1, keepdims=True)
        return centred * jax.lax.rsqrt(jnp.square(centred).mean(axis=-1, keepdims=True) + eps) * gamma + beta

    heads = plain(c.q, c.kt, c.v, mask, p.scale)
    merged = jnp.einsum("hnd,hdm->nm", heads, p.merge, precision=HIGHEST) + p.merge_bias
    n1 = norm(c.residual + merged, c.gamma1, c.beta1, p.eps1)
    projected = product(jax.nn.gelu(product(n1, p.fc1) + p.b1), p.fc2) + p.b2
    return norm(n1 + projected, c.gamma2, c.beta2, p.eps2).astype(bias.dtype)


class CompiledBlock(CalibrationKernel):
    """Block in jitted JAX."""

    kind = "block"
    dtypes = ("float32",)

    def __call__(self, context: Any, parameters: Any, bias: Any) -> Any:
        return _block(context, parameters, bias)
