"""Every fault of the wiring of a theorem is seen by its owner, and every theorem refutes a fault of the mirror."""

from __future__ import annotations

import pytest

from tests.faults.checking.fault import CheckingFault, blunt, unseen
from tests.faults.checking.wiring.catalogue import WIRING, rewired
from tests.faults.checking.wiring.outside import OUTSIDE
from tests.faults.checking.wiring.owners import Audited, Itself, Labelled, Outside, Refuting, telling
from tests.faults.test_faults import untraced
from tests.faults.touchstones import touchstones
from theorems.engine.registry import theorems

pytestmark = pytest.mark.usefixtures(untraced.__name__)


@pytest.mark.unmeasured
@pytest.mark.parametrize("name", WIRING)
def test_a_wrongly_wired_theorem_is_seen(name: str) -> None:
    assert [f"{f.owner} does not see {f.name!r}" for f in unseen(WIRING[name], control=False)] == []


def test_every_theorem_has_its_faults_and_one_touchstone() -> None:
    assert list(WIRING) == list(theorems())
    assert touchstones().keys() == theorems().keys()
    assert len({f.name for faults in WIRING.values() for f in faults}) == sum(map(len, WIRING.values())) >= 500


@pytest.mark.parametrize(("theorem", "hypothesis"), OUTSIDE)
def test_an_instance_outside_a_hypothesis_is_rejected(theorem: str, hypothesis: str) -> None:
    assert Outside(theorem, hypothesis).passes()


NAME = "Proofs.Autograd.toVecT_dim_apply"
OWNERS = [Itself(NAME), Refuting(NAME), Audited(NAME), Labelled(NAME, "hmpos"), Outside(NAME, "hmpos")]


@pytest.mark.parametrize("owner", OWNERS, ids=str)
def test_a_theorem_that_is_wired_as_it_was_is_not_seen(owner: Itself) -> None:
    harmless = rewired(NAME, "is as it was", owner, lambda theorem: theorem)
    assert unseen([harmless]) == [harmless]


def test_a_theorem_that_refutes_no_touchstone_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    other: CheckingFault = blunt("another", Itself(NAME), "tests.faults.checking.wiring.owners:FEW", lambda few: few)
    monkeypatch.setattr("tests.faults.checking.wiring.owners.touchstones", lambda: {NAME: other})
    monkeypatch.setattr("tests.faults.checking.wiring.owners._TELLING", {})
    with pytest.raises(LookupError, match=r"toVecT_dim_apply does not refute 'another' on 25 instances"):
        telling(NAME)
