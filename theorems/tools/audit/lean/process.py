"""A program with a time limit, which ends together with everything that it started."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Timer
from typing import IO


@contextmanager
def started(
    command: Sequence[str], folder: Path, words: IO[str], timeout: float
) -> Iterator[tuple[subprocess.Popen[str], list[bool]]]:
    """A process in `folder` with `words` for its errors, and a list that is not empty once the limit has ended it."""
    late: list[bool] = []
    with subprocess.Popen(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=words,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
    ) as process:
        timer = Timer(timeout, lambda: (late.append(True), _kill(process)))
        timer.start()
        try:
            yield process, late
            process.wait()
        except BaseException:  # Ctrl-C: Lean runs in a session of its own and would not hear of it
            _kill(process)
            raise
        finally:
            timer.cancel()


def _kill(process: subprocess.Popen[str]) -> None:
    """End the process and what it started: `lake env` hands over to another program."""
    if hasattr(os, "killpg"):
        # The program may be over while what it started still holds its output open: then its group lives on.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    else:  # pragma: no cover - Windows has no process groups
        process.kill()
