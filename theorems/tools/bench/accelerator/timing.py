"""Timing on an accelerator: calls are started one after another, and their end is waited for once."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from typing import Any

from theorems.tools.bench.rounds import Clock

# How long the calls of one measurement take together, at least, in seconds.
LEAST = 0.03
MOST_CALLS = 400

# A function of the number of the call, and what waits for its result.
Started = tuple[Callable[[int], Any], Callable[[Any], Any]]


def seconds_per_call(
    runs: Mapping[Any, Started], rounds: int, least: float = LEAST, clock: Clock = time.perf_counter
) -> dict[Any, list[float]]:
    """Seconds a call of each, round by round; the order turns from round to round."""
    calls = {name: _calls(run, least, clock) for name, run in runs.items()}
    found: dict[Any, list[float]] = {name: [] for name in runs}
    names = list(runs)
    for turn in range(rounds):
        start = turn % max(1, len(names))
        for name in names[start:] + names[:start]:
            found[name].append(_seconds(runs[name], calls[name], clock))
    return found


def _calls(run: Started, least: float, clock: Clock) -> int:
    _seconds(run, 1, clock)
    once = _seconds(run, 2, clock)
    return min(MOST_CALLS, max(1, math.ceil(least / once))) if once > 0 else MOST_CALLS


def _seconds(run: Started, calls: int, clock: Clock) -> float:
    start, wait = run
    wait(start(0))
    began = clock()
    last = None
    for k in range(calls):
        last = start(k + 1)
    wait(last)
    return (clock() - began) / calls
