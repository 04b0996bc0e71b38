"""Going through the rows: every instance is given to the function, and what it returns is judged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any

from mirror.bounds.declared import FloatArithmetic
from theorems.tools.conformance.ahead import Begin, PreparedRow, later, prepared
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
from theorems.tools.conformance.judging import Judged, judge
from theorems.tools.conformance.kinds import Function, Kind, drawn, given
from theorems.tools.conformance.lanes import KnownInstance, known_instances
from theorems.tools.conformance.layouts import LEAN, AxisOrder
from theorems.tools.conformance.limits import Caller, TooLong
from theorems.tools.conformance.presets.preset import Preset
from theorems.tools.conformance.tallies import Line, tally
from theorems.tools.conformance.target import WrongCall
from theorems.tools.conformance.values import KernelInstances
from theorems.tools.conformance.wanted import Wanted

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
    """The implementation, of the arrays that the first shape shows in which it returns in time.

    Raises `WrongCall` where it returns none.
    """
    caller, framework, returned = Caller(wanted.seconds), JAX, []

    @wraps(function)
    def noting(*arguments: Any) -> Any:
        found = function(*arguments)
        returned.append(True)
        return found

    for row in (next(row for row in wanted.rows if row.shape == shape) for shape in wanted.shapes):
        batch = given(drawn(kind, row.shape, row.mask, wanted.dtype, 1, wanted.seed, row.values), row.mask)
        call = layout.laid(kind.call(batch, 0))
        with suppress(TooLong):  # its row will say so
            framework = caller.call(framework_of, name, layout.kind(kind), noting, call, arrays)
        if returned or caller.left == PATIENCE:
            break
    return Implementation(name, kind, function, vjp, framework, forward_only, layout, arrays, preset)


def examine(of: Implementation, wanted: Wanted, begin: Begin = later) -> Iterator[Line]:
    """Call the implementation row by row and judge what it returns; `begin` says who computes what is known of a row.

    A row in which it raises says so. In a shape in which it once did not return in time it is not called again.
    """
    caller, stuck = Caller(wanted.seconds), dict[str, str]()
    arithmetic = wanted.arithmetic(of)
    for ready in prepared(of.kind, wanted, arithmetic, begin, lambda row: row.shape.name in stuck):
        row, size, name = ready.row, wanted.instances_of(ready.row.shape), ready.row.shape.name
        if name in stuck or len(stuck) == PATIENCE:
            yield Line(row, size, failed=f"not called: {stuck.get(name) or 'too often it did not return'}")
            continue
        try:
            yield _line(_Calls(of, arithmetic, row, caller), ready, wanted.blocked)
        except WrongCall as why:
            yield Line(row, size, failed=str(why))
        except TooLong as why:
            stuck[name] = f"{of.name} {why}"
            yield Line(row, size, failed=stuck[name])


def _line(calls: _Calls, ready: PreparedRow, declared: BlockedRows | None) -> Line:
    batch = ready.batch
    if not blocked_entries(batch).any() or declared is BlockedRows.EXACT:
        return calls.line(batch, ready.known)
    if declared is None:
        line = calls.line(batch, ready.known)
        if not line.outside:
            return replace(line, blocked=BlockedRows.EXACT)
    return calls.line_beside(unseeded(batch), declared)


@dataclass(frozen=True, slots=True)
class _Calls:
    """The calls of one row and what comes of them."""

    of: Implementation
    arithmetic: FloatArithmetic
    row: TriedRow
    caller: Caller

    def line(self, batch: KernelInstances, known: Callable[[], Sequence[KnownInstance]]) -> Line:
        """All results against Lean's function."""
        returned = self.returned(batch)
        return self._line(returned, list(judge(known(), returned)))

    def line_beside(self, batch: KernelInstances, declared: BlockedRows | None) -> Line:
        """The results but for the blocked queries, and those as declared or, where nothing is declared, by name."""
        returned, entries = self.returned(batch), blocked_entries(batch)
        known = known_instances(batch, self.arithmetic)
        pairs = list(judge(known, [beside(entries, r) for r in returned]))
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
