"""What a campaign has shown: the shards of its plan, added up theorem by theorem."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from theorems.engine.blocks import Drawing
from theorems.engine.checking import report_of
from theorems.engine.counts import add_up
from theorems.engine.sizes import PROFILES
from theorems.engine.theorem import Theorem
from theorems.tools.campaigns.plan import CampaignPlan
from theorems.tools.campaigns.record import KeptShard, ShardKey, entry
from theorems.tools.campaigns.versions import deciding
from theorems.tools.reports.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class Summary:
    """The outcome of each theorem, its shards and the processor's seconds; nothing after a failure counts."""

    outcomes: Sequence[Outcome]
    shards: Mapping[str, int]
    processor_seconds: Mapping[str, float]
    elapsed: float

    @property
    def cases(self) -> int:
        """How many instances were examined."""
        return sum(outcome.report.tried for outcome in self.outcomes if outcome.report)

    def plain(self) -> dict[str, Any]:
        """What a JSON report says of a campaign besides what it says of every run."""
        return {
            "cases": self.cases,
            "shards": sum(self.shards.values()),
            "processor_seconds": round(sum(self.processor_seconds.values()), 3),
            "elapsed_seconds": round(self.elapsed, 3),
            "versions": deciding(),
            "theorems": {
                name: {"shards": count, "processor_seconds": round(self.processor_seconds[name], 3)}
                for name, count in self.shards.items()
            },
        }


def summary(
    theorems: Sequence[Theorem],
    plan: CampaignPlan,
    done: Mapping[ShardKey, Mapping[str, Any]],
    errors: Mapping[str, str],
    elapsed: float,
) -> Summary:
    """The summary of what a record holds of a plan, and of the errors of this run."""
    kept = {theorem.name: _kept(theorem.name, plan, done) for theorem in theorems}
    return Summary(
        [_outcome(theorem, plan, kept[theorem.name], errors.get(theorem.name, "")) for theorem in theorems],
        {name: len(entries) for name, entries in kept.items()},
        {name: sum(each.processor_seconds for each in entries) for name, entries in kept.items()},
        elapsed,
    )


def _kept(name: str, plan: CampaignPlan, done: Mapping[ShardKey, Mapping[str, Any]]) -> list[KeptShard]:
    """The shards of a theorem's plan in order, up to the first that fails."""
    found: list[KeptShard] = []
    for theorem, seed, examples in sorted(done):
        if theorem == name and seed >= plan.seed and examples == plan.length(name, seed - plan.seed):
            found.append(entry(done[theorem, seed, examples])[1])
            if found[-1].counts.failure:
                break
    return found


def _outcome(theorem: Theorem, plan: CampaignPlan, entries: Sequence[KeptShard], error: str) -> Outcome:
    counts = add_up(each.counts for each in entries)
    if error and counts.failure is None:
        return Outcome(theorem.name, error=error)
    # A failure is told with its shard, of which a check finds it again.
    seed, examples = (entries[-1].seed, entries[-1].examples) if counts.failure else (plan.seed, counts.tried)
    drawing = Drawing(seed, PROFILES[plan.profile].sizes, examples)
    seconds = sum(each.seconds for each in entries)
    return Outcome(theorem.name, report_of(theorem, drawing, counts, plan.profile, seconds))
