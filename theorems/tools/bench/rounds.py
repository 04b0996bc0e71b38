"""Timing: all candidates in one process, a few calls of each in every round, the order turned from round to round."""

from __future__ import annotations

import gc
import math
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

# How long the calls of one measurement take together, at least, in seconds.
LEAST = 0.05

Run = Callable[[], Any]
Clock = Callable[[], float]

# A core's own time: what else the machine runs meanwhile is no part of it.
CLOCKS: dict[str, Clock] = {"cpu": time.process_time}


def timed(runs: Mapping[Any, Run], rounds: int, clock: Clock, least: float = LEAST) -> dict[Any, list[float]]:
    """Seconds a call of each, round by round."""
    calls = {name: _calls(run, clock, least) for name, run in runs.items()}
    found: dict[Any, list[float]] = {name: [] for name in runs}
    names = list(runs)
    with _no_collection():
        for turn in range(rounds):
            start = turn % len(names)
            for name in names[start:] + names[:start]:
                found[name].append(_seconds(runs[name], calls[name], clock))
    return found


def _calls(run: Run, clock: Clock, least: float) -> int:
    run()
    once = _seconds(run, 1, clock)
    return max(1, math.ceil(least / once)) if once > 0 else 1000


def _seconds(run: Run, calls: int, clock: Clock) -> float:
    run()  # brings back to the cache what the others have driven out
    began = clock()
    for _ in range(calls):
        run()
    return (clock() - began) / calls


@contextmanager
def _no_collection() -> Iterator[None]:
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
