"""How accurate the jitted block is: every result in its certified enclosure; `python -m benchmarks.accuracy`.

A case is one instance in one dtype: its output and its eight cotangents, judged together. Errors and bounds are
distances from the value of the mirror's own graph. Inside means inside a bounded enclosure; what is unbounded counts
for nothing.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import nlargest
from statistics import median
from typing import Any

import jax
import numpy as np

from mirror.jit import BiasPlan, Context, Parameters, decoder_core
from theorems.evidence.floats import FloatJudgement, FloatVerdict
from theorems.strategies.jitted import FAMILIES, SETTINGS, Setting, families, instances, plan

DTYPES = ("float64", "float32", "bfloat16")
SCHEDULES = ("panels", "tiles")


@dataclass(frozen=True, slots=True)
class Case:
    """A judged instance, and how to draw it again."""

    dtype: str
    setting: str
    family: str
    schedule: str
    seed: int
    number: int
    judgement: FloatJudgement

    @property
    def used(self) -> float:
        """The share of its bound that the error takes: at most 1 inside, infinite outside."""
        outside = self.judgement.verdict is FloatVerdict.OUTSIDE
        return float("inf") if outside else 1 / self.judgement.tightness

    def __str__(self) -> str:
        found = self.judgement
        place = f"{self.dtype}, {self.setting}, {self.family}, {self.schedule}, seed {self.seed}, number {self.number}"
        reached = f"error {found.error:.2e}, bound {found.bound:.2e}, tightness {found.tightness:.2f}"
        return f"{place}: {found.mismatch or reached}"


def cases(wanted: int, seed: int = 0, settings: Sequence[Setting] = SETTINGS) -> Iterator[Case]:
    """Judge at least so many cases, as many of each family in each setting and dtype."""
    runs = [(s, f, d) for s in settings for f in families(s) for d in DTYPES]
    size = -(-wanted // len(runs))
    for number, (setting, family, dtype) in enumerate(runs):
        # Where there is a single tile, both schedules are the same sums; with several each family meets both.
        for schedule in SCHEDULES if setting.tile else (SCHEDULES[SETTINGS.index(setting) % 2],):
            yield from judged(setting, family, dtype, schedule, size, seed * len(runs) + number)


def judged(setting: Setting, family: str, dtype: str, schedule: str, size: int, seed: int) -> Iterator[Case]:
    """Draw a batch, compute it and judge each instance."""
    batch = instances(setting, family, dtype, size, np.random.default_rng(seed))
    results = forward_and_reverse(batch.inputs, batch.parameters, plan(setting, batch.bias), batch.cotangent, schedule)
    for number, judgement in enumerate(batch.judge(results)):
        yield Case(dtype, setting.name, family, schedule, seed, number, judgement)


def _forward_and_reverse(
    context: Context, parameters: Parameters, plan: BiasPlan, cotangent: Any, schedule: str
) -> tuple[jax.Array, ...]:
    out, pullback = jax.vjp(lambda c: decoder_core(c, parameters, plan, schedule=schedule), context)
    return (out, *pullback(cotangent)[0])


# Compiled once for each shape, dtype, layout of the mask and schedule.
forward_and_reverse = jax.jit(_forward_and_reverse, static_argnums=4)


# ---- the table


def lines(found: Sequence[Case]) -> Iterator[str]:
    """The counts and tightnesses by dtype and by family, and the three cases nearest to their bounds."""
    yield f"{'':24}{'inside':>8}{'outside':>9}{'undecided':>11}{'tightness: median':>20}{'worst':>10}"
    for dtype in DTYPES:
        yield _line(dtype, [c for c in found if c.dtype == dtype])
    for family in FAMILIES:
        yield _line(family, [c for c in found if c.family == family])
    yield _line("all", found)
    yield "the three worst cases:"
    yield from (f"  {case}" for case in nlargest(3, found, key=lambda c: c.used))


def _line(name: str, some: Sequence[Case]) -> str:
    count = Counter(c.judgement.verdict for c in some)
    counts = f"{count[FloatVerdict.INSIDE]:8}{count[FloatVerdict.OUTSIDE]:9}{count[FloatVerdict.UNDECIDED]:11}"
    ratios = [c.judgement.tightness for c in some if c.judgement.verdict is FloatVerdict.INSIDE and c.judgement.error]
    # bound / error: the loosest bound is the worst one.
    return f"{name:24}{counts}" + (f"{median(ratios):20.3g}{max(ratios):10.2g}" if ratios else "")


def exit_code(found: Iterable[Case], wanted: int) -> int:
    """1 where a case is outside, 2 where fewer than wanted are inside, 0 else."""
    count = Counter(c.judgement.verdict for c in found)
    return 1 if count[FloatVerdict.OUTSIDE] else 2 * (count[FloatVerdict.INSIDE] < wanted)


def main(arguments: Sequence[str] | None = None) -> int:
    """Judge so many cases and print the table; 0 where none is outside and enough are inside."""
    options = _options(arguments)
    jax.config.update("jax_enable_x64", True)
    began = time.perf_counter()
    # Some enclosures are unbounded: draw a few more than are wanted inside.
    found = list(cases(options.cases + options.cases // 10, options.seed))
    for line in lines(found):
        print(line)
    print(f"{len(found)} cases in {time.perf_counter() - began:.0f} s with compiling; wanted inside: {options.cases}")
    for assumption in sorted({c.judgement.assumes for c in found}):
        print(assumption)
    return exit_code(found, options.cases)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description="Judge the jitted block.")
    parser.add_argument("--cases", type=int, default=10_000, help="wanted inside (default: 10000)")
    parser.add_argument("--seed", type=int, default=0, help="another seed, other cases (default: 0)")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
