"""Running one theorem on random instances that Hypothesis draws and shrinks."""

from __future__ import annotations

import random
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

from theorems.evidence.verdicts import Judgement, Verdict, worst
from theorems.sizes import profile as profile_named
from theorems.theorem import Case, Theorem

BOUNDARY = "boundary"  # an instance's own word that it stands at a corner or jump of a total function
FULL_JACOBIAN = "full_jacobian"  # an instance's own word that it probes every basis direction


@dataclass(frozen=True, slots=True)
class Failure:
    """A shrunk instance that does not pass, and why."""

    case: Case
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Report:
    """What a theorem's run showed.

    `tried` instances were drawn, `accepted` satisfied every hypothesis and passed; `satisfied`
    counts by hypothesis; `width` is the widest enclosure (0 where all was rational); `boundary`
    counts undecided boundary instances, which are replaced; `seconds` is processor-bound wall time.
    """

    theorem: str
    verdict: Verdict
    arithmetic: str
    tried: int
    accepted: int
    satisfied: dict[str, int]
    boundary: int
    full_jacobians: int
    width: float
    seconds: float
    seed: int
    examples: int
    profile: str
    failure: Failure | None = None

    @property
    def passed(self) -> bool:
        """Whether at least one instance was accepted and every one of them passed."""
        return self.verdict.passes and self.accepted > 0


@dataclass(slots=True)
class _Tally:
    tried: int = 0
    accepted: int = 0
    boundary: int = 0
    full: int = 0
    width: float = 0.0
    verdict: Verdict = Verdict.EQUAL
    satisfied: Counter[str] = field(default_factory=Counter)
    failure: Failure | None = None


class _Refuted(AssertionError):
    """Tells Hypothesis to shrink."""


def check(theorem: Theorem, *, examples: int | None = None, seed: int | None = None, profile: str = "quick") -> Report:
    """Run a theorem on `examples` random instances (by default as many as the profile says).

    The same theorem, seed, profile and count give the same instances. Raises `LookupError` for an
    unknown profile and `ValueError` for fewer than one example.
    """
    chosen = profile_named(profile)
    count = chosen.examples if examples is None else examples
    if count < 1:
        raise ValueError(f"cannot run {count} examples: at least one instance must be examined")
    start = chosen.seed if seed is None else seed
    if start is None:
        start = random.SystemRandom().randrange(2**32)
    tally = _Tally()
    began = time.perf_counter()
    _run(theorem, theorem.instances(chosen.sizes), count, start, tally)
    seconds = time.perf_counter() - began
    return Report(
        theorem=theorem.name,
        verdict=tally.failure.judgement.verdict if tally.failure else tally.verdict,
        arithmetic=theorem.arithmetic.name,
        tried=tally.tried,
        accepted=tally.accepted,
        satisfied={h.name: tally.satisfied[h.name] for h in theorem.hypotheses},
        boundary=tally.boundary,
        full_jacobians=tally.full,
        width=tally.width,
        seconds=seconds,
        seed=start,
        examples=count,
        profile=profile,
        failure=tally.failure,
    )


def _run(theorem: Theorem, instances: Any, count: int, start: int, tally: _Tally) -> None:
    @seed(start)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )
    @given(instances)
    def examine(case: Case) -> None:
        judgement = examine_instance(theorem, case, tally)
        if judgement is not None:
            # Hypothesis runs the shrunk instance last, so this ends up holding it.
            tally.failure = Failure(case, judgement)
            raise _Refuted

    with suppress(_Refuted):
        examine()


def examine_instance(theorem: Theorem, case: Case, tally: _Tally) -> Judgement | None:
    """Examine one instance into the tally; the judgement if it is a failure, else None."""
    counting = tally.failure is None  # instances that the shrinker tries are not evidence
    tally.tried += counting
    failed = theorem.failed_hypotheses(case)
    if counting:
        tally.satisfied.update(h.name for h in theorem.hypotheses if h.name not in failed)
    if failed:
        return None
    judgement = theorem.judge(case)
    if not judgement.verdict.passes:
        if case.get(BOUNDARY) and judgement.verdict is Verdict.UNDECIDED:
            tally.boundary += counting
            return None
        return judgement
    if counting:
        tally.accepted += 1
        tally.full += bool(case.get(FULL_JACOBIAN))
        tally.width = max(tally.width, judgement.width)
        tally.verdict = worst((tally.verdict, judgement.verdict))
    return None
