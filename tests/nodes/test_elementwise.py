"""Entrywise nodes: any declared slope, the inverse, the clamped root, GELU."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import isqrt

import pytest
from flint import arb
from hypothesis import given
from hypothesis import strategies as st

from mirror.arithmetic import BALL, EXACT, Arithmetic, Array, precision
from mirror.core.fderiv import NodeFDerivCorrectAt, forward_vec, node_jvp_vec, node_vjp_vec
from mirror.core.soundness import Idx, Node
from mirror.linear_map import LinearMap
from mirror.node_kinds import NodeKind
from mirror.nodes.elementwise import (
    GELU,
    TANH,
    elemwise,
    elemwise_certificate,
    elemwise_certificate_at,
    gelu,
    get_vec,
    get_vec_clm,
    inv,
    inv_certificate_at,
    single_vec,
    sqrt_clamp,
    sqrt_clamp_certificate_at,
)
from mirror.spec.core.shape import Shape
from tests.nodes.plain_nodes import Probe, assert_node, probed
from tests.plain import (
    SIZES,
    SMALL,
    Numbers,
    assert_matrix,
    count,
    enclosed,
    numbers,
    scattered,
    times,
    total,
    unit,
    vector,
)
from tests.spec.layers.test_activation import ball, gelu_derivative, hyperbolic_tangent
from tests.spec.layers.test_activation import gelu as gelu_value
from theorems.engine.strategies.shapes import dimensions, shapes

Found = tuple[Probe, tuple[Idx]]
Real = Callable[[Fraction], Fraction]
FRACTIONS = st.fractions(-4, 4, max_denominator=9)


def one_entry(values: Numbers) -> Idx:
    return Idx((Shape(len(values)),), 0, Shape(len(values)))


def assert_diagonal(deriv: LinearMap, probe: Probe, idx: Idx, slopes: Numbers) -> None:
    """Hold a derivative to slope i at (i, offset + i) and 0 elsewhere."""
    start = total(idx.context[: idx.i])
    columns = total(probe.context)
    assert_matrix(deriv, count(idx.shape), columns, lambda i, j: slopes[i] if j == start + i else 0)


def assert_entrywise(node: Node, probe: Probe, idx: Idx, f: Real, slope: Real) -> None:
    """Hold a node to f entrywise and to the declared slope, forwards and backwards."""
    x, delta = probe.read(idx), probe.cotangent(idx.shape)
    slopes = [slope(q) for q in x]
    tangent, back = times(probe.tangent(idx), slopes), times(delta, slopes)
    cotangent = scattered(probe.context, idx.i, back)
    assert_node(node, probe, idx.shape, [f(q) for q in x], tangent, delta, cotangent)


# ---- blocks of shape [n]


@pytest.mark.lean(
    "Proofs.Autograd.TapeNodes.getVec",
    "Proofs.Autograd.TapeNodes.getVecCLM",
    "Proofs.Autograd.TapeNodes.singleVec",
)
@given(dimensions(SIZES).flatmap(lambda n: probed(Shape(n))))
def test_a_one_dimensional_block_is_read_and_written(found: Found) -> None:
    probe, (idx,) = found
    n, start = idx.shape[0], total(idx.context[: idx.i])
    assert numbers(get_vec(idx, vector(probe.x))) == probe.read(idx)
    assert_matrix(get_vec_clm(idx), n, total(idx.context), lambda i, j: int(j == start + i))
    v = probe.cotangent(idx.shape)
    assert numbers(single_vec(EXACT, idx, vector(v))) == scattered(idx.context, idx.i, v)


@pytest.mark.lean("Proofs.Autograd.TapeNodes.getVec", "Proofs.Autograd.TapeNodes.singleVec")
def test_only_a_one_dimensional_block_is_a_vector() -> None:
    matrix = Idx((Shape(2, 1),), 0, Shape(2, 1))
    with pytest.raises(ValueError, match=r"getVec needs an index of a one-dimensional entry, got shape \[2, 1\]"):
        get_vec(matrix, vector([1, 2]))
    with pytest.raises(ValueError, match=r"shape \(3,\), expected a vector of length 2"):
        single_vec(EXACT, Idx((Shape(2),), 0, Shape(2)), vector([1, 2, 3]))


# ---- any function with any declared slope


def cube(ar: Arithmetic, x: Array) -> Array:
    return x * x * x


def declared(ar: Arithmetic, x: Array) -> Array:
    return 2 * x - 7


@pytest.mark.lean(
    "Proofs.Autograd.TapeNodes.elemwise",
    "Proofs.Autograd.TapeNodes.elemwiseFderiv",
    "Proofs.Autograd.TapeNodes.elemwiseFderivAt",
)
@given(shapes(SMALL).flatmap(probed))
def test_an_entrywise_node_uses_the_slope_it_is_given(found: Found) -> None:
    probe, (idx,) = found
    # The declared slope is not the cube's derivative: the node takes it all the same.
    node = elemwise(idx, cube, declared)
    assert_entrywise(node, probe, idx, lambda q: q * q * q, lambda q: 2 * q - 7)
    slopes = [2 * q - 7 for q in probe.read(idx)]
    x = vector(probe.x)
    assert_diagonal(elemwise_certificate(node).deriv(EXACT, x), probe, idx, slopes)
    here = elemwise_certificate_at(EXACT, node, x)
    assert here.node is node
    assert numbers(here.x) == probe.x
    assert_diagonal(here.deriv, probe, idx, slopes)


# ---- the inverse


def inverse(q: Fraction) -> Fraction:
    return 1 / q if q else Fraction(0)


@pytest.mark.lean("Proofs.Autograd.TapeNodes.inv", "Proofs.Autograd.TapeNodes.invFderivAt")
@given(shapes(SMALL).flatmap(probed))
def test_the_inverse_and_its_slope_are_zero_at_zero(found: Found) -> None:
    probe, (idx,) = found
    node = inv(idx)
    assert_entrywise(node, probe, idx, inverse, lambda q: -inverse(q * q))
    assert node.kind == "inv"
    here = inv_certificate_at(EXACT, node, vector(probe.x))
    assert_diagonal(here.deriv, probe, idx, [-inverse(q * q) for q in probe.read(idx)])


@pytest.mark.lean("Proofs.Autograd.TapeNodes.inv")
def test_inverses_by_hand() -> None:
    idx = one_entry([Fraction(0)] * 3)
    assert numbers(forward_vec(EXACT, inv(idx), vector([0, 4, -2]))) == [0, Fraction(1, 4), Fraction(-1, 2)]
    ones = vector([1, 1, 1])
    assert numbers(node_jvp_vec(EXACT, inv(idx), vector([0, 4, -2]), ones)) == [0, Fraction(-1, 16), Fraction(-1, 4)]


# ---- the clamped root


def root(q: Fraction) -> Fraction:
    """The root of a nonnegative rational square; 0 for a negative number."""
    if q < 0:
        return Fraction(0)
    found = Fraction(isqrt(q.numerator), isqrt(q.denominator))
    assert found * found == q
    return found


def root_slope(q: Fraction) -> Fraction:
    return 1 / (2 * root(q)) if q > 0 else Fraction(0)


@pytest.mark.lean("Proofs.Autograd.TapeNodes.sqrtClamp", "Proofs.Autograd.TapeNodes.sqrtClampFderivAt")
@given(shapes(SMALL).flatmap(probed), st.sampled_from([1, -1]))
def test_the_clamped_root_of_squares_and_their_negatives(found: Found, sign: int) -> None:
    probe, (idx,) = found
    squared = Probe(probe.context, probe.fill, [sign * q * abs(q) for q in probe.x], probe.dx)
    node = sqrt_clamp(idx)
    assert_entrywise(node, squared, idx, root, root_slope)
    assert node.kind == "sqrtClamp"
    here = sqrt_clamp_certificate_at(EXACT, node, vector(squared.x))
    assert_diagonal(here.deriv, squared, idx, [root_slope(q) for q in squared.read(idx)])


@pytest.mark.lean("Proofs.Autograd.TapeNodes.sqrtClamp", "Proofs.Autograd.TapeNodes.sqrtClampFderivAt")
@given(st.lists(FRACTIONS, max_size=4))
def test_the_clamped_root_of_any_rational(xs: list[Fraction]) -> None:
    idx, x = one_entry(xs), vector(xs)
    ones = vector([1] * len(xs))
    with precision(256):
        roots = [ball(max(q, Fraction(0))).sqrt() for q in xs]
        slopes = [ball(q) ** -1 * r / 2 if q > 0 else arb(0) for q, r in zip(xs, roots, strict=True)]
        node = sqrt_clamp(idx)
        enclosed(forward_vec(BALL, node, x), roots)
        enclosed(node_jvp_vec(BALL, node, x, ones), slopes)
        enclosed(node_vjp_vec(BALL, node, x, ones), slopes)
        enclosed(sqrt_clamp_certificate_at(BALL, node, x).deriv(BALL, ones), slopes)


@pytest.mark.lean("Proofs.Autograd.TapeNodes.sqrtClamp")
def test_clamped_roots_by_hand() -> None:
    node, x = sqrt_clamp(one_entry([Fraction(0)] * 3)), vector([-9, 0, 9])
    assert numbers(forward_vec(EXACT, node, x)) == [0, 0, 3]
    assert numbers(node_jvp_vec(EXACT, node, x, vector([1, 1, 1]))) == [0, 0, Fraction(1, 6)]


# ---- GELU and tanh


Plain = Callable[[arb], arb]
_NODES = "Proofs.Autograd.TapeNodes"
SMOOTH = [
    pytest.param(
        GELU, gelu_value, gelu_derivative, id="gelu", marks=pytest.mark.lean(f"{_NODES}.gelu", f"{_NODES}.geluFderiv")
    ),
    pytest.param(
        TANH,
        hyperbolic_tangent,
        lambda z: 1 / (z.cosh() * z.cosh()),
        id="tanh",
        marks=pytest.mark.lean(f"{_NODES}.tanh", f"{_NODES}.tanhFderiv"),
    ),
]


@pytest.mark.parametrize(("kind", "value", "slope"), SMOOTH)
@given(st.lists(FRACTIONS, max_size=4), st.data())
def test_a_smooth_activation_has_its_formula_and_its_slope(
    kind: NodeKind, value: Plain, slope: Plain, xs: list[Fraction], data: st.DataObject
) -> None:
    ds = data.draw(st.lists(FRACTIONS, min_size=len(xs), max_size=len(xs)))
    idx, x, d = one_entry(xs), vector(xs), vector(ds)
    node = kind.make((idx,))
    assert node.kind == kind.name
    assert kind.certificate is not None
    with precision(256):
        slopes = [slope(ball(q)) for q in xs]
        scaled = [s * ball(q) for s, q in zip(slopes, ds, strict=True)]
        enclosed(forward_vec(BALL, node, x), [value(ball(q)) for q in xs])
        enclosed(node_jvp_vec(BALL, node, x, d), scaled)
        enclosed(node_vjp_vec(BALL, node, x, d), scaled)
        deriv = kind.certificate(node).deriv(BALL, x)
        for j, own in enumerate(slopes):
            column = [own if i == j else arb(0) for i in range(len(xs))]
            enclosed(deriv(BALL, unit(len(xs), j)), column)
            enclosed(deriv.adjoint(BALL, unit(len(xs), j)), column)


@pytest.mark.lean("Proofs.Autograd.TapeNodes.gelu")
def test_gelu_reads_and_writes_its_own_block() -> None:
    context = (Shape(2), Shape(1), Shape())
    node = gelu(Idx(context, 1, Shape(1)))
    zero = vector([5, 6, 0, 7])  # gelu(0) = 0 with slope ½, exactly
    assert numbers(forward_vec(BALL, node, zero)) == [0]
    with precision(256):
        enclosed(node_vjp_vec(BALL, node, zero, vector([4])), vector([0, 0, 2, 0]))


def test_a_pointwise_certificate_keeps_its_point() -> None:
    node, x = inv(one_entry([Fraction(1)])), vector([Fraction(1, 3)])
    here = inv_certificate_at(EXACT, node, x)
    assert isinstance(here, NodeFDerivCorrectAt)
    assert numbers(here.x) == [Fraction(1, 3)]
    assert numbers(here.deriv(EXACT, vector([1]))) == [-9]
