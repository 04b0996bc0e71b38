"""What is pinned of the statements of a small text, held against the executable properties."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from flint import fmpq

from lean_refs.evaluator import CornerError
from tests.tools.audit.evaluated.statements import stated
from theorems.engine.codec import MalformedInstance
from theorems.engine.graphs import NodeSpec
from theorems.engine.registry import get, theorems
from theorems.tools.audit.evaluated.outcome import ComparisonEnding, FunctionComparison
from theorems.tools.audit.pinned.conclusions import holding, making
from theorems.tools.audit.pinned.conclusions.making import concluded
from theorems.tools.audit.pinned.conclusions.record import PinnedStatement, PinnedTheorem
from theorems.tools.audit.pinned.conclusions.sides import BothSides, apart, in_all_directions

CORE = "Proofs.Autograd."
SQRT, ADD, EXP = CORE + "TapeNodes.hasDerivAt_sqrt_clamp_of_pos", CORE + "castVec_add", "Proofs.tanh_exp_eq"
ENTRYWISE, PLACE = CORE + "hasFDerivAt_elemwiseVec_at", CORE + "Idx.get_append_left"
HEAD, JVP, SIZE = CORE + "CtxVec.headCLM_apply", CORE + "Node.jvpVec_ofVec", CORE + "ctxSize_snoc"
OF_LT, JOIN = "Spec.tensor_foldl_spec_go_of_lt", CORE + "TapeNodes.Batched.unheadsCLM_apply"
SAME = (SQRT, ADD, EXP, ENTRYWISE, PLACE, HEAD, JVP, SIZE, OF_LT, JOIN, CORE + "inner_append", CORE + "evalCLM_apply")


@cache
def pinned(name: str) -> PinnedTheorem:
    """What the small text says, as it comes back from a file."""
    return made(name)


def made(name: str, old: str = "", new: str = "") -> PinnedTheorem:
    return PinnedTheorem.of(json.loads(json.dumps(concluded(stated(old, new), name, "digest").data())))


def in_the_property(kept: PinnedTheorem) -> FunctionComparison:
    return holding.in_the_property(kept, theorems().get(kept.name))


def shown(found: FunctionComparison) -> tuple[ComparisonEnding, str]:
    return found.ending, found.why


@pytest.mark.parametrize("name", SAME)
def test_the_property_gives_both_sides_of_what_the_text_concludes(name: str) -> None:
    kept = pinned(name)
    found = in_the_property(kept)
    assert shown(found) == (ComparisonEnding.SAME, "")
    sides = [one.sides() for one in kept.instances if one.conclusion]
    assert len(sides) == 3
    assert found.instances == len(kept.instances)
    for side in sides:
        assert len(side.left) == len(side.right)
        assert bool(side.left) == (name != PLACE)
        assert bool(side.value) == (name == ENTRYWISE)


def test_no_instance_is_kept_twice_for_the_family_of_its_values() -> None:
    assert len({one.case["dict"]["x"]["rational"] for one in pinned(SQRT).instances[:3]}) == 3


def test_sides_that_were_deleted_are_missed() -> None:
    kept = pinned(ADD)
    emptied = [replace(one, conclusion={"left": "", "right": "", "holds": True}) for one in kept.instances]
    found = in_the_property(replace(kept, instances=tuple(emptied)))
    assert found.ending is ComparisonEnding.DIFFERS
    assert found.why.startswith("both sides of the conclusion: at position 0, no number of either is pinned")


def test_an_instance_that_breaks_a_hypothesis_is_pinned_as_such() -> None:
    *three, broken = pinned(SQRT).instances
    assert [one.hypotheses for one in three] == [{"hx": True}] * 3
    assert (broken.hypotheses, broken.conclusion) == ({"hx": False}, None)
    assert broken.instance()["x"] == 0


def test_an_index_that_is_left_open_and_a_linear_map_are_said_completely() -> None:
    for one in pinned(HEAD).instances:
        sides, case = one.sides(), one.instance()
        assert sides.left == list(case["x"])[: len(sides.left)]
        assert len(sides.left) == np.prod(case["idx"].context[0], dtype=int)
    for one in (one for one in pinned(ENTRYWISE).instances if one.conclusion):
        sides, n = one.sides(), len(one.instance()["x"])
        assert (len(sides.left), len(sides.value)) == (n * n, n)


# ---- faults of the mirror, below a theorem


FAULTS = [
    (ADD, "theorems.core.fderiv.round_trips.cast_vec", lambda _, v: 2 * v, "the left side of the conclusion"),
    (
        ENTRYWISE,
        "theorems.fderiv.elementwise.elemwise_deriv_clm",
        lambda ar, f, x: lambda _, h: 2 * f(ar, x) * h,
        "the left side of the conclusion",
    ),
    (SIZE, "theorems.core.fderiv.round_trips.ctx_size", len, "the left side of the conclusion"),
    (JOIN, "theorems.nodes.batched.unheads", lambda h, n, x: 3 * x.reshape(h * n), "the right side of the conclusion"),
    (PLACE, "theorems.util.idx.weaken", lambda idx, _: SimpleNamespace(i=idx.i - 1), "weakening keeps the position"),
    (JVP, "theorems.nodes.context.node_jvp_vec", lambda ar, node, x, dx: 0 * dx, "the left side of the conclusion"),
]


@pytest.mark.parametrize(("name", "place", "fault", "why"), FAULTS)
def test_a_fault_of_the_mirror_differs_at_its_theorem(
    monkeypatch: pytest.MonkeyPatch, name: str, place: str, fault: Any, why: str
) -> None:
    monkeypatch.setattr(place, fault)
    found = in_the_property(pinned(name))
    assert found.ending is ComparisonEnding.DIFFERS
    assert found.why.startswith(f"{why}: at position ")
    assert ", with " in found.why


def test_a_fault_that_both_sides_share_is_seen_though_the_property_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("theorems.core.fderiv.round_trips.cast_vec", lambda _, v: 2 * v)
    assert get(ADD).judge(pinned(ADD).instances[0].instance()).verdict.passes
    assert in_the_property(pinned(ADD)).ending is ComparisonEnding.DIFFERS


def test_another_value_of_what_is_differentiated_differs(monkeypatch: pytest.MonkeyPatch) -> None:
    room = import_module("theorems.fderiv.elementwise")
    old = room.elemwise_vec
    monkeypatch.setattr(room, "elemwise_vec", lambda ar, f, x: old(ar, f, x) + fmpq(1))  # of the same derivative
    why = in_the_property(pinned(ENTRYWISE)).why
    assert why.startswith("the value of what is differentiated of the conclusion: at position 0, ")


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (lambda ar, x: x >= 0, "the hypothesis hx: at position 0, holds here, and not as pinned against true, with x"),
        (lambda ar, x: x > 1000, "the hypothesis hx: at position 0, holds as pinned, and not here against true, with "),
    ],
)
def test_a_fault_of_a_hypothesis_differs(monkeypatch: pytest.MonkeyPatch, fault: Any, why: str) -> None:
    theorem = get(SQRT)
    (hypothesis,) = theorem.hypotheses
    other = replace(theorem, hypotheses=(replace(hypothesis, holds=fault),))
    monkeypatch.setitem(import_module("theorems.engine.theorem")._THEOREMS, SQRT, other)
    found = in_the_property(pinned(SQRT))
    assert found.ending is ComparisonEnding.DIFFERS
    assert found.why.startswith(why)


def test_a_mirror_that_raises_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def raises(*_: Any) -> Any:
        raise ValueError("no vector")

    raises.__globals__["__name__"], kept = "mirror", raises.__globals__["__name__"]
    try:
        monkeypatch.setattr("theorems.core.fderiv.round_trips.cast_vec", raises)
        assert shown(in_the_property(pinned(ADD)))[0] is ComparisonEnding.RAISED
    finally:
        raises.__globals__["__name__"] = kept


# ---- faults of the file


def altered(name: str, change: Any) -> PinnedTheorem:
    """The theorem with the data of its first instance changed, as it comes back from a file."""
    data = json.loads(json.dumps(pinned(name).data()))
    change(data["statements"][0])
    return PinnedTheorem.of(data)


def of_conclusion(**changes: Any) -> Any:
    return lambda one: one["conclusion"].update(changes)


def without(name: str) -> Any:
    return lambda one: one["case"]["dict"].pop(name)


@pytest.mark.parametrize(
    ("name", "change", "ending", "why"),
    [
        (
            EXP,
            of_conclusion(left="1/7"),
            ComparisonEnding.DIFFERS,
            "the left side of the conclusion: at position 0, 1/7",
        ),
        (
            EXP,
            of_conclusion(right="1/7"),
            ComparisonEnding.DIFFERS,
            "the right side of the conclusion: at position 0, ",
        ),
        (EXP, of_conclusion(left="0±9"), ComparisonEnding.NOT_EVALUATED, "undecided: the left side"),
        (EXP, of_conclusion(left="1 x"), ComparisonEnding.DIFFERS, "what is pinned is damaged: a number is written"),
        (EXP, of_conclusion(left=3), ComparisonEnding.DIFFERS, "what is pinned is damaged: numbers are written as"),
        (
            EXP,
            of_conclusion(holds=False),
            ComparisonEnding.DIFFERS,
            "the conclusion: at position 0, it holds here, and",
        ),
        (ADD, of_conclusion(left="1 1 1 1 1 1"), ComparisonEnding.DIFFERS, "the left side of the conclusion: "),
        (
            ENTRYWISE,
            of_conclusion(value="1/7"),
            ComparisonEnding.DIFFERS,
            "the value of what is differentiated of the conclusion: at position 1, 1 entries against 2 entries",
        ),
        (SQRT, lambda one: one["hypotheses"].update(hx=False), ComparisonEnding.DIFFERS, "the hypothesis hx: "),
        (
            SQRT,
            lambda one: one["hypotheses"].update(h=True),
            ComparisonEnding.DIFFERS,
            "the hypotheses: at position 0, ['h', 'hx'] pinned, ['hx'] here",
        ),
        (
            SQRT,
            lambda one: one["hypotheses"].clear(),
            ComparisonEnding.DIFFERS,
            "the hypotheses: at position 0, [] pinned",
        ),
        (
            EXP,
            lambda one: one.pop("conclusion"),
            ComparisonEnding.DIFFERS,
            "the conclusion: at position 0, nothing of it",
        ),
        (EXP, without("x"), ComparisonEnding.DIFFERS, "what is pinned is damaged: the instance has no x"),
        (
            EXP,
            lambda one: one["case"]["dict"].update(x={"rational": "1/0"}),
            ComparisonEnding.DIFFERS,
            "what is pinned is damaged: a number is written as text",
        ),
    ],
)
def test_a_wrong_pinned_statement_is_noticed(name: str, change: Any, ending: ComparisonEnding, why: str) -> None:
    found = in_the_property(altered(name, change))
    assert found.ending is ending
    assert found.why.startswith(why)


@pytest.mark.parametrize(
    "data",
    [
        None,
        3,
        {"name": "a"},
        {"name": "a", "text": "t"},
        {"name": "a", "text": "t", "statements": [{"case": {"dict": {}}, "hypotheses": {"h": 1}}]},
        {"name": "a", "text": "t", "statements": [{"case": [], "hypotheses": {}, "conclusion": {"holds": True}}]},
        {
            "name": "a",
            "text": "t",
            "statements": [{"case": {"dict": 1}, "hypotheses": {}, "conclusion": {"holds": True}}],
        },
        {
            "name": "a",
            "text": "t",
            "statements": [{"case": {"dict": {}}, "hypotheses": {}, "conclusion": {"left": "1"}}],
        },
        {
            "name": "a",
            "text": "t",
            "statements": [{"case": {"dict": {}}, "hypotheses": {}, "conclusion": {"left": "1", "holds": True}}],
        },
        {"name": "a", "text": "t", "statements": [3]},
    ],
)
def test_what_is_no_pinned_theorem_is_said(data: Any) -> None:
    with pytest.raises(MalformedInstance):
        PinnedTheorem.of(data)


# ---- what a text gives


@pytest.mark.parametrize(
    ("name", "old", "new", "why"),
    [
        (ADD, "castVec h u + castVec h v", "castVec h u - castVec h v", "the right side of the conclusion: "),
        (ENTRYWISE, "(derivative f' x) x", "(derivative f x) x", "the left side of the conclusion: "),
        (SQRT, "(hx : 0 < x)", "(hx : 0 ≤ x)", "the hypothesis hx: at position 0, holds as pinned, and not here"),
        (SQRT, "(hx : 0 < x)", "(hx : x < 0)", "the hypothesis hx: at position 0, holds here, and not as pinned"),
        (PLACE, "(l₁ ++ l₂).get ⟨i.1, by simp⟩ = l₁.get i", "l₁ = l₁ ++ l₂", "the conclusion: "),
    ],
)
def test_another_statement_differs_from_the_property(name: str, old: str, new: str, why: str) -> None:
    found = in_the_property(made(name, old, new))
    assert found.ending is ComparisonEnding.DIFFERS
    assert found.why.startswith(why)


@pytest.mark.parametrize(
    ("name", "old", "new", "why"),
    [
        (EXP, "Real.tanh x =", "Real.cosh x =", "not evaluated: Real.cosh"),
        (EXP, "tanh_exp_eq (x : ℝ)", "tanh_exp_eq (x : Nat)", "x is of type Nat in Lean, of type Real here"),
        ("Proofs.eventually_of_forall", "", "", "a fact about filters"),
        (CORE + "dotCLM", "", "", "no counterpart"),
    ],
)
def test_what_is_not_evaluated_is_pinned_with_the_reason(name: str, old: str, new: str, why: str) -> None:
    found = in_the_property(made(name, old, new))
    assert found.ending is ComparisonEnding.NOT_EVALUATED
    assert why in found.why


EQUATION = "Real.tanh x = (Real.exp x - Real.exp (-x)) / (Real.exp x + Real.exp (-x))"


def test_what_says_nothing_at_any_instance_is_not_pinned(monkeypatch: pytest.MonkeyPatch) -> None:
    none, nothing = "no instance was drawn at which it says anything", "(∀ i : Fin 0, x = 0)"
    assert made(EXP, EQUATION, nothing).outside == made(EXP, EQUATION, f"({nothing} ∧ {nothing})").outside == none

    def corner(*_: Any) -> Any:
        raise CornerError("√ at 0")

    monkeypatch.setattr(making, "judge", corner)
    assert made(EXP).outside == none
    monkeypatch.undo()
    monkeypatch.setattr(making, "are_narrow", lambda _: False)
    assert made(EXP).outside == none
    monkeypatch.undo()
    monkeypatch.setattr("theorems.engine.theorem.Theorem.satisfies", lambda *_: None)
    assert made(SQRT).outside == none


def test_hypotheses_alone_are_no_conclusion() -> None:
    *_, broken = pinned(SQRT).instances
    found = in_the_property(replace(pinned(SQRT), instances=(broken,)))
    assert shown(found) == (ComparisonEnding.MISSING, "nothing of its conclusion is pinned")


def test_a_long_instance_that_breaks_a_hypothesis_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "LONG", 0)
    assert [one.hypotheses for one in made(SQRT).instances] == [{"hx": True}] * 3


def test_a_theorem_without_a_counterpart_is_not_evaluated() -> None:
    one = PinnedStatement({"dict": {}}, {}, {"left": "", "right": "", "holds": True})
    found = in_the_property(PinnedTheorem(CORE + "dotCLM", "", (one,)))
    assert shown(found) == (ComparisonEnding.NOT_EVALUATED, "no counterpart")


def test_an_instance_is_taken_apart_into_one_for_each_node() -> None:
    x = np.array([fmpq(1), fmpq(2)], dtype=object)
    nodes = NodeSpec("add", (0, 0)), NodeSpec("sub", (0, 0))
    case = {"cases": ("add", "sub"), "node": nodes, "δV": (x, 2 * x), "acc": (fmpq(1), fmpq(2)), "full_jacobian": True}
    first, second = apart(case)
    assert (first["cases"], second["cases"]) == (("add",), ("sub",))
    assert second["node"] == nodes[1:]
    assert list(second["δV"][0]) == [2, 4]
    assert second["acc"] == case["acc"]
    assert "full_jacobian" not in first
    (one,) = apart({"directions": (x, 2 * x)})
    assert [list(e) for e in one["directions"]] == [[1, 2]]
    assert [list(e) for e in in_all_directions(one)["directions"]] == [[1, 0], [0, 1]]
    assert in_all_directions({"x": x}) == {"x": x}
    said = PinnedStatement.of({"x": fmpq(1)}, {}, BothSides([], []), holds=True).conclusion
    assert said == {"left": "", "right": "", "holds": True}


def test_of_nodes_one_of_each_kind_is_kept() -> None:
    kinds = [one.instance()["cases"] for one in made(CORE + "Node.correct_inner").instances]
    assert len(set(kinds)) == len(kinds) > 10


def test_of_a_block_two_small_instances_are_kept() -> None:
    kept = made(CORE + "MultiHeadAttention.maskedCoreAfterProjection_hasFDerivAt")
    assert len([one for one in kept.instances if one.conclusion]) == making.FEW
