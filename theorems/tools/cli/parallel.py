"""Theorems in parallel processes, the slow ones first."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cache
from queue import Empty, SimpleQueue

from lean_refs import import_twin, load_pin, twin_module
from theorems.engine.checking import check
from theorems.engine.codec import decode, encode
from theorems.engine.theorem import Theorem, registered
from theorems.tools.cli.signals import HEARD_WITHIN, starting_processes
from theorems.tools.output.faults import in_one_line
from theorems.tools.reports.outcomes import Outcome


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
    ordered = sorted(theorems, key=lambda t: (-len(t.hypotheses), -_weight(t.name)))
    if min(jobs, len(ordered)) < 2:
        yield from (_examine(theorem, plan) for theorem in ordered)
    else:
        yield from _in_processes(ordered, plan, min(jobs, len(ordered)))


@cache
def _weight(name: str) -> int:
    """How many declarations of the closure a theorem rests on."""
    declarations = load_pin().declarations
    reached, ahead = {name}, [name]
    while ahead:
        new = [r for r in declarations[ahead.pop()].references if r in declarations and r not in reached]
        reached.update(new)
        ahead.extend(new)
    return len(reached)


def _examine(theorem: Theorem, plan: Plan) -> Outcome:
    try:
        report = check(theorem, examples=plan.examples, seed=plan.seed, profile=plan.profile)
    except Exception as error:
        return Outcome(theorem.name, error=in_one_line(error))
    return Outcome(theorem.name, report)


def _in_processes(theorems: Sequence[Theorem], plan: Plan, jobs: int) -> Iterator[Outcome]:
    """One process that is killed breaks the pool for all theorems that have not ended: these are run again.

    The second time each has a pool of its own, so that the one that cannot be run takes no other with it.
    """
    lost = yield from _in_one_pool([theorem.name for theorem in theorems], plan, jobs)
    for name in lost:
        for _ in (yield from _in_one_pool([name], plan, 1)):
            yield Outcome(name, error="its process ended without an answer, twice (out of memory?)")


def _in_one_pool(names: Sequence[str], plan: Plan, jobs: int) -> Generator[Outcome, None, list[str]]:
    """The outcomes of those that end; returns the names of those that a broken pool has lost."""
    lost: list[str] = []
    with _pool(jobs) as pool:
        ended: SimpleQueue[Future[Outcome]] = SimpleQueue()
        futures: dict[Future[Outcome], str] = {}
        with starting_processes():
            for name in names:
                try:
                    futures[pool.submit(_work, name, plan)] = name
                except BrokenProcessPool:  # a process has ended while others are still to be given their theorems
                    lost.append(name)
            for future in futures:
                future.add_done_callback(ended.put)
        # Not `as_completed`: it takes the lock of every future, and a signal could leave one of them closed.
        for future in _taken(ended, len(futures)):
            if isinstance(future.exception(), BrokenProcessPool):
                lost.append(futures[future])
            else:
                yield _received(futures[future], future)
    return lost


def _taken(queue: SimpleQueue[Future[Outcome]], count: int) -> Iterator[Future[Outcome]]:
    """So many entries of a queue."""
    while count:
        with suppress(Empty):
            yield queue.get(timeout=HEARD_WITHIN)
            count -= 1


@contextmanager
def _pool(jobs: int) -> Iterator[ProcessPoolExecutor]:
    """A pool whose processes end with it, also when it is left early (Ctrl-C, a signal)."""
    others = set(multiprocessing.active_children())
    # Spawned everywhere: the same on every system, and free of what this process has loaded.
    pool = ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), initializer=_begin)
    try:
        yield pool
    except BaseException:
        for child in set(multiprocessing.active_children()) - others:
            child.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _begin() -> None:
    """What a process does first."""
    _ignore_interrupt()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _ignore_interrupt() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _end_with_parent() -> None:
    """End this process when its parent is gone: one that was killed has not ended it, and it would wait for ever."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


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
