"""Every deliberate fault is caught, by a theorem or by a definition test, against an unfaulted control."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

import pytest

from tests.faults.catalogue import EVERY, FAR, FAULTS
from tests.faults.fault import Fault, fault
from tests.faults.runner import catch, definition_tests, fails, nearest

# A theorem that notices a fault does so at once: as many faults were seen by one with so few instances as with the
# catalogue's.
FEW = 10


@pytest.fixture(autouse=True)
def untraced() -> Iterator[None]:
    """Other tests run these lines; measuring their coverage here once more would double the time."""
    tracer = sys.gettrace()
    sys.settrace(None)
    yield
    sys.settrace(tracer)


@pytest.mark.parametrize("broken", FAULTS, ids=lambda f: f.name)
def test_fault_is_caught(broken: Fault, record_property: Callable[[str, object], None]) -> None:
    caught = catch(broken, examples=FEW)
    record_property("fault", broken.name)
    record_property("caught by", ", ".join((*caught.theorems, *caught.tests)))
    assert caught, f"nothing catches {broken.name!r} in {broken.definition}"


@pytest.mark.parametrize("broken", FAR, ids=lambda f: f.name)
def test_a_fault_far_out_is_caught_by_its_definition_test(broken: Fault) -> None:
    tests = dict(definition_tests(broken.definition))
    far_out = {name: run for name, run in tests.items() if name.startswith("tests.test_far_out::")}
    assert any(fails(broken, name, run) for name, run in far_out.items()), f"none of {list(far_out)}"


def test_names_are_distinct_and_many() -> None:
    assert len({f.name for f in EVERY}) == len(EVERY) >= 40


def test_a_fault_that_changes_nothing_is_not_caught() -> None:
    harmless = fault("no change", "Proofs.Autograd.CtxVec.get", "nodes.context:get", lambda original: original)
    assert nearest(harmless.definition)
    assert list(definition_tests(harmless.definition))
    assert not catch(harmless, examples=5)
