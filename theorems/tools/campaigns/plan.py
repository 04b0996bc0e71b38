"""Which shards a campaign has, in which order: decided by the call alone, so that any process may go on with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count

from theorems.engine.blocks import BLOCK
from theorems.tools.campaigns.shard import Shard
from theorems.tools.output.counted import counted

LENGTH = 10 * BLOCK  # instances of a shard; the last of a theorem has what is left


class ImpossiblePlan(ValueError):
    """What is asked for cannot be shared out."""


@dataclass(frozen=True)
class CampaignPlan:
    """Theorems in the order of their shards, and how many instances there are in all; `least` of some theorems.

    Each round gives every theorem a shard, of the seed after that of the last round. With `cases` all theorems get the
    same number of instances, but for those whose `least` is more. Without there is no end, and what is least comes
    first.
    """

    theorems: Sequence[str]
    profile: str
    seed: int
    cases: int | None = None
    least: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def quotas(self) -> dict[str, int] | None:
        """How many instances each theorem has; None where there is no end.

        Raises `ImpossiblePlan` where the cases are fewer than what is least, or than one for each theorem.
        """
        if self.cases is None:
            return None
        least = {name: self.least.get(name, 1) for name in self.theorems}
        needed = sum(least.values())
        if self.cases < needed:
            asked = f"{counted(self.cases, 'case')} for {counted(len(least), 'theorem')}"
            raise ImpossiblePlan(f"{asked} is too few: {needed:,} are the least")
        level, over = _level(sorted(least.values()), self.cases)
        quotas = {name: max(level, floor) for name, floor in least.items()}
        for name in [name for name, floor in least.items() if floor <= level][:over]:
            quotas[name] += 1
        return quotas

    def length(self, name: str, number: int) -> int:
        """How many instances a theorem's shard of that number has; 0 where it has none."""
        return LENGTH if self.quotas is None else max(0, min(LENGTH, self.quotas[name] - number * LENGTH))

    def shard(self, name: str, number: int) -> Shard:
        """A theorem's shard of that number."""
        length = self.length(name, number)
        return Shard(name, self.profile, self.seed + number, length, 0, -(-length // BLOCK), shrink=True)

    def shards(self) -> Iterator[Shard]:
        """The shards, in order; raises `ImpossiblePlan` as `quotas` does."""
        first = self.least if self.quotas is None else self.quotas
        rounds = {name: -(-first.get(name, 0) // LENGTH) for name in self.theorems}
        for number in range(max(rounds.values())):
            yield from (self.shard(name, number) for name in self.theorems if number < rounds[name])
        for number in count() if self.quotas is None else ():
            yield from (self.shard(name, number) for name in self.theorems if number >= rounds[name])


def _level(floors: Sequence[int], cases: int) -> tuple[int, int]:
    """To what the lower of some sorted floors are raised, so that there are so many cases, and how many are over."""
    raised = len(floors)
    while True:
        level, over = divmod(cases - sum(floors[raised:]), raised)
        if level >= floors[raised - 1]:
            return level, over
        raised -= 1
