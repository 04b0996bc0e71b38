"""All deliberate faults of the checking."""

from __future__ import annotations

from tests.faults.checking.accepting import ACCEPTING
from tests.faults.checking.counting import COUNTING
from tests.faults.checking.evidence import EVIDENCE
from tests.faults.checking.fault import CheckingFault, seen
from tests.faults.checking.locating import LOCATING
from tests.faults.checking.reporting import REPORTING

CHECKING: tuple[CheckingFault, ...] = (*EVIDENCE, *LOCATING, *COUNTING, *ACCEPTING, *REPORTING)


def seen_by_name(name: str) -> bool:
    """Whether the fault of that name is seen by its owner (a name crosses processes, a fault cannot)."""
    (found,) = (f for f in CHECKING if f.name == name)
    return seen(found)
