"""One problem measured: everyone's times and ratios, as data for the report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from theorems.tools.bench import ours
from theorems.tools.bench.entrants import Entrant, Entrants
from theorems.tools.bench.problem import Problem
from theorems.tools.bench.rounds import CLOCKS, LEAST, timed
from theorems.tools.bench.spread import Spread, ratio

PASSES = ("forward", "vjp")
# The order of the square matrix product: large enough to run at the machine's rate, small enough to run often.
ORDERS = {"cpu": 1024}

Times = Mapping[str, list[float]]


def compare(found: Entrants, p: Problem, device: str, rounds: int, least: float = LEAST) -> dict[str, Any]:
    """Time all entrants, and a square matrix product in the same rounds."""
    order = ORDERS[device]
    runs = {(e.name, key): getattr(e.candidate, key) for e in found.right for key in PASSES}
    seconds = timed({**runs, "matmul": matmul(order, p.bias.dtype)}, rounds, CLOCKS[device], least)
    product = seconds.pop("matmul")
    return {
        "dims": p.size.numbers,
        "bias": "causal" if p.causal else "dense",
        "matmul": {"order": order, "flops_per_second": Spread.of([2 * order**3 / s for s in product])},
        "candidates": [_row(e, seconds, product, p, order) for e in found.right],
        "wrong": found.wrong,
        "skipped": found.skipped,
    }


def _row(entrant: Entrant, seconds: Any, product: list[float], p: Problem, order: int) -> dict[str, Any]:
    mine: Times = {key: seconds[entrant.name, key] for key in PASSES}
    base: Times = {key: seconds[ours.NAME, key] for key in PASSES if (ours.NAME, key) in seconds}
    dense = dict(zip(PASSES, p.size.dense_flops, strict=True))
    steady = {key: Spread.of(times) for key, times in mine.items()}
    memory = entrant.candidate.temp_bytes
    return {
        "name": entrant.name,
        "error": entrant.error,
        "compile_seconds": max(0.0, entrant.first_seconds - sum(s.median for s in steady.values())),
        "seconds": steady,
        "over_ours": {key: ratio(mine[key], base[key]) for key in base},
        "of_matmul": {key: _of_matmul(mine[key], product, dense[key] / (2 * order**3)) for key in PASSES},
        "temp_bytes": dict(zip(PASSES, memory, strict=True)) if memory else None,
    }


def _of_matmul(mine: list[float], product: list[float], share: float) -> Spread:
    """The dense operations a second over those of the matrix product, round by round."""
    return ratio([share * s for s in product], mine)


def matmul(order: int, dtype: Any) -> Callable[[], Any]:
    """The square matrix product whose rate is the yardstick."""
    import jax
    import jax.numpy as jnp

    square = jnp.asarray(np.random.default_rng(0).standard_normal((order, order)).astype(dtype))
    product = jax.jit(jnp.matmul).lower(square, square).compile()
    return lambda: jax.block_until_ready(product(square, square))
