"""Matrices on flat row-major vectors: products, broadcasts, row sums and row means.

Twin of `NN/Proofs/Autograd/Tape/Nodes/Matrix.lean`.
"""

from __future__ import annotations

from flint import fmpq

from mirror.arithmetic import Arithmetic
from mirror.core.fderiv import NodeFDerivCorrect
from mirror.core.soundness import Idx, Node
from mirror.core.vectorization import Vec
from mirror.linear_map import LinearFunction, LinearMap, scaled
from mirror.links import mirrors
from mirror.node_kinds import NodeKind, Parameter, entry_of_rank
from mirror.nodes.context import get, get_clm, node_of_vec, single
from mirror.spec.core.shape import Shape, size


@mirrors("Proofs.Autograd.TapeNodes.Matmul.matSize")
def mat_size(m: int, n: int) -> int:
    """The size of an m × n matrix."""
    return size(Shape(m, n))


@mirrors("Proofs.Autograd.TapeNodes.Matmul.vecSize")
def vec_size(n: int) -> int:
    """The size of a vector of length n."""
    return size(Shape(n))


@mirrors("Proofs.Autograd.TapeNodes.Matmul.idxMN")
def idx_mn(m: int, n: int, i: int, j: int) -> int:
    """The flat position j + n·i of entry (i, j); raises `IndexError` outside the matrix."""
    if not (0 <= i < m and 0 <= j < n):
        raise IndexError(f"entry ({i}, {j}) of a matrix of shape [{m}, {n}]")
    return j + n * i


@mirrors("Proofs.Autograd.TapeNodes.Matmul.matmulVec")
def matmul_vec(ar: Arithmetic, m: int, n: int, p: int, a: Vec, b: Vec) -> Vec:
    """(AB)_ik = Σ_j A_ij·B_jk for flat A (m × n) and B (n × p)."""
    return ar.matmul(a.reshape(m, n), b.reshape(n, p)).reshape(m * p)


# Lean packages the same product as a continuous bilinear map.
@mirrors("Proofs.Autograd.TapeNodes.Matmul.matmulBilin")
def matmul_bilin(ar: Arithmetic, m: int, n: int, p: int, a: Vec) -> LinearMap:
    """The linear map B ↦ AB at a flat matrix A; its adjoint is δ ↦ Aᵀδ."""
    transposed = a.reshape(m, n).swapaxes(0, 1).reshape(m * n)

    def apply(ar: Arithmetic, b: Vec) -> Vec:
        return matmul_vec(ar, m, n, p, a, b)

    def adjoint(ar: Arithmetic, delta: Vec) -> Vec:
        return matmul_vec(ar, n, m, p, transposed, delta)

    return LinearFunction(n * p, m * p, apply, adjoint)


@mirrors("Proofs.Autograd.TapeNodes.MatrixLinear.broadcastRowCLM")
def broadcast_row_clm(m: int, n: int) -> LinearMap:
    """v ∈ ℝ^m ↦ the m × n matrix with entry (i, j) = v_i; its adjoint sums the rows."""

    def apply(ar: Arithmetic, v: Vec) -> Vec:
        return (v.reshape(m, 1) + ar.zeros((m, n))).reshape(m * n)

    def adjoint(ar: Arithmetic, w: Vec) -> Vec:
        return ar.sum(w.reshape(m, n), axis=1)

    return LinearFunction(m, m * n, apply, adjoint)


@mirrors("Proofs.Autograd.TapeNodes.MatrixLinear.broadcastColCLM")
def broadcast_col_clm(m: int, n: int) -> LinearMap:
    """v ∈ ℝ^n ↦ the m × n matrix with entry (i, j) = v_j; its adjoint sums the columns."""

    def apply(ar: Arithmetic, v: Vec) -> Vec:
        return (v.reshape(1, n) + ar.zeros((m, n))).reshape(m * n)

    def adjoint(ar: Arithmetic, w: Vec) -> Vec:
        return ar.sum(w.reshape(m, n), axis=0)

    return LinearFunction(n, m * n, apply, adjoint)


