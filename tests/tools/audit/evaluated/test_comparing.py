"""Each kind of value against itself in Lean's form, and against another one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flint import fmpq
from hypothesis import strategies as st

from lean_refs.evaluator import REAL, LeanType, Pair, arrow, continuous, euclidean, fin
from lean_refs.evaluator.values import LeanValue, LinearMap
from mirror.arithmetic import BALL, rational_vector
from mirror.core.fderiv import certificate_at
from mirror.core.soundness import Idx
from mirror.linear_map import LinearFunction, dense
from mirror.nodes.arithmetic import affine, mul, mul_certificate
from mirror.nodes.graph_composition import DGraph, graph_certificate_at, nil, snoc
from mirror.ops.norm.layer_norm import Inputs
from mirror.spec.core.shape import Shape
from tests.tools.audit.evaluated.texts import evaluator_of, extended
from theorems.engine.draws import draws
from theorems.engine.evidence.verdicts import Judgement, Verdict, judge
from theorems.engine.graphs import KINDS
from theorems.engine.sizes import Sizes
from theorems.engine.strategies.values import Fill
from theorems.tools.audit.evaluated import comparing, far, forms
from theorems.tools.audit.evaluated.arguments import Drawn, DrawnArgument
from theorems.tools.audit.evaluated.comparing import claims
from theorems.tools.audit.evaluated.drawing import draw_arguments
from theorems.tools.audit.evaluated.errors import NoArgumentError, UndrawableError
from theorems.tools.audit.evaluated.functions import MapOfVectors, Polynomial
from theorems.tools.audit.evaluated.names import (
    DGRAPH,
    GRAPH,
    GRAPH_CERTIFICATE,
    GRAPH_CERTIFICATE_AT,
    INPUTS,
    NODE,
    NODE_CERTIFICATE,
    NODE_CERTIFICATE_AT,
)
from theorems.tools.audit.evaluated.parts import ObservedData, alike
from theorems.tools.audit.evaluated.same import target_of
from theorems.tools.audit.evaluated.typed import drawn_value

TWO = Shape(2)
CONTEXT = (TWO, Shape())
IDX = Idx(CONTEXT, 0, TWO)
GAMMA, TAU = forms.context(CONTEXT), forms.shape(TWO)
NODE_OF = mul(IDX, IDX)
SHIFT = affine(IDX, TWO, dense([[1, 2], [0, 1]]), rational_vector([1, 1]))


def certified(*certificates: Any) -> DGraph:
    dg = nil(CONTEXT)
    for one in certificates:
        dg = snoc(dg, one)
    return dg


LATER = Idx((*CONTEXT, TWO), 2, TWO)
GRAPHS = certified(mul_certificate(NODE_OF), mul_certificate(mul(LATER, LATER)))
SAVED = forms.context(GRAPHS.g.saved)
X = rational_vector([2, 3, 5])
AT = graph_certificate_at(BALL, GRAPHS.hg, X)
GRAPH_OF = forms.graph(GRAPHS.g)
OF_GRAPH = LeanType("Prod", via=((GRAPH_CERTIFICATE, (GAMMA, SAVED, GRAPH_OF)),))
OF_GRAPH_AT = LeanType("Prod", via=((GRAPH_CERTIFICATE_AT, (GAMMA, SAVED, GRAPH_OF, tuple(X))),))


def judged(type_: LeanValue, lean: LeanValue, mirror: Any) -> Judgement:
    return judge(claims(type_, lean, mirror, Fill("fractions", 5)))


def doubled(linear: Any, *, adjoint: bool) -> LinearFunction:
    """A linear map whose values, or whose adjoint's, are twice what they should be."""

    def twice(function: Any, wrong: bool) -> Any:
        return lambda ar, v: function(ar, v) * (2 if wrong else 1)

    return LinearFunction(
        linear.domain,
        linear.codomain,
        twice(linear.apply, not adjoint),
        twice(linear.apply_adjoint, adjoint),
    )


