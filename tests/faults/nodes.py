"""Faults of nodes and of the scalar functions that they apply."""

from __future__ import annotations

from typing import Any

import numpy as np
from flint import arb, fmpq

from mirror.arithmetic import GELU_COEFFICIENT, JetArray
from mirror.arithmetic.jet import derived
from mirror.core.fderiv import NodeFDerivCorrect
from mirror.linear_map import LinearFunction, LinearMap
from mirror.nodes.batched import batched_product
from mirror.nodes.context import get, single
from tests.faults.fault import Fault, fault, node_fault

_GELU = "spec.layers.activation:"
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


def _unscaled(node: Any) -> Any:
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


def _elemwise_with_f(node: Any) -> Any:
    (idx,), f = node.inputs, node.parameters["f"]
    return lambda ar, x, delta: single(ar, idx, delta * f(ar, get(idx, x)))


def _softmax_without_sum(_: Any) -> Any:
    return lambda ar, y, dx: y * dx


def _softmax_deriv_down_columns(original: Any) -> Any:
    def derivative(ar: Any, y: Any, dx: Any) -> Any:
        if len(y.shape) < 2 or y.shape[-1] != y.shape[-2]:
            return original(ar, y, dx)
        return original(ar, y.swapaxes(-1, -2), dx.swapaxes(-1, -2)).swapaxes(-1, -2)

    return derivative


def _softmax_down_columns(original: Any) -> Any:
    """Softmax over the wrong axis: queries instead of keys, in the value alone."""

    def rows(ar: Any, values: Any) -> Any:
        if len(values.shape) < 2 or values.shape[-1] != values.shape[-2]:
            return original(ar, values)
        return original(ar, values.swapaxes(-1, -2)).swapaxes(-1, -2)

    return rows


def _erf(ar: Any, x: Any) -> Any:
    """erf(x/√2), also for jets: its derivative is √(2/π)·exp(-x²/2)."""
    value = np.frompyfunc(lambda v: (arb(v) / arb(2).sqrt()).erf(), 1, 1)
    if not isinstance(x, JetArray):
        return np.asarray(value(x), dtype=object)
    density = ar.exp(x * x * fmpq(-1, 2)) * ar.root_of_two_over_pi
    moved = (derived(x, density.coefficients, k) for k in x.monomials.moving)
    return JetArray((np.asarray(value(x.coefficients[0]), dtype=object), *moved), x.constant, x.monomials)


def _gelu_erf(_: Any) -> Any:
    return lambda ar, x: x * (1 + _erf(ar, x)) * ar.half


def _gelu_erf_deriv(_: Any) -> Any:
    def derivative(ar: Any, x: Any) -> Any:
        density = ar.exp(x * x * fmpq(-1, 2)) * ar.root_of_two_over_pi
        return (1 + _erf(ar, x) + x * density) * ar.half

    return derivative


def _gelu_deriv_with(coefficient: fmpq, factor: int = 3, offset: int | fmpq = 0) -> Any:
    def breaks(_: Any) -> Any:
        def derivative(ar: Any, x: Any) -> Any:
            root = ar.root_of_two_over_pi
            t = ar.tanh(root * (x + ar.constant(coefficient) * x * x * x))
            inner = root * (1 + ar.constant(factor * coefficient) * x * x)
            return (1 + t + x * (1 - t * t) * inner) * ar.half + ar.constant(fmpq(offset))

        return derivative

    return breaks


def _inverse_positive(_: Any) -> Any:
    return lambda ar, x: ar.inverse(x * x)


def _root_derivative_doubled(_: Any) -> Any:
    return lambda ar, x: ar.inverse(ar.sqrt(x))


def _root_of_magnitude(_: Any) -> Any:
    return lambda ar, x: ar.sqrt(ar.positive_part(x)) + ar.sqrt(ar.positive_part(-x))


