"""Second derivatives of what cuDNN or a kernel computes: neither has one of its own, so XLA's formulas give it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import jax
import jax.numpy as jnp
import numpy as np

if TYPE_CHECKING:
    from jaxtyping import PyTree

T = TypeVar("T")
K = TypeVar("K")


@partial(jax.custom_jvp, nondiff_argnums=(0, 1))
def differentiated_as(plain: Callable[..., T], run: Callable[..., tuple[T, K]], *arguments: PyTree) -> tuple[T, K]:
    """`run(*arguments)`, a result and what is kept, with the derivative of `plain`, which gives the result alone.

    What is kept has none: whoever uses it computes it anew where that is differentiated.
    """
    return run(*arguments)


@differentiated_as.defjvp
def _as_plain(
    plain: Callable[..., T], run: Callable[..., tuple[T, K]], primals: PyTree, tangents: PyTree
) -> tuple[tuple[T, K], tuple[T, K]]:
    found = differentiated_as(plain, run, *primals)
    _, tangent = jax.jvp(plain, primals, tangents)
    return found, (tangent, jax.tree.map(_no_tangent, found[1]))


def _no_tangent(a: jax.Array) -> jax.Array | np.ndarray:
    return jnp.zeros_like(a) if jnp.issubdtype(a.dtype, jnp.inexact) else np.zeros(a.shape, jax.dtypes.float0)
