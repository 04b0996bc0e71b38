"""Softmax on vectors and its derivative. Twin of `NN/Proofs/Autograd/FDeriv/Softmax.lean`."""

from __future__ import annotations

from mirror.arithmetic import Arithmetic, Scalar
from mirror.core.fderiv import vec_of_fun
from mirror.core.vectorization import Vec
from mirror.fderiv.elementwise import eval_clm
from mirror.linear_map import LinearFunction, LinearMap, entrywise
from mirror.links import link_as, mirrors

# Lean's `softmaxVecOfFun` is the same coercion from coordinate functions as `vecOfFun`.
softmax_vec_of_fun = vec_of_fun
link_as("Proofs.Autograd.softmaxVecOfFun", __name__, "softmax_vec_of_fun")


@mirrors("Proofs.Autograd.sumExp")
def sum_exp(ar: Arithmetic, x: Vec) -> Scalar:
    """Σ exp(x_i); 0 for the empty vector."""
    return ar.sum(ar.exp(x), axis=0)


@mirrors("Proofs.Autograd.softmaxVec")
def softmax_vec(ar: Arithmetic, x: Vec) -> Vec:
    """exp(x_i)/Σ_j exp(x_j), no maximum subtracted; the empty vector is left as it is."""
    if x.shape[0] == 0:
        return x
    return softmax_rows(ar, x.reshape(1, -1)).reshape(-1)


def softmax_rows(ar: Arithmetic, rows: Vec) -> Vec:
    """`softmax_vec` on each row of a matrix (m, n) or on the last axis of any array."""
    exponentials = ar.exp(rows)
    totals = ar.sum(exponentials, axis=-1)
    return exponentials * ar.inverse(totals).reshape(*totals.shape, 1)


def softmax_deriv_rows(ar: Arithmetic, y: Vec, dx: Vec) -> Vec:
    """y·dx - y·Σ y·dx along the last axis: softmax's derivative where its value is y."""
    weighted = y * dx
    totals = ar.sum(weighted, axis=-1)
    return weighted - y * totals.reshape(*totals.shape, 1)


@mirrors("Proofs.Autograd.dotCLM")
def dot_clm(y: Vec) -> LinearMap:
    """x ↦ Σ_j y_j·x_j, as a linear map into ℝ^1."""

    def apply(ar: Arithmetic, x: Vec) -> Vec:
        return ar.sum(y * x, axis=0).reshape(1)

    def adjoint(ar: Arithmetic, w: Vec) -> Vec:
        return y * w

    return LinearFunction(y.shape[0], 1, apply, adjoint)


@mirrors("Proofs.Autograd.softmaxDerivCoord")
def softmax_deriv_coord(ar: Arithmetic, x: Vec, i: int) -> LinearMap:
    """Coordinate i of softmax's derivative at x: dx ↦ y_i·dx_i - y_i·Σ_j y_j·dx_j."""
    y = softmax_vec(ar, x)
    y_i, minus_y_i = entrywise(y[i : i + 1]), entrywise(-y[i : i + 1])
    return y_i.comp(eval_clm(x.shape[0], i)) + minus_y_i.comp(dot_clm(y))


@mirrors("Proofs.Autograd.softmaxDerivCLM")
def softmax_deriv_clm(ar: Arithmetic, x: Vec) -> LinearMap:
    """dx ↦ (y_i·dx_i - y_i·Σ_j y_j·dx_j)_i with y = softmax(x); a symmetric matrix."""
    y = softmax_vec(ar, x)

    def derivative(ar: Arithmetic, dx: Vec) -> Vec:
        return softmax_deriv_rows(ar, y, dx)

    return LinearFunction(x.shape[0], x.shape[0], derivative, derivative)
