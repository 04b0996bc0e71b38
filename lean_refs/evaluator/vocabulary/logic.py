"""Equations: transport along them, and the statements of what is proved with them."""

from __future__ import annotations

from lean_refs.evaluator.values import LeanValue
from lean_refs.evaluator.vocabulary.entry import Vocabulary
from lean_refs.evaluator.world import World

LOGIC = Vocabulary()


@LOGIC.entry("Eq.mp", "{α β : Type} (h : α = β) (a : α) : β", "a itself, at a type that is the same")
def _transported(_: World, __: LeanValue, ___: LeanValue, ____: LeanValue, a: LeanValue) -> LeanValue:
    return a


LOGIC.statement("Eq.symm", "{α : Type} {a b : α} (h : a = b) : b = a", "an equation the other way round")
LOGIC.statement("Eq.trans", "{α : Type} {a b c : α} (h : a = b) (k : b = c) : a = c", "two equations in a row")
LOGIC.statement("congrArg", "{α β : Type} {a b : α} (f : α → β) (h : a = b) : f a = f b", "f on both sides")
