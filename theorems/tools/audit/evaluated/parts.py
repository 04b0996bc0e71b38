"""A value in parts that can be compared: numbers, or data such as a shape; and two values part by part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from theorems.engine.evidence.verdicts import Claim, Equal, Holds


@dataclass(frozen=True, slots=True)
class ObservedNumbers:
    """Numbers of a value, and which they are, in words."""

    what: str
    entries: list[Any]

    def against(self, other: Any, _: str) -> Claim:
        """The claim that the other's are the same numbers."""
        return Equal(self.what, self.entries, other.entries)


@dataclass(frozen=True, slots=True)
class ObservedData:
    """What is the same or not: a count, a shape, a context; `counts` is 0 where it only says of what kind that is."""

    what: str
    value: Any
    counts: int = 1

    def against(self, other: Any, sides: str) -> Claim:
        """The claim that the other is the same."""
        return Holds(self.what, self.value == other.value, sides.format(self.value, other.value), self.counts)


Observed = ObservedNumbers | ObservedData
# A linear map of longer vectors is taken apart at one drawn vector: those are of instances that reach far.
LONGEST_BASIS = 24
LEAN_AND_MIRROR = "{} in Lean, {} in the mirror"
_NOTHING = ObservedData("nothing", None)


def alike(first: Iterable[Observed], second: Iterable[Observed], sides: str = LEAN_AND_MIRROR) -> Iterator[Claim]:
    """What must hold if these are the parts of one value; `sides` says in words what is found on either side."""
    for one, other in zip_longest(first, second, fillvalue=_NOTHING):
        if one.what == other.what:
            yield one.against(other, sides)
        else:
            yield Holds("the kind of value", False, sides.format(one.what, other.what))
            return
