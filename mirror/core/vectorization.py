"""Euclidean vectors. Twin of `NN/Proofs/Autograd/Core/Vectorization.lean`."""

from __future__ import annotations

from mirror.arithmetic import Arithmetic, Array, Scalar
from mirror.links import link_as, mirrors
from mirror.spec.core.tensor.core import Tensor
from mirror.tensor.algebra import of_vec, to_vec

# A vector of ℝ^n: a flat array of n entries of some arithmetic.
Vec = Array
link_as("Proofs.Autograd.Vec", __name__, "Vec")


@mirrors("Proofs.Autograd.toVecE")
def to_vec_e(t: Tensor) -> Vec:
    """A one-dimensional tensor as a Euclidean vector."""
    return to_vec(t)


@mirrors("Proofs.Autograd.ofVecE")
def of_vec_e(v: Vec) -> Tensor:
    """A Euclidean vector as a one-dimensional tensor."""
    return of_vec(v)


def inner(ar: Arithmetic, x: Vec, y: Vec) -> Scalar:
    """The Euclidean inner product Σ x_i·y_i (Mathlib's `inner ℝ`); the lengths must agree."""
    if x.shape != y.shape:
        raise ValueError(f"inner product of vectors of shapes {x.shape} and {y.shape}")
    return ar.sum(x * y, axis=0)
