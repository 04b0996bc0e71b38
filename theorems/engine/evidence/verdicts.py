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
    """How a claim, an instance or a theorem's run ends; only `equal` and `enclosed` pass."""

    EQUAL = "equal"
    ENCLOSED = "enclosed"
    UNDECIDED = "undecided"
    REFUTED = "refuted"

    @property
    def passes(self) -> bool:
        """Whether it is evidence for the claim."""
        return self in (Verdict.EQUAL, Verdict.ENCLOSED)


# A later verdict outweighs an earlier one.
_WEIGHT = {v: k for k, v in enumerate(Verdict)}


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The heaviest verdict: refuted over undecided over enclosed over equal."""
    return max(verdicts, key=_WEIGHT.__getitem__, default=Verdict.EQUAL)


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Where two sides differ: the claim, the flat position among so many entries, and both values."""

    claim: str
    position: int
    left: str
    right: str
    entries: int = field(default=1, compare=False)

    def __str__(self) -> str:
        return f"{self.claim}: at position {self.position}, {self.left} against {self.right}"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict, the widest enclosure behind it (0 where all was rational), and what went wrong."""

    verdict: Verdict
    width: float = 0.0
    mismatch: Mismatch | None = None

    def __str__(self) -> str:
        if self.mismatch is None:
            return str(self.verdict)
        at = self.mismatch
        return f"{self.verdict}: {at.claim}\n  at position {at.position}\n  left:  {at.left}\n  right: {at.right}"

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
            sides = f"{len(left)} entries", f"{len(right)} entries"
            return Judgement(Verdict.REFUTED, 0.0, Mismatch(self.label, min(len(left), len(right)), *sides))
        verdict, widest = Verdict.EQUAL, arb(0)
        for position, (a, b) in enumerate(zip(left, right, strict=True)):
            found, width = _entry(a, b, WIDTH_LIMIT)
            if not found.passes:
                where = Mismatch(self.label, position, _text(a), _text(b), len(left))
                return Judgement(found, _float(width), where)
            verdict = worst((verdict, found))
            widest = max(widest, width)
        return Judgement(verdict, _float(widest))


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
        verdict, widest = Verdict.EQUAL, arb(0)
        for position, (a, b) in enumerate(zip(_entries(self.left), _entries(self.bound), strict=True)):
            found, width = self._entry(arb(a), arb(b))
            if not found.passes:
                where = Mismatch(self.label, position, f"|{_text(a)}|", f"at most {_text(b)}", np.size(self.left))
                return Judgement(found, _float(width), where)
            verdict = worst((verdict, found))
            widest = max(widest, width)
        return Judgement(verdict, _float(widest))

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
    """A decided statement about data that is not a number: shapes, indices, structure."""

    label: str
    value: bool
    detail: str = ""

    def judge(self) -> Judgement:
        if self.value:
            return Judgement(Verdict.EQUAL)
        return Judgement(Verdict.REFUTED, 0.0, Mismatch(self.label, 0, self.detail or "false", "true"))


Claim = Equal | AtMost | Holds


def judge(claims: Iterable[Claim]) -> Judgement:
    """Judge claims one after the other; the first that does not pass ends it."""
    verdict, width = Verdict.EQUAL, 0.0
    for claim in claims:
        found = claim.judge()
        width = max(width, found.width)
        if not found.verdict.passes:
            return Judgement(found.verdict, width, found.mismatch)
        verdict = worst((verdict, found.verdict))
    return Judgement(verdict, width)


def _entries(side: Any) -> list[Any]:
    return list(np.asarray(side, dtype=object).reshape(-1))


def _text(x: Any) -> str:
    return x.str(20) if isinstance(x, arb) else str(x)


def _float(width: Any) -> float:
    return float(arb(width).abs_upper())
