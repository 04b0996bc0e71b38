"""Every deliberate fault of the checking is seen by its owner, which this suite runs without the fault as well."""

from __future__ import annotations

import re

import pytest

from tests.engine.strategies.shares import BLOCK
from tests.faults.checking.catalogue import CHECKING
from tests.faults.checking.fault import CheckingFault, blunt, place, unseen
from tests.faults.checking.strategies import shares_of
from tests.faults.test_faults import untraced

pytestmark = pytest.mark.usefixtures(untraced.__name__)
JUDGE = "theorems.engine.evidence.verdicts:judge"
BY_TESTS = sorted({place(f) for f in CHECKING} - {""})
BY_OTHERS = [f for f in CHECKING if not place(f)]


@pytest.mark.unmeasured
@pytest.mark.parametrize("file", BY_TESTS)
def test_faults_of_the_checking_are_seen_by_the_tests_that_own_them(file: str) -> None:
    owned = [f for f in CHECKING if place(f) == file]
    assert [f"{f.owner} does not see {f.name!r}" for f in unseen(owned, control=False)] == []


@pytest.mark.unmeasured
@pytest.mark.parametrize("fault", BY_OTHERS, ids=lambda f: f.name)
def test_a_fault_of_the_checking_is_seen_by_its_owner(fault: CheckingFault) -> None:
    assert not unseen([fault], control=False), f"{fault.owner} does not see {fault.name!r}"


def test_names_are_distinct_and_many() -> None:
    assert len({f.name for f in CHECKING}) == len(CHECKING) >= 120


@pytest.mark.parametrize(
    "owner",
    ["tests/engine/evidence/test_verdicts.py::test_bounds", "gelu: derivative without the 3"],
)
def test_a_fault_that_changes_nothing_is_not_seen(owner: str) -> None:
    fault = blunt("no change", owner, JUDGE, lambda original: original)
    assert unseen([fault]) == [fault]


def test_shares_that_nothing_spoils_notice_nothing() -> None:
    assert not shares_of(BLOCK, "a dense direction").notices()
    assert not shares_of(BLOCK, "a dense direction", "ε = 0").notices()


@pytest.mark.parametrize("name", ["test_nothing_at_all", "test_bound"])
def test_an_owner_that_is_no_test_is_named(name: str) -> None:
    owner = f"tests/engine/evidence/test_verdicts.py::{name}"
    with pytest.raises(LookupError, match=f"^{re.escape(owner)} cannot be run as a test:\n"):
        unseen([blunt("no change", owner, JUDGE, lambda original: original)])
