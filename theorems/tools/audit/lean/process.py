"""A program with a time limit, which ends together with everything that it started."""

from __future__ import annotations

import os
import select
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import IO

_MOMENT = 0.05  # seconds between two looks at whether a silent program is over


@dataclass(slots=True)
class Running:
    """A program as it runs: the lines of its output as they come, and once it is over whether its limit ended it."""

    process: subprocess.Popen[bytes]
    lines: Iterator[str]
    late: bool = False


@contextmanager
def started(command: Sequence[str], folder: Path, words: IO[str], timeout: float) -> Iterator[Running]:
    """A program in `folder`, with `words` for its errors.

    Its output is a terminal, because into a pipe a program writes large blocks: at the limit the last would be lost.
    """
    read_end, write_end = _ends()
    try:
        process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=write_end, stderr=words, start_new_session=True
        )
    except BaseException:
        os.close(read_end)
        raise
    finally:
        os.close(write_end)
    running = Running(process, _lines(process, read_end))
    timer = Timer(timeout, lambda: (setattr(running, "late", True), _kill(process)))
    timer.start()
    try:
        yield running
        process.wait()
    finally:  # Ctrl-C too: Lean runs in a session of its own and would not hear of it
        timer.cancel()
        _kill(process)
        process.wait()
        os.close(read_end)


def _ends() -> tuple[int, int]:
    """Where output is read and where it is written: a terminal that changes no character, or a pipe on Windows."""
    try:
        import pty
        import tty
    except ImportError:  # pragma: no cover - Windows has no terminals of this kind
        return os.pipe()
    read_end, write_end = pty.openpty()
    tty.setraw(write_end)
    return read_end, write_end


def _lines(process: subprocess.Popen[bytes], read_end: int) -> Iterator[str]:
    """What a program writes; it ends with the program, though what that started may hold its output open."""
    rest = b""
    while True:
        over = process.poll() is not None
        ready, _, _ = select.select([read_end], [], [], 0 if over else _MOMENT)
        data = _read(read_end) if ready else b""
        *lines, rest = (rest + data).split(b"\n")
        yield from (line.decode("utf-8", "replace") for line in lines)
        if not data and (ready or over):
            break
    if rest:
        yield rest.decode("utf-8", "replace")


def _read(read_end: int) -> bytes:
    with suppress(OSError):  # Linux says so where nobody holds the other end any more
        return os.read(read_end, 1 << 16)
    return b""


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the process and what it started: `lake env` hands over to another program."""
    if hasattr(os, "killpg"):
        # The program may be over while what it started lives on: then so does its group.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    else:  # pragma: no cover - Windows has no process groups
        process.kill()
