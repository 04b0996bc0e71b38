"""Entrywise operations on tensors. Twin of `NN/Spec/Core/TensorOps.lean`."""

from __future__ import annotations

from collections.abc import Callable
from operator import add, mul

from mirror.arithmetic import Array
from mirror.links import mirrors
from mirror.spec.core.tensor.core import Tensor


@mirrors("Spec.Tensor.map2Spec")
def map2_spec(f: Callable[[Array, Array], Array], a: Tensor, b: Tensor) -> Tensor:
    """Apply an entrywise binary function; raises `ValueError` for tensors of two shapes."""
    if a.shape != b.shape:
        raise ValueError(f"map2Spec needs one shape, got {a.shape} and {b.shape}")
    # On flat vectors: arithmetic on a zero-dimensional numpy array would give a bare scalar.
    return Tensor(a.shape, f(a.entries.reshape(-1), b.entries.reshape(-1)).reshape(a.shape))


@mirrors("Spec.Tensor.mulSpec")
def mul_spec(a: Tensor, b: Tensor) -> Tensor:
    """The entrywise product."""
    return map2_spec(mul, a, b)


def add_spec(a: Tensor, b: Tensor) -> Tensor:
    """The entrywise sum (Lean's `addSpec`, outside the pinned closure)."""
    return map2_spec(add, a, b)
