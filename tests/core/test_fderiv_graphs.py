"""Vector-level runs of nodes and graphs, and their derivative certificates."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given

from mirror.arithmetic import BALL, EXACT
from mirror.core.fderiv import (
    GraphFDerivCorrect,
    GraphFDerivCorrectAt,
    NodeFDerivCorrectAt,
    backprop_vec,
    certificate_at,
    eval_vec,
    forward_vec,
    jvp_vec,
    node_jvp_vec,
    node_vjp_vec,
)
from mirror.core.soundness import Graph, Idx, Node
from mirror.nodes.arithmetic import add, add_certificate, mul, mul_certificate, scale, scale_certificate
from mirror.spec.core.shape import Shape
from tests.plain import assert_matrix, count, numbers, placed, total, unit, vector
from tests.plain_graphs import GraphCase, graph_cases
from theorems.engine.evidence.derivatives import along
from theorems.engine.strategies.values import Fill, fills

THREE = (Shape(3),)
X = Idx(THREE, 0, Shape(3))


def tensor_level(node: Node) -> Node:
    """The same node without its vector-level maps, so that only the tensor-level ones are left."""
    return replace(node, vec=None)


# ---- nodes


@pytest.mark.lean("Proofs.Autograd.Node.forwardVec", "Proofs.Autograd.Node.jvpVec", "Proofs.Autograd.Node.vjpVec")
@given(placed(Shape(2, 1), Shape(2, 1)), fills())
def test_a_node_on_vectors_is_conjugated_by_flattening(found: tuple[Idx, Idx], fill: Fill) -> None:
    a, b = found
    n, size = total(a.context), count(a.shape)
    x, dx, delta = numbers(fill.vector(n)), numbers(fill.vector(n)), numbers(fill.vector(size))
    u, v = total(a.context[: a.i]), total(a.context[: b.i])
    product = [x[u + k] * x[v + k] for k in range(size)]
    tangent = [x[u + k] * dx[v + k] + x[v + k] * dx[u + k] for k in range(size)]
    cotangent = [Fraction(0)] * n
    for k in range(size):
        cotangent[u + k] += delta[k] * x[v + k]
        cotangent[v + k] += delta[k] * x[u + k]
    for node in (mul(a, b), tensor_level(mul(a, b))):
        assert numbers(forward_vec(EXACT, node, vector(x))) == product
        assert numbers(node_jvp_vec(EXACT, node, vector(x), vector(dx))) == tangent
        assert numbers(node_vjp_vec(EXACT, node, vector(x), vector(delta))) == cotangent


# ---- graphs


@pytest.mark.lean("Proofs.Autograd.Graph.evalVec", "Proofs.Autograd.Graph.jvpVec", "Proofs.Autograd.Graph.backpropVec")
@given(graph_cases())
def test_vector_level_runs_are_the_values_the_jacobian_and_its_transpose(case: GraphCase) -> None:
    graph, plainly = case.spec.build(), case.plainly()
    assert numbers(eval_vec(EXACT, graph, case.x)) == plainly.values
    assert numbers(jvp_vec(EXACT, graph, case.x, case.dx)) == plainly.tangent(numbers(case.dx))
    assert numbers(backprop_vec(EXACT, graph, case.x, case.seed)) == plainly.pulled_back(numbers(case.seed))


@pytest.mark.lean("Proofs.Autograd.Graph.backpropVec")
def test_shared_results_collect_every_cotangent() -> None:
    # y = x + x, z = y·x: z = 2x², so the seed on z comes back four times x, on y twice, on x once.
    graph = Graph.nil(THREE).snoc(add(X, X))
    y = (*THREE, Shape(3))
    graph = graph.snoc(mul(Idx(y, 1, Shape(3)), Idx(y, 0, Shape(3))))
    seed = vector([1, 0, 0, 0, 10, 0, 0, 0, 100])
    assert numbers(backprop_vec(EXACT, graph, vector([5, 6, 7]), seed)) == [1, 20, 2800]


@pytest.mark.lean("Proofs.Autograd.Graph.evalVec", "Proofs.Autograd.Graph.jvpVec", "Proofs.Autograd.Graph.backpropVec")
def test_an_empty_graph_returns_what_it_is_given() -> None:
    graph, x, dx = Graph.nil(THREE), vector([1, 2, 3]), vector([4, 5, 6])
    assert numbers(eval_vec(EXACT, graph, x)) == [1, 2, 3]
    assert numbers(jvp_vec(EXACT, graph, x, dx)) == [4, 5, 6]
    assert numbers(backprop_vec(EXACT, graph, x, dx)) == [4, 5, 6]


def test_a_vector_level_run_refuses_another_length() -> None:
    graph, three, two = Graph.nil(THREE).snoc(add(X, X)), vector(range(3)), vector(range(2))
    with pytest.raises(ValueError, match=r"shape \(2,\), expected a vector of length 3 for the inputs \(\[3\],\)"):
        eval_vec(EXACT, graph, two)
    with pytest.raises(ValueError, match=r"expected a vector of length 3 for the tangents of \(\[3\],\)"):
        jvp_vec(EXACT, graph, three, two)
    with pytest.raises(ValueError, match=r"shape \(3,\), expected a vector of length 6 for a seed on \(\[3\], \[3\]\)"):
        backprop_vec(EXACT, graph, three, three)


# ---- certificates


@pytest.mark.lean("Proofs.Autograd.NodeFDerivCorrect", "Proofs.Autograd.NodeFDerivCorrect.at")
@given(fills())
def test_a_certificate_gives_the_derivative_at_each_point(fill: Fill) -> None:
    certificate = mul_certificate(mul(X, X))
    for _ in range(2):
        point = fill.vector(3)
        twice = [2 * q for q in numbers(point)]
        assert_matrix(certificate.deriv(EXACT, point), 3, 3, lambda i, j, d=twice: d[i] if i == j else 0)
        here = certificate_at(EXACT, certificate, point)
        assert here.node is certificate.node
        assert numbers(here.x) == numbers(point)
        assert_matrix(here.deriv, 3, 3, lambda i, j, d=twice: d[i] if i == j else 0)


@pytest.mark.lean("Proofs.Autograd.NodeFDerivCorrect", "Proofs.Autograd.NodeFDerivCorrectAt")
@given(fills())
def test_the_two_proof_fields_hold_for_a_square(fill: Fill) -> None:
    node, x, h = mul(X, X), fill.vector(3), fill.vector(3)
    here = certificate_at(BALL, mul_certificate(node), x)
    jet = along(lambda ar, z: forward_vec(ar, node, z), x, h)
    assert numbers(here.deriv(BALL, h)) == numbers(jet)
    assert numbers(node_jvp_vec(BALL, node, x, h)) == numbers(jet)


@pytest.mark.lean("Proofs.Autograd.NodeFDerivCorrectAt")
def test_a_pointwise_certificate_is_a_node_a_point_and_a_linear_map() -> None:
    deriv = scale_certificate(scale(X, EXACT.half)).deriv(EXACT, unit(3, 0))
    here = NodeFDerivCorrectAt(scale(X, EXACT.half), unit(3, 0), deriv)
    assert (here.node.kind, numbers(here.x), here.deriv) == ("scale", [1, 0, 0], deriv)


@pytest.mark.lean("Proofs.Autograd.GraphFDerivCorrect", "Proofs.Autograd.GraphFDerivCorrectAt")
def test_a_graph_certificate_has_the_certificate_of_each_node_in_order() -> None:
    node, other = add(X, X), add(X, X)
    graph, x = Graph.nil(THREE).snoc(node), unit(3, 1)
    certificate = add_certificate(node)
    here = certificate_at(EXACT, certificate, x)
    assert GraphFDerivCorrect(Graph.nil(THREE), ()).nodes == ()
    assert GraphFDerivCorrect(graph, (certificate,)).nodes == (certificate,)
    assert GraphFDerivCorrectAt(graph, x, (here,)).nodes == (here,)
    # An equal-looking node is another node, and one certificate is needed for each.
    message = r"the certificates are for nodes \['add'\], the graph has \['add'\]"
    with pytest.raises(ValueError, match=message):
        GraphFDerivCorrect(graph, (add_certificate(other),))
    with pytest.raises(ValueError, match=r"the certificates are for nodes \[\], the graph has \['add'\]"):
        GraphFDerivCorrect(graph, ())
    with pytest.raises(ValueError, match=message):
        GraphFDerivCorrectAt(graph, x, (certificate_at(EXACT, add_certificate(other), x),))
