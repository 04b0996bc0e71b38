"""Theorems in parallel processes, the slow ones first."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace

from lean_refs import import_twin, load_pin, twin_module
from theorems.engine.checking import check
from theorems.engine.codec import decode, encode
from theorems.engine.theorem import Theorem, registered
from theorems.tools.cli.pools import Work, in_processes
from theorems.tools.output.faults import in_one_line
from theorems.tools.reports.outcomes import Outcome
from theorems.tools.weights import weight


@dataclass(frozen=True, slots=True)
class Plan:
    """What every theorem of a run is given: the profile's name, the seed, and how many instances."""

    profile: str
    seed: int
    examples: int | None = None


def run(theorems: Sequence[Theorem], plan: Plan, jobs: int) -> Iterator[Outcome]:
    """The outcome of each theorem, as they end; one job runs in this process.

    Numbers do not depend on `jobs`. An exception of the machinery becomes an outcome without report.
    """
    # The slow ones first: those with many hypotheses, then those that rest on much.
    ordered = sorted(theorems, key=lambda t: (-len(t.hypotheses), -weight(t.name)))
    if min(jobs, len(ordered)) < 2:
        yield from (_examine(theorem, plan) for theorem in ordered)
    else:
        yield from _in_processes(ordered, plan, min(jobs, len(ordered)))


def _examine(theorem: Theorem, plan: Plan) -> Outcome:
    try:
        report = check(theorem, examples=plan.examples, seed=plan.seed, profile=plan.profile)
    except Exception as error:
        return Outcome(theorem.name, error=in_one_line(error))
    return Outcome(theorem.name, report)


def _in_processes(theorems: Sequence[Theorem], plan: Plan, jobs: int) -> Iterator[Outcome]:
    names = [theorem.name for theorem in theorems]
    return in_processes(names, Work(_work, (plan,), _received, _lost), jobs)


def _lost(name: str, why: str) -> Outcome:
    return Outcome(name, error=why)


def _work(name: str, plan: Plan) -> Outcome:
    """Run one theorem in a worker, which imports only the twin of that theorem's Lean file and what is below it."""
    import_twin(f"theorems.{twin_module(load_pin().declarations[name].file)}")
    gc.freeze()  # what is imported stays; looking through it again and again takes 6 % of a run
    outcome = _examine(registered()[name], plan)
    if outcome.report is None or outcome.report.failure is None:
        return outcome
    # An instance crosses to the parent as the plain data that a replay file holds.
    failure = replace(outcome.report.failure, case=encode(dict(outcome.report.failure.case)))
    return replace(outcome, report=replace(outcome.report, failure=failure))


def _received(name: str, future: Future[Outcome]) -> Outcome:
    try:
        outcome = future.result()
    except Exception as error:
        return Outcome(name, error=in_one_line(error))
    if outcome.report is None or outcome.report.failure is None:
        return outcome
    failure = replace(outcome.report.failure, case=decode(outcome.report.failure.case))
    return replace(outcome, report=replace(outcome.report, failure=failure))
