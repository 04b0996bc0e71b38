"""How much memory an instance of a shape takes, and how much there is."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from theorems.engine.strategies.jitted import Setting
from theorems.tools.conformance.target import WrongCall
from theorems.tools.output.counted import counted

# How many arrays of the size of the scores in float64 may be alive at once, in the bounds and in a plain kernel: an
# estimate, for what is hopeless at first sight.
_ARRAYS = 40
_GIB = 2**30
# Where a container says how much it may have; the second is that of older ones.
_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


def needed(shape: Setting) -> int:
    """About how many bytes it takes to examine one instance."""
    d = shape.dims
    scores = d.num_heads * d.seq_len**2
    rows = d.seq_len * max(d.d_model, d.d_ff, d.num_heads * d.head_dim)
    return 8 * _ARRAYS * (scores + rows)


def available() -> int | None:
    """How many bytes this process may have, of the machine or of its container; None where nobody says."""
    found = []
    if hasattr(os, "sysconf"):
        found.append(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    for path in _LIMITS:
        with suppress(OSError, ValueError):  # no container, or one without a limit: "max"
            found.append(int(Path(path).read_text(encoding="ascii")))
    return min(found, default=None)


def refuse_too_large(shape: Setting, instances: int = 1) -> None:
    """Raise `WrongCall` for a shape that takes more memory than there is, or whose instances of one row do."""
    room, takes = available(), needed(shape)
    drawn = instances * takes // _ARRAYS  # at least: all are drawn at once
    if room is not None and takes <= room < drawn:
        raise WrongCall(
            f"{counted(instances, 'instance')} of {shape.name} take at least {drawn / _GIB:,.0f} GiB of memory and "
            f"there are {room / _GIB:,.0f}: give fewer --instances"
        )
    if room is not None and takes > room:
        sizes = f"H = {shape.dims.num_heads}, n = {shape.dims.seq_len}"
        raise WrongCall(
            f"{shape.name} takes about {takes / _GIB:,.0f} GiB of memory and there are {room / _GIB:,.0f}: "
            f"the scores of {sizes} are H·n² numbers; give a smaller n"
        )
