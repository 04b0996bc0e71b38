"""Float evidence: a result is inside or outside what its format can arrive at, and nothing is close enough."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from flint import arb

from mirror.arithmetic import BALL, Arithmetic, Array, Undecided, precision
from mirror.arithmetic.rounded import Backend, Rounded
from theorems.engine.evidence.verdicts import Mismatch

# Far above any format's precision, so that the balls' own rounding does not matter.
BITS = 192

Program = Callable[..., Array]


class FloatVerdict(StrEnum):
    """How a float result ends; only `inside` is evidence, and `undecided` counts for nothing."""

    INSIDE = "inside"
    UNDECIDED = "undecided"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class FloatJudgement:
    """A float result against its certified enclosure.

    `bound` is how far a result may be from the real value, `error` how far this one is, at most (both
    the largest over the entries); `assumes` says what the bound takes for granted about the backend.
    """

    verdict: FloatVerdict
    assumes: str
    bound: float = math.inf
    error: float = math.inf
    mismatch: Mismatch | None = None

    @property
    def tightness(self) -> float:
        """bound / error: 1 where the bound is reached, infinite where nothing was lost or is known."""
        return self.bound / self.error if self.error else math.inf


def enclosure(program: Program, inputs: Sequence[np.ndarray], backend: Backend) -> np.ndarray:
    """What a backend can arrive at when it runs a program `(ar, *inputs)` of the mirror, as balls.

    The inputs are exact rationals, which the backend rounds. Raises `Undecided` at a corner or jump.
    """
    ar = Rounded(backend)
    found = program(ar, *(ar.embed(x) for x in inputs))
    return np.asarray(found.balls, dtype=object).reshape(-1)


def examine(program: Program, inputs: Sequence[np.ndarray], result: Any, backend: Backend) -> FloatJudgement:
    """Judge a float result of a program at exact inputs, whoever computed it, against the enclosure.

    Raises `ValueError` for a result of another length.
    """
    with precision(BITS):
        try:
            balls = enclosure(program, inputs, backend)
            real = np.asarray(program(BALL, *inputs), dtype=object).reshape(-1)
        except Undecided as why:
            where = Mismatch("the enclosure is unbounded", 0, str(why), "a decided value")
            return FloatJudgement(FloatVerdict.UNDECIDED, backend.assumes, mismatch=where)
        return judge_floats(result, balls, real, backend)


def judge_floats(result: Any, balls: np.ndarray, real: np.ndarray, backend: Backend) -> FloatJudgement:
    """Judge float entries against their enclosures, and measure both against the real values."""
    values = [float(v) for v in np.asarray(result).reshape(-1)]
    if len(values) != len(balls):
        raise ValueError(f"the result has {len(values)} entries, its enclosure {len(balls)}")
    verdicts = [_entry(v, arb(ball)) for v, ball in zip(values, balls, strict=True)]
    for verdict in (FloatVerdict.OUTSIDE, FloatVerdict.UNDECIDED):
        if verdict in verdicts:
            k = verdicts.index(verdict)
            where = Mismatch(f"entry is {verdict}", k, repr(values[k]), arb(balls[k]).str(20))
            return FloatJudgement(verdict, backend.assumes, mismatch=where)
    bound = max((_distance(b, r) for b, r in zip(balls, real, strict=True)), default=0.0)
    error = max((_distance(v, r) for v, r in zip(values, real, strict=True)), default=0.0)
    return FloatJudgement(FloatVerdict.INSIDE, backend.assumes, bound, error)


def _entry(value: float, ball: arb) -> FloatVerdict:
    if not ball.is_finite():
        return FloatVerdict.UNDECIDED
    inside = math.isfinite(value) and ball.contains(arb(value))
    return FloatVerdict.INSIDE if inside else FloatVerdict.OUTSIDE


def _distance(a: Any, b: Any) -> float:
    return float((arb(a) - arb(b)).abs_upper())


def runs_in(ar: Arithmetic, program: Program, inputs: Sequence[np.ndarray]) -> np.ndarray:
    """What a program of the mirror gives in a float arithmetic at exact inputs, flat."""
    return np.asarray(program(ar, *(ar.embed(x) for x in inputs))).reshape(-1)
