"""Claims about tensors and typed lists: entries are compared, and that both are of one kind is a side fact."""

from __future__ import annotations

from mirror.algebra.soundness import zero
from mirror.arithmetic import EXACT
from mirror.spec.core.shape import Shape
from mirror.spec.core.tensor.core import fill, tensor
from theorems.engine.evidence.typed import same_list, same_tensor
from theorems.engine.evidence.verdicts import Verdict, judge

TWO = tensor(Shape(2), [1, 2])


def test_entries_are_compared() -> None:
    assert judge(same_tensor("t", TWO, TWO)).compared == 2
    assert judge(same_tensor("t", TWO, fill(EXACT, 1, Shape(2)))).verdict is Verdict.REFUTED
    lists = zero(EXACT, (Shape(2), Shape()))
    assert judge(same_list("l", lists, lists)).compared == 3


def test_one_shape_or_one_context_alone_is_no_evidence() -> None:
    nothing = fill(EXACT, 1, Shape(0, 2))
    assert judge(same_tensor("t", nothing, nothing)).empty
    for context in ((), (Shape(0), Shape(3, 0))):
        lists = zero(EXACT, context)
        assert judge(same_list("l", lists, lists)).empty


def test_another_shape_or_context_refutes() -> None:
    one, other = fill(EXACT, 1, Shape(2, 1)), fill(EXACT, 1, Shape(1, 2))
    assert judge(same_tensor("t", one, other)).verdict is Verdict.REFUTED
    lists = zero(EXACT, (Shape(2),)), zero(EXACT, (Shape(1), Shape(1)))
    assert judge(same_list("l", *lists)).verdict is Verdict.REFUTED
