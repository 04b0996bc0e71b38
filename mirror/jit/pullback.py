"""A jitted function with a pullback written by hand, which has no cotangent for what the theorem keeps fixed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from typing import TYPE_CHECKING, TypeVar

import jax
from jax.custom_derivatives import custom_vjp_primal_tree_values

if TYPE_CHECKING:
    from jaxtyping import PyTree

T = TypeVar("T")


def with_pullback(
    forward: Callable[..., tuple[jax.Array, PyTree]], pullback: Callable[..., PyTree], *, static: int, fixed: str
) -> Callable[..., jax.Array]:
    """`forward`, jitted and differentiable by `pullback`.

    `forward` takes `static` arguments that the program is compiled for, then one that is differentiated, then those
    that are `fixed`, in words; it gives the output and what to save. `pullback` takes the same arguments, what was
    saved and a cotangent of the output; it gives the cotangent of the argument that is differentiated. Differentiating
    a fixed one raises `TypeError`.
    """

    @partial(jax.custom_vjp, nondiff_argnums=tuple(range(static)))
    @wraps(forward)
    def function(*arguments: PyTree) -> jax.Array:
        return forward(*arguments)[0]

    def saving(*arguments: PyTree) -> tuple[jax.Array, PyTree]:
        traced = without_tangent(fixed, arguments[static:])
        out, saved = forward(*arguments[:static], *traced)
        return out, (traced, saved)

    def cotangents(*arguments: PyTree) -> tuple[PyTree, ...]:
        *compiled_for, (traced, saved), g = arguments
        return pullback(*compiled_for, *traced, saved, g), *[None] * (len(traced) - 1)

    function.defvjp(saving, cotangents, symbolic_zeros=True)
    return jax.jit(function, static_argnums=tuple(range(static)))


def without_tangent(fixed: str, arguments: tuple[T, ...]) -> tuple[T, ...]:
    """The plain values; raises `TypeError` where somebody differentiates with respect to any but the first.

    A gradient of 0 would be wrong and nobody would notice.
    """
    if any(leaf.perturbed for leaf in jax.tree.leaves(arguments[1:])):
        raise TypeError(
            f"the pullback has no cotangent for {fixed}: the theorem differentiates the context entries alone; "
            "differentiate with respect to them, or apply jax.lax.stop_gradient to the others"
        )
    return custom_vjp_primal_tree_values(arguments)
