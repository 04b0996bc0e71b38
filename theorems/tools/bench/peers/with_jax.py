"""JAX: the block as a user writes it under `jax.jit`, and the same with `jax.nn.dot_product_attention`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp

from theorems.tools.bench.candidate import Absent, Candidate
from theorems.tools.bench.problem import Problem
from theorems.tools.output.counted import counted

JaxAttention = Callable[[jax.Array, jax.Array, jax.Array, jax.Array, float], jax.Array]


def plain_attention(q: jax.Array, kt: jax.Array, v: jax.Array, bias: jax.Array, scale: float) -> jax.Array:
    """Softmax of the biased scores times V, all keys of all rows; (.., H, S, d) to (.., S, H, d)."""
    weights = jax.nn.softmax(q @ kt * scale + bias, axis=-1)
    return jnp.moveaxis(weights @ v, -3, -2)


def library_attention(q: jax.Array, kt: jax.Array, v: jax.Array, bias: jax.Array, scale: float) -> jax.Array:
    """The same by `jax.nn.dot_product_attention`, which wants (B, S, H, d)."""
    q, k, v = jnp.moveaxis(q, -3, -2), jnp.moveaxis(kt, -1, -3), jnp.moveaxis(v, -3, -2)
    return jax.nn.dot_product_attention(q, k, v, scale=scale, implementation="xla", bias=bias[None])


def _norm(x: jax.Array, gamma: jax.Array, beta: jax.Array, eps: float) -> jax.Array:
    mean, variance = x.mean(-1, keepdims=True), x.var(-1, keepdims=True)
    return (x - mean) * jax.lax.rsqrt(variance + eps) * gamma + beta


def written_out(attention: JaxAttention, p: Problem) -> Callable[..., jax.Array]:
    """The decoder core around an attention, a function of the context, the six weights and the bias."""
    scale, eps = p.weights.scale, p.weights.eps

    def forward(context: tuple[jax.Array, ...], arrays: tuple[jax.Array, ...], bias: jax.Array) -> jax.Array:
        q, kt, v, residual, gamma1, beta1, gamma2, beta2 = context
        merge, merge_bias, fc1, b1, fc2, b2 = arrays
        heads = attention(q, kt, v, bias, scale)
        x = heads.reshape(*heads.shape[:-2], -1) @ merge + merge_bias + residual
        x = _norm(x, gamma1, beta1, eps)
        y = jax.nn.gelu(x @ fc1 + b1, approximate=True) @ fc2 + b2
        return _norm(x + y, gamma2, beta2, eps)

    return forward


def block(attention: JaxAttention, p: Problem, device: str) -> Candidate:
    """The decoder core around an attention, compiled for one problem."""
    return candidate(written_out(attention, p), p, device, p.arrays, p.bias)


def one_example(p: Problem, device: str) -> Candidate:
    """The naive block without a batch axis, of which XLA makes another program; raises `Absent` for more examples.

    The axis is taken away and put back inside the program: that moves nothing.
    """
    if p.size.batch > 1:
        raise Absent(f"the batch holds {counted(p.size.batch, 'example')}: it is written for one")
    alone = written_out(plain_attention, p)

    def forward(context: tuple[jax.Array, ...], *fixed: Any) -> jax.Array:
        return alone((*(a[0] for a in context[:4]), *context[4:]), *fixed)[None]

    return candidate(forward, p, device, p.arrays, p.bias)


def candidate(forward: Callable[..., Any], p: Problem, device: str, *fixed: Any) -> Candidate:
    """Compile `forward(context, *fixed)`, and the same with its VJP for the context."""
    both = with_vjp(forward)
    context = jax.tree.map(jnp.asarray, p.context)
    arguments = jax.tree.map(jnp.asarray, fixed)
    cotangent = jnp.asarray(p.cotangent)
    f = jax.jit(forward).lower(context, *arguments).compile()
    g = jax.jit(both).lower(context, cotangent, *arguments).compile()
    return Candidate(
        lambda: jax.block_until_ready(f(context, *arguments)),
        lambda: jax.block_until_ready(g(context, cotangent, *arguments)),
        temp_bytes=(temporaries(f), temporaries(g)),
    )


def with_vjp(forward: Callable[..., Any]) -> Callable[..., Any]:
    """`(context, cotangent, *fixed)` to the output and the context's cotangents."""

    def both(context: Any, cotangent: Any, *fixed: Any) -> Any:
        out, pullback = jax.vjp(lambda c: forward(c, *fixed), context)
        return out, pullback(cotangent)[0]

    return both


def temporaries(compiled: Any) -> int:
    """Bytes that a compiled program holds besides its arguments and results, by XLA's own analysis."""
    return compiled.memory_analysis().temp_size_in_bytes


naive = partial(block, plain_attention)
library = partial(block, library_attention)
