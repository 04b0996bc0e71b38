"""Arrays on a mesh with explicit axes, as `jax.make_mesh` makes them: how they are split is part of their types."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import jax
from jax.sharding import NamedSharding

from mirror.jit.arrays import Given

if TYPE_CHECKING:
    from jaxtyping import Float, PyTree


def automatic(
    function: Callable[..., Float[jax.Array, "..."]], given: PyTree[Given], like: Given
) -> Callable[..., Float[jax.Array, "..."]]:
    """`function` of what is given, with explicit axes left to XLA: it reshapes axes that may be split.

    Its result lies as `like` does. Where there are no such axes it is the function itself.
    """
    meshes = [jax.typeof(a).sharding.mesh for a in jax.tree.leaves(given) if isinstance(a, jax.Array)]
    mesh = next((mesh for mesh in meshes if mesh.explicit_axes), None)
    if mesh is None:
        return function
    where = NamedSharding(mesh, jax.typeof(like).sharding.spec)
    by_xla = jax.sharding.auto_axes(function, axes=mesh.explicit_axes, out_sharding=where)
    return by_xla  # type: ignore[return-value] - to a type checker it may be a decorator
