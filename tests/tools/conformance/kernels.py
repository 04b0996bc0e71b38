"""Implementations to hold against the mirror: plain ones, and ones that are wrong in one way each."""

from __future__ import annotations

import io
import os
import sys
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from flint import arb

from mirror.arithmetic import precision
from mirror.jit import BlockContext, BlockParameters
from mirror.jit.arrays import QKV
from theorems.engine.evidence.block_floats import AttentionInstances
from theorems.engine.evidence.floats import BITS

HIGHEST = jax.lax.Precision.HIGHEST


# ---- attention in JAX


def _weights(q: Any, kt: Any, bias: Any, scale: float) -> Any:
    return jax.nn.softmax(scale * jnp.matmul(q, kt, precision=HIGHEST) + bias)


def _attention(q: Any, kt: Any, v: Any, bias: Any, scale: float) -> Any:
    return jnp.matmul(_weights(q, kt, bias, scale), v, precision=HIGHEST)


attention = jax.jit(_attention)


@jax.jit
def transposed_mask(q: Any, kt: Any, v: Any, bias: Any, scale: float) -> Any:
    return _attention(q, kt, v, bias.swapaxes(-1, -2), scale)


@jax.jit
def without_scale(q: Any, kt: Any, v: Any, bias: Any, scale: float) -> Any:
    return _attention(q, kt, v, bias, 1.0)


@jax.jit
def with_infinities(q: Any, kt: Any, v: Any, bias: Any, scale: float) -> Any:
    return _attention(q, kt, v, jnp.where(bias < -1e3, -jnp.inf, bias), scale)


@jax.jit
def in_bfloat16(q: Any, kt: Any, v: Any, bias: Any, scale: float) -> Any:
    weights = _weights(q, kt, bias, scale)
    return jnp.matmul(weights.astype("bfloat16"), v.astype("bfloat16")).astype(v.dtype)


@jax.jit
def stored_in_bfloat16(q: Any, kt: Any, v: Any, bias: Any, scale: float) -> Any:
    return _attention(q, kt, v, bias, scale).astype("bfloat16")


@jax.jit
def heads_last(q: Any, kt: Any, v: Any, bias: Any, scale: float) -> Any:
    return jnp.moveaxis(_attention(q, kt, v, bias, scale), 0, -1)


def with_weights(q: Any, kt: Any, v: Any, bias: Any, scale: float) -> Any:
    return attention(q, kt, v, bias, scale), bias


def with_an_update(q: Any, kt: Any, v: Any, bias: Any, scale: float) -> Any:
    return attention(q.at[0].add(0), kt, v, bias, scale)


def _with_rule(output: float, keys: float) -> Any:
    """The right attention, with a rule of its own that gives its output and its keys' cotangent times a factor."""

    @partial(jax.custom_vjp, nondiff_argnums=(4,))
    def ruled(q: Any, kt: Any, v: Any, bias: Any, scale: float) -> Any:
        return _attention(q, kt, v, bias, scale)

    def ahead(q: Any, kt: Any, v: Any, bias: Any, scale: float) -> Any:
        return output * _attention(q, kt, v, bias, scale), (q, kt, v, bias)

    def back(scale: float, kept: Any, g: Any) -> Any:
        q, kt, v, bias = kept
        found = jax.vjp(lambda q, kt, v: _attention(q, kt, v, bias, scale), q, kt, v)[1](g)
        return found[0], keys * found[1], found[2], None

    ruled.defvjp(ahead, back)
    return jax.jit(ruled, static_argnums=4)


wrong_gradient = _with_rule(output=1, keys=1.001)
wrong_under_vjp = _with_rule(output=1.001, keys=1)


def raises(q: Any, kt: Any, v: Any, bias: Any, scale: float) -> Any:
    if q.shape[1] == 1:
        raise RuntimeError("one position is too few")
    return attention(q, kt, v, bias, scale)


def leaves(q: Any, kt: Any, v: Any, bias: Any, scale: float) -> Any:
    sys.exit(0)


def ends(q: Any, kt: Any, v: Any, bias: Any, scale: float) -> Any:
    os._exit(0)


def interrupts(q: Any, kt: Any, v: Any, bias: Any, scale: float) -> Any:
    raise KeyboardInterrupt("enough")


def takes_the_streams(q: Any, kt: Any, v: Any, bias: Any, scale: float) -> Any:
    print("a line of its own")
    sys.stdout.close()
    sys.stdout = io.StringIO()
    return rounded_once(q, kt, v, bias, scale)


def gives_up(q: Any, kt: Any, v: Any, bias: Any, scale: float) -> Any:
    raise GeneratorExit("enough")


def moves_elsewhere(q: Any, kt: Any, v: Any, bias: Any, scale: float) -> Any:
    os.chdir("elsewhere" if os.path.isdir("elsewhere") else ".")
    return rounded_once(q, kt, v, bias, scale)


def without_derivative(q: Any, kt: Any, v: Any, bias: Any, scale: float) -> Any:
    return jax.pure_callback(np.asarray, jax.ShapeDtypeStruct(v.shape, v.dtype), attention(q, kt, v, bias, scale))