CERTIFICATE = mul_certificate(NODE_OF)
HERE = certificate_at(BALL, CERTIFICATE, X)
SAME = [
    (LeanType(NODE, (GAMMA, TAU)), forms.node(NODE_OF), NODE_OF),
    (LeanType(GRAPH, (GAMMA, SAVED)), GRAPH_OF, GRAPHS.g),
    (LeanType(DGRAPH, (GAMMA, SAVED)), forms.certified_graph(GRAPHS), GRAPHS),
    (LeanType(NODE_CERTIFICATE, (GAMMA, TAU, forms.node(NODE_OF))), forms.certificate(CERTIFICATE), CERTIFICATE),
    (LeanType(NODE_CERTIFICATE_AT, (GAMMA, TAU, forms.node(NODE_OF), tuple(X))), forms.certificate_at(HERE), HERE),
    (OF_GRAPH, forms.graph_certificate(GRAPHS.hg), GRAPHS.hg),
    (OF_GRAPH_AT, forms.graph_certificate(AT), AT),
    (LeanType("Prod", (REAL, euclidean(2))), Pair(fmpq(1), (fmpq(2), fmpq(3))), (fmpq(1), rational_vector([2, 3]))),
]


@pytest.mark.parametrize(("type_", "lean", "mirror"), SAME, ids=lambda one: type(one).__name__)
def test_a_value_is_the_same_as_itself(type_: LeanValue, lean: LeanValue, mirror: Any) -> None:
    found = judged(type_, lean, mirror)
    assert found.verdict.passes, found
    assert found.compared


def test_another_node_differs_in_forward_jvp_or_vjp() -> None:
    found = judged(LeanType(NODE, (GAMMA, TAU)), forms.node(NODE_OF), SHIFT)
    assert str(found.mismatch).startswith("forward, the entries: at position 0")


@pytest.mark.parametrize("adjoint", [False, True])
@pytest.mark.parametrize(("type_", "lean"), [(SAME[4][0], SAME[4][1]), (OF_GRAPH_AT, SAME[6][1])])
def test_a_wrong_derivative_or_adjoint_differs(type_: LeanValue, lean: LeanValue, adjoint: bool) -> None:
    if type_ is OF_GRAPH_AT:
        last = AT.nodes[-1]
        wrong: Any = replace(AT, nodes=(AT.nodes[0], replace(last, deriv=doubled(last.deriv, adjoint=adjoint))))
        where = "node 1, its derivative, its adjoint at another" if adjoint else "node 1, its derivative, at a vector"
    else:
        wrong = replace(HERE, deriv=doubled(HERE.deriv, adjoint=adjoint))
        where = "its derivative, the adjoint on basis vector 0" if adjoint else "its derivative, on basis vector 0"
    assert str(judged(type_, lean, wrong).mismatch).startswith(f"{where}: at position 0")


def test_a_wrong_derivative_at_every_point_differs() -> None:
    wrong = replace(CERTIFICATE, deriv=lambda ar, x: doubled(CERTIFICATE.deriv(ar, x), adjoint=False))
    whole = replace(GRAPHS.hg, nodes=(wrong, GRAPHS.hg.nodes[1]))
    found = judged(OF_GRAPH, forms.graph_certificate(GRAPHS.hg), whole)
    assert str(found.mismatch).startswith("node 0, its derivative, at a vector: at position 0")


def test_another_point_of_a_certificate_differs() -> None:
    found = judged(SAME[4][0], forms.certificate_at(HERE), replace(HERE, x=X + 1))
    assert str(found.mismatch).startswith("its point: at position 0, 2 against 3")


def test_a_certificate_at_another_point_than_the_graph_computes_differs() -> None:
    moved = replace(AT, nodes=(AT.nodes[0], replace(AT.nodes[1], x=AT.nodes[1].x + 1)))
    found = judged(OF_GRAPH_AT, SAME[6][1], moved)
    assert str(found.mismatch).startswith("node 1, its point is what the graph computes there: at position 0, True in")


