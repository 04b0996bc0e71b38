"""Faults of functions that nodes apply entry by entry or row by row."""

from __future__ import annotations

from typing import Any

import numpy as np
from flint import arb, fmpq

from mirror.arithmetic import GELU_COEFFICIENT, JetArray
from mirror.arithmetic.jet import derived
from mirror.nodes.context import get, single
from tests.faults.fault import Fault, fault, node_fault
from tests.faults.nodes import unscaled

_GELU = "spec.layers.activation:"
_NODES = "Proofs.Autograd.TapeNodes."


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


FAULTS = (
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
        node_fault(vjp=unscaled),
    ),
)
