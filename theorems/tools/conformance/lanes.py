"""Who says what of an instance: `mirror.bounds` at every size, balls where they are affordable.

Balls take Python's time for each entry. They tell the real value to 192 bits, which a kernel in float64 needs. What
floats can arrive at they enclose by plain intervals, of one order of the formulas: where first order says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

import numpy as np
from flint import arb

from mirror.arithmetic import Undecided, precision
from mirror.bounds.balls import enclosing_for
from mirror.bounds.declared import FloatArithmetic
from theorems.engine.evidence.block_floats import Instances
from theorems.engine.evidence.floats import BITS
from theorems.tools.conformance.known import KnownArray, from_balls, with_real_values_of
from theorems.tools.conformance.plain import plainly

# Up to so many multiplications balls are asked whatever the dtype: about 0.5 s an instance at most.
SMALL = 2_000
# And up to so many for the real value beside a kernel in float64: about 5 s.
IN_BALLS = 2**22


def known_of(batch: Instances, arithmetic: FloatArithmetic) -> Iterator[tuple[KnownArray, ...]]:
    """What is known of the output and of the cotangents, instance by instance."""
    balls = _Balls(batch, arithmetic)
    for k in range(len(batch.cotangent)):
        bounds = tuple(KnownArray.of(b) for b in batch.bounds(k, arithmetic))
        yield balls.beside(k, bounds) if balls.affordable else bounds


class KnownInstance(NamedTuple):
    """What is known of the output and the cotangents of an instance, and what a plain implementation makes of it."""

    arrays: tuple[KnownArray, ...]
    plain: tuple[np.ndarray, ...]


def known_instances(batch: Instances, arithmetic: FloatArithmetic) -> list[KnownInstance]:
    """All that a function's results are held against, instance by instance."""
    return [KnownInstance(known, plainly(batch, k)) for k, known in enumerate(known_of(batch, arithmetic))]


class _Balls:
    """The balls of a batch."""

    def __init__(self, batch: Instances, arithmetic: FloatArithmetic) -> None:
        self.batch, self.enclosing = batch, enclosing_for(arithmetic)
        self.small = batch.work <= SMALL
        self.affordable = self.small or (arithmetic.stored.bits == 53 and batch.work <= IN_BALLS)

    @cached_property
    def enclosures(self) -> list[np.ndarray] | None:
        """What the formulas can arrive at, with the batch axis; None where balls do not know or take too long."""
        return self.batch.enclosures(self.enclosing) if self.small and self.enclosing else None

    def beside(self, k: int, bounds: tuple[KnownArray, ...]) -> tuple[KnownArray, ...]:
        """The bounds of the k-th instance, with what balls know of it."""
        with precision(BITS):
            real = self._real(k, [b.tail.shape for b in bounds])
            silent = any(np.isinf(b.bounded.certified).any() for b in bounds)
            said = self.enclosures if silent else None
            enclosures = [a[k] for a in said] if said else [None] * len(real)
            balls = [from_balls(e, r) for e, r in zip(enclosures, real, strict=True)]
        return tuple(with_real_values_of(b, ball) for b, ball in zip(bounds, balls, strict=True))

    def _real(self, k: int, shapes: list[tuple[int, ...]]) -> list[np.ndarray]:
        """The real values of the output and the cotangents; unbounded balls where they are undecided."""
        try:
            flat = self.batch.real(k)
        except Undecided:
            return [np.full(shape, arb("nan"), dtype=object) for shape in shapes]
        ends = np.cumsum([np.prod(shape, dtype=int) for shape in shapes])[:-1]
        return [values.reshape(shape) for values, shape in zip(np.split(flat, ends), shapes, strict=True)]
