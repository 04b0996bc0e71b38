"""Pieces of work shared out to workers, each with an outcome, whatever happens to the process that does it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from itertools import islice
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar

from theorems.tools.campaigns.remote import UnusableWorkers
from theorems.tools.cli.signals import HEARD_WITHIN, starting_processes

K = TypeVar("K")
T = TypeVar("T")
R = TypeVar("R")
KILLED = "its process ended without an answer, twice (out of memory?)"
AHEAD = 4  # so many pieces of work wait for each process: it has the next one at once


@dataclass(frozen=True, slots=True)
class Work(Generic[K, T, R]):
    """What is done to a key, and how its outcome is received, or said to be lost with the reason."""

    do: Callable[..., T]
    arguments: tuple[Any, ...]
    received: Callable[[K, Future[T]], R]
    lost: Callable[[K, str], R]


@dataclass(frozen=True, slots=True)
class Workers:
    """Where work is done: whatever has the interface of `concurrent.futures`.

    `opened` gives so many workers as an executor, of which `submit`, its futures and `shutdown(wait)` are used. At most
    `waiting` pieces of work are with it at a time; each is submitted within `submitting`.
    """

    opened: Callable[[int], AbstractContextManager[Executor]]
    count: int
    waiting: int
    submitting: Callable[[], AbstractContextManager[None]] = starting_processes


class Here(Executor):
    """Does each piece of work in this process, as it is given."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """A future that has ended; what is no `Exception` is raised here, as an interrupt is."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


def this_process() -> Workers:
    """This process itself, which does one thing after the other."""
    return Workers(lambda _: Here(), 1, 1, nullcontext)


def processes(jobs: int) -> Workers:
    """So many processes of this machine."""
    return Workers(lambda count: pool(count), jobs, AHEAD * jobs)


def _nothing() -> None:
    """What is done meanwhile where nothing is."""


def in_processes(
    keys: Iterable[K], work: Work[K, T, R], jobs: int, meanwhile: Callable[[], None] = _nothing
) -> Iterator[R]:
    """The outcome of each key, from so many processes of this machine."""
    return shared_out(keys, work, processes(jobs), meanwhile)


def shared_out(
    keys: Iterable[K], work: Work[K, T, R], workers: Workers, meanwhile: Callable[[], None] = _nothing
) -> Iterator[R]:
    """The outcome of each key, as they end; the next keys are asked for when outcomes have been taken.

    One process that is killed breaks a pool for all keys that have not ended: these are run again. The second time
    each has a pool of its own, so that the one that cannot be run takes no other with it. `meanwhile` is done in this
    process once the others are at work.
    """
    ahead, alone = iter(keys), replace(workers, count=1)
    while lost := (yield from _in_one_pool(ahead, work, workers, meanwhile)):
        meanwhile = _nothing
        for key in lost:
            for _ in (yield from _in_one_pool(iter([key]), work, alone, _nothing)):
                yield work.lost(key, KILLED)


def _in_one_pool(
    keys: Iterator[K], work: Work[K, T, R], workers: Workers, meanwhile: Callable[[], None]
) -> Generator[R, None, list[K]]:
    """The outcomes of those that end; returns the keys of those that a broken pool has lost."""
    with workers.opened(workers.count) as executor:
        given = _Given(work, workers, executor)
        given.fill(keys)
        meanwhile()
        while given.pending:
            key, future = given.next()
            if _lost(future):
                given.lost.append(key)
            else:
                yield work.received(key, future)
            if not given.lost:
                given.fill(keys)
    return given.lost


def _lost(future: Future[Any]) -> bool:
    """Whether the process that did it has ended; raises `UnusableWorkers` where no other would do better."""
    if future.cancelled():  # not by us
        raise UnusableWorkers("the scheduler has gone, and what was with it is lost")
    if isinstance(error := future.exception(), UnusableWorkers):
        raise error
    return isinstance(error, BrokenExecutor)


class _Given(Generic[K, T, R]):
    """The work that an executor has been given: what has not ended, and the keys that it has lost."""

    def __init__(self, work: Work[K, T, R], workers: Workers, executor: Executor) -> None:
        self.work, self.workers, self.executor = work, workers, executor
        self.pending: dict[Future[T], K] = {}
        self.lost: list[K] = []
        self._ended: SimpleQueue[Future[T]] = SimpleQueue()

    def fill(self, keys: Iterator[K]) -> None:
        """Give it the next keys, as many as may wait; none after one that it has lost."""
        with self.workers.submitting():
            for key in islice(keys, self.workers.waiting - len(self.pending)):
                try:
                    future = self.executor.submit(self.work.do, key, *self.work.arguments)
                except BrokenExecutor:  # a process has ended while others are still to be given their keys
                    self.lost.append(key)
                    break
                self.pending[future] = key
                future.add_done_callback(self._ended.put)

    def next(self) -> tuple[K, Future[T]]:
        """The next that has ended."""
        # Not `as_completed`: it takes the lock of every future, and a signal could leave one of them closed.
        while True:
            with suppress(Empty):
                future = self._ended.get(timeout=HEARD_WITHIN)
                return self.pending.pop(future), future


@contextmanager
def pool(jobs: int) -> Iterator[ProcessPoolExecutor]:
    """A pool whose processes end with it, also when it is left early (Ctrl-C, a signal)."""
    others = set(multiprocessing.active_children())
    # Spawned everywhere: the same on every system, and free of what this process has loaded.
    made = ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), initializer=_begin)
    try:
        yield made
    except BaseException:
        for child in set(multiprocessing.active_children()) - others:
            child.terminate()
        raise
    finally:
        made.shutdown(cancel_futures=True)


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
