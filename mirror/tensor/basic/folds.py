"""The tensor dot product. Twin of `NN/Proofs/Tensor/Basic/Folds.lean`."""

from __future__ import annotations

from mirror.arithmetic import Arithmetic, Scalar
from mirror.links import mirrors
from mirror.spec.core.tensor.core import Tensor
from mirror.spec.core.tensor_ops import mul_spec
from mirror.spec.core.tensor_reduction_shape.reductions import sum_spec


@mirrors("Spec.dot")
def dot(ar: Arithmetic, a: Tensor, b: Tensor) -> Scalar:
    """The sum of entrywise products; raises `ValueError` for tensors of two shapes."""
    return sum_spec(ar, mul_spec(a, b))
