"""A fixed sample of a strategy, drawn as the instances of a theorem are, for tests of what it draws."""

from __future__ import annotations

from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy

from theorems.engine.provider import BACKEND, seeded

T = TypeVar("T")


def sample(strategy: SearchStrategy[T], count: int, seed: int = 0) -> list[Any]:
    """The first `count` values that the strategy gives from a seed."""
    drawn: list[Any] = []

    @settings(
        backend=BACKEND,
        max_examples=count,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),  # pyright: ignore[reportArgumentType]
    )
    @given(strategy)
    def collect(value: T) -> None:
        drawn.append(value)

    with seeded(seed):
        collect()
    return drawn
