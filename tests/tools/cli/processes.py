"""Programs that start processes, and whether those are gone. Everything is polled: a busy machine takes its time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PATIENCE = 120  # seconds, on a machine that does much else


def wait_until(holds: Callable[[], bool], what: str) -> None:
    """Poll; raises `AssertionError` after a long while."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, f"not within {PATIENCE} s: {what}"
        time.sleep(0.02)


def is_gone(number: int) -> bool:
    """Whether a process has ended; one that nobody has waited for yet has."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return True
    try:
        stat = Path(f"/proc/{number}/stat").read_text("utf-8")
    except OSError:  # no Linux, or it has ended just now
        return False
    return stat.rpartition(")")[2].split()[0] in "ZX"


@contextmanager
def running(program: str, folder: Path) -> Iterator[tuple[subprocess.Popen[str], list[int]]]:
    """A Python program that is given a folder, and the processes whose numbers it has written to `started` there.

    All of them are a group of their own, as in a terminal.
    """
    command = [sys.executable, "-c", program, str(folder)]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    numbers = [process.pid]
    try:
        wait_until(lambda: (folder / "started").exists() or process.poll() is not None, "it starts its processes")
        children = [int(number) for number in (folder / "started").read_text("utf-8").split()]
        numbers += children
        yield process, children
    finally:
        for number in numbers:
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        process.communicate()
