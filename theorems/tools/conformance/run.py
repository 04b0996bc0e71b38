"""Going through the rows, one line for each: how many instances ended how, and the worst of them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

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

    `changed` are the arguments that the function wrote into, `differing` the results that two runs of the first
    instance do not have in common bit for bit.
    """

    row: TriedRow
    instances: int
    output: Tally | None = None
    gradients: Tally | None = None
    changed: tuple[str, ...] = ()
    differing: tuple[str, ...] = ()
    failed: str = ""

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
    """The implementation, as its first instance shows what arrays it takes; raises `WrongCall` for none that it can."""
    row = wanted.rows[0]
    batch = given(drawn(kind, row.shape, row.mask, wanted.dtype, 1, wanted.seed, row.values), row.mask)
    first, framework = layout.laid(kind.call(batch, 0)), JAX
    with suppress(TooLong):  # its row will say so
        framework = Caller(wanted.seconds).call(framework_of, name, layout.kind(kind), function, first, arrays)
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
    calls = given(batch, row.mask)
    returned = [_returned(of, calls, k, caller) for k in range(size)]
    outputs, gradients = zip(*judge(batch, returned, wanted.arithmetic(of)), strict=True)
    checked = [g for g in gradients if g is not None]
    changed = tuple(dict.fromkeys(name for found in returned for name in found.changed))
    gradient = tally(checked) if checked else None
    return Line(row, size, tally(outputs), gradient, changed, returned[0].differing or ())


def _returned(of: Implementation, batch: KernelInstances, k: int, caller: Caller) -> Returned:
    """What it returns at the k-th instance; raises `WrongCall` with the number where it raises."""
    try:
        return caller.call(of.at, of.kind.call(batch, k), k == 0)
    except WrongCall as why:
        raise WrongCall(f"{why} (instance {k})") from why


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
