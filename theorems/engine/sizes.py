"""How large the drawn instances are, and how many: the three profiles."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sizes:
    """Upper bounds of what strategies draw: one dimension, a context's length, a graph's nodes.

    A share of the instances goes further: one dimension up to `stretched`, `many` entries of a context
    or nodes of a graph.
    """

    dimension: int = 4
    stretched: int = 6
    entries: int = 4
    nodes: int = 5
    many: int = 24


@dataclass(frozen=True, slots=True)
class Profile:
    """A named way to run: instances per theorem, their sizes, and the seed (None draws one)."""

    name: str
    examples: int
    sizes: Sizes
    seed: int | None


PROFILES = {
    p.name: p
    for p in (
        Profile("quick", 200, Sizes(), seed=0),
        Profile("full", 1000, Sizes(dimension=6, stretched=8, entries=5, nodes=7), seed=None),
        Profile("nightly", 12_000, Sizes(dimension=8, stretched=10, entries=6, nodes=8), seed=None),
    )
}


def profile(name: str) -> Profile:
    """The profile of that name; raises `LookupError` that names the three."""
    if name not in PROFILES:
        raise LookupError(f"there is no profile {name!r}: choose one of {', '.join(PROFILES)}")
    return PROFILES[name]
