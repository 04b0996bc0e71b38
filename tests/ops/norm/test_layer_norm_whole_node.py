"""Equation tests of LayerNorm as one node of another graph: value, tangents and cotangents, boundary included."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from flint import fmpq

from mirror.arithmetic import BALL, EXACT
from mirror.core.fderiv import eval_vec, forward_vec, node_jvp_vec, node_vjp_vec
from mirror.core.soundness import Idx, Node
from mirror.core.vectorization import inner
from mirror.ops.norm.layer_norm import (
    Inputs,
    layer_norm_graph,
    output_clm,
    pack_inputs_clm,
    whole_node,
    whole_node_certificate_at,
)
from mirror.spec.core.shape import Context, Shape
from tests.ops.plain_graph import cut, joined, plain, rows, same, signature
from tests.ops.plain_norm import cotangent, differentiable, norm, shapes, tangent
from theorems.engine.evidence.derivatives import along
from theorems.engine.strategies.values import Fill

LN = "Proofs.Autograd.LayerNorm."
SIZES = tuple(product(range(4), range(4)))
X, GAMMA, BETA = 3, 1, 4  # where the surrounding context keeps them
EPSILONS = (fmpq(1, 1000), fmpq(0), fmpq(-1))


def surrounding(m: int, n: int) -> Context:
    """A context in which the norm's inputs are scattered among others, of the same shapes as well."""
    return (Shape(n), Shape(n), Shape(m, n), Shape(m, n), Shape(n), Shape(2, 1))


def inputs(m: int, n: int) -> Inputs:
    context = surrounding(m, n)
    return Inputs(*(Idx(context, i, context[i]) for i in (X, GAMMA, BETA)))


def vector(m: int, n: int, seed: int, family: str = "fractions") -> Any:
    return Fill(family, seed).vector(sum(s[0] * (s[1] if len(s) == 2 else 1) for s in surrounding(m, n)))


def blocks(m: int, n: int, v: Any) -> tuple[list[list[Any]], list[Any], list[Any]]:
    """The X rows, γ and β parts of a vector of the surrounding context."""
    found = cut(surrounding(m, n), v)
    return rows(found[X], m, n), found[GAMMA], found[BETA]


def with_rows(m: int, n: int, v: Any, x: list[list[Any]]) -> Any:
    """The same vector with other X rows."""
    found = cut(surrounding(m, n), v)
    found[X] = [a for row in x for a in row]
    return joined(found)


def scattered(m: int, n: int, to_x: list[Any], to_gamma: list[Any], to_beta: list[Any]) -> Any:
    """A cotangent of the surrounding context: zero wherever the norm does not read."""
    found = cut(surrounding(m, n), vector(m, n, 0, "zeros"))
    found[X], found[GAMMA], found[BETA] = to_x, to_gamma, to_beta
    return joined(found)


# ---- Inputs, packing, output


@pytest.mark.lean(f"{LN}Inputs")
def test_inputs_are_three_indices_that_fit() -> None:
    found = inputs(2, 3)
    assert (found.x.i, found.gamma.i, found.beta.i) == (X, GAMMA, BETA)
    assert plain((found.x.shape, found.gamma.shape, found.beta.shape)) == shapes(2, 3)


CONTEXT = (Shape(2, 3), Shape(3), Shape(2), Shape(3, 1), Shape(2, 3, 1))


@pytest.mark.lean(f"{LN}Inputs")
@pytest.mark.parametrize("positions", [(0, 1, 2), (0, 2, 1), (1, 1, 1), (4, 1, 1), (3, 1, 1), (0, 0, 1)])
def test_inputs_that_do_not_fit_are_refused(positions: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match=r"LayerNorm needs x \[m, n\], gamma \[n\], beta \[n\]; got"):
        Inputs(*(Idx(CONTEXT, i, CONTEXT[i]) for i in positions))


@pytest.mark.lean(f"{LN}Inputs")
def test_inputs_of_two_contexts_are_refused() -> None:
    other = (*CONTEXT, Shape(3))
    with pytest.raises(ValueError, match="index different contexts"):
        Inputs(Idx(CONTEXT, 0, CONTEXT[0]), Idx(CONTEXT, 1, CONTEXT[1]), Idx(other, 1, CONTEXT[1]))


