"""Instances that reach far: long contexts and vectors, many rows and nodes, large and tiny numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from flint import fmpq
from hypothesis import strategies as st

from mirror.spec.core.shape import Context, Shape, size
from theorems.engine.sizes import Sizes
from theorems.engine.strategies.values import Fill

# A long context has more than 20 entries, a long graph more than 8 nodes, a long vector more than 12 entries.
ENTRIES, NODES, LENGTH, ROWS = 23, 9, 13, 4
ROW = 2  # in a row of one number, which is its own mean, an ε says nothing
LATE = 20  # an entry from here on is a late one, and there are some before the last
SMALL = 4  # numbers in an entry that is there only to make a context long
SIZES = Sizes(dimension=2, stretched=2, entries=2, nodes=2, many=3)
# A number is as it is drawn, far beyond 10⁹ or below 2⁻⁷⁰.
HUGE, TINY = fmpq(4 * 10**9), fmpq(1, 2**74)
FACTORS = (fmpq(1), HUGE, TINY)


class FarFill(Fill):
    """A fill whose numbers are now and then huge or tiny."""

    def _far(self, x: fmpq) -> fmpq:
        return x * self.random.choice(FACTORS)

    def number(self) -> fmpq:
        return self._far(super().number())

    def nonzero(self) -> fmpq:
        return self._far(super().nonzero())

    def vector(self, n: int) -> np.ndarray:
        out = np.empty(n, dtype=object)
        out[:] = [self._far(x) for x in super().vector(n)]
        return out


def masking(draw: st.DrawFn, bias: np.ndarray) -> np.ndarray:
    """A bias of scores as large as what masks, of both signs."""
    first = draw(st.booleans())
    signs = [1 if (k % 2 == 0) == first else -1 for k in range(len(bias))]
    return np.array([abs(x) * HUGE * sign for x, sign in zip(bias, signs, strict=True)], dtype=object)


def long_context(draw: st.DrawFn, context: Context, count: int, wanted: Sequence[Shape]) -> Context:
    """The context behind small entries, wanted ones among them, until it has so many."""
    front = st.sampled_from((Shape(), Shape(1), Shape(2), *(shape for shape in wanted if size(shape) <= SMALL)))
    return (*(draw(front) for _ in range(count - len(context))), *context)


def dimensions(draw: st.DrawFn, count: int, *, small: bool) -> Sequence[int]:
    """`count` dimensions of which one is long: a vector's length among few, a number of rows or heads among many."""
    longest = draw(st.integers(0, count - 1)) if count else 0
    long = ROWS if small or count > 2 or draw(st.booleans()) else LENGTH
    return [long if k == longest else draw(st.integers(1, 1 if small else 2)) for k in range(count)]


def long_shape(draw: st.DrawFn) -> Shape:
    """A shape with more than 12 entries."""
    return draw(st.sampled_from((Shape(LENGTH), Shape(2, 7), Shape(1, 5, 3))))
