"""Faults of nodes that add, multiply and broadcast, and of certificates."""

from __future__ import annotations

from typing import Any

from flint import fmpq

from mirror.core.fderiv import NodeFDerivCorrect
from mirror.linear_map import LinearFunction, LinearMap
from mirror.nodes.batched import batched_product
from mirror.nodes.context import get, single
from tests.faults.fault import fault, node_fault

_NODES = "Proofs.Autograd.TapeNodes."


def _only_to(position: int) -> Any:
    return lambda node: lambda ar, x, delta: single(ar, node.inputs[position], delta)


def _sub_adds(node: Any) -> Any:
    a, b = node.inputs
    return lambda ar, x, delta: single(ar, a, delta) + single(ar, b, delta)


def _mul_wrong_factor(node: Any) -> Any:
    a, b = node.inputs
    return lambda ar, x, delta: single(ar, a, delta * get(a, x)) + single(ar, b, delta * get(b, x))


def _mul_half(node: Any) -> Any:
    a, b = node.inputs
    return lambda ar, x, delta: single(ar, a, delta * get(b, x))


def _affine_untransposed(node: Any) -> Any:
    (idx,), a = node.inputs, node.parameters["A"]
    if a.domain != a.codomain:
        return node.vec.vjp
    return lambda ar, x, delta: single(ar, idx, a.apply(ar, delta))


def _affine_jvp_with_shift(node: Any) -> Any:
    return lambda ar, x, dx: node.vec.forward(ar, dx)


def _affine_without_shift(node: Any) -> Any:
    return lambda ar, x: node.parameters["A"](ar, get(node.inputs[0], x))


def unscaled(node: Any) -> Any:
    return lambda ar, x, delta: single(ar, node.inputs[0], delta)


def _matmul_untransposed(node: Any) -> Any:
    a, b = node.inputs
    (h, m, n), p = a.shape, b.shape[2]

    def vjp(ar: Any, x: Any, delta: Any) -> Any:
        right = node.vec.vjp(ar, x, delta)
        if m != n:
            return right
        to_b = batched_product(ar, h, n, m, p, get(a, x), delta)
        correct = batched_product(ar, h, n, m, p, get(a, x).reshape(h, m, n).swapaxes(1, 2).reshape(-1), delta)
        return right + single(ar, b, to_b) - single(ar, b, correct)

    return vjp


def _adjoint_of(change: Any) -> Any:
    """A fault of a linear map's adjoint alone."""

    def breaks(original: Any) -> Any:
        def faulty(m: int, n: int) -> LinearMap:
            right = original(m, n)
            return LinearFunction(right.domain, right.codomain, right.apply, lambda ar, w: change(ar, m, n, right, w))

        return faulty

    return breaks


def _mean_of_rows(ar: Any, m: int, n: int, right: Any, w: Any) -> Any:
    return right.apply_adjoint(ar, w) * ar.constant(fmpq(1, max(n, 1)))


def _first_row_only(ar: Any, m: int, n: int, right: Any, w: Any) -> Any:
    return w.reshape(m, n)[0] if m else right.apply_adjoint(ar, w)


def _adjoint_doubled(original: Any) -> Any:
    """A certificate whose derivative is right, and whose adjoint is that of twice the derivative."""

    def certificate(node: Any) -> NodeFDerivCorrect:
        right = original(node)

        def deriv(ar: Any, x: Any) -> LinearFunction:
            d = right.deriv(ar, x)
            return LinearFunction(d.domain, d.codomain, d, lambda a, w: d.apply_adjoint(a, w) * a.constant(fmpq(2)))

        return NodeFDerivCorrect(node, deriv)

    return certificate


def _without_division(ar: Any, m: int, n: int, right: Any, w: Any) -> Any:
    return right.apply_adjoint(ar, w) * ar.constant(fmpq(n))


