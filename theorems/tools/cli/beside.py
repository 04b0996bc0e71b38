"""Work for other processes while this one goes on: begun early, and taken when it is needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from functools import partial
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from theorems.tools.cli.pools import pool
from theorems.tools.cli.signals import HEARD_WITHIN, starting_processes

if TYPE_CHECKING:
    from theorems.tools.conformance.ahead import Begin


@contextmanager
def beside(processes: int, first: Callable[[], Any]) -> Iterator[Begin]:
    """What begins a call in one of so many processes, each of which makes the first call before.

    A call whose process is killed is made here; so its result depends on no process.
    """
    with pool(processes) as made:
        with starting_processes():
            for _ in range(processes):
                made.submit(first)
        yield partial(_begun, made)


def _begun(made: Executor, function: Callable[..., Any], *arguments: Any) -> Callable[[], Any]:
    here, ended = partial(function, *arguments), SimpleQueue[Future[Any]]()
    try:
        made.submit(function, *arguments).add_done_callback(ended.put)
    except BrokenProcessPool:
        return here

    def result() -> Any:
        future = _taken(ended)
        return here() if isinstance(future.exception(), BrokenProcessPool) else future.result()

    return result


def _taken(ended: SimpleQueue[Future[Any]]) -> Future[Any]:
    """The future that is put there; a signal is answered while it is waited for."""
    while True:
        with suppress(Empty):
            return ended.get(timeout=HEARD_WITHIN)
