"""A shard: some blocks of one theorem's run, examined by whatever process is given it."""

from __future__ import annotations

import gc
import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from functools import partial

from lean_refs import import_twin, load_pin, twin_module
from theorems.engine.blocks import Drawing, examine_block
from theorems.engine.checking import planned, simplified
from theorems.engine.choices import Choices
from theorems.engine.codec import decode, encode
from theorems.engine.counts import Counts, add_up
from theorems.engine.theorem import Theorem, registered
from theorems.tools.output.faults import in_one_line

_ONE_AT_A_TIME = threading.Lock()  # FLINT has one working precision for all threads of a process


@dataclass(frozen=True, slots=True)
class Shard:
    """Blocks `first` to `stop` of the run of a theorem under a profile, from a seed, of so many examples.

    With `shrink` a failure is a plain instance that fails alike, else the first one that was drawn.
    """

    theorem: str
    profile: str
    seed: int
    examples: int
    first: int
    stop: int
    shrink: bool = False

    @property
    def drawing(self) -> Drawing:
        """The run that it is of."""
        return planned(self.examples, self.seed, self.profile)


@dataclass(frozen=True, slots=True)
class Examined:
    """What was counted in a shard, its wall time and its processor's, in seconds; or the error that ended it.

    `choices` are those behind a failure that was shrunk, as Hypothesis saves them.
    """

    counts: Counts = field(default_factory=Counts)
    seconds: float = 0.0
    processor_seconds: float = 0.0
    error: str = ""
    choices: tuple[bytes, ...] = ()

    @property
    def ends(self) -> bool:
        """Whether nothing after it counts: it failed, or has no counts."""
        return bool(self.error) or self.counts.failure is not None


def examine(shard: Shard) -> Examined:
    """Examine a shard in this process, which imports only the twin of the theorem's Lean file and what is below it.

    A failing instance is encoded: it crosses to another process as the plain data that a replay file holds.
    """
    with _ONE_AT_A_TIME:
        wall, processor = time.perf_counter(), time.thread_time()
        choices: set[bytes] = set()
        try:
            counts = _counted(_imported(shard.theorem), shard, choices)
            if counts.failure:
                counts.failure = replace(counts.failure, case=encode(dict(counts.failure.case)))
        except Exception as error:
            return Examined(error=in_one_line(error))
        seconds = time.perf_counter() - wall, time.thread_time() - processor
        return Examined(counts, *seconds, choices=tuple(sorted(choices)))


def _imported(name: str) -> Theorem:
    if name not in registered():
        import_twin(f"theorems.{twin_module(load_pin().declarations[name].file)}")
        gc.freeze()  # what is imported stays; looking through it again and again takes 6 % of a run
    return registered()[name]


def _counted(theorem: Theorem, shard: Shard, choices: set[bytes]) -> Counts:
    database = Choices(choices) if shard.shrink else None
    examined = partial(examine_block, theorem, shard.drawing, shrink=shard.shrink, database=database)
    counts = add_up(map(examined, range(shard.first, shard.stop)))
    if counts.failure and shard.shrink:
        counts.failure = simplified(theorem, counts.failure)
    return counts


def received(shard: Shard, future: Future[Examined]) -> tuple[Shard, Examined]:
    """A shard with what was examined, the failing instance decoded; an exception of its process is an error."""
    try:
        found = future.result()
    except Exception as error:
        return shard, Examined(error=in_one_line(error))
    if failure := found.counts.failure:
        found.counts.failure = replace(failure, case=decode(failure.case))
    return shard, found


def lost(shard: Shard, why: str) -> tuple[Shard, Examined]:
    """A shard whose process ended without an answer."""
    return shard, Examined(error=why)
