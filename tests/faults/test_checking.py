"""Every deliberate fault of the checking is seen by its owner, which this suite runs without the fault as well."""

from __future__ import annotations

import re

import pytest

from tests.faults.checking.catalogue import CHECKING
from tests.faults.checking.fault import CheckingFault, blunt, seen
from tests.faults.test_faults import untraced

pytestmark = pytest.mark.usefixtures(untraced.__name__)
JUDGE = "theorems.engine.evidence.verdicts:judge"


@pytest.mark.parametrize("fault", CHECKING, ids=lambda f: f.name)
def test_a_fault_of_the_checking_is_seen_by_its_owner(fault: CheckingFault) -> None:
    assert seen(fault, control=False), f"{fault.owner} does not see {fault.name!r}"


def test_names_are_distinct_and_many() -> None:
    assert len({f.name for f in CHECKING}) == len(CHECKING) >= 70


@pytest.mark.parametrize(
    "owner",
    ["tests/engine/evidence/test_verdicts.py::test_bounds", "gelu: derivative without the 3"],
)
def test_a_fault_that_changes_nothing_is_not_seen(owner: str) -> None:
    assert not seen(blunt("no change", owner, JUDGE, lambda original: original))


def test_an_owner_that_is_no_test_is_named() -> None:
    owner = "tests/engine/evidence/test_verdicts.py::test_nothing_at_all"
    with pytest.raises(LookupError, match=f"^{re.escape(owner)} cannot be run as a test:\n"):
        seen(blunt("no change", owner, JUDGE, lambda original: original))
