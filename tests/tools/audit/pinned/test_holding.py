"""What is pinned of a small text, held against the mirror and against the text after a change."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from lean_refs.evaluator import CornerError, Evaluator
from mirror.arithmetic import Arithmetic, Array
from mirror.rooms import links
from tests.tools.audit.evaluated.texts import changed, evaluator_of, extended
from theorems.engine.codec import MalformedInstance
from theorems.engine.evidence.verdicts import judge
from theorems.engine.graphs import KINDS
from theorems.tools.audit.evaluated.outcome import ComparisonEnding, FunctionComparison
from theorems.tools.audit.pinned import making
from theorems.tools.audit.pinned.holding import in_a_text, in_the_mirror
from theorems.tools.audit.pinned.making import made
from theorems.tools.audit.pinned.record import PinnedDefinition

CORE = "Proofs.Autograd."
SUM = CORE + "sumExp"
# Names of types, which give no numbers.
OUTSIDE = {CORE + "TList", CORE + "GraphFDerivCorrect"}
EVERY = [n for n in links() if evaluator_of().library.declaration(n) is not None and n not in OUTSIDE]


@cache
def pinned(name: str) -> PinnedDefinition:
    """What the small text gives, as it comes back from a file."""
    return PinnedDefinition.of(json.loads(json.dumps(made(evaluator_of(), links()[name], "digest").data())))


def mirrored(kept: PinnedDefinition) -> FunctionComparison:
    return in_the_mirror(kept, links()[kept.name])


@pytest.mark.parametrize("name", EVERY)
def test_the_mirror_and_the_text_itself_give_what_is_pinned(name: str) -> None:
    for found in (mirrored(pinned(name)), in_a_text(pinned(name), evaluator_of(), name)):
        assert (found.ending, found.why) == (ComparisonEnding.SAME, "")
        assert found.instances == (1 if pinned(name).declared else making.COUNT)


@pytest.mark.parametrize("name", sorted(OUTSIDE))
def test_a_name_of_a_type_gives_no_numbers(name: str) -> None:
    found = mirrored(pinned(name))
    assert (found.ending, found.why) == (ComparisonEnding.NOT_EVALUATED, "a name of a type, which gives no numbers")


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("Spec.Shape", "  | scalar : Shape\n  | dim", "  | scalar : Shape\n  | other : Shape\n  | dim"),
        ("Spec.Shape.size", "n * size rest", "n + size rest"),
        ("Spec.Tensor.map2Spec", "Tensor.scalar (f x y)", "Tensor.scalar (f x x)"),
        ("MathFunctions", "exp := Real.exp", "exp := Real.tanh"),
        (
            CORE + "Vec",
            "abbrev Vec (n : Nat) := EuclideanSpace ℝ (Fin n)",
            "abbrev Vec (n : Nat) := EuclideanSpace ℝ (Fin (n + 1))",
        ),
        (CORE + "ctxSize", "Shape.size s + ctxSize rest", "ctxSize rest"),
        (CORE + "appendVec", "(Fin.append a b)", "fun k => 2 * Fin.append a b k"),
        (CORE + "elemwiseVec", "f (v k)", "f (f (v k))"),
        (SUM, "Real.exp (x k)", "Real.tanh (x k)"),
        (CORE + "Idx.weaken", "⟨⟨idx.i.1, by omega⟩", "⟨⟨0, by omega⟩"),
        (CORE + "Node", "  vjp : TList Γ → Tensor ℝ τ → TList Γ\n", "  back : TList Γ → Tensor ℝ τ → TList Γ\n"),
        (CORE + "TapeNodes.Batched.unheads", "r (Fin.divNat", "2 * r (Fin.divNat"),
    ],
)
def test_a_changed_text_differs_at_an_instance(name: str, old: str, new: str) -> None:
    found = in_a_text(pinned(name), changed(old, new), name)
    assert found.ending is ComparisonEnding.DIFFERS
    assert found.why


GELU = """
namespace Activation.Math
noncomputable def geluSpec (x : ℝ) : ℝ :=
  x * (1 + Real.tanh (Real.sqrt (2 / Real.pi) * (x + {} * (x * x * x)))) / 2
