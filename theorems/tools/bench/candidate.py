"""A candidate: two functions of no arguments to be timed, and how to read their results."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np


class Absent(Exception):
    """A peer that cannot run here; the text says why and, where something can be installed, what."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One implementation of one problem, its arguments bound.

    `forward()` is the block's output, `vjp()` is the output and the eight cotangents of the context; both return
    when the work is done, and neither converts or copies what it returns. `to_numpy` does that, outside the time.
    `temp_bytes` is what forward, and forward with VJP, hold at most besides arguments and results; None where
    nobody measured it.
    """

    forward: Callable[[], Any]
    vjp: Callable[[], tuple[Any, Any]]
    to_numpy: Callable[[Any], np.ndarray] = np.asarray
    temp_bytes: tuple[int, int] | None = None

    def results(self) -> list[np.ndarray]:
        """What is computed, in float64: the output by `forward`, the output by `vjp`, the eight cotangents."""
        out, cotangents = self.vjp()
        return [np.asarray(self.to_numpy(a), np.float64) for a in (self.forward(), out, *cotangents)]
