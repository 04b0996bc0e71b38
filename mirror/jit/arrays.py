"""What is an array to the jitted block, and the queries, keys and values that go together.

Shapes are written as jaxtyping writes them, for readers and type checkers: nothing looks at them at run time, and
jaxtyping need not be installed. B is the batch, H the heads, n the positions, d the head dimension, D the model
dimension and F the hidden one; s queries meet t keys.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Protocol, Self, TypeVar

import jax
import numpy as np

if TYPE_CHECKING:
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
