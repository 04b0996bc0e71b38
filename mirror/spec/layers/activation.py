"""tanh and the tanh form of GELU. Twin of `NN/Spec/Layers/Activation.lean`."""

from __future__ import annotations

from mirror.arithmetic import GELU_COEFFICIENT, Arithmetic, Array
from mirror.links import mirrors


@mirrors("Activation.Math.tanhSpec")
def tanh_spec(ar: Arithmetic, x: Array) -> Array:
    """tanh, entrywise."""
    return ar.tanh(x)


@mirrors("Activation.Math.tanhDerivSpec")
def tanh_deriv_spec(ar: Arithmetic, x: Array) -> Array:
    """1 - tanh², entrywise."""
    t = ar.tanh(x)
    return 1 - t * t


def _gelu_tanh(ar: Arithmetic, x: Array) -> Array:
    inner = x + ar.constant(GELU_COEFFICIENT) * x * x * x
    return ar.tanh(ar.root_of_two_over_pi * inner)


@mirrors("Activation.Math.geluSpec")
def gelu_spec(ar: Arithmetic, x: Array) -> Array:
    """x·(1 + tanh(√(2/π)·(x + 0.044715·x³)))/2, entrywise: the tanh form, not the erf form."""
    return x * (1 + _gelu_tanh(ar, x)) * ar.half


@mirrors("Activation.Math.geluDerivSpec")
def gelu_deriv_spec(ar: Arithmetic, x: Array) -> Array:
    """(1 + t + x·(1 - t²)·√(2/π)·(1 + 3·0.044715·x²))/2 with t the tanh term of `gelu_spec`."""
    t = _gelu_tanh(ar, x)
    inner = ar.root_of_two_over_pi * (1 + ar.constant(3 * GELU_COEFFICIENT) * x * x)
    return (1 + t + x * (1 - t * t) * inner) * ar.half
