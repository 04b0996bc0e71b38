"""When a dead tile may be skipped: only when no weight in it can be anything but exactly 0.

A weight is exp(s - m) with s the score and m its row max. Let R bound |c·⟨q, k⟩|. In a dead
tile s is at most R - gap, m is at least -R, so s - m is at most 2R - gap. Below a threshold exp is exactly 0
in floats; then the tile adds 0 to every sum, provided that the values and the cotangent are finite (0·∞ is NaN).
One answer is given for a whole batch, under `jax.vmap` too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import jax
import jax.numpy as jnp
from jax import lax

from mirror.jit.numbers import Jitted

if TYPE_CHECKING:
    from jaxtyping import Bool, Float

# exp is exactly 0 below -103.98 in float32 and below -745.14 in float64, with denormals or without.
THRESHOLDS = {"float32": 105.0, "float64": 747.0}


# From this gap on an accelerator bounds norms by the largest entries, which one pass finds.
FAR = 4096.0


def may_skip(
    ar: Jitted,
    gap: float,
    scale: Float[jax.Array, ""],
    q: Float[jax.Array, "..."],
    kt: Float[jax.Array, "..."],
    finite: Sequence[Float[jax.Array, "..."]],
) -> Bool[jax.Array, ""]:
    """Whether what lies `gap` below its row's max may be skipped in a batch; `finite` must be finite.

    R is |c|·max‖q‖·max‖k‖, of queries (…, n, d) and transposed keys (…, d, n). Every float operation behind s, m and R
    is off by at most u, relatively; 16·(d + 8)·u covers them all, and the last factor the rounding of q and k to what
    the matrix product takes. A NaN or an infinity anywhere makes the comparison false.
    """
    dim = q.shape[-1]
    slack = 8 * (dim + 8) * float(jnp.finfo(ar.dtype).eps)
    if ar.cache_bytes is None and gap >= FAR:
        largest_q, largest_k, *others = (a.astype(ar.dtype) for a in _largest(q, kt, *finite))
        product = largest_q * largest_k * dim
        all_finite = [a < jnp.inf for a in others]
    else:
        product = _max_norm(ar, q.astype(ar.dtype), -1) * _max_norm(ar, kt.astype(ar.dtype), -2)
        # Of huge numbers the sum may overflow: then nothing is skipped.
        all_finite = [jnp.isfinite(jnp.sum(a.astype(ar.dtype))) for a in finite]
    bound = product * jnp.abs(scale) * (1 + slack)
    bound *= (1 + float(jnp.finfo(ar.operand).eps)) ** 2
    clear = gap * (1 - slack) - 2 * bound > THRESHOLDS[jnp.dtype(ar.dtype).name]
    for each in all_finite:
        clear &= each
    return of_all(clear)


def _largest(*arrays: Float[jax.Array, "..."]) -> tuple[Float[jax.Array, ""], ...]:
    """The largest magnitude in each of some arrays of one size, infinity where one holds a NaN; all in one pass."""
    sizes = [jnp.where(jnp.abs(a) < jnp.inf, jnp.abs(a), jnp.inf).reshape(-1) for a in arrays]

    def larger(a: tuple[jax.Array, ...], b: tuple[jax.Array, ...]) -> tuple[jax.Array, ...]:
        return tuple(map(jnp.maximum, a, b))

    return tuple(lax.reduce(tuple(sizes), tuple(jnp.zeros((), a.dtype) for a in sizes), larger, (0,)))


@jax.custom_batching.custom_vmap
def of_all(clear: Bool[jax.Array, "..."]) -> Bool[jax.Array, "..."]:
    """Whether it holds for every example: a choice that differed among them would have both branches computed."""
    return clear


@of_all.def_vmap
def _of_all_under_vmap(
    axis_size: int, batched: list[bool], clear: Bool[jax.Array, "..."]
) -> tuple[Bool[jax.Array, "..."], bool]:
    return of_all(jnp.all(clear)), False  # and so for a batch of batches


def _max_norm(ar: Jitted, a: Float[jax.Array, "..."], axis: int) -> Float[jax.Array, ""]:
    """The largest norm of a vector, and at least that also where squares or their sums underflow; or infinity."""
    if ar.cache_bytes is None:
        norms_squared = jnp.sum(a * a, axis)
    else:  # as a contraction, which is what XLA's CPU library is quick at
        squares = "...nd,...nd->...n" if axis == -1 else "...dn,...dn->...n"
        norms_squared = jnp.einsum(squares, a, a, precision=jax.lax.Precision.HIGHEST)
    max_norm = jnp.sqrt(jnp.max(norms_squared) + 2 * max(a.shape[-2:]) * jnp.finfo(a.dtype).tiny)
    # XLA's CPU library may leave a NaN out of a maximum. Asked entry by entry, because of a sum of these sums the
    # compiler makes one, for which it stores every square.
    return jnp.where(jnp.all(norms_squared < jnp.inf), max_norm, jnp.inf)
