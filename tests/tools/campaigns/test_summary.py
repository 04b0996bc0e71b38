"""The summary of a record: the shards of the plan, up to the first failure of a theorem."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from theorems.engine.registry import get
from theorems.tools.campaigns import versions
from theorems.tools.campaigns.plan import LENGTH, CampaignPlan
from theorems.tools.campaigns.summary import summary

NAME = "Proofs.Autograd.CtxVec.inner_get_single"


def line(seed: int, *, failing: bool = False, examples: int = LENGTH) -> dict[str, Any]:
    failure = {"mismatch": None, "verdict": "refuted", "instance": {"dict": {"n": seed}}}
    counts = dict.fromkeys(("tried", "accepted", "empty", "boundary", "compared", "full"), 1)
    return {
        **{"theorem": NAME, "seed": seed, "examples": examples, "verdict": "equal", "width": 0.0, "traits": {}},
        **{"seen": "", "seconds": 2.0, "processor_seconds": 1.0, "failure": failure if failing else None, **counts},
    }


def test_shards_count_in_the_order_of_their_seeds_up_to_the_first_failure() -> None:
    lines = [line(9), line(8, failing=True), line(10, failing=True), line(7), line(6), line(8, examples=3)]
    done = {(NAME, each["seed"], each["examples"]): each for each in lines}
    found = summary([get(NAME)], CampaignPlan([NAME], "quick", 7), done, {}, 5.0)
    (outcome,) = found.outcomes
    assert outcome.report is not None
    assert outcome.report.failure is not None
    assert (outcome.report.tried, outcome.report.seconds, outcome.report.seed) == (2, 4.0, 8)
    assert outcome.report.failure.case == {"n": 8}
    assert (found.shards, found.processor_seconds, found.cases) == ({NAME: 2}, {NAME: 2.0}, 2)


def test_the_sources_that_decide_are_those_of_the_mirror_and_the_theorems_without_tools(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(versions, "_folder", lambda package: tmp_path / package)
    found = [versions._sources()]
    for name in ("mirror/a.py", "theorems/b/c.py", "theorems/tools/d.py", "theorems/e.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("a", encoding="utf-8")
        found.append(versions._sources())
    assert [one == other for one, other in pairwise(found)] == [False, False, True, True]
