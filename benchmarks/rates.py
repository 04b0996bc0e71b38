"""The two rates of the rigorous lane; `python -m benchmarks.rates` prints them.

How many cases of the decoder block's theorem one core judges in a second (the instances drawn
beforehand), and how many cases of all theorems some processes examine in an hour under the nightly
sizes, generation included.
"""

from __future__ import annotations

import argparse
import gc
import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

from benchmarks.cases import DIMS, BlockCases, block_cases
from mirror.core.fderiv import shared_evaluations
from theorems.engine.assessing import assess
from theorems.engine.case import Case
from theorems.engine.checking import check
from theorems.engine.evidence.verdicts import Judgement
from theorems.engine.registry import get, theorems
from theorems.engine.report import Report

PROFILE = "nightly"


@dataclass(frozen=True, slots=True)
class BlockRate:
    """What one core judged: cases and seconds of its own time, and the same for the full Jacobians apart from them."""

    drawn: BlockCases
    passed: int
    seconds: float
    full_seconds: float
    assessed_seconds: float

    @property
    def per_second(self) -> float:
        """Cases a second: evaluation, reverse pass and the derivative in two directions each."""
        return len(self.drawn.cases) / self.seconds

    @property
    def assessed_per_second(self) -> float:
        """The same with both hypotheses."""
        return len(self.drawn.cases) / self.assessed_seconds


def block_rate(count: int, full: int) -> BlockRate:
    """Time `count` cases, and `full` of them once more in every direction."""
    drawn = block_cases(count, full)
    gc.freeze()  # as a worker of `leanmirror check` does
    judge = shared_evaluations()(drawn.theorem.judge)  # as a check runs it
    seconds, passed = _timed(drawn.cases, judge)
    full_seconds, full_passed = _timed(drawn.full, judge)
    assessed_seconds, _ = _timed(drawn.cases, partial(assess, drawn.theorem))
    return BlockRate(drawn, passed + full_passed, seconds, full_seconds, assessed_seconds)


def _timed(cases: Sequence[Case], judge: Callable[[Case], Judgement]) -> tuple[float, int]:
    began = time.process_time()  # a core's own time: what else the machine runs meanwhile is no part of it
    passed = sum(judge(case).verdict.passes for case in cases)
    return time.process_time() - began, passed


def sample(task: tuple[str, int]) -> Report:
    """Run one theorem on some instances of the nightly sizes; the report's seconds are the core's own."""
    name, examples = task
    began = time.process_time()
    report = check(get(name), examples=examples, seed=0, profile=PROFILE)
    return replace(report, seconds=time.process_time() - began)


def sampled(names: Sequence[str], examples: int, processes: int) -> list[Report]:
    """Run each theorem on `examples` instances, in `processes` processes at the same time."""
    tasks = [(name, examples) for name in names]
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"), _begin) as pool:
        return list(pool.map(sample, tasks))


def _begin() -> None:
    theorems()  # each process knows all of them before the first is timed
    gc.freeze()


def per_hour(reports: Sequence[Report], processes: int) -> float:
    """Accepted cases an hour, if every theorem runs as many cases and every process has a core to itself."""
    return 3600 * processes * sum(r.accepted for r in reports) / sum(r.seconds for r in reports)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print both rates; 1 where a case does not pass, because then there is nothing to be fast about."""
    options = _options(arguments)
    rate = block_rate(options.cases, options.full)
    _print_block(rate)
    reports = sampled(list(theorems()), options.sample, options.processes)
    _print_theorems(reports, options.processes)
    failing = [r.theorem for r in reports if not r.passed]
    if rate.passed < len(rate.drawn.cases) + len(rate.drawn.full):
        failing.insert(0, rate.drawn.theorem.name)
    for name in failing:
        print(f"does not pass: {name}", file=sys.stderr)
    return 1 if failing else 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rates", description="The two rates of checking.")
    parser.add_argument("--cases", type=_count, default=400, help="cases of the decoder block (default: 400)")
    parser.add_argument("--full", type=_count, default=5, help="of them with the full Jacobian (default: 5)")
    # Not fewer: the first instances that Hypothesis draws are smaller than the rest, so a short sample flatters.
    parser.add_argument("--sample", type=_count, default=250, help="cases of each theorem (default: 250)")
    parser.add_argument("--processes", type=_count, default=os.cpu_count(), help="default: as many as CPUs")
    return parser.parse_args(arguments)


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a count of at least 1")
    return int(text)


def _print_block(rate: BlockRate) -> None:
    cases, full = rate.drawn.cases, rate.drawn.full
    n, model, heads, head, hidden = DIMS.seq_len, DIMS.d_model, DIMS.num_heads, DIMS.head_dim, DIMS.d_ff
    directions = sum(len(case["directions"]) for case in full)
    print(f"{rate.drawn.theorem.name}")
    print(f"  at (n, H, d, D, F) = ({n}, {heads}, {head}, {model}, {hidden}) in ball arithmetic, on one core:")
    print(f"  {rate.per_second:.0f} cases a second ({len(cases)} cases, two directions each)")
    print(f"  {rate.assessed_per_second:.0f} cases a second with both hypotheses")
    print(f"  full Jacobian of {len(full)} of them: {directions / rate.full_seconds:.0f} directions a second")


def _print_theorems(reports: Sequence[Report], processes: int) -> None:
    accepted, total = sum(r.accepted for r in reports), sum(r.seconds for r in reports)
    print(f"all {len(reports)} theorems under the {PROFILE} sizes, generation included, on {processes} core(s):")
    print(f"  {per_hour(reports, processes):,.0f} cases an hour (from {accepted} cases)")
    print("  most of the time goes to:")
    for report in sorted(reports, key=lambda r: -r.seconds)[:8]:
        milliseconds = 1000 * report.seconds / max(report.accepted, 1)
        print(f"  {100 * report.seconds / total:5.1f} %  {milliseconds:7.2f} ms a case  {report.theorem}")


if __name__ == "__main__":
    sys.exit(main())
