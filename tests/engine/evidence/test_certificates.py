"""The predicates of derivative hypotheses: they accept the right data and reject the wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flint import arb, fmpq

from mirror.arithmetic import BALL, Arithmetic, Array, AtBoundary, Undecided, precision, rational_vector
from mirror.core.fderiv import GraphFDerivCorrectAt, NodeFDerivCorrectAt
from mirror.core.soundness import Graph, Idx
from mirror.linear_map import LinearFunction, dense, scaled
from mirror.nodes.arithmetic import affine
from mirror.spec.core.shape import Shape
from theorems.engine.evidence.certificates import decided, derivative_holds
from theorems.engine.evidence.differentiability import every_input_moves
from theorems.engine.evidence.graph_certificates import adjoints_belong, graph_certificate_holds
from theorems.engine.evidence.verdicts import Equal, Verdict, judge
from theorems.engine.graphs import GraphSpec, NodeSpec

POINT = rational_vector([1, -2, 3, 5, -4, 2])
JACOBIAN = dense([[2 * x if i == j else 0 for j in range(6)] for i, x in enumerate([1, -2, 3, 5, -4, 2])])


def square(ar: Arithmetic, x: Array) -> Array:
    return x * x


def test_no_input_escapes_the_trial_direction() -> None:
    assert all(every_input_moves(30))
    assert list(every_input_moves(4)) == [1, -2, 3, -4]


def test_no_two_inputs_move_alike() -> None:
    assert len({abs(entry) for entry in every_input_moves(100)}) == 100


def test_a_derivative_that_exchanges_two_inputs_is_rejected() -> None:
    def total(ar: Arithmetic, x: Array) -> Array:
        return 2 * x

    def exchanged(ar: Arithmetic, h: Array) -> Array:
        image = 2 * h
        image[0], image[14] = image[14], image[0]
        return image

    assert not derivative_holds(BALL, total, LinearFunction(15, 15, exchanged, exchanged), rational_vector([1] * 15))


SQUARE = rational_vector([1, 2, 3, 4]).reshape(2, 2)


def _certified(*adjoints: Array) -> GraphFDerivCorrectAt:
    """Nodes x ↦ A·x on the ℝ² that stands first, whose certificates give them those adjoints."""
    graph, nodes = Graph((Shape(2),)), []
    for k, adjoint in enumerate(adjoints):
        context = (*graph.context, *graph.saved)
        node = affine(Idx(context, 0, context[0]), context[0], dense(SQUARE), rational_vector([0, 0]))
        first = dense([[int(i == j) for j in range(2 * k + 2)] for i in range(2)])
        deriv = LinearFunction(
            first.domain, 2, dense(SQUARE).comp(first).apply, first.adjoint.comp(dense(adjoint)).apply
        )
        graph = graph.snoc(node)
        nodes.append(NodeFDerivCorrectAt(node, rational_vector([1] * first.domain), deriv))
    return GraphFDerivCorrectAt(graph, rational_vector([1, 1]), tuple(nodes))


def test_an_adjoint_is_the_transpose() -> None:
    assert judge(adjoints_belong(BALL, _certified(SQUARE.T, SQUARE.T))).verdict is Verdict.EQUAL


@pytest.mark.parametrize("wrong", [0, 1, 2])
def test_an_untransposed_square_matrix_is_no_adjoint(wrong: int) -> None:
    adjoints = [SQUARE if k == wrong else SQUARE.T for k in range(3)]
    found = judge(adjoints_belong(BALL, _certified(*adjoints)))
    assert found.verdict is Verdict.REFUTED
    assert found.mismatch
    assert found.mismatch.claim.endswith(f"the certificate of node {wrong}, affine")


def test_the_right_derivative_is_accepted() -> None:
    assert derivative_holds(BALL, square, JACOBIAN, POINT)


@pytest.mark.parametrize("wrong", range(6))
def test_a_derivative_wrong_in_one_input_is_rejected(wrong: int) -> None:
    def but_one(ar: Arithmetic, h: Array) -> Array:
        image = JACOBIAN.apply(ar, h)
        image[wrong] += h[wrong]
        return image

    assert not derivative_holds(BALL, square, LinearFunction(6, 6, but_one, but_one), POINT)


def test_a_map_has_no_derivative_at_its_corner() -> None:
    def clamp(ar: Arithmetic, x: Array) -> Array:
        return ar.positive_part(x)

    assert not derivative_holds(BALL, clamp, dense([[0]]), rational_vector([0]))


def test_where_nothing_shows_what_a_corner_does_it_is_not_decided() -> None:
    def smooth_at_its_corner(ar: Arithmetic, x: Array) -> Array:
        return x * ar.sqrt(x * x)

    with pytest.raises(AtBoundary):
        derivative_holds(BALL, smooth_at_its_corner, dense([[0]]), rational_vector([0]))


def test_a_hypothesis_that_is_too_wide_to_decide_is_undecided() -> None:
    with precision(64), pytest.raises(Undecided):
        decided([Equal("√2 = √2", arb(2).sqrt(), arb(2).sqrt())])
    assert not decided([Equal("1 = 2", fmpq(1), fmpq(2))])


@pytest.mark.parametrize("wrong", range(3))
def test_a_graph_certificate_is_tried_at_every_node(wrong: int) -> None:
    context = (Shape(2),)
    spec = GraphSpec(context, tuple(NodeSpec("scale", (k,), {"c": fmpq(k + 2)}) for k in range(3)))
    x = rational_vector([1, -2])
    right = spec.certificate_at(BALL, x)
    assert graph_certificate_holds(BALL, right)
    held = right.nodes[wrong]
    other = replace(held, deriv=scaled(fmpq(2), held.deriv))
    assert not graph_certificate_holds(
        BALL, replace(right, nodes=(*right.nodes[:wrong], other, *right.nodes[wrong + 1 :]))
    )
