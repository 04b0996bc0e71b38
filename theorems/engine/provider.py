"""Where instances come from: a backend of Hypothesis that draws from a seed of ours, and from nothing else.

Hypothesis's own backend mutates what it has tried, so that about half of the instances would repeat an earlier
one's values; and it mixes in constants that it reads from whatever local modules are loaded, so that what it
draws would depend on who imported what. With a backend of ours it does neither: every instance is a draw of
its own. Failures are replayed and shrunk by Hypothesis's own backend.
"""

from __future__ import annotations

import math
import random
import struct
import sys
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hypothesis.internal.conjecture.providers import AVAILABLE_PROVIDERS, PrimitiveProvider

if TYPE_CHECKING:
    from hypothesis.internal.conjecture.data import ConjectureData
    from hypothesis.internal.intervalsets import IntervalSet

BACKEND = "leanmirror"

WIDE = 256  # a range of more values than this is drawn from in two ways
SMALL = 1 / 4  # the share of its values that are drawn by magnitude; the others are drawn anywhere in it
UNBOUNDED = 2**64  # how far a missing bound is from 0, or from the other bound
LONGER = 10  # a text is at most this much longer than it has to be
NOTABLE = 1 / 16  # the share of floats that are an end, 0, ±1, infinite or no number


@dataclass(slots=True)
class Draws:
    """The seed that tests on this backend draw from, and how many of their test cases have begun to draw.

    The first test case of every test is the simplest one, which Hypothesis builds itself; it is not among them.
    """

    seed: int
    begun: int = 0


# A variable of the context, because Hypothesis makes the provider itself: runs may nest, and threads may run at once.
_DRAWS: ContextVar[Draws | None] = ContextVar("draws", default=None)


@contextmanager
def seeded(seed: int) -> Iterator[Draws]:
    """Within it, every test that runs on this backend draws from `seed`; outside, from 0."""
    draws = Draws(seed)
    token = _DRAWS.set(draws)
    try:
        yield draws
    finally:
        _DRAWS.reset(token)


class SeededProvider(PrimitiveProvider):
    """Draws what Hypothesis's strategies ask for: one generator for a whole test, so one seed gives one sequence."""

    lifetime = "test_function"

    def __init__(self, conjecturedata: ConjectureData | None = None, /, *, seed: int | None = None) -> None:
        super().__init__(conjecturedata)
        self._draws = _DRAWS.get() or Draws(0)
        self.random = random.Random(self._draws.seed if seed is None else seed)

    def per_test_case_context_manager(self) -> AbstractContextManager[None]:
        """Count the test case that begins."""
        self._draws.begun += 1
        return super().per_test_case_context_manager()

    def draw_boolean(self, p: float = 0.5) -> bool:
        """True with probability p."""
        return self.random.random() < p

    def draw_integer(
        self,
        min_value: int | None = None,
        max_value: int | None = None,
        *,
        weights: dict[int, float] | None = None,
        shrink_towards: int = 0,
    ) -> int:
        """An integer of the weights; else any of a narrow range, of a wide one small ones more often."""
        weighted = self._weighted(weights or {})
        if weighted is not None:
            return weighted
        low = min(0, max_value or 0) - UNBOUNDED if min_value is None else min_value
        high = max(0, low) + UNBOUNDED if max_value is None else max_value
        if high - low > WIDE and self.random.random() < SMALL:
            return self._by_magnitude(low, high)
        return self.random.randint(low, high)

    def _weighted(self, weights: Mapping[int, float]) -> int | None:
        left = self.random.random() if weights else 0.0
        for value, weight in weights.items():
            left -= weight
            if left < 0:
                return value
        return None

    def _by_magnitude(self, low: int, high: int) -> int:
        """As many within 1 of what is nearest to 0 as within 2 to 3 of it, within 4 to 7, and so on."""
        nearest = min(max(0, low), high)
        # At most half the range away, so that one of the two sides is always inside.
        step = self.random.getrandbits(self.random.randrange(1, (high - low).bit_length() - 1))
        return self.random.choice([v for v in (nearest - step, nearest + step) if low <= v <= high])

    def draw_float(
        self,
        *,
        min_value: float = -math.inf,
        max_value: float = math.inf,
        allow_nan: bool = True,
        smallest_nonzero_magnitude: float,
    ) -> float:
        """A float of any magnitude, or one anywhere between the bounds; a share of them is notable."""

        def permitted(x: float) -> bool:
            if math.isnan(x):
                return allow_nan
            if 0 < abs(x) < smallest_nonzero_magnitude:
                return False
            return _signed(min_value) <= _signed(x) <= _signed(max_value)

        drawn = self._float(min_value, max_value)
        if permitted(drawn) and self.random.random() >= NOTABLE:
            return drawn
        notable = (0.0, -0.0, 1.0, -1.0, math.inf, -math.inf, math.nan, min_value, max_value)
        return self.random.choice([x for x in notable if permitted(x)])

    def _float(self, low: float, high: float) -> float:
        if self.random.random() < 0.5:
            return struct.unpack("d", self.random.randbytes(8))[0]
        low, high = max(low, -sys.float_info.max), min(high, sys.float_info.max)
        t = self.random.random()
        return (1 - t) * low + t * high  # `low + t * (high - low)` could overflow

    def draw_string(self, intervals: IntervalSet, *, min_size: int = 0, max_size: int = sys.maxsize) -> str:
        """A text of those characters, the plainer ones more often where there are many."""
        if not intervals:
            return ""
        places = (self.draw_integer(0, len(intervals) - 1) for _ in range(self._size(min_size, max_size)))
        return "".join(map(intervals.char_in_shrink_order, places))

    def draw_bytes(self, min_size: int = 0, max_size: int = sys.maxsize) -> bytes:
        """Any bytes."""
        return self.random.randbytes(self._size(min_size, max_size))

    def _size(self, least: int, most: int) -> int:
        return self.random.randint(least, min(most, least + LONGER))


def _signed(x: float) -> tuple[float, float]:
    """What orders floats with -0.0 before 0.0."""
    return x, math.copysign(1, x)


AVAILABLE_PROVIDERS[BACKEND] = SeededProvider
