"""Tensors indexed by their shape. Twin of `NN/Spec/Core/Tensor/Core.lean`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mirror.arithmetic import Arithmetic, Array, rational_vector
from mirror.links import mirrors
from mirror.spec.core.shape import Shape, size


@mirrors("Spec.Tensor")
@dataclass(frozen=True, slots=True, eq=False)
class Tensor:
    """Entries of some arithmetic in an array whose shape is the tensor's shape.

    Raises `ValueError` where the array's shape is another one.
    """

    shape: Shape
    entries: Array

    def __post_init__(self) -> None:
        if tuple(self.entries.shape) != tuple(self.shape):
            raise ValueError(f"entries of shape {tuple(self.entries.shape)} for a tensor of shape {self.shape}")

    def slices(self) -> list[Tensor]:
        """The sub-tensors along the outermost dimension; raises `ValueError` for a scalar."""
        if not self.shape:
            raise ValueError("a scalar tensor has no outer dimension")
        inner = Shape(*self.shape[1:])
        return [Tensor(inner, self.entries[i : i + 1].reshape(inner)) for i in range(self.shape[0])]


def tensor(shape: Shape, values: Sequence[Any]) -> Tensor:
    """A tensor of exact rationals from its entries in row-major order.

    Raises `ValueError` where the count of entries is not the shape's size.
    """
    flat = rational_vector(values)
    if flat.size != size(shape):
        raise ValueError(f"shape {shape} has {size(shape)} entries, got {flat.size}")
    return Tensor(shape, flat.reshape(shape))


def fill(ar: Arithmetic, value: Any, shape: Shape) -> Tensor:
    """The constant tensor (Lean's `Spec.fill`, outside the pinned closure)."""
    # Filled flat: arithmetic on a zero-dimensional numpy array would give a bare scalar.
    return Tensor(shape, (ar.zeros(size(shape)) + value).reshape(shape))