@pytest.mark.lean(f"{LN}packInputsCLM")
@pytest.mark.parametrize(("m", "n"), SIZES)
def test_packing_reads_the_three_in_order(m: int, n: int) -> None:
    pack, v = pack_inputs_clm(inputs(m, n)), vector(m, n, 1)
    x, gamma, beta = blocks(m, n, v)
    same(pack(EXACT, v), joined([*x, gamma, beta]))
    w = Fill("integers", 2).vector(m * n + 2 * n)
    to_x, to_gamma, to_beta = cut(shapes(m, n), w)
    same(pack.adjoint(EXACT, w), scattered(m, n, to_x, to_gamma, to_beta))


@pytest.mark.lean(f"{LN}packInputsCLM")
def test_packing_one_entry_twice_adds_its_cotangents() -> None:
    context = (Shape(1, 2), Shape(2))
    shared = Idx(context, 1, context[1])
    pack = pack_inputs_clm(Inputs(Idx(context, 0, context[0]), shared, shared))
    w = joined([[fmpq(k) for k in (1, 2, 10, 20, 100, 200)]])
    assert list(pack.adjoint(EXACT, w)) == [1, 2, 110, 220]


@pytest.mark.lean(f"{LN}outputCLM")
@pytest.mark.parametrize(("m", "n"), SIZES)
def test_the_output_is_the_last_entry(m: int, n: int) -> None:
    everything = shapes(m, n, 14)
    length = sum(s[0] * (s[1] if len(s) == 2 else 1) for s in everything)
    v, w = Fill("fractions", 3).vector(length), Fill("fractions", 4).vector(m * n)
    out = output_clm(m, n)
    assert (out.domain, out.codomain) == (length, m * n)
    assert list(out(EXACT, v)) == list(v[length - m * n :])
    assert list(out.adjoint(EXACT, w)) == [fmpq(0)] * (length - m * n) + list(w)


# ---- the node


def node(m: int, n: int, eps: fmpq) -> Node:
    return whole_node(inputs(m, n), eps)


@pytest.mark.lean(f"{LN}wholeNode")
@pytest.mark.parametrize(("m", "n"), SIZES)
def test_the_node_computes_the_norm_of_what_it_reads(m: int, n: int) -> None:
    for eps in EPSILONS:
        found = node(m, n, eps)
        assert signature(found) == ("wholeNode", (X, GAMMA, BETA), (m, n))
        assert found.parameters["ε"] == eps
        assert found.context == surrounding(m, n)
        for family in ("fractions", "integers", "zeros"):
            v = vector(m, n, m + n, family)
            same(forward_vec(BALL, found, v), joined([norm(*blocks(m, n, v), eps)]))


def check_both_runs(m: int, n: int, eps: fmpq, v: Any, seed: int) -> bool:
    """Hold jvp and vjp to the rules of calculus at v; whether the norm is differentiable there."""
    x, gamma, _ = blocks(m, n, v)
    dv, delta = vector(m, n, seed, "integers"), Fill("integers", seed + 1).vector(m * n)
    same(node_jvp_vec(BALL, node(m, n, eps), v, dv), joined([tangent(x, gamma, eps, *blocks(m, n, dv))]))
    expected = scattered(m, n, *cotangent(x, gamma, eps, rows(delta, m, n)))
    same(node_vjp_vec(BALL, node(m, n, eps), v, delta), expected)
    return differentiable(x, eps)


@pytest.mark.lean(f"{LN}wholeNode")
@pytest.mark.parametrize(("m", "n"), SIZES)
def test_jvp_and_vjp_are_the_derivative_and_its_adjoint(m: int, n: int) -> None:
    for eps, seed in product(EPSILONS, range(3)):
        check_both_runs(m, n, eps, vector(m, n, 11 * seed + n), seed)


ORDINARY = [fmpq(1), fmpq(3), fmpq(-7)]


