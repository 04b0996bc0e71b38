"""Per-head matrix products and row softmax. Twin of `NN/Proofs/Autograd/Tape/Nodes/Batched.lean`."""

from __future__ import annotations

from mirror.arithmetic import Arithmetic, Array
from mirror.core.fderiv import CtxVec, NodeFDerivCorrect, cast_clm, cast_vec
from mirror.core.soundness import Idx, Node
from mirror.core.vectorization import Vec
from mirror.linear_map import LinearFunction, LinearMap
from mirror.links import mirrors
from mirror.node_kinds import NodeKind, entry_of_rank
from mirror.nodes.context import get, get_clm, node_of_vec, single
from mirror.nodes.matrix import mat_size
from mirror.nodes.softmax import deriv_mn, forward_mn
from mirror.spec.core.shape import Context, Shape, size


@mirrors("Proofs.Autograd.TapeNodes.Batched.heads")
def heads(h: int, n: int, x: Vec) -> Array:
    """A flat vector as h vectors of length n (an array of shape (h, n))."""
    return cast_vec(h * n, x).reshape(h, n)


@mirrors("Proofs.Autograd.TapeNodes.Batched.unheads")
def unheads(h: int, n: int, r: Array) -> Vec:
    """The inverse of `heads`."""
    return r.reshape(h * n)


@mirrors("Proofs.Autograd.TapeNodes.Batched.headsCLM")
def heads_clm(h: int, n: int) -> LinearMap:
    """`heads` as a linear map, with the heads stored end to end: the identity."""
    return cast_clm(h * n, h * n)


@mirrors("Proofs.Autograd.TapeNodes.Batched.unheadsCLM")
def unheads_clm(h: int, n: int) -> LinearMap:
    """`unheads` as a linear map, from heads stored end to end: the identity."""
    return cast_clm(h * n, h * n)


@mirrors("Proofs.Autograd.TapeNodes.Batched.HMatSize")
def h_mat_size(h: int, m: int, n: int) -> int:
    """h · (size of an m × n matrix)."""
    return h * mat_size(m, n)


def _transposed(h: int, m: int, n: int, a: Vec) -> Vec:
    return a.reshape(h, m, n).swapaxes(1, 2).reshape(h * n * m)


def batched_product(ar: Arithmetic, h: int, m: int, n: int, p: int, a: Vec, b: Vec) -> Vec:
    """The product of A (h, m, n) and B (h, n, p), head by head, on flat vectors."""
    return ar.matmul(a.reshape(h, m, n), b.reshape(h, n, p)).reshape(h * m * p)


@mirrors("Proofs.Autograd.TapeNodes.Batched.matmulBilin")
def matmul_bilin(ar: Arithmetic, h: int, m: int, n: int, p: int, a: Vec) -> LinearMap:
    """The linear map B ↦ AB, head by head, at a flat A; its adjoint is δ ↦ Aᵀδ."""
    transposed = _transposed(h, m, n, a)

    def apply(ar: Arithmetic, b: Vec) -> Vec:
        return batched_product(ar, h, m, n, p, a, b)

    def adjoint(ar: Arithmetic, delta: Vec) -> Vec:
        return batched_product(ar, h, n, m, p, transposed, delta)

    return LinearFunction(h * n * p, h * m * p, apply, adjoint)


def _flipped_bilin(h: int, m: int, n: int, p: int, b: Vec) -> LinearMap:
    """The linear map A ↦ AB at a flat B; its adjoint is δ ↦ δBᵀ."""
    transposed = _transposed(h, n, p, b)

    def apply(ar: Arithmetic, a: Vec) -> Vec:
        return batched_product(ar, h, m, n, p, a, b)

    def adjoint(ar: Arithmetic, delta: Vec) -> Vec:
        return batched_product(ar, h, m, p, n, delta, transposed)

    return LinearFunction(h * m * n, h * m * p, apply, adjoint)


