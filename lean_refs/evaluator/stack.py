"""Room on Python's own stack for evaluation, which nests deeply."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from types import FunctionType
from typing import ParamSpec, TypeVar, cast

P = ParamSpec("P")
R = TypeVar("R")

# A little more than half of a power of two: what is left of the chunk that Python then takes holds the frames inside.
_SLOTS = (1 << 20) + (1 << 10)


def roomy(function: Callable[P, R]) -> Callable[P, R]:
    """The function, which has one chunk of memory for the frames of all that it calls.

    Python keeps frames in chunks of 16 KiB, of which it gives back the last as soon as a call in it returns. A loop
    whose calls cross the end of a chunk then asks the system for memory and gives it back at every turn: a hundred
    times slower, and evaluation is such a loop. A first frame that claims much room (8 MiB of addresses, no memory
    until it is used) makes Python take a chunk that holds everything.
    """

    def outermost(*args: P.args, **kwargs: P.kwargs) -> R:
        return function(*args, **kwargs)

    made = cast("FunctionType", outermost)
    made.__code__ = made.__code__.replace(co_stacksize=_SLOTS)
    return update_wrapper(outermost, function)
