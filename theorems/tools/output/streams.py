"""Standard output and standard error as the tools need them, whatever they can hold and whoever reads them."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout, suppress
from typing import TextIO

from theorems.tools.output.files import CannotWrite
from theorems.tools.output.signs import spelled


class Stream(io.TextIOBase):
    """A standard stream that takes every text, in its own encoding, and goes nowhere once it cannot be written.

    A reader that has left is no failure: what is still to come is for nobody. Where a stream that is needed fails
    otherwise, `CannotWrite` is raised under its `called`, and again whenever it is used: whoever is in between may
    swallow the first. It has no `buffer`: click would write UTF-8 there where the encoding is ASCII.
    """

    def __init__(self, stream: TextIO, called: str, *, needed: bool) -> None:
        self._stream, self._called, self._needed = stream, called, needed
        self._failure: CannotWrite | None = None

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding of the stream; UTF-8 where it has none, as a buffer of text has."""
        return self._stream.encoding or "utf-8"

    def write(self, text: str, /) -> int:
        """Write the text, with what the encoding lacks spelled out."""
        with self._writing():
            self._stream.write(spelled(text, self.encoding))
        return len(text)

    def flush(self) -> None:
        """Flush the stream."""
        with self._writing():
            self._stream.flush()

    def isatty(self) -> bool:
        """Whether the stream is a terminal."""
        return self._stream.isatty()

    def fileno(self) -> int:
        """The stream's descriptor; raises `OSError` where it has none."""
        return self._stream.fileno()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as why:
            self._let_go()
            if self._needed and not isinstance(why, BrokenPipeError):
                self._failure = CannotWrite(self._called, why)
        if self._failure:
            raise self._failure

    def _let_go(self) -> None:
        """Send what is held back, and all that comes, to nowhere: Python flushes it again when it ends."""
        with suppress(OSError), open(os.devnull, "wb") as null:
            os.dup2(null.fileno(), self._stream.fileno())


@contextmanager
def standard_streams() -> Iterator[None]:
    """Standard output and standard error that take every text; what is closed is written to nowhere.

    A run needs its standard output; what it says on standard error is lost silently where that fails.
    """
    _occupy()
    with ExitStack() as stack:
        null = stack.enter_context(open(os.devnull, "w", encoding="utf-8"))
        stack.enter_context(redirect_stdout(Stream(sys.stdout or null, "standard output", needed=True)))
        stack.enter_context(redirect_stderr(Stream(sys.stderr or null, "standard error", needed=False)))
        yield


def _occupy() -> None:
    """Open what is closed of 0, 1 and 2 to nowhere: else the next file has that number, and gets what is printed."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)
