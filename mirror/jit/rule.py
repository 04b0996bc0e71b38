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

from mirror.jit.numbers import Jitted
from mirror.jit.plan import TileLayout

if TYPE_CHECKING:
    from jaxtyping import Bool, Float

# exp is exactly 0 below -103.98 in float32 and below -745.14 in float64, with denormals or without.
THRESHOLDS = {"float32": 105.0, "float64": 747.0}


def may_skip(
    ar: Jitted,
    layout: TileLayout,
    scale: Float[jax.Array, ""],
    q: Float[jax.Array, "HB n d"],
    kt: Float[jax.Array, "HB d n"],
    finite: Sequence[Float[jax.Array, "..."]],
) -> Bool[jax.Array, ""]:
    """Whether every dead tile of a batch may be skipped; `finite` must be finite.

    R is |c|·max‖q‖·max‖k‖. Every float operation behind s, m and R is off by at most u, relatively; 16·(d + 8)·u
    covers them all, and the last factor the rounding of q and k to what the matrix product takes.
    A NaN or an infinity anywhere makes the comparison false.
    """
    assert layout.gap is not None
    slack = 8 * (q.shape[-1] + 8) * float(jnp.finfo(q.dtype).eps)
    bound = _max_norm("...nd,...nd->...n", q) * _max_norm("...dn,...dn->...n", kt) * jnp.abs(scale) * (1 + slack)
    bound *= (1 + float(jnp.finfo(ar.operand).eps)) ** 2
    clear = layout.gap * (1 - slack) - 2 * bound > THRESHOLDS[q.dtype.name]
    for a in finite:
        clear &= jnp.isfinite(jnp.sum(a))  # of huge numbers the sum may overflow: then nothing is skipped
    return _of_all(clear)


@jax.custom_batching.custom_vmap
def _of_all(clear: Bool[jax.Array, "..."]) -> Bool[jax.Array, "..."]:
    """Whether it holds for every example: a choice that differed among them would have both branches computed."""
    return clear


@_of_all.def_vmap
def _of_all_under_vmap(
    axis_size: int, batched: list[bool], clear: Bool[jax.Array, "..."]
) -> tuple[Bool[jax.Array, "..."], bool]:
    return _of_all(jnp.all(clear)), False  # and so for a batch of batches


def _max_norm(squares: str, a: Float[jax.Array, "..."]) -> Float[jax.Array, ""]:
    """The largest norm of a vector, and at least that also where squares or their sums underflow; or infinity."""
    norms_squared = jnp.einsum(squares, a, a, precision=jax.lax.Precision.HIGHEST)
    max_norm = jnp.sqrt(jnp.max(norms_squared) + 2 * max(a.shape[-2:]) * jnp.finfo(a.dtype).tiny)
    # XLA's CPU library may leave a NaN out of a maximum. Asked entry by entry, because of a sum of these sums the
    # compiler makes one, for which it stores every square.
    return jnp.where(jnp.all(norms_squared < jnp.inf), max_norm, jnp.inf)
