"""Whether an instance that meets all hypotheses could have failed."""

from __future__ import annotations

from theorems.engine.case import Case
from theorems.engine.reacting import compares_a_number, reacts
from theorems.engine.theorem import Theorem


def active(theorem: Theorem, case: Case) -> bool:
    """Whether a number that is not 0 is compared, and the instance is active in every input.

    Where the theorem has no derivative: whether changing one drawn value changes both sides instead.
    """
    inputs = theorem.active_inputs(case)
    if inputs is None:
        return reacts(theorem, case)
    return all(inputs.values()) and compares_a_number(theorem, case)
