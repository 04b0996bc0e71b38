"""What came of a row of the table: how many instances ended how, and the worst of them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from theorems.tools.conformance.blocked import BlockedRows
from theorems.tools.conformance.design import TriedRow
from theorems.tools.conformance.judging import INSIDE, OUTSIDE, UNDECIDED, Judged, JudgedEntry


@dataclass(frozen=True, slots=True)
class Tally:
    """How the outputs or the gradients of a line ended; the worst entry is that of instance number `number`.

    Of the instances `suspicious` have an entry beyond what is likely, which is inside all the same; `suspect` is the
    furthest of these. `accepted` counts the instances that each rule of others accepts,
    `allowed` is the largest error that each would let pass in one.
    """

    inside: int
    outside: int
    undecided: int
    error: float
    bound: float
    number: int
    worst: JudgedEntry
    suspicious: int = 0
    suspect: JudgedEntry | None = None
    accepted: dict[str, int] = field(default_factory=dict)
    allowed: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """What came of one row; `failed` says why there is nothing to judge: a call raised, or did not return.

    `blocked` says what it does with queries that see no key, where there are some. `changed` are the arguments that the
    function wrote into, `differing` the results that two runs of the first instance do not have in common bit for bit.
    """

    row: TriedRow
    instances: int
    output: Tally | None = None
    gradients: Tally | None = None
    changed: tuple[str, ...] = ()
    differing: tuple[str, ...] = ()
    failed: str = ""
    blocked: BlockedRows | None = None

    @property
    def outside(self) -> bool:
        """Whether an output or a gradient is outside."""
        return any(t.outside for t in self._judged)

    @property
    def inside(self) -> bool:
        """Whether all that was judged is inside, and something was."""
        return self.output is not None and not any(t.outside or t.undecided for t in self._judged)

    @property
    def _judged(self) -> list[Tally]:
        return [t for t in (self.output, self.gradients) if t]


def tally(found: Iterable[Judged]) -> Tally:
    """Count the verdicts, and keep the largest error and bound and the worst entry."""
    found = list(found)
    count = Counter(j.verdict for j in found)
    number = max(range(len(found)), key=lambda k: found[k].worst.rank)
    return Tally(
        count[INSIDE],
        count[OUTSIDE],
        count[UNDECIDED],
        max(j.error for j in found),
        max((j.bound for j in found if math.isfinite(j.bound)), default=math.inf),
        number,
        found[number].worst,
        sum(j.suspect is not None for j in found),
        max((j.suspect for j in found if j.suspect), key=lambda e: e.unlikely, default=None),
        dict(sorted(Counter(name for j in found for name in j.accepted).items())),
        {name: max(j.allowed.get(name, 0.0) for j in found) for name in sorted({n for j in found for n in j.allowed})},
    )
