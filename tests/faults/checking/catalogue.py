"""All deliberate faults of the checking."""

from __future__ import annotations

from tests.faults.checking.evidence import EVIDENCE
from tests.faults.checking.fault import CheckingFault
from tests.faults.checking.locating import LOCATING

CHECKING: tuple[CheckingFault, ...] = (*EVIDENCE, *LOCATING)