def test_another_kind_of_value_inside_a_pair_differs() -> None:
    pair = LeanType("Prod", (REAL, LeanType("Nat")))
    found = judged(pair, Pair(fmpq(1), 2), (fmpq(1), rational_vector([2])))
    assert str(found.mismatch) == (
        "the kind of value: at position 0, second, the value in Lean, second, the numbers in the mirror against true"
    )


def test_a_graph_without_a_node_differs() -> None:
    found = judged(LeanType(GRAPH, (GAMMA, SAVED)), GRAPH_OF, replace(GRAPHS.g, nodes=GRAPHS.g.nodes[:1]))
    assert "the results" in str(found.mismatch)


def test_what_is_not_compared_is_said() -> None:
    with pytest.raises(UndrawableError, match="values of the type String are not compared"):
        judged(LeanType("String"), None, None)
    with pytest.raises(UndrawableError, match="a function on an infinite type"):
        judged(arrow(REAL, REAL), None, None)
    with pytest.raises(UndrawableError, match="a function on `Fin n` is compared where its values are numbers"):
        judged(arrow(fin(2), LeanType("Nat")), None, None)
    with pytest.raises(UndrawableError, match="a linear map between spaces without coordinates"):
        judged(continuous(REAL, LeanType("String")), None, dense([[1]]))


@pytest.mark.parametrize("type_", [*(LeanType(head) for head in comparing.KINDS), OF_GRAPH])
def test_another_kind_of_value_differs(type_: LeanValue) -> None:
    found = judged(type_, None, {})
    assert found.verdict is Verdict.REFUTED
    assert str(found.mismatch).startswith("the kind of value: at position 0, dict in the mirror, not ")


# ---- drawing values of these types


def drawn(
    type_: LeanValue, arguments: dict[int, DrawnArgument] | None = None, **wishes: Any
) -> list[tuple[Any, LeanValue]]:
    """Values drawn of a type, for an argument of the name `name`; the exception where there is none."""
    name, count = wishes.pop("name", ""), wishes.pop("count", 4)

    @st.composite
    def values(draw: st.DrawFn) -> Any:
        fill = Fill("fractions", draw(st.integers(0, 99)))
        try:
            return drawn_value(Drawn(draw, fill, Sizes(), dict(arguments or {}), **wishes), type_, name)
        except (NoArgumentError, UndrawableError) as why:
            return why

    return list(draws(values(), 0, count))


def test_certificates_are_drawn_of_what_is_drawn() -> None:
    graph = DrawnArgument("g", "{", GRAPHS.g, GRAPH_OF, LeanType(GRAPH, (GAMMA, SAVED)))
    point = DrawnArgument("xV", "(", X, tuple(X), euclidean(3))
    for mirror, lean in drawn(OF_GRAPH, {0: graph}):
        assert judged(OF_GRAPH, lean, mirror).verdict.passes
    at = LeanType("Prod", via=((GRAPH_CERTIFICATE_AT, (GAMMA, SAVED, GRAPH_OF, point.lean)),))
    for mirror, lean in drawn(at, {0: graph, 1: point}):
        assert judged(at, lean, mirror).verdict.passes
    (why, *_) = drawn(OF_GRAPH)
    assert str(why) == "a certificate of what is no argument itself"


def test_the_derivative_of_a_node_of_lean_is_that_of_its_vjp() -> None:
    type_ = LeanType(NODE_CERTIFICATE_AT, (GAMMA, TAU, forms.node(NODE_OF), tuple(X)))
    for mirror, lean in drawn(type_):
        assert lean.fields["deriv"]((fmpq(1), fmpq(1), fmpq(0))) == (4, 6)
        assert list(mirror.deriv.apply_adjoint(BALL, rational_vector([1, 1]))) == [4, 6, 0]


