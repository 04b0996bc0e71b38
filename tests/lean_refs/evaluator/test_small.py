"""The small tape: definitions by equations, recursion, structures, graphs, tactics, and a statement."""

from fractions import Fraction as Q

import pytest

from lean_refs.evaluator import (
    NAT,
    PROOF,
    REAL,
    UNIT,
    Constructed,
    Fin,
    FunctionType,
    LeanType,
    LinearMap,
    NotEvaluatedError,
    Pair,
    StructureValue,
    euclidean,
    force,
    holds,
)
from tests.lean_refs.evaluator.texts import SCALAR, SMALL, dim, evaluator_of


@pytest.fixture(scope="module", params=[False, True], ids=["plain", "contracts"])
def small(request):
    return evaluator_of(SMALL, contracts=request.param)


def tensor(*values):
    return Constructed(
        "Small.Tensor.dim", (len(values), SCALAR, lambda i: Constructed("Small.Tensor.scalar", (values[i.value],)))
    )


def test_recursion_over_shapes_and_lists(small):
    assert small.call("Small.size", **{"": dim(2, dim(3))}) == 6
    assert small.call("Small.ctxSize", **{"": (dim(2), SCALAR, dim(0))}) == 3


def test_an_implicit_argument_is_found_from_a_proof(small):
    vector = small.term(
        "snocCtx (Γ := [s]) (τ := s) v v",
        "Small.snocCtx",
        s=(dim(2), LeanType("Small.Shape")),
        v=((Q(1), Q(2)), euclidean(2)),
    )
    assert vector == ((1, 2, 1, 2), euclidean(4))


def test_a_proof_among_arguments_that_tell_everything_is_not_run():
    text = """
def at0 (n : Nat) (h : 0 < n) (v : EuclideanSpace ℝ (Fin n)) : ℝ := v ⟨0, h⟩
def first (n : Nat) (v : EuclideanSpace ℝ (Fin n)) : ℝ := at0 n (unheard_of v) v
"""
    assert evaluator_of(text).call("first", n=2, v=(Q(3), Q(4))) == 3


def test_maps_over_tensors(small):
    t = tensor(Q(1), Q(2), Q(3))
    product = (
        small.call(
            "Small.map2", **{"α": REAL, "β": REAL, "γ": REAL, "f": lambda a: lambda b: a * b, "s": dim(3), "·1": t}
        )
        if 0
        else None
    )
    assert product is None
    type_ = LeanType("Small.Tensor", (REAL, dim(3)))
    value, found = small.term("sum (map2 (· * ·) t t)", "Small.sum", t=(t, type_))
    assert (value, found) == (14, REAL)


def test_an_anonymous_constructor_inside_another(small):
    index = small.call("Small.first", s=dim(2), ss=(SCALAR,))
    assert index == StructureValue("Small.Idx", {"i": Fin(0, 2), "h": PROOF})


def test_a_graph_is_evaluated_node_by_node(small):
    def node(factor):
        return StructureValue(
            "Small.Node", {"forward": lambda x: (factor * x[-1],), "slope": lambda x: x, "correct": PROOF}
        )

    graph = Constructed("Small.Graph.nil", ())
    for count, factor in enumerate((2, 3)):
        graph = Constructed("Small.Graph.snoc", ((SCALAR,) * count, SCALAR, graph, node(factor)))
    found = small.call("Small.Graph.eval", **{"Γ": (SCALAR,), "ss": (SCALAR, SCALAR), "g": graph, "x": (Q(5),)})
    assert found == (5, 10, 30)


def test_data_by_induction(small):
    nil = Constructed("Small.Graph.nil", ())
    graph = Constructed(
        "Small.Graph.snoc",
        ((), SCALAR, nil, StructureValue("Small.Node", {"forward": abs, "slope": abs, "correct": PROOF})),
    )
    found = small.call("Small.Graph.slopes", **{"Γ": (SCALAR,), "ss": (SCALAR,), "g": graph, "c": Q(2)})
    assert found.first == UNIT
    with small.running():
        assert found.second((Q(1),))((Q(7),)) == (0,)


def test_a_linear_map_by_tactics(small):
    found = small.call("Small.evalCLM", n=3, i=Fin(1, 3))
    assert isinstance(found, LinearMap)
    assert (force(found.domain), force(found.codomain)) == (euclidean(3), REAL)
    assert found((Q(1), Q(2), Q(3))) == 2