FAULTS = (
    fault(
        "add: cotangent to the first summand only",
        _NODES + "add",
        "Proofs.Autograd.Node.correct_inner",
        "nodes.arithmetic:add",
        node_fault(vjp=_only_to(0)),
    ),
    fault(
        "sub: cotangent with the wrong sign",
        _NODES + "sub",
        "Proofs.Autograd.Node.correct_inner",
        "nodes.arithmetic:sub",
        node_fault(vjp=_sub_adds),
    ),
    fault(
        "mul: cotangent with the other factor",
        _NODES + "mul",
        "Proofs.Autograd.Node.correct_inner",
        "nodes.arithmetic:mul",
        node_fault(vjp=_mul_wrong_factor),
    ),
    fault(
        "mul: a square's cotangent once",
        _NODES + "mul",
        "Proofs.Autograd.Node.correct_inner",
        "nodes.arithmetic:mul",
        node_fault(vjp=_mul_half),
    ),
    fault(
        "affine: A instead of its transpose",
        _NODES + "affine",
        "Proofs.Autograd.Node.correct_inner",
        "nodes.arithmetic:affine",
        node_fault(vjp=_affine_untransposed),
    ),
    fault(
        "affine: the shift in the tangent",
        _NODES + "affine",
        "Proofs.Autograd.Node.correct_inner",
        "nodes.arithmetic:affine",
        node_fault(jvp=_affine_jvp_with_shift),
    ),
    fault(
        "affine: the shift forgotten",
        _NODES + "affine",
        "tests.nodes.test_arithmetic::test_affine",
        "nodes.arithmetic:affine",
        node_fault(forward=_affine_without_shift),
    ),
    fault(
        "scale: the cotangent unscaled",
        _NODES + "scale",
        "Proofs.Autograd.Node.correct_inner",
        "nodes.arithmetic:scale",
        node_fault(vjp=unscaled),
    ),
    fault(
        "matmul: A instead of its transpose",
        _NODES + "Batched.matmul",
        "Proofs.Autograd.MultiHeadAttention.maskedCore_backpropVec_eq_adjoint_fderiv",
        "nodes.batched:matmul",
        node_fault(vjp=_matmul_untransposed),
    ),
    fault(
        "broadcastRow: cotangent averaged",
        _NODES + "MatrixLinear.broadcastRowCLM",
        "Proofs.Autograd.Node.correct_inner",
        "nodes.matrix:broadcast_row_clm",
        _adjoint_of(_mean_of_rows),
    ),
    fault(
        "broadcastCol: cotangent of the first row only",
        _NODES + "MatrixLinear.broadcastColCLM",
        "Proofs.Autograd.Node.correct_inner",
        "nodes.matrix:broadcast_col_clm",
        _adjoint_of(_first_row_only),
    ),
    fault(
        "rowMean: cotangent undivided",
        _NODES + "MatrixLinear.rowMeanCLM",
        "Proofs.Autograd.Node.correct_inner",
        "nodes.matrix:row_mean_clm",
        _adjoint_of(_without_division),
    ),
    *(
        fault(
            f"{name}'s certificate: twice the adjoint",
            _NODES + lean,
            "Proofs.Autograd.Graph.hasFDerivAt_evalVec_and_jvp",
            target,
            _adjoint_doubled,
        )
        for name, lean, target in (
            ("affine", "affineFderiv", "nodes.arithmetic:affine_certificate"),
            ("add", "addFderiv", "nodes.arithmetic:add_certificate"),
            ("scale", "scaleFderiv", "nodes.arithmetic:scale_certificate"),
            ("mul", "mulFderiv", "nodes.arithmetic:mul_certificate"),
            ("sub", "subFderiv", "nodes.arithmetic:sub_certificate"),
            ("broadcastRow", "broadcastRowFderiv", "nodes.matrix:broadcast_row_certificate"),
            ("broadcastCol", "broadcastColFderiv", "nodes.matrix:broadcast_col_certificate"),
            ("rowMean", "rowMeanFderiv", "nodes.matrix:row_mean_certificate"),
            ("elemwise", "elemwiseFderiv", "nodes.elementwise:elemwise_certificate"),
            ("softmax", "Batched.softmaxLastFderiv", "nodes.batched:softmax_last_certificate"),
        )
    ),
)
