"""Entrywise maps on vectors and their derivatives. Twin of `NN/Proofs/Autograd/FDeriv/Elementwise.lean`."""

from __future__ import annotations

from collections.abc import Callable

from mirror.arithmetic import Arithmetic, Array
from mirror.core.vectorization import Vec
from mirror.linear_map import LinearFunction, LinearMap, entrywise
from mirror.links import mirrors

# A real function applied entrywise, in any arithmetic.
RealFunction = Callable[[Arithmetic, Array], Array]


@mirrors("Proofs.Autograd.elemwiseVec")
def elemwise_vec(ar: Arithmetic, f: RealFunction, x: Vec) -> Vec:
    """f applied to every coordinate."""
    return f(ar, x)


@mirrors("Proofs.Autograd.evalCLM")
def eval_clm(n: int, i: int) -> LinearMap:
    """The i-th coordinate of ℝ^n, as a linear map into ℝ^1; raises `IndexError` for no such i."""
    if not 0 <= i < n:
        raise IndexError(f"coordinate {i} of a vector of length {n}")

    def apply(ar: Arithmetic, v: Vec) -> Vec:
        return v[i : i + 1]

    def adjoint(ar: Arithmetic, w: Vec) -> Vec:
        return ar.concat([ar.zeros(i), w, ar.zeros(n - i - 1)])

    return LinearFunction(n, 1, apply, adjoint)


@mirrors("Proofs.Autograd.elemwiseDerivCLM")
def elemwise_deriv_clm(ar: Arithmetic, f_prime: RealFunction, x: Vec) -> LinearMap:
    """dx ↦ f'(x_i)·dx_i, its own adjoint."""
    return entrywise(f_prime(ar, x))
