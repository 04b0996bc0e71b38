"""When Python looks for objects that only refer to each other, to free them."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collecting() -> Iterator[None]:
    """A short call keeps most of what it makes: looking for the rest takes an eighth of its time, and frees little."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            # All of it counts as old from now on: else the first thing that happens is a look through it.
            gc.freeze()
            gc.unfreeze()
            gc.enable()
