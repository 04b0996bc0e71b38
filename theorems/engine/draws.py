"""How Hypothesis draws instances here, and instances of a strategy by themselves, without a run that examines them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from theorems.engine.provider import BACKEND, seeded

SETTINGS = settings(
    backend=BACKEND,
    derandomize=False,
    database=None,
    deadline=None,
    phases=(Phase.generate,),
    # What is said about slow, large or nested draws is for tests; a report counts and times them.
    suppress_health_check=list(HealthCheck),  # pyright: ignore[reportArgumentType]
    report_multiple_bugs=False,
)


def draws(instances: st.SearchStrategy[Any], seed: int, count: int) -> Iterator[Any]:
    """So many draws of a strategy, the same for the same seed."""
    found: list[Any] = []

    @settings(SETTINGS, max_examples=count)
    @given(instances)
    def keep(case: Any) -> None:
        found.append(case)

    with seeded(seed):
        keep()
    return iter(found)
