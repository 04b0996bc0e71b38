"""Numbers of NumPy in fewer bits than their dtype has."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np

BFLOAT16 = jnp.dtype("bfloat16")
# The bits of a float32 that tf32 does not have.
_DROPPED = 13


def in_bfloat16(a: np.ndarray) -> np.ndarray:
    """The array rounded to bfloat16, in its own dtype again."""
    return a.astype(BFLOAT16).astype(a.dtype)


def in_tf32(a: np.ndarray) -> np.ndarray:
    """The float32 array rounded to the 11 bits of tf32, ties to even."""
    bits = np.ascontiguousarray(a, np.float32).view(np.uint32)
    odd = (bits >> _DROPPED) & 1
    half = np.uint32((1 << (_DROPPED - 1)) - 1)
    return ((bits + half + odd) >> _DROPPED << _DROPPED).view(np.float32)


def working(a: np.ndarray) -> np.ndarray:
    """The array in what a kernel computes in: bfloat16 is only stored."""
    return a.astype(np.float32) if a.dtype == BFLOAT16 else a
