"""Running one theorem on random instances that Hypothesis draws and shrinks."""

from __future__ import annotations

import random
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

from mirror.core.fderiv import shared_evaluations
from theorems.engine.case import BOUNDARY, FULL_JACOBIAN, Case
from theorems.engine.codec import fingerprint
from theorems.engine.evidence.verdicts import Judgement, Mismatch, Verdict, worst
from theorems.engine.provider import BACKEND, seeded
from theorems.engine.simplify import one_direction, simplify
from theorems.engine.sizes import profile as profile_named
from theorems.engine.theorem import Theorem

# What is said about slow or large instances is for tests; here the report counts and times them.
SLOW_OR_LARGE = (
    HealthCheck.data_too_large,
    HealthCheck.filter_too_much,
    HealthCheck.large_base_example,
    HealthCheck.too_slow,
)
RAISED = "the counterpart raises"  # the claim of a failure that is an exception


@dataclass(frozen=True, slots=True)
class Failure:
    """A shrunk instance that does not pass, and why."""

    case: Case
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Report:
    """What a theorem's run showed.

    `tried` instances were drawn, `distinct` of them differ in a value, `accepted` satisfied every
    hypothesis and passed; `satisfied` counts by hypothesis; `width` is the widest enclosure (0 where
    all was rational); `boundary` counts undecided boundary instances, which are left out; `seconds`
    is wall time.
    """

    theorem: str
    verdict: Verdict
    arithmetic: str
    tried: int
    distinct: int
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
        """Whether every accepted instance passed, and nearly all instances were accepted.

        Instances satisfy the hypotheses by construction: where more than one in twenty do not, a
        certificate is wrong or a strategy is, and what was meant to be examined was not.
        """
        return self.verdict.passes and self.accepted > 0 and 20 * self.accepted >= 19 * (self.tried - self.boundary)


@dataclass(slots=True)
class _Tally:
    tried: int = 0
    seen: set[bytes] = field(default_factory=set)
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
    with seeded(start):
        _run(theorem, theorem.instances(chosen.sizes), count, start, tally)
    if tally.failure:
        tally.failure = simplified(theorem, tally.failure)
    seconds = time.perf_counter() - began
    return Report(
        theorem=theorem.name,
        verdict=tally.failure.judgement.verdict if tally.failure else tally.verdict,
        arithmetic=theorem.arithmetic.name,
        tried=tally.tried,
        distinct=len(tally.seen),
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
    @seed(start)  # for the shrinker, which is Hypothesis's own
    @settings(
        backend=BACKEND,
        max_examples=count,
        derandomize=False,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=SLOW_OR_LARGE,
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


def simplified(theorem: Theorem, failure: Failure) -> Failure:
    """A plainer instance that ends in the same verdict, or raises the same kind of exception."""

    def fails(case: Case) -> bool:
        judgement = assess(theorem, case)[1]
        return judgement is not None and _ending(judgement) == wanted

    wanted = _ending(failure.judgement)
    case = simplify(one_direction(failure.case, fails), fails)
    return Failure(case, assess(theorem, case)[1] or failure.judgement)


def _ending(judgement: Judgement) -> tuple[Verdict, str]:
    """The verdict, and the exception's class where there was one."""
    mismatch = judgement.mismatch
    if mismatch is None or mismatch.claim != RAISED:
        return judgement.verdict, ""
    return judgement.verdict, mismatch.left.partition(":")[0]


@shared_evaluations()
def assess(theorem: Theorem, case: Case) -> tuple[list[str], Judgement | None]:
    """The hypotheses that an instance fails, and the conclusion's judgement where it fails none.

    An exception refutes: Lean's functions are total, so their counterparts have a value too.
    """
    try:
        failed = theorem.failed_hypotheses(case)
        return failed, None if failed else theorem.judge(case)
    except Exception as error:
        why = Mismatch(RAISED, 0, f"{type(error).__name__}: {error}", "a value")
        return [h.name for h in theorem.hypotheses], Judgement(Verdict.REFUTED, 0.0, why)


def examine_instance(theorem: Theorem, case: Case, tally: _Tally) -> Judgement | None:
    """Examine one instance into the tally; the judgement if it is a failure, else None."""
    counting = tally.failure is None  # instances that the shrinker tries are not evidence
    if counting:
        tally.tried += 1
        tally.seen.add(fingerprint(case))
    failed, judgement = assess(theorem, case)
    if counting:
        tally.satisfied.update(h.name for h in theorem.hypotheses if h.name not in failed)
    if judgement is None:
        return None
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