def test_numbers_types_functions_and_maps_are_drawn() -> None:
    assert {drawn(REAL, name="ε₁")[k][0] > -1 for k in range(4)} == {True}
    assert all(mirror == lean != 0 for mirror, lean in drawn(REAL, name="c"))
    assert drawn(LeanType("Type"))[0] == (REAL, REAL)
    assert all(forms.read_context(lean) == mirror for mirror, lean in drawn(LeanType("List")))
    for mirror, lean in drawn(continuous(euclidean(2), euclidean(3))):
        assert judged(continuous(euclidean(2), euclidean(3)), lean, mirror).verdict.passes
    assert all(isinstance(mirror, Polynomial) for mirror, _ in drawn(arrow(REAL, REAL), name="f"))
    f = DrawnArgument("f", "(", Polynomial((fmpq(1), fmpq(2), fmpq(3))), None, arrow(REAL, REAL))
    assert {m for m, _ in drawn(arrow(REAL, REAL), {0: f}, name="f'", derivatives=True)} == {f.mirror.derivative()}
    maps = [m for m, _ in drawn(arrow(euclidean(2), euclidean(3)), name="f")]
    assert {m.role for m in maps} == {"value"}
    first = DrawnArgument("f", "(", maps[0], None, None)
    tangent = arrow(euclidean(2), arrow(euclidean(2), euclidean(3)))
    (jvp, _), *_ = drawn(tangent, {0: first}, name="jvp")
    assert isinstance(jvp, MapOfVectors)
    assert (jvp.role, jvp.map) == ("jvp", maps[0].map)
    (vjp, _), *_ = drawn(tangent, {0: first, 1: DrawnArgument("jvp", "(", jvp, None, None)}, name="vjp")
    assert vjp.role == "vjp"


def test_vectors_are_positive_where_that_is_wished() -> None:
    assert all(x > 0 for v, _ in drawn(euclidean(5), positive=True) for x in v)


def test_inputs_and_graphs_are_drawn_where_the_context_has_them() -> None:
    context = forms.context((Shape(2, 3), Shape(3)))
    for mirror, lean in drawn(LeanType(INPUTS, (context, 2, 3))):
        assert isinstance(mirror, Inputs)
        assert judged(LeanType(INPUTS, (context, 2, 3)), lean, mirror).verdict.passes
    (why, *_) = drawn(LeanType(INPUTS, (context, 3, 2)))
    assert isinstance(why, NoArgumentError)
    for mirror, _ in drawn(LeanType(GRAPH, (context, SAVED)), smooth=False):
        assert mirror.saved == GRAPHS.g.saved
    (why, *_) = drawn(LeanType(NODE, ((), TAU)))
    assert str(why) == "a node without an entry to read"


@pytest.mark.parametrize(
    ("type_", "why"),
    [
        (LeanType("String"), "no value of the type String is drawn"),
        (continuous(REAL, LeanType("String")), "a linear map between spaces without coordinates"),
        (arrow(fin(2), LeanType("String")), "the function f with values in no space"),
        (arrow(euclidean(2), LeanType("String")), "a map between spaces without coordinates"),
        (LeanType("Fin", (0,)), "an index of `Fin 0`"),
    ],
)
def test_what_is_not_drawn_is_said(type_: LeanValue, why: str) -> None:
    (found, *_) = drawn(type_, name="f")
    assert str(found) == why


def test_nodes_of_every_kind_are_drawn() -> None:
    context = forms.context((Shape(2, 3), Shape(3), Shape(3), Shape(2), Shape(1, 2, 3), Shape(1, 3, 3)))
    shapes = (Shape(2, 3), Shape(2), Shape(1, 2, 3), Shape())
    kinds: set[str] = set()
    for shape in shapes:
        type_ = LeanType(NODE, (context, forms.shape(shape)))
        found = drawn(type_, smooth=False, count=60)
        assert {mirror.shape for mirror, _ in found} == {shape}
        kinds |= {mirror.kind for mirror, _ in found}
    assert kinds == set(KINDS)