def _tanh_deriv_plus(_: Any) -> Any:
    def derivative(ar: Any, x: Any) -> Any:
        t = ar.tanh(x)
        return 1 + t * t

    return derivative


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
        node_fault(vjp=_unscaled),
    ),
    fault(
        "matmul: A instead of its transpose",
        _NODES + "Batched.matmul",
        "Proofs.Autograd.MultiHeadAttention.maskedCore_backpropVec_eq_adjoint_fderiv",
        "nodes.batched:matmul",
        node_fault(vjp=_matmul_untransposed),
    ),
    fault(
        "elemwise: f in place of f' in the cotangent",
        _NODES + "elemwise",
        "Proofs.Autograd.Node.correct_inner",
        "nodes.elementwise:elemwise",
        node_fault(vjp=_elemwise_with_f),
    ),
    fault(
        "softmax: derivative without the sum",
        "Proofs.Autograd.softmaxDerivCLM",
        "Proofs.Autograd.hasFDerivAt_softmaxVec",
        "fderiv.softmax:softmax_deriv_rows",
        _softmax_without_sum,
    ),
    fault(
        "softmax: over the wrong axis",
        "Proofs.Autograd.TapeNodes.SoftmaxLastAxis.forwardMN",
        "Proofs.Autograd.TapeNodes.SoftmaxLastAxis.hasFDerivAt_forwardMN",
        "fderiv.softmax:softmax_rows",
        _softmax_down_columns,
    ),
    Fault(
        "softmax: over the wrong axis, consistently",
        "Proofs.Autograd.TapeNodes.SoftmaxLastAxis.forwardMN",
        "tests.nodes.test_softmax::test_each_row_is_normalised_by_itself",
        (
            ("fderiv.softmax:softmax_rows", _softmax_down_columns),
            ("fderiv.softmax:softmax_deriv_rows", _softmax_deriv_down_columns),
        ),
    ),
    fault(
        "gelu: the erf form", "Activation.Math.geluSpec", "Proofs.gelu_deriv_correct", _GELU + "gelu_spec", _gelu_erf
    ),
    Fault(
        "gelu: the erf form, consistently",
        "Activation.Math.geluSpec",
        "tests.spec.layers.test_activation::test_gelu_is_the_tanh_form",
        ((_GELU + "gelu_spec", _gelu_erf), (_GELU + "gelu_deriv_spec", _gelu_erf_deriv)),
    ),
    fault(
        "gelu: derivative off by a constant",
        "Activation.Math.geluDerivSpec",
        "Proofs.gelu_deriv_correct",
        _GELU + "gelu_deriv_spec",
        _gelu_deriv_with(GELU_COEFFICIENT, offset=fmpq(1, 10**6)),
    ),
    fault(
        "gelu: derivative with 0.0447",
        "Activation.Math.geluDerivSpec",
        "Proofs.gelu_deriv_correct",
        _GELU + "gelu_deriv_spec",
        _gelu_deriv_with(fmpq(447, 10**4)),
    ),
    fault(
        "gelu: derivative without the 3",
        "Activation.Math.geluDerivSpec",
        "Proofs.gelu_deriv_correct",
        _GELU + "gelu_deriv_spec",
        _gelu_deriv_with(GELU_COEFFICIENT, factor=1),
    ),
    fault(
        "inverse: derivative with the wrong sign",
        _NODES + "inv",
        "Proofs.Autograd.LayerNorm.backprop_eq_adjoint_fderiv_layerNorm_at",
        "nodes.elementwise:inverse_deriv",
        _inverse_positive,
    ),
    fault(
        "sqrtClamp: derivative 1/√x",
        _NODES + "sqrtClamp",
        "Proofs.Autograd.LayerNorm.backprop_eq_adjoint_fderiv_layerNorm_at",
        "nodes.elementwise:sqrt_clamp_deriv",
        _root_derivative_doubled,
    ),
    fault(
        "sqrtClamp: root of the magnitude",
        _NODES + "sqrtClamp",
        "tests.nodes.test_elementwise::test_the_clamped_root_of_squares_and_their_negatives",
        "nodes.elementwise:sqrt_clamp_value",
        _root_of_magnitude,
    ),
    fault(
        "tanh: derivative 1 + tanh²",
        "Activation.Math.tanhDerivSpec",
        "Proofs.tanh_deriv_correct",
        "spec.layers.activation:tanh_deriv_spec",
        _tanh_deriv_plus,
    ),
    fault(
        "tanh node: cotangent not scaled by the slope",
        _NODES + "tanh",
        "Proofs.Autograd.Node.correct_inner",
        "nodes.elementwise:tanh",
        node_fault(vjp=_unscaled),
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
