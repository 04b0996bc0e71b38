"""Going through the rows, one line for each: how many instances ended how, and the worst of them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Any

from mirror.bounds.declared import FloatArithmetic
from theorems.tools.conformance.blocked import (
    SHAPED,
    BlockedRows,
    as_declared,
    beside,
    blocked_entries,
    named,
    unseeded,
)
from theorems.tools.conformance.calling import Implementation, Returned
from theorems.tools.conformance.design import TriedRow
from theorems.tools.conformance.detecting import framework_of
from theorems.tools.conformance.frameworks import JAX
from theorems.tools.conformance.judging import INSIDE, OUTSIDE, UNDECIDED, Judged, JudgedEntry, judge
from theorems.tools.conformance.kinds import Function, Kind, drawn, given
from theorems.tools.conformance.layouts import LEAN, AxisOrder
from theorems.tools.conformance.limits import Caller, TooLong
from theorems.tools.conformance.presets.preset import Preset
from theorems.tools.conformance.target import WrongCall
from theorems.tools.conformance.values import KernelInstances
from theorems.tools.conformance.wanted import Wanted


@dataclass(frozen=True, slots=True)
class Tally:
    """How the outputs or the gradients of a line ended; the worst entry is that of instance number `number`.

    Of the instances `suspicious` have an entry beyond what is likely, which is inside all the same; `suspect` is the
    furthest of these. `accepted` counts the instances that each rule of others accepts.
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
        return any(t.outside for t in (self.output, self.gradients) if t)


# After so many shapes in which a call did not return nothing more is called.
PATIENCE = 3


def implementation(
    name: str,
    kind: Kind,
    function: Function,
    vjp: Function | None,
    wanted: Wanted,
    forward_only: bool = False,
    layout: AxisOrder = LEAN,
    arrays: str | None = None,
    preset: Preset | None = None,
) -> Implementation:
    """The implementation, of the arrays that the first shape shows; raises `WrongCall` where it returns none."""
    caller, framework, returned = Caller(wanted.seconds), JAX, []

    @wraps(function)
    def noting(*arguments: Any) -> Any:
        found = function(*arguments)
        returned.append(True)
        return found

    with suppress(TooLong):  # its row will say so
        for row in (next(row for row in wanted.rows if row.shape == shape) for shape in wanted.shapes):
            batch = given(drawn(kind, row.shape, row.mask, wanted.dtype, 1, wanted.seed, row.values), row.mask)
            call = layout.laid(kind.call(batch, 0))
            framework = caller.call(framework_of, name, layout.kind(kind), noting, call, arrays)
            if returned:
                break
    return Implementation(name, kind, function, vjp, framework, forward_only, layout, arrays, preset)


def examine(of: Implementation, wanted: Wanted) -> Iterator[Line]:
    """Call the implementation row by row and judge what it returns.

    A row in which it raises says so. In a shape in which it once did not return in time it is not called again.
    """
    caller, stuck = Caller(wanted.seconds), dict[str, str]()
    for row in wanted.rows:
        size, name = wanted.instances_of(row.shape), row.shape.name
        if name in stuck or len(stuck) == PATIENCE:
            yield Line(row, size, failed=f"not called: {stuck.get(name) or 'too often it did not return'}")
            continue
        try:
            yield _line(of, wanted, row, caller)
        except WrongCall as why:
            yield Line(row, size, failed=str(why))
        except TooLong as why:
            stuck[name] = f"{of.name} {why}"
            yield Line(row, size, failed=stuck[name])


def _line(of: Implementation, wanted: Wanted, row: TriedRow, caller: Caller) -> Line:
    size = wanted.instances_of(row.shape)
    batch = drawn(of.kind, row.shape, row.mask, wanted.dtype, size, wanted.seed, row.values)
    calls = _Calls(of, wanted.arithmetic(of), row, caller)
    if not blocked_entries(batch).any() or wanted.blocked is BlockedRows.EXACT:
        return calls.line(batch)
    if wanted.blocked is None:
        line = calls.line(batch)
        if not line.outside:
            return replace(line, blocked=BlockedRows.EXACT)
    return calls.line_beside(unseeded(batch), wanted.blocked)


@dataclass(frozen=True, slots=True)
class _Calls:
    """The calls of one row and what comes of them."""

    of: Implementation
    arithmetic: FloatArithmetic
    row: TriedRow
    caller: Caller

    def line(self, batch: KernelInstances) -> Line:
        """All results against Lean's function."""
        returned = self.returned(batch)
        return self._line(returned, list(judge(batch, returned, self.arithmetic)))

    def line_beside(self, batch: KernelInstances, declared: BlockedRows | None) -> Line:
        """The results but for the blocked queries, and those as declared or, where nothing is declared, by name."""
        returned, entries = self.returned(batch), blocked_entries(batch)
        pairs = list(judge(batch, [beside(entries, r) for r in returned], self.arithmetic))
        if declared and declared in SHAPED:
            alone = as_declared(declared, batch, returned, self.arithmetic)
            pairs = [(_worse(o, b), g) for (o, g), b in zip(pairs, alone, strict=True)]
        way = declared or named(batch, returned, self.arithmetic)
        return replace(self._line(returned, pairs), blocked=way)

    def returned(self, batch: KernelInstances) -> list[Returned]:
        """What it returns at each instance; raises `WrongCall` with the number where it raises."""
        calls = given(batch, self.row.mask)
        return [self._at(calls, k) for k in range(len(batch.cotangent))]

    def _at(self, calls: KernelInstances, k: int) -> Returned:
        try:
            return self.caller.call(self.of.at, self.of.kind.call(calls, k), k == 0)
        except WrongCall as why:
            raise WrongCall(f"{why} (instance {k})") from why

    def _line(self, returned: Sequence[Returned], pairs: Sequence[tuple[Judged, Judged | None]]) -> Line:
        outputs, gradients = zip(*pairs, strict=True)
        checked = [g for g in gradients if g is not None]
        changed = tuple(dict.fromkeys(name for found in returned for name in found.changed))
        gradient, differing = tally(checked) if checked else None, returned[0].differing or ()
        return Line(self.row, len(returned), tally(outputs), gradient, changed, differing)


def _worse(one: Judged, other: Judged) -> Judged:
    return max(one, other, key=lambda judged: judged.worst.rank)


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
        dict(Counter(name for j in found for name in j.accepted)),
    )
