"""Values: Hypothesis draws a family and a seed, the seed fills vectors (bulk draws are slow)."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from flint import fmpq
from hypothesis import strategies as st

Source = Callable[[random.Random], fmpq]

# From the plainest on, because Hypothesis shrinks towards the front. Small integers and one-hot
# vectors find index mistakes exactly, fractions and magnitudes find wrong constants.
FAMILIES: dict[str, Source] = {
    "zeros": lambda r: fmpq(0),
    "one-hot": lambda r: fmpq(0),
    "integers": lambda r: fmpq(r.randint(-3, 3)),
    "dyadic": lambda r: fmpq(r.randint(-64, 64), 2 ** r.randint(0, 6)),
    "fractions": lambda r: fmpq(r.randint(-9, 9), r.randint(1, 7)),
    "mixed magnitudes": lambda r: fmpq(r.randint(-9, 9)) * fmpq(2) ** r.randint(-12, 6),
    "tiny": lambda r: fmpq(r.randint(-9, 9), 2**40),
    "huge": lambda r: fmpq(r.randint(-9, 9) * 2**20),
}


# Families without a magnitude of their own, which say little about zero and one by themselves.
PLAIN = ("integers", "dyadic", "fractions")
# What takes the place of a zero where none may be and the family has nothing else.
DIGITS = (-3, -2, -1, 1, 2, 3)
TRIALS = 8  # so often a family is asked for a number that is not zero


@dataclass(slots=True)
class Fill:
    """A source of vectors of one family, determined by its seed; where it is `dense`, no entry is zero."""

    family: str
    seed: int
    dense: bool = False
    _random: random.Random = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    @property
    def random(self) -> random.Random:
        """The generator behind the fill, for choices that go with its values."""
        return self._random

    def number(self) -> fmpq:
        """One rational of the family (0 or 1 where the family is one-hot)."""
        if self.dense:
            return self.nonzero()
        if self.family == "one-hot":
            return fmpq(self._random.randint(0, 1))
        return FAMILIES[self.family](self._random)

    def nonzero(self) -> fmpq:
        """One rational of the family that is not zero, or a small integer where the family has none."""
        draw = FAMILIES[self.family]
        for _ in range(TRIALS):
            if q := draw(self._random):
                return q
        return fmpq(self._random.choice(DIGITS))

    def vector(self, n: int) -> np.ndarray:
        """A vector of n rationals; a one-hot family puts a 1 or -1 in one place."""
        draw = self.nonzero if self.dense else partial(FAMILIES[self.family], self._random)
        out = np.empty(n, dtype=object)
        out[:] = [draw() for _ in range(n)]
        if self.family == "one-hot" and n and not self.dense:
            out[self._random.randrange(n)] = fmpq(self._random.choice((1, -1)))
        return out

    def weights(self, n: int) -> tuple[fmpq, ...]:
        """n rationals for a matrix: never all zero by family, about half of them zero where the fill is not dense."""
        if self.dense:
            return tuple(self.nonzero() for _ in range(n))
        draw = FAMILIES["integers" if self.family in ("zeros", "one-hot") else self.family]
        return tuple(draw(self._random) if self._random.random() < 0.5 else fmpq(0) for _ in range(n))


@st.composite
def fills(draw: st.DrawFn, families: tuple[str, ...] = tuple(FAMILIES)) -> Fill:
    """A fill of one of the families."""
    return Fill(draw(st.sampled_from(families)), draw(st.integers(0, 2**32 - 1)))


# Families whose squares and exponentials stay of readable size: for maps that are composed.
MODERATE = ("zeros", "one-hot", "integers", "dyadic", "fractions")
