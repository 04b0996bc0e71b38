"""Softmax on the rows of a flat matrix. Twin of `NN/Proofs/Autograd/Tape/Nodes/Softmax.lean`."""

from __future__ import annotations

from mirror.arithmetic import Arithmetic, Array
from mirror.core.fderiv import cast_clm, cast_vec
from mirror.core.vectorization import Vec
from mirror.fderiv.softmax import softmax_deriv_rows, softmax_rows
from mirror.linear_map import LinearFunction, LinearMap
from mirror.links import mirrors


@mirrors("Proofs.Autograd.TapeNodes.SoftmaxLastAxis.MNSize")
def mn_size(m: int, n: int) -> int:
    """m·n."""
    return m * n


@mirrors("Proofs.Autograd.TapeNodes.SoftmaxLastAxis.rows")
def rows(m: int, n: int, x: Vec) -> Array:
    """A flat vector as m rows of length n (an array of shape (m, n))."""
    return cast_vec(mn_size(m, n), x).reshape(m, n)


@mirrors("Proofs.Autograd.TapeNodes.SoftmaxLastAxis.unrows")
def unrows(m: int, n: int, r: Array) -> Vec:
    """The inverse of `rows`."""
    return r.reshape(mn_size(m, n))


@mirrors("Proofs.Autograd.TapeNodes.SoftmaxLastAxis.rowsCLM")
def rows_clm(m: int, n: int) -> LinearMap:
    """`rows` as a linear map, with its rows stored end to end: the identity."""
    return cast_clm(mn_size(m, n), m * n)


@mirrors("Proofs.Autograd.TapeNodes.SoftmaxLastAxis.unrowsCLM")
def unrows_clm(m: int, n: int) -> LinearMap:
    """`unrows` as a linear map, from rows stored end to end: the identity."""
    return cast_clm(m * n, mn_size(m, n))


@mirrors("Proofs.Autograd.TapeNodes.SoftmaxLastAxis.forwardMN")
def forward_mn(ar: Arithmetic, m: int, n: int, x: Vec) -> Vec:
    """Softmax of each row."""
    if m * n == 0:
        return x
    return unrows(m, n, softmax_rows(ar, rows(m, n, x)))


@mirrors("Proofs.Autograd.TapeNodes.SoftmaxLastAxis.derivMN")
def deriv_mn(ar: Arithmetic, m: int, n: int, x: Vec) -> LinearMap:
    """The row-block-diagonal derivative of softmax; a symmetric matrix."""
    y = rows(m, n, forward_mn(ar, m, n, x))

    def derivative(ar: Arithmetic, dx: Vec) -> Vec:
        return unrows(m, n, softmax_deriv_rows(ar, y, rows(m, n, dx)))

    return LinearFunction(m * n, m * n, derivative, derivative)
