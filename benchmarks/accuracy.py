"""How accurate the jitted block is: every result in its certified enclosure; `python -m benchmarks.accuracy`.

A case is one instance in one dtype: its output and its eight cotangents, judged together. Errors and bounds are
distances from the value of the mirror's own graph. Inside means inside a bounded enclosure; what is unbounded counts
for nothing. A bound above the largest result says little: such cases are inside, but called loose, and do not
count as wanted.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import nlargest
from statistics import median
from typing import Any

import jax
import numpy as np

from mirror.jit import BiasPlan, BlockContext, BlockParameters, decoder_core
from theorems.engine.evidence.floats import FloatJudgement, FloatVerdict
from theorems.engine.strategies.jitted import FAMILIES, SETTINGS, Setting, families, instances, plan

DTYPES = ("float64", "float32", "bfloat16")
SCHEDULES = ("panels", "tiles")


@dataclass(frozen=True, slots=True)
class JudgedInstance:
    """A judged instance, and how to draw it again."""

    dtype: str
    setting: str
    family: str
    schedule: str
    seed: int
    number: int
    judgement: FloatJudgement
    largest: float

    @property
    def inside(self) -> bool:
        """Whether every result is where it may be."""
        return self.judgement.verdict is FloatVerdict.INSIDE

    @property
    def loose(self) -> bool:
        """Whether the bound is larger than the largest result."""
        return self.inside and self.judgement.bound > self.largest

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


def cases(
    wanted: int, seed: int = 0, settings: Sequence[Setting] = SETTINGS, dtypes: Sequence[str] = DTYPES
) -> Iterator[JudgedInstance]:
    """Judge at least so many cases, as many of each family in each setting and dtype."""
    runs = [(s, f, d) for s in settings for f in families(s) for d in dtypes]
    size = -(-wanted // len(runs))
    for number, (setting, family, dtype) in enumerate(runs):
        # Where there is a single tile, both schedules are the same sums; with several each family meets both.
        for schedule in SCHEDULES if setting.tile else (SCHEDULES[SETTINGS.index(setting) % 2],):
            yield from judged(setting, family, dtype, schedule, size, seed * len(runs) + number)


def judged(setting: Setting, family: str, dtype: str, schedule: str, size: int, seed: int) -> Iterator[JudgedInstance]:
    """Draw a batch, compute it and judge each instance."""
    batch = instances(setting, family, dtype, size, np.random.default_rng(seed))
    results = forward_and_reverse(batch.inputs, batch.parameters, plan(setting, batch.bias), batch.cotangent, schedule)
    for number, judgement in enumerate(batch.judge(results)):
        largest = max(float(np.abs(np.asarray(r[number])).max()) for r in results)
        yield JudgedInstance(dtype, setting.name, family, schedule, seed, number, judgement, largest)


def _forward_and_reverse(
    context: BlockContext, parameters: BlockParameters, plan: BiasPlan, cotangent: Any, schedule: str
) -> tuple[jax.Array, ...]:
    out, pullback = jax.vjp(lambda c: decoder_core(c, parameters, plan, schedule=schedule), context)
    return (out, *pullback(cotangent)[0])


# Compiled once for each shape, dtype, layout of the mask and schedule.
forward_and_reverse = jax.jit(_forward_and_reverse, static_argnums=4)


# ---- the table


def lines(found: Sequence[JudgedInstance]) -> Iterator[str]:
    """The counts and tightnesses by dtype and by family, and the three cases nearest to their bounds."""
    yield f"{'':32}{'inside':>8}{'(loose)':>9}{'outside':>9}{'undecided':>11}{'tightness: median':>19}{'worst':>9}"
    for dtype in DTYPES:
        yield _line(dtype, [c for c in found if c.dtype == dtype])
    for family in FAMILIES:
        yield _line(family, [c for c in found if c.family == family])
    for setting in SETTINGS:
        yield _line(setting.name, [c for c in found if c.setting == setting.name])
    yield _line("all", found)
    yield "the three worst cases:"
    yield from (f"  {case}" for case in nlargest(3, found, key=lambda c: c.used))


def _line(name: str, some: Sequence[JudgedInstance]) -> str:
    count = Counter(c.judgement.verdict for c in some)
    bounded = f"{count[FloatVerdict.INSIDE]:8}{sum(c.loose for c in some):9}"
    ratios = [c.judgement.tightness for c in some if c.inside and not c.loose and c.judgement.error]
    # bound / error, of those that are not loose: the largest is the worst.
    tightness = f"{median(ratios):19.3g}{max(ratios):9.2g}" if ratios else ""
    return f"{name:32}{bounded}{count[FloatVerdict.OUTSIDE]:9}{count[FloatVerdict.UNDECIDED]:11}{tightness}"


def exit_code(found: Sequence[JudgedInstance], wanted: int) -> int:
    """1 where a case is outside, 2 where fewer than wanted are inside and not loose, 0 else."""
    if any(c.judgement.verdict is FloatVerdict.OUTSIDE for c in found):
        return 1
    return 0 if sum(c.inside and not c.loose for c in found) >= wanted else 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Judge so many cases and print the table; 0 where none is outside and enough are inside."""
    options = _options(arguments)
    jax.config.update("jax_enable_x64", True)
    began = time.perf_counter()
    # Some enclosures are unbounded or loose, so more are drawn than are wanted.
    found = list(cases(options.cases + options.cases // 4, options.seed))
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
