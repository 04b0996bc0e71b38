"""Signals that end a run: it unwinds as on Ctrl-C, so that its processes end and nothing half done is left."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

# Windows has no SIGHUP, and nobody there to send the other.
NUMBERS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))

# Seconds that a wait may last at a time: a signal that comes just before a thread falls asleep does not wake it, and
# its exception is raised when it is awake.
HEARD_WITHIN = 1.0


class Stopped(KeyboardInterrupt):
    """A signal asked the run to end. It is no `SystemExit`: Hypothesis would take that for a failing example."""

    def __init__(self, number: int) -> None:
        super().__init__(f"stopped by {signal.Signals(number).name}")
        self.exit_code = 128 + number


@contextmanager
def stoppable() -> Iterator[None]:
    """`Stopped` is raised at the first signal of `NUMBERS`; what the caller ignores or handles stays as it is.

    A second one ends the process at once.
    """
    if threading.current_thread() is not threading.main_thread():  # which alone may set handlers
        yield
        return
    ours = [number for number in NUMBERS if signal.getsignal(number) is signal.SIG_DFL]
    for number in ours:
        signal.signal(number, _stop)
    try:
        yield
    finally:
        _leave(ours)


def _stop(number: int, frame: Any = None) -> NoReturn:
    _leave(_heard())
    raise Stopped(number)


def _heard() -> list[int]:
    return [number for number in NUMBERS if signal.getsignal(number) is _stop]


def _leave(numbers: Iterable[int]) -> None:
    for number in numbers:
        signal.signal(number, signal.SIG_DFL)


@contextmanager
def starting_processes() -> Iterator[None]:
    """Start processes in the block: a signal waits for its end, or it could leave a lock of theirs closed for ever.

    Ctrl-C is kept from the processes. A terminal interrupts the whole group; the parent alone answers, and ends the
    others. What they do themselves comes too late for what interrupts them while they import, and Windows inherits
    nothing.
    """
    arrived: list[int] = []
    ours, interrupt = _heard(), signal.signal(signal.SIGINT, signal.SIG_IGN)
    for number in ours:
        signal.signal(number, lambda number, frame: arrived.append(number))
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, _stop)
        signal.signal(signal.SIGINT, interrupt)
    if arrived:
        _stop(arrived[0])