@mirrors("Proofs.Autograd.TapeNodes.MatrixLinear.rowSumCLM")
def row_sum_clm(m: int, n: int) -> LinearMap:
    """The row sums of an m × n matrix; the adjoint broadcasts along rows."""
    return broadcast_row_clm(m, n).adjoint


@mirrors("Proofs.Autograd.TapeNodes.MatrixLinear.rowMeanCLM")
def row_mean_clm(m: int, n: int) -> LinearMap:
    """(1/n)·row sums, with n the number of columns; 1/0 = 0, so a mean over nothing is 0."""
    return scaled(fmpq(1, n) if n else fmpq(0), row_sum_clm(m, n))


def _linear_node(kind: str, idx: Idx, shape: Shape, linear: LinearMap) -> Node:
    return node_of_vec(
        idx.context,
        shape,
        lambda ar, x: linear(ar, get(idx, x)),
        lambda ar, x, dx: linear(ar, get(idx, dx)),
        lambda ar, x, delta: single(ar, idx, linear.apply_adjoint(ar, delta)),
        kind=kind,
        inputs=(idx,),
        parameters={"linear": linear},
    )


def _require_rank(idx: Idx, rank: int, name: str) -> None:
    if len(idx.shape) != rank:
        raise ValueError(f"{name} needs an index of an entry with {rank} dimensions, got shape {idx.shape}")


def _linear_certificate(node: Node) -> NodeFDerivCorrect:
    deriv = node.parameters["linear"].comp(get_clm(node.inputs[0]))
    return NodeFDerivCorrect(node, lambda ar, x: deriv)


@mirrors("Proofs.Autograd.TapeNodes.broadcastRow")
def broadcast_row(idx: Idx, n: int) -> Node:
    """[m] to [m, n], constant along each row; the cotangent is summed along rows."""
    _require_rank(idx, 1, "broadcastRow")
    m = idx.shape[0]
    return _linear_node("broadcastRow", idx, Shape(m, n), broadcast_row_clm(m, n))


@mirrors("Proofs.Autograd.TapeNodes.broadcastRowFderiv")
def broadcast_row_certificate(node: Node) -> NodeFDerivCorrect:
    """The certificate of a linear node: the map itself after `get`."""
    return _linear_certificate(node)


@mirrors("Proofs.Autograd.TapeNodes.broadcastCol")
def broadcast_col(idx: Idx, m: int) -> Node:
    """[n] to [m, n], the same vector in every row; the cotangent is summed along columns."""
    _require_rank(idx, 1, "broadcastCol")
    n = idx.shape[0]
    return _linear_node("broadcastCol", idx, Shape(m, n), broadcast_col_clm(m, n))


@mirrors("Proofs.Autograd.TapeNodes.broadcastColFderiv")
def broadcast_col_certificate(node: Node) -> NodeFDerivCorrect:
    """The certificate of a linear node: the map itself after `get`."""
    return _linear_certificate(node)


@mirrors("Proofs.Autograd.TapeNodes.rowMean")
def row_mean(idx: Idx) -> Node:
    """[m, n] to [m], the mean over the last axis; raises `ValueError` for another rank."""
    _require_rank(idx, 2, "rowMean")
    m, n = idx.shape
    return _linear_node("rowMean", idx, Shape(m), row_mean_clm(m, n))


@mirrors("Proofs.Autograd.TapeNodes.rowMeanFderiv")
def row_mean_certificate(node: Node) -> NodeFDerivCorrect:
    """The certificate of a linear node: the map itself after `get`."""
    return _linear_certificate(node)


# ---- the kinds of this module

BROADCAST_ROW = NodeKind.of(
    "broadcastRow",
    broadcast_row,
    reads=entry_of_rank(1),
    parameters={"n": Parameter.DIMENSION},
    certificate=broadcast_row_certificate,
    rational=True,
)
BROADCAST_COL = NodeKind.of(
    "broadcastCol",
    broadcast_col,
    reads=entry_of_rank(1),
    parameters={"m": Parameter.DIMENSION},
    certificate=broadcast_col_certificate,
    rational=True,
)
ROW_MEAN = NodeKind.of("rowMean", row_mean, reads=entry_of_rank(2), certificate=row_mean_certificate, rational=True)
