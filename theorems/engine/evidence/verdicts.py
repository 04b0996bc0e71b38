"""Claims, and how they end: equality is equality, an enclosure is an enclosure, nothing is close enough."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
from flint import arb, fmpq

# Both sides of an enclosed claim must be narrower than this; 2⁻¹⁰⁰ is below 1e-30.
WIDTH_LIMIT = arb(2) ** -100


class Verdict(StrEnum):
    """How a claim, an instance or a theorem's run ends; only `equal` and `enclosed` pass.

    A claim ends in one of the first four. An instance may end in two more: `unsatisfied`, where it fails a
    hypothesis, so that the theorem says nothing about it; `raised`, where the mirror raises an exception instead
    of giving a value. Only a run ends `vacuous`: nothing failed in it, but too few of its instances are evidence.
    """

    EQUAL = "equal"
    ENCLOSED = "enclosed"
    UNDECIDED = "undecided"
    REFUTED = "refuted"
    UNSATISFIED = "unsatisfied"
    RAISED = "raised"
    VACUOUS = "vacuous"

    @property
    def passes(self) -> bool:
        """Whether it is evidence for the claim."""
        return self in (Verdict.EQUAL, Verdict.ENCLOSED)


# A later verdict outweighs an earlier one.
_WEIGHT = {v: k for k, v in enumerate(Verdict)}


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The heaviest verdict: the one that `Verdict` lists last."""
    return max(verdicts, key=_WEIGHT.__getitem__, default=Verdict.EQUAL)


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Where two sides differ: the claim, the flat position among so many entries, and both values.

    What has no place, a hypothesis or an exception, has 0 entries.
    """

    claim: str
    position: int
    left: str
    right: str
    entries: int = field(default=1, compare=False)

    def __str__(self) -> str:
        place = f"at position {self.position}, " if self.entries else ""
        return f"{self.claim}: {place}{self.left} against {self.right}"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict, the widest enclosure behind it (0 where all was rational), and what went wrong.

    `compared` says how many numbers, or decided facts, were compared for it: nothing could have failed where it is 0.
    `reals` are those among them that are real numbers.
    """

    verdict: Verdict
    width: float = 0.0
    mismatch: Mismatch | None = None
    compared: int = 0
    reals: int = 0

    @property
    def empty(self) -> bool:
        """Whether it passes only because nothing was compared."""
        return self.verdict.passes and not self.compared

    def __str__(self) -> str:
        if self.mismatch is None:
            return str(self.verdict)
        at = self.mismatch
        place = f"\n  at position {at.position}" if at.entries else ""
        return f"{self.verdict}: {at.claim}{place}\n  left:  {at.left}\n  right: {at.right}"

    def assert_passes(self) -> None:
        """Raises `AssertionError` with the claim, the position and both sides unless the verdict passes."""
        __tracebackhide__ = True  # a test shows the line that asks, not this one
        if not self.verdict.passes:
            raise AssertionError(str(self))


def _width(x: Any) -> Any:
    return 0 if isinstance(x, fmpq | int) else 2 * x.rad()


def _entry(left: Any, right: Any, limit: Any) -> tuple[Verdict, Any]:
    if isinstance(left, fmpq | int) and isinstance(right, fmpq | int):
        return (Verdict.EQUAL if left == right else Verdict.REFUTED), 0
    left_ball, right_ball = arb(left), arb(right)
    if not (left_ball.is_finite() and right_ball.is_finite()):
        return Verdict.UNDECIDED, arb("inf")
    if not left_ball.overlaps(right_ball):
        return Verdict.REFUTED, 0
    width = max(_width(left), _width(right))
    return (Verdict.ENCLOSED if width < limit else Verdict.UNDECIDED), width


@dataclass(frozen=True, slots=True)
class Equal:
    """Two scalars or arrays are the same: exactly, or by overlapping balls narrower than the limit."""

    label: str
    left: Any
    right: Any

    def judge(self) -> Judgement:
        left, right = _entries(self.left), _entries(self.right)
        if len(left) != len(right):
            return _two_lengths(self.label, left, right)
        if left == right and all(isinstance(x, fmpq | int) for x in (*left, *right)):
            return Judgement(Verdict.EQUAL, compared=len(left), reals=_reals(left))
        verdict, widest = Verdict.EQUAL, arb(0)
        for position, (a, b) in enumerate(zip(left, right, strict=True)):
            found, width = _entry(a, b, WIDTH_LIMIT)
            if not found.passes:
                where = Mismatch(self.label, position, _text(a), _text(b), len(left))
                return Judgement(found, _float(width), where, position + 1)
            verdict = worst((verdict, found))
            widest = max(widest, width)
        return Judgement(verdict, _float(widest), compared=len(left), reals=_reals(left))


