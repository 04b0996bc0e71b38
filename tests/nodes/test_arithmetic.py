"""Affine, add, sub, scale and mul nodes, with their certificates against hand-written Jacobians."""

from __future__ import annotations

from fractions import Fraction

import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from mirror.arithmetic import EXACT
from mirror.core.soundness import Idx
from mirror.linear_map import PositionWise
from mirror.nodes.arithmetic import (
    add,
    add_certificate,
    affine,
    affine_certificate,
    mul,
    mul_certificate,
    scale,
    scale_certificate,
    sub,
    sub_certificate,
)
from mirror.spec.core.shape import Shape
from tests.nodes.plain_nodes import Probe, assert_node, probed, probed_pair
from tests.plain import SMALL, assert_matrix, count, numbers, plus, scattered, times, total, vector
from theorems.engine.strategies.shapes import shapes

Found = tuple[Probe, tuple[Idx]]
Pair = tuple[Probe, tuple[Idx, Idx]]
TWO = (Shape(2, 3), Shape(3, 2), Shape(6))
A, B = Idx(TWO, 0, Shape(2, 3)), Idx(TWO, 1, Shape(3, 2))


def starts(*at: Idx) -> list[int]:
    """Where each index's block starts."""
    return [total(idx.context[: idx.i]) for idx in at]


@pytest.mark.lean("Proofs.Autograd.TapeNodes.affine", "Proofs.Autograd.TapeNodes.affineFderiv")
@given(shapes(SMALL, rank=2).flatmap(probed), shapes(SMALL, rank=2))
def test_affine(found: Found, shape: Shape) -> None:
    probe, (idx,) = found
    rows, columns = count(shape), count(idx.shape)
    weight = probe.fill.weights(rows * columns)
    w, b, delta = numbers(list(weight)), probe.cotangent(shape), probe.cotangent(shape)

    def product(v: list[Fraction]) -> list[Fraction]:
        return [sum((w[i * columns + j] * v[j] for j in range(columns)), Fraction(0)) for i in range(rows)]

    node = affine(idx, shape, PositionWise(1, rows, columns, weight), vector(b))
    back = [sum((w[i * columns + j] * delta[i] for i in range(rows)), Fraction(0)) for j in range(columns)]
    value = plus(product(probe.read(idx)), b)
    cotangent = scattered(probe.context, idx.i, back)
    assert_node(node, probe, shape, value, product(probe.tangent(idx)), delta, cotangent)
    assert node.kind == "affine"

    (start,) = starts(idx)
    deriv = affine_certificate(node).deriv(EXACT, vector(probe.x))
    assert_matrix(
        deriv,
        rows,
        total(probe.context),
        lambda i, j: w[i * columns + j - start] if start <= j < start + columns else 0,
    )


@pytest.mark.lean(
    "Proofs.Autograd.TapeNodes.add",
    "Proofs.Autograd.TapeNodes.addFderiv",
    "Proofs.Autograd.TapeNodes.sub",
    "Proofs.Autograd.TapeNodes.subFderiv",
)
@pytest.mark.parametrize(("sign", "build", "certify"), [(1, add, add_certificate), (-1, sub, sub_certificate)])
@given(found=probed_pair())
def test_add_and_sub(sign: int, build, certify, found: Pair) -> None:
    probe, (a, b) = found
    node, delta = build(a, b), probe.cotangent(a.shape)
    signed = [sign * d for d in delta]
    value = plus(probe.read(a), [sign * q for q in probe.read(b)])
    tangent = plus(probe.tangent(a), [sign * q for q in probe.tangent(b)])
    cotangent = plus(scattered(probe.context, a.i, delta), scattered(probe.context, b.i, signed))
    assert_node(node, probe, a.shape, value, tangent, delta, cotangent)
    assert (node.kind, node.inputs) == (build.__name__, (a, b))

    at_a, at_b = starts(a, b)
    deriv = certify(node).deriv(EXACT, vector(probe.x))
    n = total(probe.context)
    assert_matrix(deriv, count(a.shape), n, lambda i, j: int(j == at_a + i) + sign * int(j == at_b + i))


