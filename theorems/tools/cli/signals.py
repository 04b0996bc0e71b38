"""Signals that end a run: it unwinds as on Ctrl-C, so that its processes end and nothing half done is left."""

from __future__ import annotations

import _thread
import signal
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

# Windows has no SIGHUP, and nobody there to send the other.
NUMBERS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))

# Seconds that a wait may last at a time: a signal that comes just before a thread falls asleep does not wake it, and
# its exception is raised when it is awake.
HEARD_WITHIN = 1.0
# Seconds until a signal is sent again whose exception was lost.
AGAIN = 0.05
# Windows has no such function; there a wait of the main thread goes on.
_send = getattr(signal, "pthread_kill", lambda thread, number: _thread.interrupt_main(number))


class Stopped(KeyboardInterrupt):
    """A signal asked the run to end. It is no `SystemExit`: Hypothesis would take that for a failing example."""

    def __init__(self, number: int) -> None:
        super().__init__(f"stopped by {signal.Signals(number).name}")
        self.number, self.exit_code = number, 128 + number


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
    before, sys.unraisablehook = sys.unraisablehook, _lost
    try:
        yield
    finally:
        sys.unraisablehook = before
        _leave(ours)


def _stop(number: int, frame: Any = None) -> NoReturn:
    _leave(_heard())
    raise Stopped(number)


def _lost(unraisable: Any) -> None:
    """Send a signal again whose exception Python has swallowed, as that of JAX's callback of the collector."""
    why = unraisable.exc_value
    if not isinstance(why, KeyboardInterrupt):
        sys.__unraisablehook__(unraisable)
        return
    number = signal.SIGINT
    if isinstance(why, Stopped):
        number = why.number
        signal.signal(number, _stop)
    threading.Timer(AGAIN, _send, (threading.main_thread().ident, number)).start()


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