@mirrors("Proofs.Autograd.TapeNodes.Batched.matmul")
def matmul(a: Idx, b: Idx) -> Node:
    """The per-head product of entries [h, m, n] and [h, n, p]; raises `ValueError` where they do not meet."""
    if len(a.shape) != 3 or len(b.shape) != 3 or (a.shape[0], a.shape[2]) != (b.shape[0], b.shape[1]):
        raise ValueError(
            f"batched matmul needs shapes [h, m, n] and [h, n, p], got {a.shape} at {a.i} and {b.shape} at {b.i}"
        )
    (h, m, n), p = a.shape, b.shape[2]

    def jvp(ar: Arithmetic, x: CtxVec, dx: CtxVec) -> Vec:
        left = batched_product(ar, h, m, n, p, get(a, x), get(b, dx))
        return left + batched_product(ar, h, m, n, p, get(a, dx), get(b, x))

    def vjp(ar: Arithmetic, x: CtxVec, delta: Vec) -> CtxVec:
        # The adjoint of the bilinear derivative at x: (δ·Bᵀ, Aᵀ·δ).
        to_a = _flipped_bilin(h, m, n, p, get(b, x)).apply_adjoint(ar, delta)
        to_b = matmul_bilin(ar, h, m, n, p, get(a, x)).apply_adjoint(ar, delta)
        return single(ar, a, to_a) + single(ar, b, to_b)

    return node_of_vec(
        a.context,
        Shape(h, m, p),
        lambda ar, x: batched_product(ar, h, m, n, p, get(a, x), get(b, x)),
        jvp,
        vjp,
        kind="matmul",
        inputs=(a, b),
    )


@mirrors("Proofs.Autograd.TapeNodes.Batched.matmulFderiv")
def matmul_certificate(node: Node) -> NodeFDerivCorrect:
    """The certificate of the batched product: dx ↦ A·dB + dA·B, at the point x."""
    a, b = node.inputs
    (h, m, n), p = a.shape, b.shape[2]

    def deriv(ar: Arithmetic, x: CtxVec) -> LinearMap:
        through_b = matmul_bilin(ar, h, m, n, p, get(a, x)).comp(get_clm(b))
        return through_b + _flipped_bilin(h, m, n, p, get(b, x)).comp(get_clm(a))

    return NodeFDerivCorrect(node, deriv)


@mirrors("Proofs.Autograd.TapeNodes.Batched.softmaxLast")
def softmax_last(idx: Idx) -> Node:
    """Softmax over the last axis of [h, m, n], each row by itself; raises `ValueError` for another rank."""
    if len(idx.shape) != 3:
        raise ValueError(f"softmaxLast needs an index of an entry [h, m, n], got shape {idx.shape}")
    h, m, n = idx.shape

    def derivative(ar: Arithmetic, x: CtxVec) -> LinearMap:
        return _softmax_deriv(ar, h, m, n, get(idx, x))

    return node_of_vec(
        idx.context,
        idx.shape,
        lambda ar, x: _softmax(ar, h, m, n, get(idx, x)),
        lambda ar, x, dx: derivative(ar, x).apply(ar, get(idx, dx)),
        lambda ar, x, delta: single(ar, idx, derivative(ar, x).apply_adjoint(ar, delta)),
        kind="softmaxLast",
        inputs=(idx,),
    )


# All heads' rows are independent, so h heads of m rows are h·m rows.
def _softmax(ar: Arithmetic, h: int, m: int, n: int, x: Vec) -> Vec:
    return forward_mn(ar, h * m, n, x)


def _softmax_deriv(ar: Arithmetic, h: int, m: int, n: int, x: Vec) -> LinearMap:
    return deriv_mn(ar, h * m, n, x)


@mirrors("Proofs.Autograd.TapeNodes.Batched.softmaxLastFderiv")
def softmax_last_certificate(node: Node) -> NodeFDerivCorrect:
    """Softmax's certificate: it is differentiable everywhere."""
    (idx,) = node.inputs
    h, m, n = idx.shape

    def deriv(ar: Arithmetic, x: CtxVec) -> LinearMap:
        inner = cast_clm(size(idx.shape), h * m * n).comp(get_clm(idx))
        return _softmax_deriv(ar, h, m, n, get(idx, x)).comp(inner)

    return NodeFDerivCorrect(node, deriv)


# ---- the kinds of this module


def two_that_multiply(context: Context) -> list[tuple[int, ...]]:
    """Two entries [h, m, n] and [h, n, p]."""
    cubes = [(i, s) for i, s in enumerate(context) if len(s) == 3]
    return [(i, j) for i, a in cubes for j, b in cubes if (a[0], a[2]) == (b[0], b[1])]


MATMUL = NodeKind.of("matmul", matmul, reads=two_that_multiply, certificate=matmul_certificate, rational=True)
SOFTMAX_LAST = NodeKind.of("softmaxLast", softmax_last, reads=entry_of_rank(3), certificate=softmax_last_certificate)
