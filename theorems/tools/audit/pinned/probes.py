"""The points at which pinned nodes and maps are observed: the same numbers for everybody, without a seed."""

from __future__ import annotations

import numpy as np
from flint import fmpq

from theorems.engine.strategies.values import Fill


class Probes(Fill):
    """A fill of fixed rationals: the k-th that is asked for is (-1)ᵏ·(k mod 7 + 1)/(k mod 5 + 1), from k = 1 on."""

    def __init__(self) -> None:
        super().__init__("fractions", 0)
        self._asked = 0

    def number(self) -> fmpq:
        self._asked += 1
        k = self._asked
        return fmpq((-1) ** k * (k % 7 + 1), k % 5 + 1)

    nonzero = number

    def vector(self, n: int) -> np.ndarray:
        out = np.empty(n, dtype=object)
        out[:] = [self.number() for _ in range(n)]
        return out