@pytest.mark.lean("Proofs.Autograd.TapeNodes.scale", "Proofs.Autograd.TapeNodes.scaleFderiv")
@given(shapes(SMALL).flatmap(probed), st.fractions(-9, 9, max_denominator=9))
def test_scale(found: Found, c: Fraction) -> None:
    probe, (idx,) = found
    node, delta = scale(idx, fmpq(c.numerator, c.denominator)), probe.cotangent(idx.shape)
    value, tangent = ([c * q for q in part] for part in (probe.read(idx), probe.tangent(idx)))
    cotangent = scattered(probe.context, idx.i, [c * d for d in delta])
    assert_node(node, probe, idx.shape, value, tangent, delta, cotangent)

    (start,) = starts(idx)
    deriv = scale_certificate(node).deriv(EXACT, vector(probe.x))
    assert_matrix(deriv, count(idx.shape), total(probe.context), lambda i, j: c if j == start + i else 0)


@pytest.mark.lean("Proofs.Autograd.TapeNodes.mul", "Proofs.Autograd.TapeNodes.mulFderiv")
@given(probed_pair())
def test_mul(found: Pair) -> None:
    probe, (a, b) = found
    node, delta = mul(a, b), probe.cotangent(a.shape)
    u, v = probe.read(a), probe.read(b)
    tangent = plus(times(u, probe.tangent(b)), times(v, probe.tangent(a)))
    cotangent = plus(scattered(probe.context, a.i, times(delta, v)), scattered(probe.context, b.i, times(delta, u)))
    assert_node(node, probe, a.shape, times(u, v), tangent, delta, cotangent)

    at_a, at_b = starts(a, b)
    deriv = mul_certificate(node).deriv(EXACT, vector(probe.x))
    n = total(probe.context)
    assert_matrix(
        deriv, count(a.shape), n, lambda i, j: (u[i] if j == at_b + i else 0) + (v[i] if j == at_a + i else 0)
    )


@pytest.mark.lean("Proofs.Autograd.TapeNodes.mul")
def test_a_product_with_itself_is_a_square() -> None:
    idx = Idx((Shape(2),), 0, Shape(2))
    probe = Probe((Shape(2),), None, [Fraction(3), Fraction(-5)], [Fraction(1), Fraction(10)])  # type: ignore[arg-type]
    assert_node(mul(idx, idx), probe, (2,), [9, 25], [6, -100], [Fraction(1), Fraction(2)], [6, -20])


@pytest.mark.parametrize("build", [add, sub, mul])
def test_two_entries_of_two_shapes_do_not_combine(build) -> None:
    message = rf"{build.__name__} needs two entries of one shape, got \[2, 3\] at 0 and \[3, 2\] at 1"
    with pytest.raises(ValueError, match=message):
        build(A, B)


@pytest.mark.parametrize("build", [add, sub, mul])
def test_two_entries_of_two_contexts_do_not_combine(build) -> None:
    with pytest.raises(ValueError, match=rf"{build.__name__} reads index 0 of the context \(\[2, 3\],\), but stands"):
        build(A, Idx((Shape(2, 3),), 0, Shape(2, 3)))


def test_an_affine_node_needs_a_map_and_a_bias_that_fit() -> None:
    six_to_two = PositionWise(1, 2, 6, (fmpq(1),) * 12)
    message = r"A maps ℝ\^6 to ℝ\^2, expected ℝ\^6 to ℝ\^3 for an affine node from \[2, 3\] to \[3\]"
    with pytest.raises(ValueError, match=message):
        affine(A, Shape(3), six_to_two, vector([0, 0, 0]))
    with pytest.raises(ValueError, match=r"b has shape \(1,\), expected \(2,\) for an affine node to \[2\]"):
        affine(A, Shape(2), six_to_two, vector([0]))
