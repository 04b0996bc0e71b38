"""The measurement of an accelerator as one document that grows, problem by problem, the most telling first."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp

from mirror.jit.paths import Requested, measured
from theorems.tools.bench.accelerator.contestants import CONTESTANTS, OURS, BuildContestant, Contestant
from theorems.tools.bench.accelerator.problems import (
    WINDOW,
    AttentionProblem,
    AttentionSize,
    OnDevice,
    given,
    off,
    reference,
)
from theorems.tools.bench.accelerator.timing import LEAST, seconds_per_call
from theorems.tools.bench.candidate import Absent
from theorems.tools.bench.machine import machine, versions
from theorems.tools.bench.rounds import Clock
from theorems.tools.bench.spread import Spread, exponent
from theorems.tools.output.counted import counted
from theorems.tools.reports.formats import BENCH_GPU

PASSES = ("forward", "vjp")
# The largest error of an output over the largest entry, by format: chosen, no evidence; it only keeps a wrong result
# from being called fast.
LIMITS = {"float32": 2e-5, "bfloat16": 0.05}
# Positions: those of one example, the most telling first. A dense bias has one number for each pair and head, and
# float32 takes an order of magnitude longer; a window is worth a measurement where it is a small part.
POSITIONS = (8192, 2048, 4096, 1024, 512, 16384)
MOST_DENSE, MOST_SINGLE, LEAST_WINDOWED = 8192, 4096, 2 * WINDOW
ORDER = 8192  # of the square matrix product that is the yardstick
SECONDS = 540.0
OVER = "the time was over"


@dataclass(frozen=True, slots=True)
class GpuRequest:
    """What to measure: positions, rounds, how long at most, and for tests the sizes and who takes part."""

    positions: Sequence[int] = POSITIONS
    rounds: int = 9
    seconds: float = SECONDS
    least: float = LEAST
    order: int = ORDER
    size: Callable[[int], AttentionSize] = AttentionSize
    contestants: Mapping[str, BuildContestant] = field(default_factory=lambda: CONTESTANTS)


def problems(request: GpuRequest) -> list[AttentionProblem]:
    """bfloat16 first, each length under every bias that is worth it; then float32, which takes longest to compile."""
    asked = [
        (n, dtype, bias)
        for dtype in ("bfloat16", "float32")
        for n in request.positions
        for bias, worth in (("causal", True), ("dense", n <= MOST_DENSE), ("window", n >= LEAST_WINDOWED))
        if worth and (dtype == "bfloat16" or (n <= MOST_SINGLE and bias != "window"))
    ]
    return [AttentionProblem(request.size(n), dtype, bias) for n, dtype, bias in asked]


def documents(
    request: GpuRequest, say: Callable[[str], None] = lambda text: None, clock: Clock = time.perf_counter
) -> Iterator[dict[str, Any]]:
    """The document after every problem, and whole at last; what there was no time for is a row too."""
    ends = clock() + request.seconds
    growing: dict[str, Any] = {
        "format": BENCH_GPU,
        "machine": machine("gpu"),
        "versions": versions(),
        "rounds": request.rounds,
        "clock": "wall time, device synchronised",
        "matmul": {},
        "problems": [],
        "growth": [],
        "holds": None,
    }
    for p in problems(request):
        found = _described(p)
        if clock() < ends:
            say(f"{counted(p.size.positions, 'position')}, {p.bias} bias, {p.dtype}")
            if p.dtype not in growing["matmul"]:
                growing["matmul"][p.dtype] = _matmul(request, p.dtype)
            rate = growing["matmul"][p.dtype]["flops_per_second"].median
            found |= _measured(request, p, rate, ends, clock)
        else:
            found["rows"] = [_none(name, OVER) for name in request.contestants]
        growing["problems"].append(found)
        yield growing
    growing["growth"] = _growth(growing["problems"])
    growing["holds"] = holds(growing)
    yield growing


def _matmul(request: GpuRequest, dtype: str) -> dict[str, Any]:
    """Operations a second of a square matrix product in a format, float32 in full precision."""
    square = jax.random.normal(jax.random.key(1, impl="unsafe_rbg"), (request.order, request.order), dtype)
    product = jax.jit(partial(jnp.matmul, precision="highest" if dtype == "float32" else None))
    runs = {"matmul": (lambda k: product(square, square), jax.block_until_ready)}
    times = seconds_per_call(runs, request.rounds, request.least)["matmul"]
    return {"order": request.order, "flops_per_second": Spread.of([2 * request.order**3 / s for s in times])}


def _described(p: AttentionProblem) -> dict[str, Any]:
    s = p.size
    dims = {"batch": s.batch, "heads": s.heads, "positions": s.positions, "head_dim": s.head_dim}
    return {"dims": dims, "dtype": p.dtype, "bias": p.bias}


def _measured(request: GpuRequest, p: AttentionProblem, rate: float, ends: float, clock: Clock) -> dict[str, Any]:
    arrays = given(p, clock)
    expected = reference(p, arrays)
    rows: list[dict[str, Any]] = []
    entered: dict[str, Contestant] = {}
    for name, build in request.contestants.items():
        in_time = clock() < ends
        rows.append(_entered(name, build, p, arrays, expected, entered) if in_time else _none(name, OVER))
    _time(request, p, rate, rows, entered)
    asked = Requested(p.dtype, arrays.plan.layout, p.size.head_dim, skip=True)
    return {"auto": measured(asked), "plan_seconds": arrays.plan_seconds, "rows": rows}


def _none(name: str, why: str) -> dict[str, Any]:
    return {"name": name, "not_measured": why}


def _entered(
    name: str,
    build: BuildContestant,
    p: AttentionProblem,
    arrays: OnDevice,
    expected: list[jax.Array],
    entered: dict[str, Contestant],
) -> dict[str, Any]:
    """The row of a contestant that is right, and that is entered; or why there is none."""
    began = time.perf_counter()
    try:
        contestant = build(p, arrays)
        contestant.wait(contestant.forward(0))
        results = contestant.read(contestant.vjp(0))
        seconds = time.perf_counter() - began
        error = off(results, expected)
    except Absent as why:
        return _none(name, str(why))
    except Exception as why:
        # Libraries refuse a shape, a format or a device, or run out of memory, in exceptions of every kind.
        gc.collect()
        return _none(name, f"{type(why).__name__}: {' '.join(str(why).split())[:160]}")
    row = {"name": name, "error": error, "first_seconds": seconds}
    if error > LIMITS[p.dtype]:
        return row | {"error": error if error < float("inf") else None, "not_measured": "wrong"}
    entered[name] = contestant
    return row | {"temp_bytes": dict(zip(PASSES, contestant.temp_bytes, strict=True))}


def _time(
    request: GpuRequest,
    p: AttentionProblem,
    rate: float,
    rows: list[dict[str, Any]],
    entered: dict[str, Contestant],
) -> None:
    """Add to each row its times, operations a second and their share of the matrix product's."""
    runs = {(name, key): (getattr(c, key), c.wait) for name, c in entered.items() for key in PASSES}
    times = seconds_per_call(runs, request.rounds, request.least)
    flops = dict(zip(PASSES, p.size.flops(p.bias), strict=True))
    for row in rows:
        if row["name"] not in entered:
            continue
        mine = {key: times[row["name"], key] for key in PASSES}
        speed = {key: Spread.of([flops[key] / s for s in mine[key]]) for key in PASSES}
        row["seconds"] = {key: Spread.of(mine[key]) for key in PASSES}
        row["flops_per_second"] = speed
        row["of_matmul"] = {key: speed[key].median / rate for key in PASSES}


def _growth(measured: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of each of our paths, how its extra memory per example grows with the positions."""
    found: dict[tuple[str, str, str], dict[int, int]] = {}
    for problem in measured:
        for row in problem["rows"]:
            if row["name"].startswith(OURS) and "seconds" in row:
                key = row["name"], problem["dtype"], problem["bias"]
                each = row["temp_bytes"]["vjp"] // problem["dims"]["batch"]
                found.setdefault(key, {})[problem["dims"]["positions"]] = each
    return [
        {
            "name": name,
            "dtype": dtype,
            "bias": bias,
            "positions": sorted(by_n),
            "temp_bytes_per_example": [by_n[n] for n in sorted(by_n)],
            "exponent": exponent(sorted(by_n), [by_n[n] for n in sorted(by_n)]) if len(by_n) > 1 else None,
        }
        for (name, dtype, bias), by_n in found.items()
    ]


def holds(document: dict[str, Any]) -> bool:
    """Whether something of ours was measured, and nothing of ours was wrong."""
    ours = [row for problem in document["problems"] for row in problem["rows"] if row["name"].startswith(OURS)]
    return any("seconds" in row for row in ours) and not any(row.get("not_measured") == "wrong" for row in ours)