end Activation.Math
"""
NAME = "Activation.Math.geluSpec"


def gelu(literal: str) -> Evaluator:
    return extended(GELU.format(literal))


@pytest.mark.parametrize(
    ("literal", "ending"),
    [
        ("0.044715", ComparisonEnding.SAME),
        ("(44715 / 1000000)", ComparisonEnding.SAME),
        ("0.044716", ComparisonEnding.DIFFERS),
        ("0.04471500000000000000000000000001", ComparisonEnding.DIFFERS),
    ],
)
def test_another_spelling_of_a_number_is_the_same_and_another_number_is_not(
    literal: str, ending: ComparisonEnding
) -> None:
    kept = made(gelu("0.044715"), links()[NAME], "")
    assert mirrored(kept).ending is ComparisonEnding.SAME
    assert in_a_text(kept, gelu(literal), NAME).ending is ending


def test_arguments_go_by_their_names_and_a_new_one_is_not_guessed() -> None:
    name, text = CORE + "appendVec", "(a : Vec m) (b : Vec n) : Vec (m + n) :=\n  WithLp.toLp 2 (Fin.append a b)"
    swapped = changed(text, text.replace("(a : Vec m) (b : Vec n)", "(b : Vec n) (a : Vec m)"))
    assert in_a_text(pinned(name), swapped, name).ending is ComparisonEnding.SAME
    more = in_a_text(pinned(name), changed(text, f"(c : ℝ) {text}"), name)
    assert more.ending is ComparisonEnding.NOT_EVALUATED
    assert more.why.startswith("the text takes an argument c, for which nothing is pinned")


def test_a_text_outside_the_vocabulary_or_gone_is_not_evaluated() -> None:
    found = in_a_text(pinned(SUM), changed("Real.exp (x k)", "Real.cosh (x k)"), SUM)
    assert found.ending is ComparisonEnding.NOT_EVALUATED
    assert "Real.cosh" in found.why
    gone = in_a_text(pinned(SUM), evaluator_of(), SUM + "s")
    assert f"there is no declaration {SUM}s in the source" in gone.why
    outside = made(changed("Real.exp (x k)", "Real.cosh (x k)"), links()[SUM], "")
    assert "Real.cosh" in outside.outside


def test_a_faulty_mirror_differs_with_the_instance(monkeypatch: pytest.MonkeyPatch) -> None:
    link = links()[SUM]

    def other(ar: Arithmetic, x: Array) -> Array:
        return ar.sum(ar.tanh(x), axis=0)

    monkeypatch.setattr(f"{link.module}.{link.qualname}", other)
    found = mirrored(pinned(SUM))
    assert found.ending is ComparisonEnding.DIFFERS
    assert found.why.startswith("the numbers: at position 0, ")
    assert ", with n = " in found.why


def test_a_mirror_that_raises_and_a_mistake_of_ours_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    link = links()[SUM]

    def raises(ar: Arithmetic, x: Array) -> Array:
        raise ValueError("no vector")

    monkeypatch.setattr(f"{link.module}.{link.qualname}", raises)
    assert mirrored(pinned(SUM)).ending is ComparisonEnding.RAISED
    monkeypatch.setattr("theorems.tools.audit.pinned.holding.call_matched", None)
    assert mirrored(pinned(SUM)).ending is ComparisonEnding.FAILED


def part(kept: PinnedDefinition, change: Any) -> PinnedDefinition:
    """The definition with the parts of its first instance changed."""
    first, *rest = kept.instances
    return replace(kept, instances=(replace(first, parts=change(list(first.parts))), *rest))


@pytest.mark.parametrize(
    ("name", "change", "ending", "why"),
    [
        (CORE + "appendVec", lambda _: ["1/7"], ComparisonEnding.DIFFERS, "the numbers: at position "),
        (
            CORE + "appendVec",
            lambda p: [*p, "1"],
            ComparisonEnding.DIFFERS,
            "the number of parts: at position 0, fewer",
        ),
        (CORE + "appendVec", lambda _: [], ComparisonEnding.DIFFERS, "the number of parts: at position 0, more"),
        (CORE + "ctxSize", lambda _: [{"data": 99}], ComparisonEnding.DIFFERS, "the value: at position 0, 99 pinned"),
        (CORE + "appendVec", lambda _: ["1 x"], ComparisonEnding.DIFFERS, "what is pinned is damaged: a number is"),
        (
            CORE + "ctxSize",
            lambda _: ["99"],
            ComparisonEnding.DIFFERS,
            "what is pinned is damaged: the value is pinned",
        ),
        (SUM, lambda _: ["8±9"], ComparisonEnding.NOT_EVALUATED, "undecided: the numbers"),
    ],
)
def test_a_wrong_pinned_part_is_noticed(name: str, change: Any, ending: ComparisonEnding, why: str) -> None:
    found = mirrored(part(pinned(name), change))
    assert found.ending is ending
    assert found.why.startswith(why)


def test_a_wrong_field_or_function_of_what_is_declared_is_noticed() -> None:
    structure = pinned(CORE + "Node")
    assert structure.declared is not None
    fewer = replace(structure, declared={**structure.declared, "fields": ["forward"]})
    assert mirrored(fewer).why.startswith("the fields: at position 0, forward in Lean")
    functions = pinned("MathFunctions")
    assert functions.declared is not None
    assert mirrored(replace(functions, declared={**functions.declared, "exp": "1 1"})).why.startswith(
        "exp: at position 0"
    )
    assert mirrored(replace(functions, declared={"exp": "0 1"})).why.startswith(
        "the functions: at position 0, ['exp'] pinned"
    )


@pytest.mark.parametrize(
    "data",
    [
        None,
        {"name": "a"},
        {"name": "a", "text": "t"},
        {"name": "a", "text": "t", "instances": [{"arguments": [["x"]], "parts": []}]},
        {"name": "a", "text": "t", "instances": [{"parts": []}]},
    ],
)
def test_what_is_no_pinned_definition_is_said(data: Any) -> None:
    with pytest.raises(MalformedInstance):
        PinnedDefinition.of(data)


def test_an_instance_of_a_node_is_not_linear() -> None:
    assert KINDS.keys() >= making.LINEAR
    name = CORE + "NodeFDerivCorrect.at"
    kinds = {str(i.shown).partition("'kind': '")[2].partition("'")[0] for i in pinned(name).instances}
    assert kinds - making.LINEAR
    add, mul = '{"kind": "add"}', '{"kind": "mul", "inputs": [0, 1]}'
    few = {add: 1, f"{add} ": 2, f"{add}  ": 3}
    assert making.those_that_say_most(few) == [1, 2, 3]
    assert 4 in making.those_that_say_most({**few, mul * 99: 4})


def test_what_never_gives_numbers_is_not_pinned() -> None:
    corner = made(extended(CORNER), links()[CORE + "dotCLM"], "")
    assert corner.outside == "no instance was drawn at which it gives numbers"


CORNER = """
namespace Proofs.Autograd
def dotCLM {n : Nat} (x : Vec n) : Vec 0 := 0
end Proofs.Autograd
"""


def raising(error: Exception) -> Any:
    def raises(*_: Any) -> Any:
        raise error

    return raises


def test_a_corner_and_a_wide_ball_are_not_pinned_and_decide_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = pinned(SUM)
    monkeypatch.setattr(making, "_is_narrow", lambda _: False)
    assert made(evaluator_of(), links()[SUM], "").outside == "no instance was drawn at which it gives numbers"
    monkeypatch.setattr(making, "observed", raising(CornerError("√ at 0")))
    assert made(evaluator_of(), links()[SUM], "").outside == "no instance was drawn at which it gives numbers"
    monkeypatch.setattr("theorems.tools.audit.pinned.holding.in_mirror", raising(CornerError("√ at 0")))
    found = mirrored(kept)
    assert found.ending is ComparisonEnding.NOT_EVALUATED
    assert found.why.startswith("undecided: ")
    assert "√ at 0, with n = " in found.why


def test_too_few_parts_end_what_is_held() -> None:
    kept = pinned(CORE + "appendVec").instances[0]
    (claim,) = kept.claims([], "the mirror")
    assert str(judge([claim]).mismatch).startswith(
        "the number of parts: at position 0, fewer in the mirror than pinned"
    )


def test_an_ill_typed_text_is_not_evaluated() -> None:
    name = CORE + "Graph.appendCLM"
    found = in_a_text(pinned(name), changed("(n := n) p.1 p.2,", "(n := n) p.1 (p.2 + p.1 + appendVec p.1 p.2),"), name)
    assert found.ending is ComparisonEnding.ILL_TYPED
    assert "+ of vectors of" in found.why
