"""Row-major flattening. Twin of `NN/Spec/Core/TensorReductionShape/ShapeChange.lean`."""

from __future__ import annotations

from mirror.links import mirrors
from mirror.spec.core.shape import Shape, size
from mirror.spec.core.tensor.core import Tensor


@mirrors("Spec.Tensor.flattenSpec")
def flatten_spec(t: Tensor) -> Tensor:
    """The entries as a vector: position i reads outer slice i / size s at inner position i % size s."""
    return Tensor(Shape(size(t.shape)), t.entries.reshape(-1))


@mirrors("Spec.Tensor.unflattenSpec")
def unflatten_spec(shape: Shape, v: Tensor) -> Tensor:
    """The inverse of `flatten_spec`; raises `ValueError` for a vector of another length."""
    if v.shape != (size(shape),):
        raise ValueError(f"shape {shape} unflattens a vector of length {size(shape)}, got shape {v.shape}")
    return Tensor(shape, v.entries.reshape(shape))
