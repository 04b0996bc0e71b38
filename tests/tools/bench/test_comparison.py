"""The figures of a size, from times that are given."""

from __future__ import annotations

from typing import Any

import pytest

from theorems.tools.bench import comparison, ours
from theorems.tools.bench.candidate import Candidate
from theorems.tools.bench.entrants import Entrant, Entrants
from theorems.tools.bench.problem import TINY, problem
from theorems.tools.bench.spread import Spread

NOTHING = Candidate(lambda: None, lambda: (None, None))
MEASURED = Candidate(NOTHING.forward, NOTHING.vjp, temp_bytes=(7, 11))
# Three rounds, the second of them ten times as slow for everybody.
TIMES = {
    (ours.NAME, "forward"): [1.0, 10.0, 1.0],
    (ours.NAME, "vjp"): [2.0, 20.0, 2.0],
    ("peer", "forward"): [3.0, 30.0, 6.0],
    ("peer", "vjp"): [8.0, 80.0, 8.0],
    "matmul": [0.5, 5.0, 0.5],
}


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setattr(comparison, "ORDERS", {"cpu": 16})
    monkeypatch.setattr(comparison, "matmul", lambda order, dtype: lambda: None)

    def timed(runs: Any, rounds: int, clock: Any, least: float) -> Any:
        assert (set(runs), rounds, least) == (set(TIMES), 3, 0.25)
        return {key: list(times) for key, times in TIMES.items()}

    monkeypatch.setattr(comparison, "timed", timed)
    entrants = [Entrant(ours.NAME, MEASURED, 1e-7, 4.5), Entrant("peer", NOTHING, 2e-7, 1.0)]
    return comparison.compare(Entrants(entrants), problem(TINY), "cpu", rounds=3, least=0.25)


def test_ratios_are_the_peers_time_over_ours(compared: dict[str, Any]) -> None:
    mine, peer = compared["candidates"]
    assert mine["over_ours"] == {"forward": Spread(1, 1, 1), "vjp": Spread(1, 1, 1)}
    assert peer["over_ours"] == {"forward": Spread(3, 3, 4.5), "vjp": Spread(4, 4, 4)}
    assert peer["seconds"]["forward"].median == 6


def test_shares_are_dense_operations_a_second_over_those_of_the_product(compared: dict[str, Any]) -> None:
    forward, both = TINY.dense_flops
    assert compared["matmul"]["flops_per_second"].median == 2 * 16**3 / 0.5
    mine, _ = compared["candidates"]
    assert mine["of_matmul"]["forward"].median == pytest.approx(forward / 1.0 / (2 * 16**3 / 0.5))
    assert mine["of_matmul"]["vjp"].median == pytest.approx(both / 2.0 / (2 * 16**3 / 0.5))


def test_compiling_is_what_the_first_results_took_longer_than_the_rest(compared: dict[str, Any]) -> None:
    assert [row["compile_seconds"] for row in compared["candidates"]] == [4.5 - 1 - 2, 0]


def test_memory_is_told_where_it_was_measured(compared: dict[str, Any]) -> None:
    assert [row["temp_bytes"] for row in compared["candidates"]] == [{"forward": 7, "vjp": 11}, None]
