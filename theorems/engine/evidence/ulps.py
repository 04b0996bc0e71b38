"""How far a library's elementary functions are from the real ones, measured against balls."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from flint import arb

from mirror.arithmetic import precision
from mirror.arithmetic.rounded import Backend

REAL: dict[str, Callable[[arb], arb]] = {"exp": arb.exp, "tanh": arb.tanh}


def sample(name: str, backend: Backend, n: int, seed: int) -> np.ndarray:
    """4·n float64 points where exp or tanh may go wrong: its range, its edges, near 0 at every scale."""
    draw = np.random.default_rng(seed)
    edge = {"exp": (backend.highest + 0.999) * np.log(2), "tanh": 25.0}[name]
    tiny = np.exp(draw.uniform(-0.99 * np.log(2) * -backend.lowest, 0, n)) * draw.choice((-1, 1), n)
    return np.concatenate([draw.uniform(-edge, edge, n), draw.uniform(-10, 10, n), draw.uniform(-1, 1, n), tiny])


def worst_error(name: str, backend: Backend, points: Iterable[float], values: Iterable[float]) -> float:
    """The largest |value - f(point)|, in units of u·|f(point)|, over points whose value is a normal number."""
    smallest = arb(2) ** backend.lowest
    with precision(128):
        errors = [
            (abs(arb(y) - real) / (abs(real) * backend.unit)).abs_upper()
            for x, y in zip(points, values, strict=True)
            if abs(real := REAL[name](arb(x))) > 2 * smallest
        ]
    return float(max(errors, default=arb(0)))
