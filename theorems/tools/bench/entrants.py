"""Who is timed: everyone who can run and is right."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from theorems.tools.bench import gate, ours
from theorems.tools.bench.candidate import Absent, Candidate
from theorems.tools.bench.peers import PEERS
from theorems.tools.bench.problem import Problem
from theorems.tools.bench.reference import reference

OURS = (ours.NAME, ours.NO_SKIP)
Build = Callable[[Problem, str], Candidate]


@dataclass(frozen=True, slots=True)
class Entrant:
    """A candidate that was built for a problem, how far its results are off, and how long the first ones took."""

    name: str
    candidate: Candidate
    error: float
    first_seconds: float


@dataclass(frozen=True, slots=True)
class Entrants:
    """Who takes part, who is wrong (with the error, where it is finite), who cannot run (with the reason)."""

    right: list[Entrant] = field(default_factory=list)
    wrong: dict[str, float | None] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)


def builders(*, causal: bool) -> dict[str, Build]:
    """Ours, ours with nothing skipped where there is something to skip, and every peer."""
    named: dict[str, Build] = {ours.NAME: ours.build}
    if causal:
        named[ours.NO_SKIP] = partial(ours.build, skip=False)
    return named | {peer.name: peer.build for peer in PEERS}


def entrants(named: Mapping[str, Build], p: Problem, device: str, banned: Collection[str] = ()) -> Entrants:
    """Build everyone who is not banned, and hold each to the float64 reference."""
    found, expected, limit = Entrants(), reference(p), gate.LIMITS[p.bias.dtype.name]
    for name, build in named.items():
        if name in banned:
            continue
        entrant = enter(name, build, p, device, expected)
        if isinstance(entrant, str):
            found.skipped[name] = entrant
        elif entrant.error <= limit:
            found.right.append(entrant)
        else:
            found.wrong[name] = entrant.error if math.isfinite(entrant.error) else None
    return found


def enter(name: str, build: Build, p: Problem, device: str, expected: Sequence[np.ndarray]) -> Entrant | str:
    """The candidate, its results examined; or why it cannot run here."""
    began = time.perf_counter()
    try:
        candidate = build(p, device)
        candidate.forward()
        candidate.vjp()
    except Absent as why:
        return str(why)
    except Exception as why:
        # Libraries refuse a shape, a format or a device in exceptions of every kind: the run goes on without them.
        return f"{type(why).__name__}: {_shortened(str(why))}"
    seconds = time.perf_counter() - began
    return Entrant(name, candidate, gate.error(candidate.results(), expected), seconds)


def _shortened(text: str, width: int = 160) -> str:
    text = " ".join(text.split())
    return text if len(text) <= width else text[: width - 1] + "…"