def test_a_statement_gives_hypotheses_and_conclusion(small):
    x = (Q(1), Q(2))
    D = LinearMap(euclidean(2), euclidean(2), lambda y: tuple(2 * a * b for a, b in zip(x, y, strict=True)))
    stated = small.statement("Small.square_hasFDerivAt", n=2, D=lambda _: D, x=x)
    assert [binder.name for binder in stated.binders] == ["n", "D", "x", "h", "c"]
    assert force(stated.binders[0].type) == NAT
    hypothesis = force(stated.hypotheses["h"])
    assert (hypothesis.head, force(hypothesis.arguments[1]), force(hypothesis.arguments[2])) == ("LT", 0, 2)
    assert holds(small.world, hypothesis)
    derivative, entries = map(force, stated.conclusion.arguments)
    assert derivative.head == "HasFDerivAt"
    assert derivative.arguments[-1] == x
    assert force(derivative.arguments[2])(x) == (1, 4)
    assert isinstance(entries, FunctionType)
    assert holds(small.world, entries)
    wrong = small.statement("Small.square_hasFDerivAt", n=2, D=lambda _: D, x=x, c=Q(3))
    assert not holds(small.world, wrong.conclusion.arguments[1])


def test_a_definition_without_its_last_arguments_is_a_function(small):
    append = small.call("Small.appendVec", m=1, n=1)
    with small.running():
        assert append((Q(1),))((Q(2),)) == (1, 2)
    assert Pair(1, 2) != Pair(2, 1)


LIFTED = SMALL.replace(
    "end Small\n",
    """
theorem foldl_go {α β : Type} (f : β → α → β) {n : Nat} {s : Shape} (values : Fin n → Tensor α s) {k : Nat} (acc : β)
    (hk : k < n) : foldl.go f n s values k acc = foldl.go f n s values (k + 1) (foldl f acc (values ⟨k, hk⟩)) := by simp

theorem none_go {n : Nat} : foldl.other n = n := by simp

def shifted (a b : Nat) : Nat :=
  let c := b
  let rec go (k : Nat) : Nat := if k = 0 then a else go (k - 1) + 1
  go c

def untyped (a : Nat) : Nat :=
  let rec go (k : Nat) := k + a
  go a
end Small
""",
)


def test_a_function_inside_a_definition_is_named_from_outside() -> None:
    lifted = evaluator_of(LIFTED)
    assert [p.name for p in lifted.parameters("Small.foldl.go")] == ["α", "β", "f", "n", "s", "values"]
    values, acc = [tensor(1, 2), tensor(3, 4)], Q(5)
    stated = lifted.statement(
        "Small.foldl_go",
        f=lambda a: lambda x: 2 * force(a) + force(x),
        values=lambda i: values[force(i).value],
        **{"α": REAL, "β": REAL, "n": 2, "s": dim(2), "k": 1, "acc": acc},
    )
    _, left, right = map(force, stated.conclusion.arguments)
    assert left == right == 2 * (2 * acc + 3) + 4


def test_a_function_inside_takes_what_it_uses_alone() -> None:
    lifted = evaluator_of(LIFTED)
    assert [p.name for p in lifted.parameters("Small.shifted.go")] == ["a"]
    assert lifted.term("shifted.go 2 3", "Small.shifted")[0] == 5


def test_a_function_inside_without_a_type_is_not_evaluated() -> None:
    lifted = evaluator_of(LIFTED)
    for evaluated in (
        lambda: lifted.term("untyped.go 2 3", "Small.shifted"),
        lambda: lifted.call("Small.untyped", a=1),
    ):
        with pytest.raises(NotEvaluatedError, match="the type of the local function go, which is not written"):
            evaluated()


@pytest.mark.parametrize("name", ["Small.foldl.other", "Small.size.go", "Small.foldl_go.go"])
def test_no_function_inside_has_another_name(name: str) -> None:
    with pytest.raises(NotEvaluatedError, match=f"there is no declaration {name}"):
        evaluator_of(LIFTED).parameters(name)


def test_what_is_not_inside_is_not_evaluated_by_name() -> None:
    lifted = evaluator_of(LIFTED)
    with lifted.running(), pytest.raises(NotEvaluatedError, match=r"foldl\.other|Function\.other"):
        force(lifted.statement("Small.none_go", n=1).conclusion.arguments[1])
