"""Faults that show only in numbers that are very large or very small."""

from __future__ import annotations

from typing import Any

import numpy as np
from flint import arb, fmpq

from tests.faults.fault import fault

_CORE = "Proofs.Autograd."
_NODES = _CORE + "TapeNodes."
_FAR = "tests.far_out."
GAP, TINY = fmpq(-(10**9)), fmpq(1, 2**70)
_BIASED = "Proofs.Autograd.MultiHeadAttention.maskedCoreDGraph"
_BIAS = "ops.attention.masked_multi_head_self_attention:score_bias"


def _clipped_bias(original: Any) -> Any:
    def bias(n: int, num_heads: int, given: Any) -> Any:
        out = original(n, num_heads, given)
        out[:] = [max(q, GAP) for q in out]
        return out

    return bias


def _clipped_from_above(original: Any) -> Any:
    def bias(n: int, num_heads: int, given: Any) -> Any:
        out = original(n, num_heads, given)
        out[:] = [min(q, -GAP) for q in out]
        return out

    return bias


def _flat_where_tiny(original: Any) -> Any:
    """A fault of a scalar derivative: it is 0 where the argument is nonzero and nearer to 0 than 2⁻⁷⁰."""

    def entry(value: Any, x: Any) -> Any:
        return fmpq(0) if x != 0 and arb(x).abs_upper() < TINY else value

    def derivative(ar: Any, x: Any) -> Any:
        out = original(ar, x)
        if isinstance(x, fmpq | arb):
            return entry(out, x)
        if not isinstance(out, np.ndarray):
            return out
        return np.asarray(np.frompyfunc(entry, 2, 1)(out, x), dtype=object)

    return derivative


FAULTS = (
    fault(
        "a bias is clipped at -1e9",
        _BIASED,
        _FAR + "test_magnitudes::test_a_bias_of_any_size_is_added_as_it_is",
        _BIAS,
        _clipped_bias,
    ),
    fault(
        "a bias is clipped at 1e9",
        _BIASED,
        _FAR + "test_magnitudes::test_a_bias_of_any_size_is_added_as_it_is",
        _BIAS,
        _clipped_from_above,
    ),
    fault(
        "√'s derivative is 0 below 2⁻⁷⁰",
        _NODES + "sqrtClamp",
        _FAR + "test_magnitudes::test_a_slope_is_its_formula_at_every_magnitude",
        "nodes.elementwise:sqrt_clamp_deriv",
        _flat_where_tiny,
    ),
    fault(
        "inverse's derivative is 0 below 2⁻⁷⁰",
        _NODES + "inv",
        _FAR + "test_magnitudes::test_a_slope_is_its_formula_at_every_magnitude",
        "nodes.elementwise:inverse_deriv",
        _flat_where_tiny,
    ),
    fault(
        "GELU's derivative is 0 below 2⁻⁷⁰",
        "Activation.Math.geluDerivSpec",
        _FAR + "test_magnitudes::test_a_slope_is_its_formula_at_every_magnitude",
        "spec.layers.activation:gelu_deriv_spec",
        _flat_where_tiny,
    ),
    fault(
        "tanh's derivative is 0 below 2⁻⁷⁰",
        "Activation.Math.tanhDerivSpec",
        _FAR + "test_magnitudes::test_a_slope_is_its_formula_at_every_magnitude",
        "spec.layers.activation:tanh_deriv_spec",
        _flat_where_tiny,
    ),
)