@dataclass(frozen=True, slots=True)
class AtMost:
    """|left| ≤ bound, entry by entry, each side an enclosure no wider than `width`.

    The bound is a ball's upper bound; a left side that exceeds it for certain refutes the claim.
    """

    label: str
    left: Any
    bound: Any
    width: Any

    def judge(self) -> Judgement:
        left, bounds = _entries(self.left), _entries(self.bound)
        if len(left) != len(bounds):
            return _two_lengths(self.label, left, bounds)
        verdict, widest = Verdict.EQUAL, arb(0)
        for position, (a, b) in enumerate(zip(left, bounds, strict=True)):
            found, width = self._entry(arb(a), arb(b))
            if not found.passes:
                where = Mismatch(self.label, position, f"|{_text(a)}|", f"at most {_text(b)}", len(left))
                return Judgement(found, _float(width), where, position + 1)
            verdict = worst((verdict, found))
            widest = max(widest, width)
        return Judgement(verdict, _float(widest), compared=len(left), reals=len(left))

    def _entry(self, left: Any, bound: Any) -> tuple[Verdict, Any]:
        if not (left.is_finite() and bound.is_finite()):
            return Verdict.UNDECIDED, arb("inf")
        largest, smallest, limit = left.abs_upper(), left.abs_lower(), bound.abs_upper()
        if smallest > limit:
            return Verdict.REFUTED, 0
        if largest <= limit:
            return (Verdict.EQUAL if left.is_exact() and bound.is_exact() else Verdict.ENCLOSED), 0
        width = 2 * left.rad()
        return (Verdict.ENCLOSED if width < self.width else Verdict.UNDECIDED), width


@dataclass(frozen=True, slots=True)
class Holds:
    """A decided statement about data that is not a number: shapes, indices, structure.

    `compared` is 1 where it is what the theorem says, 0 where it only says that the two sides are of one kind.
    """

    label: str
    value: bool
    detail: str = ""
    compared: int = 1

    def judge(self) -> Judgement:
        wrong = None if self.value else Mismatch(self.label, 0, self.detail or "false", "true")
        return Judgement(Verdict.REFUTED if wrong else Verdict.EQUAL, 0.0, wrong, self.compared)


Claim = Equal | AtMost | Holds


class NothingClaimed(ValueError):
    """No claim was made, so there is nothing to judge."""


def judge(claims: Iterable[Claim]) -> Judgement:
    """Judge claims one after the other; the first that does not pass ends it.

    Raises `NothingClaimed`, which is a `ValueError`, where there is no claim.
    """
    total: Judgement | None = None
    for claim in claims:
        found = claim.judge()
        total = _both(total, found) if total else found
        if not found.verdict.passes:
            break
    if total is None:
        raise NothingClaimed("no claim was made, so there is nothing to judge")
    return total


def _both(first: Judgement, then: Judgement) -> Judgement:
    """Two judgements as one, of which the first passes."""
    verdict, width = worst((first.verdict, then.verdict)), max(first.width, then.width)
    return Judgement(verdict, width, then.mismatch, first.compared + then.compared, first.reals + then.reals)


def _two_lengths(label: str, left: list[Any], right: list[Any]) -> Judgement:
    """Two sides of which one has more entries: refuted where the shorter ends."""
    sides = f"{len(left)} entries", f"{len(right)} entries"
    return Judgement(Verdict.REFUTED, 0.0, Mismatch(label, min(len(left), len(right)), *sides), 1)


def _entries(side: Any) -> list[Any]:
    return list(np.asarray(side, dtype=object).reshape(-1))


def _reals(side: list[Any]) -> int:
    """How many entries are real numbers: a natural number is an `int`."""
    return sum(not isinstance(x, int) for x in side)


def _text(x: Any) -> str:
    return x.str(20) if isinstance(x, arb) else str(x)


def _float(width: Any) -> float:
    return float(arb(width).abs_upper())
