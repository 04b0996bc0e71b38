"""Theorems that nobody states, about one rational number, with hypotheses of every worth."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

from flint import fmpq
from hypothesis import strategies as st

from mirror.arithmetic import EXACT, Arithmetic
from theorems.engine.case import Case
from theorems.engine.evidence.verdicts import Claim, Equal
from theorems.engine.registry import get
from theorems.engine.sizes import Sizes
from theorems.engine.theorem import Hypothesis, Theorem
from theorems.tools.hypotheses.labels import Label, Weighed

# Any theorem of the pin lends its place: a theorem has one.
LENT = "Proofs.Autograd.TapeNodes.hasDerivAt_sqrt_clamp_of_pos"


def hypothesis(name: str, holds: Callable[[fmpq], bool]) -> Hypothesis:
    return Hypothesis(name, name, lambda ar, x: holds(x))


POSITIVE = hypothesis("positive", lambda x: x > 0)
NEGATIVE = hypothesis("negative", lambda x: x < 0)
NONZERO = hypothesis("nonzero", lambda x: x != 0)
SMALL = hypothesis("small", lambda x: x < 10)


def is_its_size(ar: Arithmetic, x: fmpq) -> Iterator[Claim]:
    """x = |x|, which is so where x ≥ 0."""
    yield Equal("x = |x|", x, abs(x))


def numbers(sizes: Sizes) -> st.SearchStrategy[Case]:
    return st.integers(-20, 20).map(lambda n: {"x": fmpq(n)})


def made_up(*hypotheses: Hypothesis, **changes: Any) -> Theorem:
    """x = |x| under those hypotheses, for integers from -20 to 20."""
    parts = {"conclusion": is_its_size, "instances": numbers, "hypotheses": hypotheses, "arithmetic": EXACT}
    return dataclasses.replace(get(LENT), **{**parts, "runs": None, **changes})


def entry(label: Label, *names: str, because: str = "it is") -> Weighed:
    return Weighed(LENT, names, label, because)


def at(x: int) -> Case:
    return {"x": fmpq(x)}
