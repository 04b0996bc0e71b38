"""Values of the mirror in the forms of Lean and back, moving numbers included."""

from __future__ import annotations

from typing import Any

import pytest
from flint import fmpq

from lean_refs.evaluator import REAL, Constructed, LeanType, Pair, arrow, euclidean, fin
from mirror.arithmetic import BALL, Jet, rational_vector
from mirror.core.soundness import Idx
from mirror.linear_map import dense
from mirror.nodes.arithmetic import mul
from mirror.nodes.elementwise import elemwise, elemwise_certificate_at
from mirror.spec.core.shape import Shape
from mirror.spec.core.tensor.core import tensor
from theorems.engine.maps import SmoothMap
from theorems.engine.strategies.maps import weight
from theorems.engine.strategies.values import Fill
from theorems.tools.audit.evaluated import forms
from theorems.tools.audit.evaluated.coordinates import array, coordinates, dimension, entries, is_fin, of_coordinates
from theorems.tools.audit.evaluated.far import FarFill
from theorems.tools.audit.evaluated.functions import MapOfVectors, Operation, Polynomial
from theorems.tools.audit.evaluated.names import TENSOR, TLIST
from theorems.tools.audit.evaluated.numbers import Moving, RealNumbers

VEC3, ROWS = euclidean(3), arrow(fin(2), euclidean(3))
PAIRS = LeanType("Prod", (REAL, VEC3))
ONE = fmpq(1)


def moved(*values: int) -> list[Moving]:
    """RealNumbers that move, each in its own direction."""
    count = len(values)
    return [Moving(fmpq(v), tuple(fmpq(int(i == k)) for k in range(count)), True) for i, v in enumerate(values)]


def test_dimensions() -> None:
    assert [dimension(t) for t in (REAL, VEC3, ROWS, PAIRS, arrow(fin(0), VEC3))] == [1, 3, 6, 4, 0]
    assert dimension(LeanType("Nat")) is dimension(LeanType("Prod", (REAL, LeanType("Nat")))) is None
    assert dimension(arrow(REAL, REAL)) is dimension(arrow(fin(2), LeanType("Nat"))) is None
    assert is_fin(fin(2))
    assert not is_fin(REAL)


@pytest.mark.parametrize("type_", [REAL, VEC3, ROWS, PAIRS, arrow(fin(0), VEC3)])
def test_coordinates_there_and_back(type_: Any) -> None:
    count = dimension(type_)
    assert count is not None
    numbers = [fmpq(k) for k in range(count)]
    assert coordinates(type_, of_coordinates(type_, numbers)) == numbers


def test_a_pair_is_first_and_second() -> None:
    assert of_coordinates(PAIRS, [1, 2, 3, 4]) == Pair(1, (2, 3, 4))


def test_moving_numbers_are_jets_and_come_back() -> None:
    x, y = moved(2, 3)
    made = array([x, fmpq(5), y])
    back = entries(made)
    assert list(made.coefficients[0]) == [2, 5, 3]
    assert back[1] == 5
    assert [b.slopes for b in (back[0], back[2])] == [(1, 0), (0, 1)]
    assert isinstance(forms.arithmetic_for(made), Jet)
    assert forms.arithmetic_for(rational_vector([1])) is BALL


def test_shapes_contexts_tensors_and_indices() -> None:
    context = (Shape(2, 3), Shape())
    assert forms.read_context(forms.context(context)) == context
    t = tensor(Shape(2, 3), range(6))
    assert list(forms.read_tensor(forms.tensor(t)).entries.reshape(-1)) == list(range(6))
    empty = tensor(Shape(0, 3), [])
    assert forms.read_tensor(forms.tensor(empty)).shape == (0, 3)
    assert forms.read_index(forms.index(Idx(context, 1, Shape()))) == (1, 2)


