"""What was returned against the certified enclosure and the real value, entry by entry; nothing is close enough."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from flint import arb

from mirror.arithmetic import Undecided, precision
from theorems.engine.evidence.block_floats import Instances
from theorems.engine.evidence.floats import BITS, FloatVerdict
from theorems.tools.conformance.calling import Part, Returned

INSIDE, OUTSIDE, UNDECIDED = FloatVerdict.INSIDE, FloatVerdict.OUTSIDE, FloatVerdict.UNDECIDED
_SEVERITY = {INSIDE: 0, UNDECIDED: 1, OUTSIDE: 2}


@dataclass(frozen=True, slots=True)
class JudgedEntry:
    """One number that was returned, or what was returned instead of numbers.

    `bound` is how far from the real value the reference formulas may arrive at most in floats, `error` how far this
    number is; both are certified, and infinite where nothing is known.
    """

    verdict: FloatVerdict
    place: str
    got: str
    real: str
    error: float
    bound: float

    @property
    def used(self) -> float:
        """The error as a multiple of the bound: 0 where nothing was lost or nothing is known."""
        if self.verdict is UNDECIDED or not self.error:
            return 0.0
        return self.error / self.bound if self.bound else math.inf

    @property
    def rank(self) -> tuple[int, float]:
        """What to show first: the worst verdict, then the largest multiple of the bound."""
        return _SEVERITY[self.verdict], self.used


@dataclass(frozen=True, slots=True)
class Judged:
    """One instance's output, or all its cotangents: the verdict, the largest error and bound, the worst entry."""

    verdict: FloatVerdict
    error: float
    bound: float
    worst: JudgedEntry


def judge(batch: Instances, returned: Sequence[Returned]) -> Iterator[tuple[Judged, Judged | None]]:
    """The output and the gradients of each instance, judged; no gradients where there are none to judge."""
    with precision(BITS):
        enclosures = batch.enclosures(batch.enclosing)
    for k, found in enumerate(returned):
        with precision(BITS):
            balls = [a[k] for a in enclosures]
            real = _real(batch, k, balls)
            output = judged([found.output], balls[:1], real[:1])
            parts = found.gradients or ()
            # The cotangents come last; before them the output once more, where they came with one.
            last = slice(len(balls) - len(parts), None)
            yield output, judged(parts, balls[last], real[last]) if parts else None


def _real(batch: Instances, k: int, balls: Sequence[np.ndarray]) -> list[np.ndarray]:
    """The real values of the output and the cotangents; unbounded balls where they are undecided."""
    try:
        flat = batch.real(k)
    except Undecided:
        return [np.full(a.shape, arb("nan"), dtype=object) for a in balls]
    ends = np.cumsum([a.size for a in balls])[:-1]
    return [values.reshape(a.shape) for values, a in zip(np.split(flat, ends), balls, strict=True)]


def judged(parts: Sequence[Part], balls: Sequence[np.ndarray], real: Sequence[np.ndarray]) -> Judged:
    """Judge arrays of floats together, or what was returned instead: that is outside."""
    entries = [e for part in parts if part.values is None for e in _faulty(part)]
    if not entries:
        entries = [e for group in zip(parts, balls, real, strict=True) for e in _entries(*group)]
    worst = max(entries, key=lambda e: e.rank)
    known = [e for e in entries if e.verdict is not UNDECIDED]
    error, bound = (max((getattr(e, size) for e in known), default=0.0) for size in ("error", "bound"))
    return Judged(worst.verdict, error, bound, worst)


def _faulty(part: Part) -> Iterator[JudgedEntry]:
    yield JudgedEntry(OUTSIDE, part.name, part.fault, "", math.inf, math.inf)


def _entries(part: Part, balls: np.ndarray, real: np.ndarray) -> Iterator[JudgedEntry]:
    triples = zip(np.asarray(part.values).ravel().tolist(), balls.flat, real.flat, strict=True)
    for place, (got, ball, value) in zip(np.ndindex(balls.shape), triples, strict=True):
        yield _entry(f"{part.name}[{', '.join(map(str, place))}]", got, arb(ball), arb(value))


def _entry(place: str, got: float, ball: arb, real: arb) -> JudgedEntry:
    known = ball.is_finite() and real.is_finite() and ball.overlaps(real)
    bound = _distance(ball, real) if known else math.inf
    if not math.isfinite(got):  # whatever is known, no real number is that
        return JudgedEntry(OUTSIDE, place, repr(got), real.str(12), math.inf, bound)
    if not known:
        return JudgedEntry(UNDECIDED, place, repr(got), real.str(12), math.inf, math.inf)
    verdict = INSIDE if ball.contains(arb(got)) else OUTSIDE
    return JudgedEntry(verdict, place, repr(got), real.str(12), _distance(arb(got), real), bound)


def _distance(a: arb, b: arb) -> float:
    return float((a - b).abs_upper())
