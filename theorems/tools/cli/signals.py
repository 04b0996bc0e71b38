"""Signals that end a run: it unwinds as on Ctrl-C, so that its processes end and nothing half done is left."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

# Windows has no SIGHUP, and nobody there to send the other.
NUMBERS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))


class Stopped(KeyboardInterrupt):
    """A signal asked the run to end. It is no `SystemExit`: Hypothesis would take that for a failing example."""

    def __init__(self, number: int) -> None:
        super().__init__(f"stopped by {signal.Signals(number).name}")
        self.exit_code = 128 + number


@contextmanager
def stoppable() -> Iterator[None]:
    """`Stopped` is raised at the first signal of `NUMBERS`; what the caller ignores or handles stays as it is."""
    if threading.current_thread() is not threading.main_thread():  # which alone may set handlers
        yield
        return
    ours = [number for number in NUMBERS if signal.getsignal(number) is signal.SIG_DFL]
    for number in ours:
        signal.signal(number, _stop)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)


def _stop(number: int, frame: Any) -> NoReturn:
    for other in NUMBERS:
        if signal.getsignal(other) is _stop:  # a second one does not interrupt the unwinding
            signal.signal(other, signal.SIG_IGN)
    raise Stopped(number)
