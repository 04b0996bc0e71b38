"""Rows with what is known of them, which takes no answer of the function: it can be computed before, elsewhere.

Bounds take about as long as a function does. The function is called here, row after row, whoever computes the rest.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from mirror.bounds.declared import FloatArithmetic
from theorems.tools.conformance.design import TriedRow
from theorems.tools.conformance.kinds import Kind, drawn
from theorems.tools.conformance.lanes import KnownInstance, known_instances
from theorems.tools.conformance.values import KernelInstances
from theorems.tools.conformance.wanted import Wanted

# Begins a call of a function, somewhere; what it gives returns the call's result.
Begin = Callable[..., Callable[[], Any]]
# So many rows are begun before they are needed.
AHEAD = 8


@dataclass(frozen=True, slots=True)
class PreparedRow:
    """A row, its instances, and a function that returns what is known of each."""

    row: TriedRow
    batch: KernelInstances
    known: Callable[[], list[KnownInstance]]


def later(function: Callable[..., Any], *arguments: Any) -> Callable[[], Any]:
    """The call is made here, when its result is asked for."""
    return partial(function, *arguments)


def imported() -> None:
    """Nothing: what a process has imported when it was asked for this is what a row takes."""


def prepared(
    kind: Kind, wanted: Wanted, arithmetic: FloatArithmetic, begin: Begin, left_out: Callable[[TriedRow], bool]
) -> Iterator[PreparedRow]:
    """The rows in their order; of one that is left out by then nothing is begun."""
    begun: deque[PreparedRow] = deque()
    for row in wanted.rows:
        size = wanted.instances_of(row.shape)
        batch = drawn(kind, row.shape, row.mask, wanted.dtype, size, wanted.seed, row.values)
        start = later if left_out(row) else begin
        begun.append(PreparedRow(row, batch, start(known_instances, batch, arithmetic)))
        if len(begun) > AHEAD:
            yield begun.popleft()
    yield from begun