# ---- attention in NumPy, rounded once: what it prints is the same everywhere


def _real(q: Any, kt: Any, v: Any, bias: Any, scale: float, g: Any) -> list[np.ndarray]:
    batch = AttentionInstances(QKV(q[None], kt[None], v[None]), scale, bias, g[None])
    with precision(BITS):
        flat = np.array([float(arb(x)) for x in batch.real(0)])
    ends = np.cumsum([a.size for a in (v, q, kt)])
    return [part.reshape(a.shape).astype(v.dtype) for part, a in zip(np.split(flat, ends), (v, q, kt, v), strict=True)]


def rounded_once(q: Any, kt: Any, v: Any, bias: Any, scale: float) -> Any:
    return _real(q, kt, v, bias, scale, np.zeros_like(v))[0]


def rounded_once_vjp(q: Any, kt: Any, v: Any, bias: Any, scale: float, cotangent: Any) -> Any:
    return tuple(_real(q, kt, v, bias, scale, cotangent)[1:])


def wrong_in_one_row(q: Any, kt: Any, v: Any, bias: Any, scale: float) -> Any:
    return rounded_once(q, kt, v, bias, scale) + np.float32(bias.min() < -1e3)


def losing(query: Any, key: Any, value: Any, bias: Any, scale: float) -> Any:
    """As libraries have it: beside -1e9 float32 has no digit left for a score."""
    scores = np.float32(scale) * np.einsum("bnhd,bmhd->bhnm", query, key) + bias
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.einsum("bhnm,bmhd->bnhd", weights / weights.sum(axis=-1, keepdims=True), value)


def losing_and_wrong_elsewhere(query: Any, key: Any, value: Any, bias: Any, scale: float) -> Any:
    """Wrong where another query of the same head is blocked."""
    blocked = bias.max(axis=-1) < -1e8
    off = np.float32(1e-3) * (blocked.any(axis=-1, keepdims=True) & ~blocked)
    return losing(query, key, value, bias, scale) + off.swapaxes(1, 2)[..., None]


def with_vjp(q: Any, kt: Any, v: Any, bias: Any, scale: float) -> Any:
    return rounded_once(q, kt, v, bias, scale)


with_vjp.vjp = rounded_once_vjp  # type: ignore[attr-defined]


def zeros(q: Any, kt: Any, v: Any, bias: Any, scale: float) -> Any:
    return np.zeros_like(v)


def zeros_vjp(q: Any, kt: Any, v: Any, bias: Any, scale: float, cotangent: Any) -> Any:
    return [np.zeros_like(q), np.full_like(kt, np.nan), np.zeros_like(v)]


def two_cotangents(q: Any, kt: Any, v: Any, bias: Any, scale: float, cotangent: Any) -> Any:
    return cotangent, cotangent


def one_array(q: Any, kt: Any, v: Any, bias: Any, scale: float, cotangent: Any) -> Any:
    return cotangent


def flat_cotangents(q: Any, kt: Any, v: Any, bias: Any, scale: float, cotangent: Any) -> Any:
    return tuple(a.ravel() for a in rounded_once_vjp(q, kt, v, bias, scale, cotangent))


def zeros_flat(q: Any, kt: Any, v: Any, bias: Any, scale: float) -> Any:
    return np.zeros(v.size, v.dtype)


def raising_vjp(q: Any, kt: Any, v: Any, bias: Any, scale: float, cotangent: Any) -> Any:
    raise RuntimeError("not today")


# ---- the block in JAX


def _norm(x: Any, gamma: Any, beta: Any, eps: float, ddof: int) -> Any:
    variance = x.var(axis=-1, keepdims=True, ddof=ddof)
    return (x - x.mean(axis=-1, keepdims=True)) / jnp.sqrt(variance + eps) * gamma + beta


def _block(c: BlockContext, p: BlockParameters, bias: Any, approximate: bool = True, ddof: int = 0) -> Any:
    def times(x: Any, weight: Any) -> Any:
        return jnp.matmul(x, weight, precision=HIGHEST)

    heads = _attention(c.q, c.kt, c.v, bias, p.scale)
    merged = jnp.einsum("hnd,hdm->nm", heads, p.merge, precision=HIGHEST) + p.merge_bias
    x = _norm(c.residual + merged, c.gamma1, c.beta1, p.eps1, ddof)
    projected = times(jax.nn.gelu(times(x, p.fc1) + p.b1, approximate=approximate), p.fc2) + p.b2
    return _norm(x + projected, c.gamma2, c.beta2, p.eps2, ddof)


@jax.jit
def block(context: BlockContext, parameters: BlockParameters, bias: Any) -> Any:
    return _block(context, parameters, bias)


@jax.jit
def erf_gelu(context: BlockContext, parameters: BlockParameters, bias: Any) -> Any:
    return _block(context, parameters, bias, approximate=False)


@jax.jit
def unbiased_variance(context: BlockContext, parameters: BlockParameters, bias: Any) -> Any:
    return _block(context, parameters, bias, ddof=1)


not_a_function = 3
