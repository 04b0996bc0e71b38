"""A jitted function with a pullback written by hand, which has no cotangent for what the theorem keeps fixed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from typing import TYPE_CHECKING, NoReturn, TypeVar

import jax
from jax import lax

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
    def differentiable(*arguments: PyTree) -> jax.Array:
        return forward(*arguments)[0]

    def saving(*arguments: PyTree) -> tuple[jax.Array, PyTree]:
        out, saved = forward(*arguments)
        return out, (arguments[static:], saved)

    def cotangents(*arguments: PyTree) -> tuple[PyTree, ...]:
        *compiled_for, (traced, saved), g = arguments
        return pullback(*compiled_for, *traced, saved, g), *[None] * (len(traced) - 1)

    differentiable.defvjp(saving, cotangents)

    @wraps(forward)
    def function(*arguments: PyTree) -> jax.Array:
        first, *rest = varying_alike(arguments[static:])
        return differentiable(*arguments[:static], first, *without_tangent(fixed, rest))

    return jax.jit(function, static_argnums=tuple(range(static)))


@partial(jax.custom_jvp, nondiff_argnums=(0,))
def without_tangent(fixed: str, arguments: T) -> T:
    """The arguments themselves; raises `TypeError` where somebody differentiates with respect to any of them.

    A gradient of 0 would be wrong and nobody would notice. This stands before the custom VJP and not in its forward
    rule: of a rule that raises, JAX has forgotten what it knew of its results, and keeps the traces that need it.
    """
    return arguments


@without_tangent.defjvp
def _refused(fixed: str, primals: PyTree, tangents: PyTree) -> NoReturn:
    raise TypeError(
        f"the pullback has no cotangent for {fixed}: the theorem differentiates the context entries alone; "
        "differentiate with respect to them, or apply jax.lax.stop_gradient to the others"
    )


def varying_alike(arguments: T) -> T:
    """The arguments, each varying over the axes of a `jax.shard_map` of the user's that any of them varies over.

    So the cotangent of what several devices share is summed over them, as JAX does for its own operations.
    """
    leaves = jax.tree.leaves(arguments)
    axes = frozenset[str]().union(*(_varies_over(a) for a in leaves))
    return jax.tree.map(partial(_varying, axes), arguments)


def _varies_over(a: jax.Array) -> frozenset[str]:
    return jax.typeof(a).manual_axis_type.varying  # pyright: ignore


def _varying(axes: frozenset[str], a: jax.Array) -> jax.Array:
    missing = tuple(sorted(axes - _varies_over(a)))
    return lax.pcast(a, missing, to="varying") if missing else a
