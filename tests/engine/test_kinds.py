"""Of what kind a value is, told from annotations and from drawn values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from flint import fmpq

from mirror.node_kinds import Parameter
from mirror.spec.core.shape import Context, Shape
from theorems.engine.graphs import _STANDS_FOR, NodeSpec
from theorems.engine.kinds import fits, in_words, is_a

ONE = fmpq(1)


@pytest.mark.parametrize(
    ("annotation", "right", "wrong"),
    [
        (int, [0, -1], [True, "1", ONE, 1.0, None]),
        (bool, [True], [1, "yes", None]),
        (str, ["", "a"], [1, None]),
        (fmpq, [ONE], [1, "1"]),
        (Shape, [Shape(), Shape(2)], [(), (2,)]),
        (Context, [(), (Shape(2), Shape())], [Shape(), Shape(2), (2,), [Shape()], ("a",)]),
        (tuple[int, str], [(1, "a")], [(1,), (1, "a", "b"), ("a", 1), ()]),
        (tuple[int, ...] | None, [None, (), (1, 2)], [(1, "a"), 1]),
        (dict[str, Any], [{}, {"a": 1}], ["a", ()]),
        (Sequence[Any] | np.ndarray | None, [[1], (1,), np.zeros(1), None], ["text", Shape(2), 1]),
        (Any, [None, 1, "a"], []),
    ],
    ids=str,
)
def test_a_value_is_of_the_annotated_kind(annotation: Any, right: list[Any], wrong: list[Any]) -> None:
    assert all(is_a(value, annotation) for value in right)
    assert not any(is_a(value, annotation) for value in wrong)


def test_a_value_fits_those_that_are_drawn() -> None:
    assert fits(2, [True, 1])
    assert not fits(True, [1])
    assert not fits(None, [])
    drawn = [(), (Shape(2), ONE)]
    assert fits((), drawn)
    assert fits((ONE, ONE, Shape()), drawn)
    assert not fits((1,), drawn)
    assert not fits(Shape(2), drawn)
    assert not fits(((ONE,),), [((), ()), (("a",),)])


def test_kinds_in_words() -> None:
    assert in_words([True, False]) == "true or false"
    assert in_words([1, (), (ONE, ONE, "a")]) == "a whole number or a tuple or a tuple of a rational or text"
    assert in_words([NodeSpec("add", (0, 1))]) == "the kind NodeSpec"


def test_a_node_knows_its_kinds_parameters() -> None:
    assert set(_STANDS_FOR) == set(Parameter)
    with pytest.raises(ValueError, match="no node is of the kind 'ad'; did you mean add"):
        NodeSpec("ad", (0, 1))
    with pytest.raises(ValueError, match="add takes nothing, got c"):
        NodeSpec("add", (0, 1), {"c": ONE})
    with pytest.raises(ValueError, match="scale takes c, got "):
        NodeSpec("scale", (0,))
    with pytest.raises(ValueError, match="c of scale is True, expected fmpq"):
        NodeSpec("scale", (0,), {"c": True})
