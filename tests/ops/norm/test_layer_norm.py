"""Equation tests of LayerNorm: indices, nodes and graphs against rows of scalars (`tests.ops.plain_norm`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import numpy as np
import pytest
from flint import fmpq

import mirror.ops.norm.layer_norm as ln
from mirror.arithmetic import BALL, EXACT
from mirror.core.fderiv import eval_vec, forward_vec, node_jvp_vec, node_vjp_vec
from mirror.core.soundness import Idx, Node
from mirror.core.vectorization import inner
from mirror.linear_map import basis_vector
from mirror.spec.core.shape import Shape
from tests.ops.plain_graph import check_graph, check_index, cut, joined, named, plain, rows, same, signature
from tests.ops.plain_norm import INPUTS, KINDS, SAVED, entries, mean, reciprocal, root, shape, shapes
from theorems.engine.evidence.derivatives import along
from theorems.engine.strategies.values import Fill

LN = "Proofs.Autograd.LayerNorm."
SIZES = tuple(product(range(4), range(4)))


# ---- shapes and contexts


@pytest.mark.lean(f"{LN}MatShape", f"{LN}VecShape", f"{LN}ΓLN", f"{LN}ssPrefix6", f"{LN}ssPrefix7", f"{LN}ssLayerNorm")
@pytest.mark.parametrize(("m", "n"), SIZES)
def test_shapes_and_contexts(m: int, n: int) -> None:
    assert tuple(ln.mat_shape(m, n)) == (m, n)
    assert tuple(ln.vec_shape(n)) == (n,)
    assert plain(ln.context_ln(m, n)) == [(m, n), (n,), (n,)]
    prefix6 = [(m,), (m, n), (m, n), (m, n), (m,), (m,)]
    assert plain(ln.saved_prefix6(m, n)) == prefix6
    assert plain(ln.saved_prefix7(m, n)) == [*prefix6, (m,)]
    assert plain(ln.saved_layer_norm(m, n)) == [*prefix6, (m,), (m,), *[(m, n)] * 6]
    # The table that the other tests read says the same.
    assert shapes(m, n, 14) == plain((*ln.context_ln(m, n), *ln.saved_layer_norm(m, n)))


# ---- indices: position, and how many results stand before the reader


INDICES = (
    (pytest.mark.lean(f"{LN}idxMean"), ln.idx_mean, 3, 1),
    (pytest.mark.lean(f"{LN}idxMeanB"), ln.idx_mean_b, 4, 2),
    (pytest.mark.lean(f"{LN}idxCentered"), ln.idx_centered, 5, 3),
    (pytest.mark.lean(f"{LN}idxCenteredSq"), ln.idx_centered_sq, 6, 4),
    (pytest.mark.lean(f"{LN}idxVar"), ln.idx_var, 7, 5),
    (pytest.mark.lean(f"{LN}idxVarEps"), ln.idx_var_eps, 8, 6),
    (pytest.mark.lean(f"{LN}idxStd"), ln.idx_std, 9, 7),
    (pytest.mark.lean(f"{LN}idxInvStd"), ln.idx_inv_std, 10, 8),
    (pytest.mark.lean(f"{LN}idxCentered9"), ln.idx_centered9, 5, 9),
    (pytest.mark.lean(f"{LN}idxInvStdB9"), ln.idx_inv_std_b9, 11, 9),
    (pytest.mark.lean(f"{LN}idxNorm11"), ln.idx_norm11, 12, 11),
    (pytest.mark.lean(f"{LN}idxGammaB11"), ln.idx_gamma_b11, 13, 11),
    (pytest.mark.lean(f"{LN}idxScaled13"), ln.idx_scaled13, 14, 13),
    (pytest.mark.lean(f"{LN}idxBetaB13"), ln.idx_beta_b13, 15, 13),
    (pytest.mark.lean(f"{LN}idxY"), ln.idx_y, 16, 14),
)


@pytest.mark.parametrize(("index", "position", "saved"), [named(*row) for row in INDICES])
def test_an_index_is_a_position_in_its_context(index: Callable[[int, int], Idx], position: int, saved: int) -> None:
    for m, n in SIZES:
        check_index(index(m, n), position, shape((INPUTS + SAVED)[position], m, n), shapes(m, n, saved))


INPUT_INDICES = (
    (pytest.mark.lean(f"{LN}idxX"), ln.idx_x, 0),
    (pytest.mark.lean(f"{LN}idxGamma"), ln.idx_gamma, 1),
    (pytest.mark.lean(f"{LN}idxBeta"), ln.idx_beta, 2),
)


@pytest.mark.parametrize(("index", "position"), [named(*row) for row in INPUT_INDICES])
def test_an_input_index_works_before_any_results(index: Callable[..., Idx], position: int) -> None:
    for m, n in SIZES:
        check_index(index(m, n), position, shape(INPUTS[position], m, n), shapes(m, n))
        others = (Shape(m), Shape(2, n, 1), Shape())
        check_index(index(m, n, others), position, shape(INPUTS[position], m, n), [*shapes(m, n), *others])


# ---- nodes: kind, inputs, output, value and tangent, in a context of unrelated random entries

Read = Callable[[int], list[Any]]
Formula = Callable[[int, int, fmpq, Read], list[Any]]


def repeated(values: list[Any], n: int) -> list[Any]:
    return [v for v in values for _ in range(n)]


def paired(operation: Callable[[Any, Any], Any], a: list[Any], b: list[Any]) -> list[Any]:
    return [operation(p, q) for p, q in zip(a, b, strict=True)]


def with_eps(node: Callable[[int, int], Node]) -> Callable[[int, int, fmpq], Node]:
    return lambda m, n, eps: node(m, n)


NODES: tuple[tuple[pytest.MarkDecorator, Callable[[int, int, fmpq], Node], Formula], ...] = (
    (
        pytest.mark.lean(f"{LN}nodeMean"),
        with_eps(ln.node_mean),
        lambda m, n, e, read: [mean(r) for r in rows(read(0), m, n)],
    ),
    (pytest.mark.lean(f"{LN}nodeMeanB"), with_eps(ln.node_mean_b), lambda m, n, e, read: repeated(read(3), n)),
    (
        pytest.mark.lean(f"{LN}nodeCentered"),
        with_eps(ln.node_centered),
        lambda m, n, e, read: paired(lambda a, b: a - b, read(0), read(4)),
    ),
    (
        pytest.mark.lean(f"{LN}nodeCenteredSq"),
        with_eps(ln.node_centered_sq),
        lambda m, n, e, read: [a * a for a in read(5)],
    ),
    (
        pytest.mark.lean(f"{LN}nodeVar"),
        with_eps(ln.node_var),
        lambda m, n, e, read: [mean(r) for r in rows(read(6), m, n)],
    ),
    (pytest.mark.lean(f"{LN}nodeVarEps"), ln.node_var_eps, lambda m, n, e, read: [a + e for a in read(7)]),
    (pytest.mark.lean(f"{LN}nodeStd"), with_eps(ln.node_std), lambda m, n, e, read: [root(a) for a in read(8)]),
    (
        pytest.mark.lean(f"{LN}nodeInvStd"),
        with_eps(ln.node_inv_std),
        lambda m, n, e, read: [reciprocal(a) for a in read(9)],
    ),
    (pytest.mark.lean(f"{LN}nodeInvStdB"), with_eps(ln.node_inv_std_b), lambda m, n, e, read: repeated(read(10), n)),
    (
        pytest.mark.lean(f"{LN}nodeNorm"),
        with_eps(ln.node_norm),
        lambda m, n, e, read: paired(lambda a, b: a * b, read(5), read(11)),
    ),
    (pytest.mark.lean(f"{LN}nodeGammaB"), with_eps(ln.node_gamma_b), lambda m, n, e, read: read(1) * m),
    (
        pytest.mark.lean(f"{LN}nodeScaled"),
        with_eps(ln.node_scaled),
        lambda m, n, e, read: paired(lambda a, b: a * b, read(12), read(13)),
    ),
    (pytest.mark.lean(f"{LN}nodeBetaB"), with_eps(ln.node_beta_b), lambda m, n, e, read: read(2) * m),
    (
        pytest.mark.lean(f"{LN}nodeY"),
        with_eps(ln.node_y),
        lambda m, n, e, read: paired(lambda a, b: a + b, read(14), read(15)),
    ),
)
EPSILONS = (fmpq(1, 1000), fmpq(0), fmpq(-2))


@pytest.mark.parametrize(("k", "build"), [named(mark, k, build) for k, (mark, build, *_) in enumerate(NODES)])
def test_a_node_reads_and_computes(k: int, build: Callable[[int, int, fmpq], Node]) -> None:
    formula = NODES[k][-1]
    for (m, n), eps, family in product(SIZES, EPSILONS, ("integers", "fractions")):
        node, context = build(m, n, eps), shapes(m, n, k)
        assert plain(node.context) == context
        assert signature(node) == (*KINDS[k], shape(SAVED[k], m, n))
        x = Fill(family, 7 * m + n).vector(size_of(context))
        expected = formula(m, n, eps, cut(context, x).__getitem__)
        same(forward_vec(BALL, node, x), joined([expected]), node.kind)


def size_of(context: list[tuple[int, ...]]) -> int:
    return sum(int(np.prod(s)) for s in context)


@pytest.mark.parametrize(("k", "build"), [named(mark, k, build) for k, (mark, build, *_) in enumerate(NODES)])
def test_a_node_moves_with_its_inputs(k: int, build: Callable[[int, int, fmpq], Node]) -> None:
    m, n = 2, 3
    node, length = build(m, n, fmpq(1)), size_of(shapes(m, n, k))
    x = np.array([fmpq(i % 7 + 1, 2) for i in range(length)], dtype=object)  # positive: no corner of √ or 1/x
    directions = [basis_vector(length, j) for j in range(length)]
    weights = Fill("integers", 5).vector(size_of([tuple(node.shape)]))
    cotangent = node_vjp_vec(BALL, node, x, weights)
    for j, h in enumerate(directions):
        moved = along(lambda ar, z: forward_vec(ar, node, z), x, h)
        same(node_jvp_vec(BALL, node, x, h), moved, f"jvp along {j}")
        same(cotangent[j], inner(BALL, moved, weights), f"vjp at {j}")


# ---- graphs: every prefix, node by node and value by value


def without_eps(graph: Callable[[int, int], Any]) -> Callable[[int, int, fmpq], Any]:
    return lambda m, n, eps: graph(m, n)


GRAPHS = (
    (pytest.mark.lean(f"{LN}g1"), without_eps(ln.g1)),
    (pytest.mark.lean(f"{LN}g2"), without_eps(ln.g2)),
    (pytest.mark.lean(f"{LN}g3"), without_eps(ln.g3)),
    (pytest.mark.lean(f"{LN}g4"), without_eps(ln.g4)),
    (pytest.mark.lean(f"{LN}g5"), without_eps(ln.g5)),
    (pytest.mark.lean(f"{LN}layerNormPrefix6"), ln.layer_norm_prefix6),
    (pytest.mark.lean(f"{LN}layerNormPrefix7"), ln.layer_norm_prefix7),
    (pytest.mark.lean(f"{LN}g8"), ln.g8),
    (pytest.mark.lean(f"{LN}g9"), ln.g9),
    (pytest.mark.lean(f"{LN}g10"), ln.g10),
    (pytest.mark.lean(f"{LN}g11"), ln.g11),
    (pytest.mark.lean(f"{LN}g12"), ln.g12),
    (pytest.mark.lean(f"{LN}g13"), ln.g13),
    (pytest.mark.lean(f"{LN}layerNormGraph"), ln.layer_norm_graph),
)


def points(m: int, n: int) -> Iterator[tuple[list[list[Any]], list[Any], list[Any], fmpq]]:
    """X, γ, β and ε: any values, a square variance, constant rows, var + ε zero and negative."""
    for k, family in enumerate(("fractions", "integers")):
        fill = Fill(family, 31 * m + 5 * n + k)
        x, gamma, beta = rows(fill.vector(m * n), m, n), list(fill.vector(n)), list(fill.vector(n))
        constant = [[fmpq(i + 1)] * n for i in range(m)]
        alternating = [[fmpq((i + 1) * (2 * (j % 2) - 1)) for j in range(n)] for i in range(m)]
        yield x, gamma, beta, fmpq(1, 1000)
        yield x, gamma, beta, fmpq(-100)
        yield constant, gamma, beta, fmpq(0)
        yield constant, gamma, beta, fmpq(1, 4)
        yield alternating, gamma, beta, fmpq(-1)  # for even n: var + ε = (i + 1)² - 1, which is 0 in the first row
        yield alternating, gamma, beta, fmpq(0)


@pytest.mark.unmeasured
@pytest.mark.parametrize(("k", "build"), [named(mark, k, build) for k, (mark, build) in enumerate(GRAPHS, 1)])
def test_a_graph_is_its_nodes_and_computes_row_by_row(k: int, build: Callable[..., Any]) -> None:
    for m, n in SIZES:
        for x, gamma, beta, eps in points(m, n):
            graph, expected = build(m, n, eps), entries(x, gamma, beta, eps)
            check_graph(graph, shapes(m, n), KINDS[:k], shapes(m, n, k)[3:])
            same(eval_vec(BALL, graph, joined(expected[:3])), joined(expected[: 3 + k]))


@pytest.mark.lean(f"{LN}layerNormGraph")
def test_the_variance_is_biased_and_epsilon_is_under_the_root() -> None:
    # X = (0, 2): mean 1, variance 1 (2 were it unbiased), so with ε = 3 the root is 2, not 1 + 3.
    x = joined([[fmpq(0), fmpq(2)], [fmpq(10), fmpq(10)], [fmpq(1), fmpq(0)]])
    y = eval_vec(EXACT, ln.layer_norm_graph(1, 2, fmpq(3)), x)[-2:]
    assert list(y) == [-5 + 1, 5]


@pytest.mark.lean(f"{LN}layerNormGraph")
@pytest.mark.parametrize("eps", [fmpq(-1), fmpq(-2)])
def test_below_and_at_the_boundary_the_output_is_beta(eps: fmpq) -> None:
    # X = (-1, 1) has variance 1, so var + ε is 0 or negative: √ = 0, 1/0 = 0, y = β.
    x = joined([[fmpq(-1), fmpq(1)], [fmpq(5), fmpq(7)], [fmpq(3), fmpq(-4)]])
    assert list(eval_vec(EXACT, ln.layer_norm_graph(1, 2, eps), x)[-2:]) == [3, -4]


# ---- the graph's certificate


@pytest.mark.lean(f"{LN}layerNormGraphFderivCorrectAt")
@pytest.mark.parametrize(("m", "n"), [(0, 2), (2, 0), (1, 1), (2, 3)])
def test_the_certificate_has_each_nodes_derivative_where_it_is_evaluated(m: int, n: int) -> None:
    for x, gamma, beta, eps in points(m, n):
        if eps <= 0:  # hVarEpsPos and hStdNe0 hold for ε > 0
            continue
        expected = entries(x, gamma, beta, eps)
        point = joined(expected[:3])
        certificate = ln.layer_norm_certificate_at(BALL, m, n, eps, point)
        assert certificate.graph is ln.layer_norm_graph(m, n, eps)
        assert list(certificate.x) == list(point)
        for k, hn in enumerate(certificate.nodes):
            assert hn.node is certificate.graph.nodes[k]
            same(hn.x, joined(expected[: 3 + k]), f"point {k}")
            check_derivative(hn.node, hn.x, hn.deriv)


def check_derivative(node: Node, x: Any, deriv: Any) -> None:
    """Hold a linear map to the jets of a node, along a vector that moves everything, and its adjoint too."""
    h, w = Fill("integers", 3).vector(len(x)), Fill("integers", 4).vector(deriv.codomain)
    moved = along(lambda ar, z: forward_vec(ar, node, z), x, h)
    same(deriv(BALL, h), moved, f"deriv of {node.kind}")
    same(inner(BALL, h, deriv.adjoint(BALL, w)), inner(BALL, moved, w), f"adjoint at {node.kind}")
