"""The jitted block and its peers, interleaved; the ratios go into the benchmark's extra information.

Nothing here asserts a time: `leanmirror bench` measures on one core, this suite wherever it is run.
"""

from __future__ import annotations

import json

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from theorems.tools.bench import ours, report
from theorems.tools.bench.comparison import compare
from theorems.tools.bench.entrants import builders, entrants
from theorems.tools.bench.problem import SIZES, problem

ROUNDS = 3


@pytest.mark.parametrize("name", ["small", "mid"])
def test_forward_and_vjp(benchmark: BenchmarkFixture, name: str) -> None:
    p = problem(SIZES["cpu"][name])
    found = entrants(builders(causal=True), p, "cpu")
    assert not {ours.NAME, ours.NO_SKIP} & {*found.wrong, *found.skipped}
    benchmark.pedantic(found.right[0].candidate.vjp, rounds=ROUNDS, warmup_rounds=1)
    benchmark.extra_info |= json.loads(report.text(compare(found, p, "cpu", ROUNDS)))


@pytest.mark.parametrize("name", ["small", "mid"])
def test_forward(benchmark: BenchmarkFixture, name: str) -> None:
    size = SIZES["cpu"][name]
    candidate = ours.build(problem(size), "cpu")
    benchmark.pedantic(candidate.forward, rounds=ROUNDS, warmup_rounds=1)
    benchmark.extra_info |= {"dims": size.numbers, "dense_flops": size.dense_flops[0]}
