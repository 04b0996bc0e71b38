"""Named pieces of work in parallel processes, each with an outcome, whatever happens to its process."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar

from theorems.tools.cli.signals import HEARD_WITHIN, starting_processes

T = TypeVar("T")
KILLED = "its process ended without an answer, twice (out of memory?)"


@dataclass(frozen=True, slots=True)
class Work(Generic[T]):
    """What is done to a name in a process, and how its outcome is received, or said to be lost with the reason."""

    do: Callable[..., T]
    arguments: tuple[Any, ...]
    received: Callable[[str, Future[T]], T]
    lost: Callable[[str, str], T]


def _nothing() -> None:
    """What is done meanwhile where nothing is."""


def in_processes(
    names: Sequence[str], work: Work[T], jobs: int, meanwhile: Callable[[], None] = _nothing
) -> Iterator[T]:
    """One process that is killed breaks the pool for all names that have not ended: these are run again.

    The second time each has a pool of its own, so that the one that cannot be run takes no other with it. `meanwhile`
    is done in this process once the others are at work.
    """
    lost = yield from _in_one_pool(names, work, jobs, meanwhile)
    for name in lost:
        for _ in (yield from _in_one_pool([name], work, 1)):
            yield work.lost(name, KILLED)


def _in_one_pool(
    names: Sequence[str], work: Work[T], jobs: int, meanwhile: Callable[[], None] = _nothing
) -> Generator[T, None, list[str]]:
    """The outcomes of those that end; returns the names of those that a broken pool has lost."""
    lost: list[str] = []
    with pool(jobs) as processes:
        ended: SimpleQueue[Future[T]] = SimpleQueue()
        futures: dict[Future[T], str] = {}
        with starting_processes():
            for name in names:
                try:
                    futures[processes.submit(work.do, name, *work.arguments)] = name
                except BrokenProcessPool:  # a process has ended while others are still to be given their names
                    lost.append(name)
            for future in futures:
                future.add_done_callback(ended.put)
        meanwhile()
        # Not `as_completed`: it takes the lock of every future, and a signal could leave one of them closed.
        for future in _taken(ended, len(futures)):
            if isinstance(future.exception(), BrokenProcessPool):
                lost.append(futures[future])
            else:
                yield work.received(futures[future], future)
    return lost


def _taken(queue: SimpleQueue[Future[T]], count: int) -> Iterator[Future[T]]:
    """So many entries of a queue."""
    while count:
        with suppress(Empty):
            yield queue.get(timeout=HEARD_WITHIN)
            count -= 1


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
