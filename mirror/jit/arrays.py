"""What is an array to the jitted block, and the queries, keys and values that go together.

Shapes are written as jaxtyping writes them, for readers and type checkers: nothing looks at them at run time, and
jaxtyping need not be installed. B is the batch, H the heads, n the positions, d the head dimension, D the model
dimension and F the hidden one; s queries meet t keys.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Protocol, Self, TypeVar

import jax
import jax.numpy as jnp
import numpy as np

if TYPE_CHECKING:
    from jax.typing import DTypeLike
    from jaxtyping import Shaped

# What a user may pass: an array of either library.
Given = jax.Array | np.ndarray


class KernelArray(Protocol):
    """What the formulas ask of an array, in whatever number system."""

    @property
    def shape(self) -> tuple[int, ...]: ...
    def __getitem__(self, key: Any, /) -> Self: ...
    def __add__(self, other: Any, /) -> Self: ...
    def __sub__(self, other: Any, /) -> Self: ...
    def __mul__(self, other: Any, /) -> Self: ...
    def __rsub__(self, other: Any, /) -> Self: ...
    def reshape(self, *shape: Any) -> Self: ...
    def swapaxes(self, a: int, b: int, /) -> Self: ...


A = TypeVar("A", bound=KernelArray)
# An entry of a record: an array, or what there is one of for each array, such as where it lies.
E = TypeVar("E", covariant=True)
AddBias = Callable[[A], A]


def lowest(dtype: DTypeLike) -> float:
    """Half of the least finite number: no weight is left so far below a row's max, and a score added overflows not."""
    return -0.5 * float(jnp.finfo(dtype).max)


def narrowed(array: Given, dtype: DTypeLike) -> Given:
    """An array of the host in `dtype` if it is in float64, as NumPy's mostly are; any other as it is.

    JAX would read it by its 64-bit mode, once where a program is traced and again where that is compiled or run, and
    a user may turn the mode on in between.
    """
    if not isinstance(array, np.ndarray) or array.dtype != np.float64:
        return array
    with np.errstate(over="ignore"):  # infinity, as it is to JAX
        return array.astype(dtype)


def aligned(vector: Shaped[A, "..."], like: Shaped[A, "..."]) -> Shaped[A, "..."]:
    """`vector` with as many axes as `like`, those of length 1 first: some users forbid JAX to add them itself."""
    missing = len(like.shape) - len(vector.shape)
    return vector.reshape(*(1,) * missing, *vector.shape) if missing else vector


class QKV(NamedTuple, Generic[E]):
    """Queries, transposed keys and values, or what there is one of for each; the batch axes are any."""

    q: Shaped[E, "*B s d"]
    kt: Shaped[E, "*B d t"]
    v: Shaped[E, "*B t d"]


class NormWeights(NamedTuple, Generic[E]):
    """γ and β of both norms, or what there is one of for each: (D,), or with batch axes."""

    gamma1: Shaped[E, "... D"]
    beta1: Shaped[E, "... D"]
    gamma2: Shaped[E, "... D"]
    beta2: Shaped[E, "... D"]
