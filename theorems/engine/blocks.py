"""A run in blocks: each draws its instances from a seed of its own, so that any process may examine any of them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from unittest import SkipTest

from hypothesis import Phase, given, seed, settings
from hypothesis.database import ExampleDatabase
from hypothesis.errors import Unsatisfiable

from theorems.engine.assessing import assess, fails_alike
from theorems.engine.case import Case
from theorems.engine.counts import Counts
from theorems.engine.draws import SETTINGS
from theorems.engine.provider import seeded
from theorems.engine.report import Failure
from theorems.engine.sizes import Sizes
from theorems.engine.theorem import Theorem

BLOCK = 25  # so many instances; the last block of a run has what is left


class TooFewInstances(RuntimeError):
    """A strategy gave fewer instances than were asked for: it filters too much, or chooses nothing."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """What all blocks of a run share: the seed, how large instances are, and how many there are."""

    seed: int
    sizes: Sizes
    examples: int

    @property
    def blocks(self) -> range:
        """The numbers of its blocks."""
        return range(-(-self.examples // BLOCK))

    def length(self, number: int) -> int:
        """How many instances a block has."""
        return min(BLOCK, self.examples - BLOCK * number)

    def seed_of(self, theorem: Theorem, number: int) -> int:
        """The seed of a block: two blocks, theorems or runs have nothing in common."""
        said = f"{self.seed} {theorem.name} {number}".encode()
        return int.from_bytes(blake2b(said, digest_size=8).digest())


class _Fails(AssertionError):
    """Tells Hypothesis to shrink."""


class _Broken(BaseException):
    """Carries a fault of what checks past Hypothesis, which would shrink the instance."""

    def __init__(self, fault: Exception) -> None:
        super().__init__()
        self.fault = fault


def examine_block(
    theorem: Theorem, drawing: Drawing, number: int, *, shrink: bool = True, database: ExampleDatabase | None = None
) -> Counts:
    """Examine one block of a run: the same theorem, drawing and number give the same instances.

    Without `shrink` a failure is the instance that was drawn. Its choices are saved in the database, of which nothing
    is read. Raises what a strategy raises, or what checks, and
    `TooFewInstances`.
    """
    start, length, counts = drawing.seed_of(theorem, number), drawing.length(number), Counts()
    phases = (Phase.generate, Phase.shrink) if shrink else (Phase.generate,)
    with seeded(start) as draws, suppress(_Fails):
        # Hypothesis builds the simplest instance before it draws, in every block: it counts in the first.
        again = 1 if number else 0

        @settings(SETTINGS, phases=phases, max_examples=length + again, database=database)
        @seed(start)  # for the shrinker, which is Hypothesis's own; it takes the database from the settings before it
        @given(theorem.instances(drawing.sizes))
        def examine(case: Case) -> None:
            if counts.failure is None and (counts.tried == length or (again and not draws.begun)):
                return
            _examine(theorem, case, counts)

        _unbroken(examine)
    if counts.failure is None and counts.tried < length:
        raise TooFewInstances(
            f"the strategy of {theorem.name} gave {counts.tried} of {length} instances: it filters, or chooses nothing"
        )
    return counts


def examine_saved(theorem: Theorem, sizes: Sizes, database: ExampleDatabase) -> Counts:
    """Examine again what choices in a database give, up to the first that fails; it is shrunk.

    Choices that a strategy has outlived give another instance, or none. Raises as `examine_block`, but for too few.
    """
    counts = Counts()
    with suppress(_Fails, SkipTest, Unsatisfiable):  # the last two where no choices give an instance

        @settings(SETTINGS, phases=(Phase.reuse, Phase.shrink), database=database)
        @seed(0)  # where a strategy asks for more choices than were saved
        @given(theorem.instances(sizes))
        def examine(case: Case) -> None:
            _examine(theorem, case, counts)

        _unbroken(examine)
    return counts


def _examine(theorem: Theorem, case: Case, counts: Counts) -> None:
    """Examine one instance into the counts; once one has failed, the shrinker's are looked at but not counted."""
    try:
        judgement = assess(theorem, case)
        if counts.failure is None:
            counts.add(theorem, case, judgement)
            failing = counts.failure is not None
        else:
            failing = fails_alike(case, judgement, counts.failure.judgement)
    except Exception as error:
        raise _Broken(error) from None
    if failing:
        # Hypothesis runs the shrunk instance last, so this ends up holding it.
        counts.failure = Failure(case, judgement)
        raise _Fails


def _unbroken(examine: Callable[[], None]) -> None:
    """Run it, and raise the fault that it carries as it was."""
    try:
        return examine()
    except _Broken as broken:
        fault = broken.fault
    raise fault
