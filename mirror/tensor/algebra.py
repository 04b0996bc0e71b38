"""One-dimensional tensors as functions of a position. Twin of `NN/Proofs/Tensor/Algebra.lean`."""

from __future__ import annotations

from mirror.arithmetic import Array
from mirror.links import mirrors
from mirror.spec.core.shape import Shape
from mirror.spec.core.tensor.core import Tensor


@mirrors("Proofs.TensorAlgebra.toVec")
def to_vec(t: Tensor) -> Array:
    """The entries of a one-dimensional tensor; raises `ValueError` for any other shape."""
    if len(t.shape) != 1:
        raise ValueError(f"toVec needs a one-dimensional tensor, got shape {t.shape}")
    return t.entries


@mirrors("Proofs.TensorAlgebra.ofVec")
def of_vec(v: Array) -> Tensor:
    """The one-dimensional tensor of a vector."""
    return Tensor(Shape(*v.shape), v)
