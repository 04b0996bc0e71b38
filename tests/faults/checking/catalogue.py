"""All deliberate faults of the checking: those that are written one by one, and those of the wiring of theorems."""

from __future__ import annotations

from tests.faults.checking.accepting import ACCEPTING
from tests.faults.checking.counting import COUNTING
from tests.faults.checking.evidence import EVIDENCE
from tests.faults.checking.fault import CheckingFault, unseen
from tests.faults.checking.hypotheses import HYPOTHESES
from tests.faults.checking.locating import LOCATING
from tests.faults.checking.reporting import REPORTING
from tests.faults.checking.strategies import STRATEGIES
from tests.faults.checking.wiring.catalogue import WIRING
from tests.faults.checking.wiring.maps import MAPS

CHECKING: tuple[CheckingFault, ...] = (
    *(*STRATEGIES, *EVIDENCE, *HYPOTHESES, *LOCATING),
    *(*MAPS, *COUNTING, *ACCEPTING, *REPORTING),
)


def every_fault() -> dict[str, CheckingFault]:
    """All of them by name, those of the wiring of each theorem last."""
    return {f.name: f for f in (*CHECKING, *(f for faults in WIRING.values() for f in faults))}


def unseen_by_name(names: list[str]) -> list[str]:
    """Those of the named faults that their owners do not see (a name crosses processes, a fault cannot)."""
    everything = every_fault()
    return [f.name for f in unseen(everything[name] for name in names)]
