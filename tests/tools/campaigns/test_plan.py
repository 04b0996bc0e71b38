"""The plan of a campaign: how many instances each theorem has, and in which order its shards come."""

from __future__ import annotations

from collections import Counter
from itertools import islice

import pytest

from theorems.engine.blocks import BLOCK
from theorems.tools.campaigns.plan import LENGTH, CampaignPlan, ImpossiblePlan

NAMES = ("a", "b", "c")


def plan(cases: int | None = None, **least: int) -> CampaignPlan:
    return CampaignPlan(NAMES, "quick", 7, cases, least)


@pytest.mark.parametrize(
    ("cases", "least", "quotas"),
    [
        (9, {}, (3, 3, 3)),
        (11, {}, (4, 4, 3)),
        (3, {}, (1, 1, 1)),
        (100, {"b": 50}, (25, 50, 25)),
        (101, {"b": 50}, (26, 50, 25)),
        (100, {"b": 20}, (34, 33, 33)),
        (100, {"a": 40, "b": 50}, (40, 50, 10)),
        (100, {"a": 40, "b": 59}, (40, 59, 1)),
        (100, {"c": 33}, (34, 33, 33)),
        (101, {"c": 40, "a": 31}, (31, 30, 40)),
    ],
)
def test_cases_are_shared_evenly_above_what_is_least(
    cases: int, least: dict[str, int], quotas: tuple[int, ...]
) -> None:
    made = plan(cases, **least)
    assert made.quotas == dict(zip(NAMES, quotas, strict=True))
    shared = Counter[str]()
    for shard in made.shards():
        shared[shard.theorem] += shard.examples
    assert shared == made.quotas


@pytest.mark.parametrize(("cases", "least", "needed"), [(2, {}, 3), (101, {"a": 100, "b": 5}, 106)])
def test_too_few_cases_are_refused(cases: int, least: dict[str, int], needed: int) -> None:
    with pytest.raises(ImpossiblePlan, match=rf"^{cases} cases? for 3 theorems is too few: {needed} are the least$"):
        next(plan(cases, **least).shards())


def test_each_round_has_a_seed_of_its_own_and_gives_every_theorem_a_shard() -> None:
    found = [(s.theorem, s.seed, s.examples) for s in plan(3 * LENGTH + 90).shards()]
    whole = [(name, 7, LENGTH) for name in NAMES]
    assert found == [*whole, *((name, 8, 30) for name in NAMES)]


def test_a_shard_is_a_whole_run_of_its_seed() -> None:
    shards = [*plan(3 * LENGTH + 90).shards()]
    assert {(s.first, s.stop) for s in shards if s.examples == LENGTH} == {(0, LENGTH // BLOCK)}
    assert {(s.first, s.stop) for s in shards if s.examples == 30} == {(0, 2)}
    assert all(s.shrink and s.profile == "quick" for s in shards)
    assert all(s.drawing.blocks == range(s.first, s.stop) for s in shards)


def test_without_an_end_what_is_least_comes_first_and_then_all_go_on_alike() -> None:
    found = [(s.theorem, s.seed, s.examples) for s in islice(plan(b=LENGTH + 1).shards(), 9)]
    order = [("b", 7), ("b", 8), ("a", 7), ("c", 7), ("a", 8), ("c", 8), ("a", 9), ("b", 9), ("c", 9)]
    assert found == [(name, seed, LENGTH) for name, seed in order]
