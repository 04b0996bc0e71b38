"""A run that somebody's function shares a process with: the function can neither end it nor take its streams.

What is not Python can end the process all the same: `_exit` of the C library is not seen, and of a crash Python's
`faulthandler` says where.
"""

from __future__ import annotations

import faulthandler
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

# What ends a process, or puts another program in its place, at once: no output is written, nothing is told.
ENDING = ("_exit", "execv", "execve")
# Where `os` has them from, and somebody else may too.
_SYSTEM = os.name
_STREAMS = {"stdout": 1, "stderr": 2}


class LentStream:
    """A stream that whoever has it cannot close."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def close(self) -> None:
        """Leave it open: it is not theirs."""


@contextmanager
def undisturbed() -> Iterator[None]:
    """In the block this process is not ended by Python code, and what is printed goes to standard error.

    After it the streams are what they were. A process that was forked from this one in the block ends with it.
    """
    process = os.getpid()
    with ExitStack() as kept:
        for module in (os, sys.modules[_SYSTEM]):
            for name in ENDING:
                kept.callback(setattr, module, name, getattr(module, name))
                setattr(module, name, _refusing(getattr(module, name), name, process))
        for name, number in _STREAMS.items():
            kept.callback(setattr, sys, name, getattr(sys, name))
            _keep_descriptor(kept, number)
        if not faulthandler.is_enabled():
            faulthandler.enable(_STREAMS["stderr"], all_threads=False)
            kept.callback(faulthandler.disable)
        sys.stdout = sys.stderr = LentStream(sys.stderr)  # type: ignore[assignment]
        try:
            yield
        finally:
            end_if_forked(process)


def end_if_forked(process: int) -> None:
    """End this process where it is not the one of this number but a copy of it, which has nothing more to do."""
    if os.getpid() != process:
        os._exit(0)


def _refusing(function: Callable[..., Any], name: str, process: int) -> Callable[..., Any]:
    """The function, which raises in this process and does what it did in one that was forked from it."""

    def refused(*arguments: Any) -> Any:
        if os.getpid() != process:
            return function(*arguments)
        raise SystemExit(f"it called os.{name}, which would have ended the run without a word")

    return refused


def _keep_descriptor(kept: ExitStack, number: int) -> None:
    with suppress(OSError):  # there is none: started without it
        copy = os.dup(number)
        kept.callback(os.close, copy)
        kept.callback(os.dup2, copy, number, inheritable=True)
