"""A fixed sample of a strategy, drawn as the instances of a theorem are, for tests of what it draws."""

from __future__ import annotations

from typing import Any

from hypothesis.strategies import SearchStrategy

from theorems.engine.draws import draws


def sample(strategy: SearchStrategy[Any], count: int, seed: int = 0) -> list[Any]:
    """The first `count` values that the strategy gives from a seed."""
    return list(draws(strategy, seed, count))
