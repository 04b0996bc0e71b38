"""A check in shards: theorem by theorem, the slow ones first, and each block of a theorem for whoever is free."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from theorems.engine.checking import planned, report_of
from theorems.engine.counts import add_up
from theorems.engine.theorem import Theorem
from theorems.tools.campaigns.shard import Examined, Shard, examine, lost, received
from theorems.tools.cli.pools import Work, Workers, processes, shared_out, this_process
from theorems.tools.reports.outcomes import Outcome
from theorems.tools.weights import weight


@dataclass(frozen=True, slots=True)
class Plan:
    """What every theorem of a run is given: the profile's name, the seed, and how many instances."""

    profile: str
    seed: int
    examples: int | None = None


def run(theorems: Sequence[Theorem], plan: Plan, jobs: int, workers: Workers | None = None) -> Iterator[Outcome]:
    """The outcome of each theorem, as they end; one job runs in this process, more or other `workers` in theirs.

    Numbers depend on neither. An exception of the machinery becomes an outcome without report.
    """
    runs = {theorem.name: _Run(theorem, plan) for theorem in ordered(theorems)}
    blocks = sum(len(each.drawing.blocks) for each in runs.values())
    workers = workers or local(min(jobs, blocks))
    failing: list[_Run] = []
    for shard, examined in _examined(chain.from_iterable(each.shards() for each in runs.values()), workers):
        each = runs[shard.theorem]
        if each.take(shard.first, examined):
            if each.fails:
                failing.append(each)
            else:
                yield each.outcome()
    # Only now: of several blocks that fail the first counts, and to shrink takes much longer than to examine.
    for shard, examined in _examined((each.again() for each in failing), workers):
        each = runs[shard.theorem]
        each.replace_last(examined)
        yield each.outcome()


def _examined(shards: Iterable[Shard], workers: Workers) -> Iterator[tuple[Shard, Examined]]:
    return shared_out(shards, Work(examine, (), received, lost), workers)


def ordered(theorems: Iterable[Theorem]) -> list[Theorem]:
    """The slow ones first: those with many hypotheses, then those that rest on much."""
    return sorted(theorems, key=lambda t: (-len(t.hypotheses), -weight(t.name)))


def local(jobs: int) -> Workers:
    """Processes of this machine; one is this process."""
    return this_process() if jobs < 2 else processes(jobs)


class _Run:
    """The run of one theorem: what has been examined of its blocks, and which is the last that counts."""

    def __init__(self, theorem: Theorem, plan: Plan) -> None:
        self.theorem, self.plan = theorem, plan
        self.drawing = planned(plan.examples, plan.seed, plan.profile)
        self._last = self.drawing.blocks[-1]
        self._next = 0  # the first block that is still to come
        self._found: dict[int, Examined] = {}

    def shards(self) -> Iterator[Shard]:
        """Each block, until one is known to end the run."""
        for number in self.drawing.blocks:
            if number > self._last:
                return
            yield self._shard(number)

    def _shard(self, number: int, *, shrink: bool = False) -> Shard:
        drawing = self.drawing
        return Shard(self.theorem.name, self.plan.profile, drawing.seed, drawing.examples, number, number + 1, shrink)

    def take(self, number: int, examined: Examined) -> bool:
        """Keep what a block showed; whether all blocks that count are there now, where they were not before."""
        if number > self._last:
            return False
        self._found[number] = examined
        if examined.ends:
            self._last = number
        while self._next in self._found:
            self._next += 1
        return self._next > self._last

    @property
    def fails(self) -> bool:
        """Whether the last block that counts has a failure."""
        return self._found[self._last].counts.failure is not None

    def again(self) -> Shard:
        """The last block, with its failure shrunk."""
        return self._shard(self._last, shrink=True)

    def replace_last(self, examined: Examined) -> None:
        """The last block as it was examined again; one that fails no more, by whatever accident, stays as it was."""
        if examined.ends:
            self._found[self._last] = examined

    def outcome(self) -> Outcome:
        """The report of the blocks that count, added up; or the error that ended them."""
        found = [self._found[number] for number in range(self._last + 1)]
        if found[-1].error:
            return Outcome(self.theorem.name, error=found[-1].error)
        counts, seconds = add_up(each.counts for each in found), sum(each.seconds for each in found)
        report = report_of(self.theorem, self.drawing, counts, self.plan.profile, seconds)
        return Outcome(self.theorem.name, report, choices=found[-1].choices)
