"""Whose an exception is: the mirror's, which then is another function than Lean's, or a mistake of leanmirror."""

from __future__ import annotations

import traceback

from theorems.tools.audit.evaluated.matching import call_matched

_OURS = ("lean_refs", "mirror", "theorems")


def is_of_counterpart(error: Exception) -> bool:
    """Whether the mirror raised it: the innermost of our own functions is the mirror's, or calls a counterpart."""
    if isinstance(error, MemoryError):
        return False
    for frame, _ in reversed(list(traceback.walk_tb(error.__traceback__))):
        room = str(frame.f_globals.get("__name__")).partition(".")[0]
        if room in _OURS:
            return room == "mirror" or frame.f_code is call_matched.__code__
    return False