def test_a_linear_map_keeps_slopes() -> None:
    found = forms.linear(dense([[1, 2], [0, 3]]), euclidean(2), euclidean(2))(tuple(moved(1, 1)))
    assert [y.slopes for y in found] == [(1, 2), (0, 3)]


def test_a_node_and_its_certificate_run_on_moving_numbers() -> None:
    idx = Idx((Shape(2),), 0, Shape(2))
    node = forms.node(mul(idx, idx))
    x = _list([fmpq(3), fmpq(4)])

    def forward(v: Any) -> list[Any]:
        return entries(forms.read_tensor(node.fields["forward"](_list(v))).entries)

    assert RealNumbers().derivative(forward, [fmpq(3), fmpq(4)]) == [[6, 0], [0, 8]]
    assert entries(forms.read_tensor(node.fields["jvp"](x)(x)).entries) == [18, 32]
    assert entries(forms.read_list(node.fields["vjp"](x)(forms.tensor(tensor(Shape(2), [1, 1]))))[0].entries) == [6, 8]


def _list(numbers: Any) -> Any:
    leaves = [Constructed(TENSOR + ".scalar", (x,)) for x in numbers]
    vector = Constructed(TENSOR + ".dim", (len(leaves), forms.shape(Shape()), lambda i: leaves[i.value]))
    return Constructed(TLIST + ".cons", (forms.shape(Shape(2)), (), vector, Constructed(TLIST + ".nil", ())))


def test_polynomials_and_operations() -> None:
    p = Polynomial((fmpq(1), fmpq(2), fmpq(3)))
    assert p.in_lean()(fmpq(2)) == 17
    assert p.derivative().in_lean()(fmpq(2)) == 14
    assert list(p(BALL, rational_vector([0, 2]))) == [1, 17]
    assert p.in_lean()(moved(2)[0]).slopes == (14,)
    fill = Fill("integers", 1)
    assert all(Polynomial.drawn(fill).coefficients)
    o = Operation((fmpq(1), fmpq(2), fmpq(3), fmpq(4)))
    assert o.in_lean()(fmpq(5))(fmpq(7)) == 35 + 10 + 21 + 4
    assert len(set(Operation.drawn(fill).coefficients[1:3])) == 2


def test_a_map_of_vectors_with_its_derivative() -> None:
    fill = Fill("integers", 3, dense=True)
    factors = weight(fill, 2, 3), weight(fill, 2, 3)
    smooth = SmoothMap("quadratic", weight(fill, 2, 3), fill.vector(2), quadratic=factors)
    x, dx, w = (tuple(map(fmpq, v)) for v in ((1, 2, 3), (2, 0, 1), (1, -1)))
    value, jvp, vjp = (MapOfVectors(smooth, role).in_lean() for role in ("value", "jvp", "vjp"))
    matrix = RealNumbers().derivative(lambda v: value(tuple(v)), x)
    assert list(jvp(x)(dx)) == [sum(a * b for a, b in zip(row, dx, strict=True)) for row in matrix]
    assert list(vjp(x)(w)) == [matrix[0][j] - matrix[1][j] for j in range(3)]


def test_a_far_fill_is_sometimes_huge_and_sometimes_tiny() -> None:
    fill = FarFill("integers", 1, dense=True)
    for drawn in ([fill.number() for _ in range(40)], [fill.nonzero() for _ in range(40)], list(fill.vector(40))):
        sizes = [abs(x) for x in drawn]
        assert max(sizes) > 10**9
        assert min(sizes) < fmpq(1, 2**70)
        assert any(1 <= s <= 3 for s in sizes)


def test_certificates() -> None:
    idx = Idx((Shape(2),), 0, Shape(2))
    p = Polynomial((fmpq(0), fmpq(1), fmpq(1)))
    node = elemwise(idx, p, p.derivative())
    at = forms.certificate_at(elemwise_certificate_at(BALL, node, rational_vector([1, 2])))
    assert at.fields["deriv"]((ONE, ONE)) == (3, 5)
