"""Whether values are of their types, as the text declares them."""

from __future__ import annotations

from typing import Any, NoReturn

from flint import fmpq

from lean_refs.evaluator import Constructed, LeanType, arrow, euclidean, fin
from lean_refs.evaluator.values import Pair
from mirror.spec.core.shape import Shape
from tests.tools.audit.evaluated.texts import evaluator_of
from theorems.engine.evidence.verdicts import Holds, judge
from theorems.tools.audit.evaluated import forms
from theorems.tools.audit.evaluated.conforming import Conformity
from theorems.tools.audit.evaluated.errors import NoArgumentError
from theorems.tools.audit.evaluated.names import SHAPE

ONE = fmpq(1)


def nothing(_: Any) -> NoReturn:
    raise NoArgumentError("an index of `Fin 0`")


def problem(type_: Any, value: Any) -> str:
    """What is wrong with a value, or nothing."""
    return str(judge(Conformity(evaluator_of(), nothing).claims(type_, value)).mismatch or "")


def test_lists() -> None:
    contexts = LeanType("List", (LeanType(SHAPE),))
    assert problem(contexts, forms.context((Shape(2), Shape()))) == ""
    assert problem(contexts, (forms.shape(Shape(2)), 3)).startswith("entry 1, a Spec.Shape: ")


def test_equal_plain_values_are_looked_at_once() -> None:
    shapes = tuple(map(forms.shape, (Shape(2), Shape(2), Shape(3), Shape(2))))
    claims = Conformity(evaluator_of(), nothing).claims(LeanType("List", (LeanType(SHAPE),)), shapes)
    entries = [claim.label for claim in claims if isinstance(claim, Holds) and claim.label.endswith(", a Spec.Shape")]
    assert [entry for entry in entries if entry.count(",") == 1] == ["entry 0, a Spec.Shape", "entry 2, a Spec.Shape"]


def test_an_equal_value_of_another_type_is_looked_at_too() -> None:
    pair = LeanType("Prod", (LeanType("Nat"), LeanType(SHAPE)))
    assert problem(pair, Pair(2, 2)).startswith("second, a Spec.Shape: ")


def test_vectors() -> None:
    assert problem(euclidean(2), (ONE, ONE)) == ""
    assert problem(euclidean(3), (ONE, ONE)).startswith("a vector of length 3: ")


def test_a_constructor_that_the_type_does_not_have() -> None:
    made = Constructed("Spec.Tensor.scalar", (ONE,))
    assert "Spec.Shape has none of this name in Lean" in problem(LeanType(SHAPE), made)
    # Nothing is said of the arguments of what is not known.
    assert len(list(Conformity(evaluator_of(), nothing).claims(LeanType(SHAPE), made))) == 2


def test_a_function_without_an_argument_is_only_a_function() -> None:
    assert problem(arrow(fin(0), LeanType("Nat")), lambda _: "anything") == ""
    assert problem(arrow(fin(0), LeanType("Nat")), 3).startswith("a function: ")
