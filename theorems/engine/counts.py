"""What is counted of the instances that a run examines, and how the counts of its blocks are added up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from theorems.engine.assessing import fails
from theorems.engine.case import FULL_JACOBIAN, Case
from theorems.engine.codec import fingerprint
from theorems.engine.evidence.verdicts import Judgement, Verdict, worst
from theorems.engine.report import Failure
from theorems.engine.theorem import Theorem
from theorems.engine.traits import traits, widths


@dataclass(slots=True)
class Counts:
    """What was counted, up to and with the first instance that fails; see `Report`."""

    tried: int = 0
    seen: set[bytes] = field(default_factory=set)
    accepted: int = 0
    empty: int = 0
    boundary: int = 0
    compared: int = 0
    full: int = 0
    width: float = 0.0
    verdict: Verdict = Verdict.EQUAL
    traits: Counter[str] = field(default_factory=Counter)
    failure: Failure | None = None

    def add(self, theorem: Theorem, case: Case, judgement: Judgement) -> None:
        """Count one instance."""
        self.tried += 1
        digest = fingerprint(case)
        self.seen.add(digest)
        if fails(case, judgement):
            self.failure = Failure(case, judgement)
            return
        self.traits.update(traits(theorem, case, digest))
        if not judgement.verdict.passes:
            self.boundary += 1
        elif judgement.empty:
            self.empty += 1
        else:
            self.accepted += 1
            self.compared += judgement.compared
            self.full += bool(case.get(FULL_JACOBIAN))
            self.width = max(self.width, judgement.width)
            self.traits.update(widths(judgement.width))
            self.verdict = worst((self.verdict, judgement.verdict))

    def add_block(self, block: Counts) -> None:
        """Count the instances of a later block."""
        self.tried += block.tried
        self.seen |= block.seen
        self.accepted += block.accepted
        self.empty += block.empty
        self.boundary += block.boundary
        self.compared += block.compared
        self.full += block.full
        self.width = max(self.width, block.width)
        self.verdict = worst((self.verdict, block.verdict))
        self.traits.update(block.traits)
        self.failure = block.failure


def add_up(blocks: Iterable[Counts]) -> Counts:
    """The counts of a run from those of its blocks, in order; nothing after the first failing block counts."""
    total = Counts()
    for block in blocks:
        total.add_block(block)
        if total.failure:
            break
    return total
