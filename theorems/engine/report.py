"""What a theorem's run showed, and when that is evidence."""

from __future__ import annotations

from dataclasses import dataclass, field

from theorems.engine.case import Case
from theorems.engine.evidence.verdicts import Judgement, Verdict

# At most this share of the instances may be left out: of what compares nothing, no fault can be seen.
MOST_LEFT_OUT = 0.15
# Of fewer instances the share says little: of five, one may be empty by chance.
SHARE_FROM = 100


@dataclass(frozen=True, slots=True)
class Failure:
    """A shrunk instance that does not pass, and why."""

    case: Case
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Report:
    """What a theorem's run showed.

    Of `tried` instances, `distinct` differ in a value; `accepted` satisfy every hypothesis and pass, `empty` too but
    nothing is compared for them, `boundary` are undecided at a boundary; a failing one is none of these, and ends
    the run. `ending` is the failing one's verdict, else the weakest of the accepted ones. `compared` counts the
    numbers and decided facts behind the accepted ones; `width` is the widest enclosure (0 where all was rational);
    `seconds` is wall time; `traits` says of how many that do not fail what `traits` tells.
    """

    theorem: str
    ending: Verdict
    arithmetic: str
    tried: int
    distinct: int
    accepted: int
    empty: int
    boundary: int
    compared: int
    full_jacobians: int
    width: float
    seconds: float
    seed: int
    examples: int
    profile: str
    failure: Failure | None = None
    traits: dict[str, int] = field(default_factory=dict)

    @property
    def repeats(self) -> int:
        """How many instances have the values of an earlier one."""
        return self.tried - self.distinct

    @property
    def left_out(self) -> int:
        """How many instances are no evidence although none of them fails: the empty ones, those at a boundary."""
        return self.empty + self.boundary

    @property
    def examined(self) -> bool:
        """Whether enough instances are evidence: one at least, and all but a stated share where there are many."""
        too_many = self.tried >= SHARE_FROM and self.left_out > MOST_LEFT_OUT * self.tried
        return self.accepted > 0 and not too_many

    @property
    def verdict(self) -> Verdict:
        """How the run ends: `vacuous` where no instance failed, but not enough of them are evidence."""
        is_evidence = self.examined and self.accepted == self.tried - self.left_out
        return Verdict.VACUOUS if self.ending.passes and not is_evidence else self.ending

    @property
    def passed(self) -> bool:
        """Whether no instance failed, all but those left out were accepted, and these were enough."""
        return self.verdict.passes
