"""Running one theorem on random instances that Hypothesis draws and shrinks."""

from __future__ import annotations

import random
import time

from theorems.engine.assessing import assess, fails_alike
from theorems.engine.blocks import Drawing, examine_block
from theorems.engine.case import Case
from theorems.engine.counts import Counts, add_up
from theorems.engine.report import Failure, Report
from theorems.engine.simplify import one_direction, simplify
from theorems.engine.sizes import profile as profile_named
from theorems.engine.theorem import Theorem


def check(
    theorem: Theorem,
    *,
    examples: int | None = None,
    seed: int | None = None,
    profile: str = "quick",
    shrink: bool = True,
) -> Report:
    """Run a theorem on `examples` random instances (by default as many as the profile says).

    The same theorem, seed, profile and count give the same instances. A failure is a plain instance that fails as the
    first one did; without `shrink` it is the first one itself, which is found much sooner. Raises `LookupError` for an
    unknown profile and `ValueError` for fewer than one example.
    """
    drawing = planned(examples, seed, profile)
    began = time.perf_counter()
    counts = add_up(examine_block(theorem, drawing, number, shrink=shrink) for number in drawing.blocks)
    if counts.failure and shrink:
        counts.failure = simplified(theorem, counts.failure)
    return report_of(theorem, drawing, counts, profile, time.perf_counter() - began)


def planned(examples: int | None, seed: int | None, profile: str) -> Drawing:
    """The run that a call asks for; raises as `check` does."""
    chosen = profile_named(profile)
    count = chosen.examples if examples is None else examples
    if count < 1:
        raise ValueError(f"cannot run {count} examples: at least one instance must be examined")
    start = chosen.seed if seed is None else seed
    return Drawing(random.SystemRandom().randrange(2**32) if start is None else start, chosen.sizes, count)


def report_of(theorem: Theorem, drawing: Drawing, counts: Counts, profile: str, seconds: float) -> Report:
    """The report of a run whose blocks are added up."""
    return Report(
        theorem=theorem.name,
        ending=counts.failure.judgement.verdict if counts.failure else counts.verdict,
        arithmetic=theorem.arithmetic.name,
        tried=counts.tried,
        distinct=len(counts.seen),
        accepted=counts.accepted,
        empty=counts.empty,
        boundary=counts.boundary,
        compared=counts.compared,
        full_jacobians=counts.full,
        width=counts.width,
        seconds=seconds,
        seed=drawing.seed,
        examples=drawing.examples,
        profile=profile,
        failure=counts.failure,
        traits=dict(counts.traits),
    )


def simplified(theorem: Theorem, failure: Failure) -> Failure:
    """A plainer instance that fails in the same way."""

    def still_fails(case: Case) -> bool:
        return fails_alike(case, assess(theorem, case), failure.judgement)

    case = simplify(one_direction(failure.case, still_fails), still_fails)
    return Failure(case, assess(theorem, case))
