"""Standard output and standard error as the tools need them, whatever they can hold and whoever reads them."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from typing import TextIO

from theorems.tools.output.signs import spelled


class Stream(io.TextIOBase):
    """A standard stream that takes every text, in its own encoding.

    It has no `buffer`: click would write UTF-8 there where the encoding is ASCII.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding of the stream; UTF-8 where it has none, as a buffer of text has."""
        return self._stream.encoding or "utf-8"

    def write(self, text: str, /) -> int:
        """Write the text, with what the encoding lacks spelled out."""
        self._stream.write(spelled(text, self.encoding))
        return len(text)

    def flush(self) -> None:
        """Flush the stream."""
        self._stream.flush()

    def isatty(self) -> bool:
        """Whether the stream is a terminal."""
        return self._stream.isatty()

    def fileno(self) -> int:
        """The stream's descriptor; raises `OSError` where it has none."""
        return self._stream.fileno()


@contextmanager
def standard_streams() -> Iterator[None]:
    """Standard output and standard error that take every text; what is closed is written to nowhere."""
    _occupy()
    with ExitStack() as stack:
        null = stack.enter_context(open(os.devnull, "w", encoding="utf-8"))
        stack.enter_context(redirect_stdout(Stream(sys.stdout or null)))
        stack.enter_context(redirect_stderr(Stream(sys.stderr or null)))
        yield


def _occupy() -> None:
    """Open what is closed of 0, 1 and 2 to nowhere: else the next file has that number, and gets what is printed."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)
