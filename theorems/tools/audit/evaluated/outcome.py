"""How the comparison of one definition or theorem ended."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class ComparisonEnding(Enum):
    """How a comparison ends."""

    SAME = "same function"
    DIFFERS = "differs"
    RAISED = "raises"
    NOT_EVALUATED = "not evaluated"
    FAILED = "failed"  # the machinery, which is no verdict
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
