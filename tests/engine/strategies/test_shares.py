"""What the instances look like: enough of them can refute, and every corner occurs.

What a blunted strategy spoils stands in `tests.faults.checking.strategies`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from tests.engine.strategies.shares import BLOCK, PACK, SEEDS, SUBLAYERS, drawn, unmet, wanted
from theorems.engine.registry import get


@pytest.fixture(autouse=True)
def untraced() -> Iterator[None]:
    """Other tests run these lines; measuring their coverage here once more would triple the time."""
    tracer = sys.gettrace()
    sys.settrace(None)
    yield
    sys.settrace(tracer)


# The block on three seeds, the packs and norms on one each: `python -m tests.engine.strategies.shares` has the rest.
RUNS = [*((BLOCK, seed) for seed in SEEDS), (PACK, SEEDS[0]), (SUBLAYERS, SEEDS[1])]


@pytest.mark.unmeasured
@pytest.mark.parametrize(("name", "seed"), RUNS)
def test_enough_of_two_hundred_instances_can_refute_and_every_corner_occurs(name: str, seed: int) -> None:
    theorem = get(name)
    assert unmet(wanted(theorem), drawn(theorem, seed)) == {}
