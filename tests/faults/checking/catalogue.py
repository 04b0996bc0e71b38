"""All deliberate faults of the checking."""

from __future__ import annotations

from tests.faults.checking.accepting import ACCEPTING
from tests.faults.checking.counting import COUNTING
from tests.faults.checking.evidence import EVIDENCE
from tests.faults.checking.fault import CheckingFault, unseen
from tests.faults.checking.locating import LOCATING
from tests.faults.checking.reporting import REPORTING
from tests.faults.checking.strategies import STRATEGIES

CHECKING: tuple[CheckingFault, ...] = (*STRATEGIES, *EVIDENCE, *LOCATING, *COUNTING, *ACCEPTING, *REPORTING)


def unseen_by_name(names: list[str]) -> list[str]:
    """Those of the named faults that their owners do not see (a name crosses processes, a fault cannot)."""
    return [f.name for f in unseen(f for f in CHECKING if f.name in names)]