def long_map(last: int) -> list[int]:
    """The one row of a map of 40 numbers, which is compared at a vector and not on the basis."""
    return [*range(1, 40), last]


@pytest.mark.parametrize(
    ("forward", "back", "where"), [(40, 40, ""), (41, 40, "at a vector"), (40, 41, "its adjoint at another")]
)
def test_a_map_of_long_vectors_is_compared_in_every_entry(forward: int, back: int, where: str) -> None:
    domain, codomain = euclidean(40), euclidean(1)
    lean = LinearMap(domain, codomain, lambda x: (sum((a * b for a, b in zip(x, long_map(40), strict=True)), fmpq(0)),))
    there, again = dense([long_map(forward)]), dense([long_map(back)])
    mirror = LinearFunction(40, 1, there.apply, again.apply_adjoint)
    found = judged(continuous(domain, codomain), lean, mirror)
    assert (found.verdict.passes, str(found.mismatch or "").split(":")[0]) == (not where, where)


def test_parts_of_other_kinds_are_no_value_alike() -> None:
    claims_ = list(alike([ObservedData("the shape", TWO)], [ObservedData("the value", 3)]))
    assert str(judge(claims_).mismatch).startswith("the kind of value: at position 0, the shape in Lean, the value in")


def test_a_bias_of_an_instance_that_reaches_far_masks() -> None:
    for bias, lean in drawn(euclidean(3), name="bias", far=True):
        assert all(x == 0 or abs(x) >= 10**7 for x in bias)
        assert len({(-1) ** k * (1 if x > 0 else -1) for k, x in enumerate(bias) if x != 0}) <= 1  # of both signs
        assert tuple(bias) == lean


def test_an_instance_that_reaches_far_has_a_long_context_or_a_long_graph() -> None:
    evaluator = evaluator_of()
    target = target_of(evaluator, "Proofs.Autograd.DGraph.snoc")

    @st.composite
    def lengths(draw: st.DrawFn) -> tuple[int, int]:
        with evaluator.running():
            found = draw_arguments(draw, target, evaluator, far=True).arguments
        return len(found[0].mirror), len(found[1].mirror)

    found = list(draws(lengths(), 0, 12))
    assert all(inputs < far.ENTRIES or nodes < far.NODES for inputs, nodes in found)
    assert {(inputs >= far.ENTRIES, nodes >= far.NODES) for inputs, nodes in found} == {(True, False), (False, True)}


# A text of our own under a block's name, so that it counts as one.
_BLOCK = """
def Proofs.Autograd.Transformer.decoderCoreGraph {seqLen dModel numHeads : Nat} (c ε₁ ε₂ : ℝ) : ℝ := c * ε₁ * ε₂
"""


def test_rows_of_a_block_that_reaches_far_have_two_numbers_and_each_norm_its_own_epsilon() -> None:
    evaluator = extended(_BLOCK)
    target = target_of(evaluator, "Proofs.Autograd.Transformer.decoderCoreGraph")

    @st.composite
    def given(draw: st.DrawFn) -> dict[str, Any]:
        with evaluator.running():
            return {a.name: a.mirror for a in draw_arguments(draw, target, evaluator, far=True).arguments.values()}

    found = list(draws(given(), 0, 30))
    assert all(one["dModel"] >= 2 and one["ε₁"] != one["ε₂"] for one in found)
    assert {one["seqLen"] for one in found} >= {1, far.ROWS}


def test_inputs_of_an_instance_that_reaches_far_have_one_entry_as_gamma_and_beta_now_and_then() -> None:
    context = (*(Shape(3) for _ in range(2 * far.LATE)), Shape(2, 3))
    found = drawn(LeanType(INPUTS, (forms.context(context), 2, 3)), far=True, count=60)
    alike = [mirror.gamma == mirror.beta for mirror, _ in found]
    assert 1 / 4 < alike.count(True) / len(alike) < 3 / 4  # by chance few would be
