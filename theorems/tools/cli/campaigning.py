"""A campaign as it runs: the shards that its record lacks, shared out until the goal is reached."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from theorems.engine.checking import report_of
from theorems.engine.theorem import Theorem
from theorems.tools.campaigns.plan import CampaignPlan
from theorems.tools.campaigns.record import CampaignRecord, key
from theorems.tools.campaigns.shard import Examined, Shard, examine, lost, received
from theorems.tools.campaigns.store import FailureStore
from theorems.tools.campaigns.summary import Summary, summary
from theorems.tools.cli.failures import keep_failures
from theorems.tools.cli.pools import Work, Workers, shared_out
from theorems.tools.reports.outcomes import Outcome


@dataclass(frozen=True)
class Campaign:
    """The theorems, the plan, the record, after how many seconds of all its runs together it ends, if it does, and
    where failures are stored."""

    theorems: Sequence[Theorem]
    plan: CampaignPlan
    record: CampaignRecord
    seconds: float | None = None
    store: FailureStore | None = None
    errors: dict[str, str] = field(default_factory=dict)
    _failed: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for (name, seed, _), data in self.record.done.items():
            if data["failure"]:
                self._fails(name, seed)

    def run(self, workers: Workers, ended: Callable[[int], None]) -> None:
        """Run until the goal is reached; `ended` is told how many instances each shard had."""
        by_name = {theorem.name: theorem for theorem in self.theorems}
        for shard, examined in shared_out(self._wanted(), Work(examine, (), received, lost), workers):
            if examined.error:
                self.errors[shard.theorem] = examined.error
                continue
            self.record.add(by_name[shard.theorem], shard, examined)
            if examined.counts.failure:
                self._fails(shard.theorem, shard.seed)
                self._keep(by_name[shard.theorem], shard, examined)
            ended(examined.counts.tried)

    def _keep(self, theorem: Theorem, shard: Shard, examined: Examined) -> None:
        """Store a failure at once: the campaign may go on for hours."""
        report = report_of(theorem, shard.drawing, examined.counts, shard.profile, examined.seconds)
        list(keep_failures([Outcome(theorem.name, report, choices=examined.choices)], self.store))

    def summary(self) -> Summary:
        """What the record holds of the plan."""
        return summary(self.theorems, self.plan, self.record.done, self.errors, self.record.elapsed)

    def _fails(self, name: str, seed: int) -> None:
        self._failed[name] = min(seed, self._failed.get(name, seed))

    def _wanted(self) -> Iterator[Shard]:
        """The shards that are still to be examined: none after a failure of their theorem, or an error."""
        for shard in self.plan.shards():
            if self._is_over():
                return
            after_failure = shard.seed > self._failed.get(shard.theorem, shard.seed)
            if not after_failure and shard.theorem not in self.errors and key(shard) not in self.record.done:
                yield shard

    def _is_over(self) -> bool:
        late = self.seconds is not None and self.record.elapsed >= self.seconds
        return late or all(name in self._failed or name in self.errors for name in self.plan.theorems)
