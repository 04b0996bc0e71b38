"""How the process of a command ends, whatever the code of others has left at work in it."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from contextlib import suppress
from typing import NoReturn


def leave(code: int) -> NoReturn:
    """End the process with this code, at once where somebody's code is still at work in it.

    Python would wait without end for a thread or a process that does not end. And a thread that it does not wait for
    ends where it next asks for the interpreter; inside of C++, such as a compilation of XLA, that aborts the process.
    """
    if not _at_work():
        sys.exit(code)
    for process in multiprocessing.active_children():
        process.kill()
    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):  # closed, or nobody reads it
            stream.flush()
    os._exit(code)


def _at_work() -> bool:
    """Whether there are other processes of this one, or threads but those that say that they are not."""
    others = [thread for thread in threading.enumerate() if thread is not threading.current_thread()]
    return bool(multiprocessing.active_children()) or any(getattr(thread, "at_work", True) for thread in others)