# A row and minus its variance: constant rows for ε = 0, a spread row for a negative ε.
AT_BOUNDARY = (((4, 4), fmpq(0)), ((4, 4, 4), fmpq(0)), ((-1, 1), fmpq(-1)), ((-1, 0, 1), fmpq(-2, 3)))


@pytest.mark.lean(f"{LN}wholeNode")
@pytest.mark.parametrize(("row", "eps"), AT_BOUNDARY)
def test_one_row_at_the_boundary_makes_both_runs_zero(row: tuple[int, ...], eps: fmpq) -> None:
    """Every entry is 0, those of the ordinary row, of γ and of β included, although β alone moves y smoothly."""
    n, at_boundary = len(row), [fmpq(a) for a in row]
    for place in range(2):
        x = [ORDINARY[:n], ORDINARY[:n]]
        x[place] = at_boundary
        v = with_rows(2, n, vector(2, n, 5, "integers"), x)
        assert not check_both_runs(2, n, eps, v, 3)
        dv, delta = vector(2, n, 6, "integers"), joined([[fmpq(1)] * (2 * n)])
        assert not any(node_jvp_vec(BALL, node(2, n, eps), v, dv))
        assert not any(node_vjp_vec(BALL, node(2, n, eps), v, delta))


@pytest.mark.lean(f"{LN}wholeNode")
@pytest.mark.parametrize("eps", [fmpq(0), fmpq(-1), fmpq(1)])
def test_a_row_of_length_one_has_no_boundary(eps: fmpq) -> None:
    v, dv = vector(3, 1, 5), vector(3, 1, 6)
    delta = joined([[fmpq(2), fmpq(3), fmpq(5)]])
    assert list(forward_vec(BALL, node(3, 1, eps), v)) == blocks(3, 1, v)[2] * 3
    assert list(node_jvp_vec(BALL, node(3, 1, eps), v, dv)) == blocks(3, 1, dv)[2] * 3
    assert list(node_vjp_vec(BALL, node(3, 1, eps), v, delta)) == list(scattered(3, 1, [fmpq(0)] * 3, [fmpq(0)], [10]))


@pytest.mark.lean(f"{LN}wholeNode")
def test_below_the_boundary_a_row_is_locally_constant() -> None:
    # Variances 1 and 4 with ε = -2: the first row is β whatever X does, the second one is an ordinary norm.
    v = with_rows(2, 2, vector(2, 2, 5, "integers"), [[fmpq(-1), fmpq(1)], [fmpq(-2), fmpq(2)]])
    assert check_both_runs(2, 2, fmpq(-2), v, 9)
    h = vector(2, 2, 8)
    found = node(2, 2, fmpq(-2))
    same(node_jvp_vec(BALL, found, v, h), along(lambda ar, z: forward_vec(ar, found, z), v, h))
    same(node_jvp_vec(BALL, found, v, h)[:2], joined([blocks(2, 2, h)[2]]))


@pytest.mark.lean(f"{LN}wholeNodeFDerivCorrectAt")
@pytest.mark.parametrize(("m", "n"), SIZES)
def test_the_certificate_is_the_derivative_at_its_point(m: int, n: int) -> None:
    found, v = node(m, n, fmpq(1, 7)), vector(m, n, 13)
    certificate = whole_node_certificate_at(BALL, found, v)
    assert certificate.node is found
    assert certificate.x is v
    h, w = vector(m, n, 14), Fill("integers", 15).vector(m * n)
    moved = along(lambda ar, z: forward_vec(ar, found, z), v, h)
    same(certificate.deriv(BALL, h), moved)
    same(inner(BALL, h, certificate.deriv.adjoint(BALL, w)), inner(BALL, moved, w))


@pytest.mark.lean(f"{LN}wholeNode", f"{LN}layerNormGraph")
def test_the_node_is_the_graph_between_packing_and_output() -> None:
    v, eps = vector(3, 2, 21), fmpq(1, 9)
    packed = pack_inputs_clm(inputs(3, 2))(BALL, v)
    through = output_clm(3, 2)(BALL, eval_vec(BALL, layer_norm_graph(3, 2, eps), packed))
    same(forward_vec(BALL, node(3, 2, eps), v), through)
