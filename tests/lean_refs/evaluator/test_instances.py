"""`attribute` makes instances of declarations, and takes them away."""

import pytest

from lean_refs.evaluator import NotEvaluatedError
from lean_refs.reader.scan import read_text
from tests.lean_refs.evaluator.texts import evaluator_of

TEXT = """class Twice (α : Type) where
  twice : α

namespace Made
def nats : Twice Nat := ⟨2⟩
def reals : Twice ℝ := ⟨4⟩
def lists : Twice (List Nat) := ⟨[2]⟩
attribute [local instance 100, simp] nats
end Made

open Made
attribute [scoped instance] _root_.Made.reals Mathlib.unread
attribute [simp, instance] lists
attribute [-instance] Made.lists
instance : Twice (List ℝ) := ⟨[1]⟩
attribute [simp] Twice.twice

def nat : Nat := Twice.twice
def real : ℝ := Twice.twice
def list : List Nat := Twice.twice
"""


def test_an_attribute_makes_an_instance_of_a_definition() -> None:
    evaluator = evaluator_of(TEXT)
    assert (evaluator.value("nat"), evaluator.value("real")) == (2, 4)


def test_an_instance_that_is_taken_away_is_refused_with_where() -> None:
    said = r"not evaluated: the instance Made\.lists, which is none from NN/Small\.lean:14 on"
    with pytest.raises(NotEvaluatedError, match=said):
        evaluator_of(TEXT).value("list")
    again = TEXT.replace("instance : Twice (List ℝ)", "attribute [instance] Made.lists\ninstance : Twice (List ℝ)")
    assert evaluator_of(again).value("list") == (2,)


def test_two_instances_are_two_whatever_makes_them() -> None:
    both = TEXT.replace("instance : Twice (List ℝ) := ⟨[1]⟩", "instance : Twice Nat := ⟨3⟩")
    with pytest.raises(NotEvaluatedError, match=r"2 instances of Twice: NN/Small\.lean:15 and NN/Small\.lean:5"):
        evaluator_of(both).value("nat")


def test_what_is_said_of_instances_is_read_with_its_line() -> None:
    read = read_text("A.lean", TEXT).instances
    assert [(one.name, one.line, one.taken) for one in read] == [
        ("nats", 8, False),
        ("_root_.Made.reals", 12, False),
        ("Mathlib.unread", 12, False),
        ("lists", 13, False),
        ("Made.lists", 14, True),
    ]
    assert (read[0].scope.namespace, read[3].scope.opened) == (("Made",), ("Made",))


def test_an_attribute_for_the_next_command_alone_is_read() -> None:
    (one,) = read_text("A.lean", "def x : Nat := 1\nattribute [local instance] x in\ndef y : Nat := 1\n").instances
    assert one.name == "x"
