"""An unexpected exception in few lines: what a person needs for reporting it, the whole traceback on demand."""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
OURS = ("lean_refs", "mirror", "theorems")
WHOLE = "LEANMIRROR_TRACEBACK"  # set to anything but nothing, every traceback is shown whole
SHOWN = 6  # so many places of the traceback, the innermost


def in_one_line(error: BaseException) -> str:
    """The exception and the innermost place in our own modules; its whole traceback where `WHOLE` is set."""
    if os.environ.get(WHOLE):
        return "".join(traceback.format_exception(error)).rstrip()
    place = next(reversed(list(_places(error))), "")
    return f"{_said(error)} ({place})" if place else _said(error)


def report_lines(error: BaseException) -> Iterator[str]:
    """What the command says of a failure of its own, and what to do about it."""
    if os.environ.get(WHOLE):
        yield in_one_line(error)
    else:
        yield f"leanmirror: {_said(error)}"
        yield from (f"  at {place}" for place in list(_places(error))[-SHOWN:])
    yield "leanmirror itself failed; this is no verdict. Please report it, with these lines and `leanmirror --version`."
    if not os.environ.get(WHOLE):
        yield f"The whole traceback: set {WHOLE}=1 and run it again."


def _said(error: BaseException) -> str:
    """Type and message in one line."""
    return " ".join(f"{type(error).__name__}: {error}".split()).rstrip(" :")


def _places(error: BaseException) -> Iterator[str]:
    """`FILE:LINE in FUNCTION` of our own frames, the outermost first."""
    for frame in traceback.extract_tb(error.__traceback__):
        path = Path(frame.filename)
        if path.is_relative_to(ROOT) and path.relative_to(ROOT).parts[0] in OURS:
            yield f"{path.relative_to(ROOT).as_posix()}:{frame.lineno} in {frame.name}"
