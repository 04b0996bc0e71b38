"""Numbers of every magnitude: biases, weights, slopes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flint import arb, fmpq

from mirror.arithmetic import BALL, EXACT, precision
from mirror.core.fderiv import (
    forward_vec,
    node_jvp_vec,
    node_vjp_vec,
)
from mirror.core.soundness import Idx
from mirror.linear_map import PositionWise
from mirror.nodes.arithmetic import ADD, MUL, SUB, affine, scale
from mirror.nodes.elementwise import GELU, INV, SQRT_CLAMP, TANH
from mirror.ops.attention.masked_multi_head_self_attention import masked_core_dgraph
from mirror.spec.core.shape import Shape
from tests.ops.plain_graph import joined, same
from tests.plain import vector

A = "Proofs.Autograd."
N = "Proofs.Autograd.TapeNodes."

MAGNITUDES = [fmpq(s) * fmpq(2) ** (2 * k) for k in (-200, -70, -36, -20, 20, 60, 200) for s in (1, -1)]


@pytest.mark.lean(f"{A}MultiHeadAttention.maskedCoreDGraph")
def test_a_bias_of_any_size_is_added_as_it_is() -> None:
    n = len(MAGNITUDES)
    bias = [MAGNITUDES[(i + j) % n] for i in range(n) for j in range(n)]
    graph = masked_core_dgraph(n, 1, 0, fmpq(1), bias).g
    assert list(graph.nodes[2].parameters["b"]) == bias
    scores = vector([0] * (2 * n * n))
    assert list(forward_vec(EXACT, graph.nodes[2], scores)) == bias


@pytest.mark.lean(f"{N}affine", f"{N}scale", f"{N}inv", f"{N}mul", f"{N}add", f"{N}sub")
@pytest.mark.parametrize("q", MAGNITUDES, ids=str)
def test_numbers_of_any_size_are_kept_exactly(q: fmpq) -> None:
    one = (Shape(1), Shape(1))
    a, b = Idx(one, 0, Shape(1)), Idx(one, 1, Shape(1))
    x = joined([[q, 1 / q]])
    found = {
        "weight": (affine(a, Shape(1), PositionWise(1, 1, 1, (q,)), joined([[fmpq(0)]])), q * q),
        "shift": (affine(a, Shape(1), PositionWise(1, 1, 1, (fmpq(1),)), joined([[1 / q]])), q + 1 / q),
        "scale": (scale(a, q), q * q),
        "inv": (INV.make((a,)), 1 / q),
        "add": (ADD.make((a, b)), q + 1 / q),
        "sub": (SUB.make((a, b)), q - 1 / q),
        "mul": (MUL.make((a, a)), q * q),
    }
    for name, (node, expected) in found.items():
        assert list(forward_vec(EXACT, node, x)) == [expected], name


def _root_slope(q: fmpq) -> Any:
    return 1 / (2 * arb(q).sqrt()) if q > 0 else fmpq(0)


def _gelu_slope(q: fmpq) -> arb:
    c, root = fmpq(44715, 10**6), (2 / arb.pi()).sqrt()
    t = (root * (q + c * q * q * q)).tanh()
    return (1 + t) / 2 + q * (1 - t * t) * root * (1 + 3 * c * q * q) / 2


SLOPES: dict[str, tuple[Any, Callable[[fmpq], Any]]] = {
    "sqrtClamp": (SQRT_CLAMP, _root_slope),
    "inv": (INV, lambda q: -1 / (q * q)),
    "tanh": (TANH, lambda q: 1 - arb(q).tanh() * arb(q).tanh()),
    "gelu": (GELU, _gelu_slope),
}


@pytest.mark.lean(f"{N}sqrtClamp", f"{N}inv", f"{N}tanh", f"{N}gelu")
@pytest.mark.lean("Activation.Math.tanhDerivSpec", "Activation.Math.geluDerivSpec")
@pytest.mark.parametrize("name", SLOPES)
def test_a_slope_is_its_formula_at_every_magnitude(name: str) -> None:
    kind, slope = SLOPES[name]
    shape = Shape(len(MAGNITUDES))
    node, x, ones = kind.make((Idx((shape,), 0, shape),)), joined([MAGNITUDES]), vector([1] * len(MAGNITUDES))
    with precision(2000):
        expected = [slope(q) for q in MAGNITUDES]
        same(node_jvp_vec(BALL, node, x, ones), joined([expected]), name)
        same(node_vjp_vec(BALL, node, x, ones), joined([expected]), name)
