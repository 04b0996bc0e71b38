"""How the comparison of one definition or theorem ended."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from theorems.tools.output.counted import counted


class ComparisonEnding(Enum):
    """How a comparison ends."""

    SAME = "same function"
    DIFFERS = "differs"
    RAISED = "raises"
    NOT_EVALUATED = "not evaluated"
    ILL_TYPED = "ill-typed"  # which is not evaluated either: Lean would refuse the text
    FAILED = "failed"  # the machinery, which is no verdict
    MISSING = "missing"  # nothing to compare with where there must be something
    CORNER = "corner"


Ended = tuple[ComparisonEnding, str]
"""How one instance ended, and why."""


@dataclass(frozen=True, slots=True)
class FunctionComparison:
    """How one comparison ended: on how many instances that say something, or why it went no further.

    What is the same has in `why` what was seen besides. `silent` is why others say nothing, such as the corner of a
    total function, each reason once.
    """

    name: str
    ending: ComparisonEnding
    instances: int = 0
    why: str = ""
    silent: tuple[str, ...] = ()

    @property
    def in_words(self) -> str:
        """On how many instances, in words."""
        return counted(self.instances, "instance")
