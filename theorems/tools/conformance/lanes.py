"""Who says what of an instance: `mirror.bounds` at every size, balls where they are affordable.

Balls take Python's time for each entry. At small shapes they enclose the formulas in floats too, and at any they tell
the real value to 192 bits, which a kernel in float64 needs.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np
from flint import arb

from mirror.arithmetic import Undecided, precision
from mirror.bounds.balls import enclosing_for
from mirror.bounds.declared import FloatArithmetic
from theorems.engine.evidence.block_floats import AttentionInstances, Instances
from theorems.engine.evidence.floats import BITS
from theorems.tools.conformance.known import KnownArray, from_balls, intersection, with_real_values_of

# Up to so many multiplications the formulas are enclosed in balls: about 0.1 s an instance.
ENCLOSED = 2_000
# And up to so many a real value is computed in balls for a kernel in float64: about 10 s.
IN_BALLS = 2**22


def known_of(batch: Instances, arithmetic: FloatArithmetic) -> Iterator[tuple[KnownArray, ...]]:
    """What is known of the output and of the cotangents, instance by instance."""
    balls = _Balls(batch, arithmetic)
    for k in range(len(batch.cotangent)):
        bounds = tuple(KnownArray.of(b) for b in batch.bounds(k, arithmetic))
        yield balls.beside(k, bounds) if balls.affordable else bounds


class _Balls:
    """The balls of a batch."""

    def __init__(self, batch: Instances, arithmetic: FloatArithmetic) -> None:
        self.batch, self.enclosing = batch, enclosing_for(arithmetic)
        self.small = batch.work <= ENCLOSED
        self.affordable = self.small or (arithmetic.stored.bits == 53 and batch.work <= IN_BALLS)

    @cached_property
    def enclosures(self) -> list[np.ndarray] | None:
        """What the formulas can arrive at, with the batch axis; None where balls do not know."""
        if not (self.small and self.enclosing):
            return None
        with precision(BITS):
            return self.batch.enclosures(self.enclosing)

    def beside(self, k: int, bounds: tuple[KnownArray, ...]) -> tuple[KnownArray, ...]:
        """The bounds of the k-th instance, with what balls know of it."""
        with precision(BITS):
            real = self._real(k, [b.tail.shape for b in bounds])
            enclosures = [a[k] for a in self.enclosures] if self.enclosures else [None] * len(real)
            balls = [from_balls(e, r) for e, r in zip(enclosures, real, strict=True)]
        # An attention's bounds hold for every right algorithm, the balls for one: they must not narrow them.
        both = with_real_values_of if isinstance(self.batch, AttentionInstances) else intersection
        return tuple(both(b, ball) for b, ball in zip(bounds, balls, strict=True))

    def _real(self, k: int, shapes: list[tuple[int, ...]]) -> list[np.ndarray]:
        """The real values of the output and the cotangents; unbounded balls where they are undecided."""
        try:
            flat = self.batch.real(k)
        except Undecided:
            return [np.full(shape, arb("nan"), dtype=object) for shape in shapes]
        ends = np.cumsum([np.prod(shape, dtype=int) for shape in shapes])[:-1]
        return [values.reshape(shape) for values, shape in zip(np.split(flat, ends), shapes, strict=True)]
