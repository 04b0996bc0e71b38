"""Every deliberate fault is caught by its owner, a theorem or a definition test, which passes without it."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

import pytest

from mirror.core.fderiv import ctx_size
from mirror.spec.core.shape import Shape
from tests.faults.__main__ import misplaced
from tests.faults.catalogue import FAULTS
from tests.faults.fault import Fault, fault
from tests.faults.runner import Caught, owner_sees

FEW = 40  # instances that an owner is given


@pytest.fixture(autouse=True)
def untraced() -> Iterator[None]:
    """Other tests run these lines; measuring their coverage here once more would double the time."""
    tracer = sys.gettrace()
    sys.settrace(None)
    yield
    sys.settrace(tracer)


@pytest.mark.unmeasured
@pytest.mark.parametrize("broken", FAULTS, ids=lambda f: f.name)
def test_fault_is_caught_by_its_owner(broken: Fault) -> None:
    assert owner_sees(broken, examples=FEW, control=False), (
        f"{broken.owner} does not see {broken.name!r} in {broken.definition}"
    )


def test_names_are_distinct_and_many() -> None:
    assert len({f.name for f in FAULTS}) == len(FAULTS) >= 100


GET = "Proofs.Autograd.CtxVec.get"


@pytest.mark.parametrize(
    "owner",
    ["Proofs.Autograd.Node.correct_inner", "tests.nodes.test_context::test_get_reads_the_block_at_its_offset"],
)
def test_a_fault_that_changes_nothing_is_not_caught(owner: str) -> None:
    harmless = fault("no change", GET, owner, "nodes.context:get", lambda original: original)
    assert not owner_sees(harmless, examples=5)


def test_a_fault_of_a_function_that_keeps_its_results_is_everybodys() -> None:
    context = (Shape(2), Shape(3))
    assert (ctx_size(context), hasattr(ctx_size, "cache_clear")) == (5, True)
    with fault("1 more", GET, "", "core.fderiv:ctx_size", lambda original: lambda ss: original(ss) + 1).applied():
        assert ctx_size(context) == 6
    assert ctx_size(context) == 5


def test_an_exception_is_no_counterexample() -> None:
    owner = "Proofs.Autograd.Node.correct_inner"
    raising = fault("get raises", GET, owner, "nodes.context:get", lambda original: lambda idx, x: x.nothing)
    assert not owner_sees(raising, examples=5)


@pytest.mark.parametrize(
    "owner",
    [
        "Proofs.Autograd.Node.correct_outer",
        "tests.nodes.test_context::test_gone",
        "tests.nodes.test_arithmetic::test_mul",  # of another definition
    ],
)
def test_an_owner_that_is_none_is_named(owner: str) -> None:
    orphan = fault("no change", GET, owner, "nodes.context:get", lambda original: original)
    with pytest.raises(LookupError, match=f"{re.escape(owner)} is no theorem, and no test that is marked with {GET}"):
        owner_sees(orphan, examples=5)


INNER, TEST = "Proofs.Autograd.Node.correct_inner", "tests.nodes.test_context::test_get"
REFUTES = Caught({INNER: "refuted"}, (f"{TEST}[0]",))


@pytest.mark.parametrize(
    ("owner", "caught", "said"),
    [
        (INNER, REFUTES, ""),
        (INNER, Caught({INNER: "enclosed"}, ()), f"{INNER} does not see it"),
        (TEST, Caught({INNER: "enclosed"}, (TEST,)), ""),
        (TEST, REFUTES, f"a theorem refutes it, {INNER}, and its owner is a test"),
        (TEST, Caught({}, ("tests.nodes.test_context::test_set",)), f"{TEST} does not see it"),
    ],
)
def test_a_fault_belongs_to_a_theorem_where_one_can_refute_it(owner: str, caught: Caught, said: str) -> None:
    assert misplaced(fault("a fault", GET, owner, "nodes.context:get", lambda original: original), caught) == said


def test_a_fault_that_theorems_seldom_refute_may_stay_with_a_test() -> None:
    rare = fault("a fault", GET, TEST, "nodes.context:get", lambda original: original, seldom="few are so long")
    assert misplaced(rare, REFUTES) == ""
    assert misplaced(rare, Caught({INNER: "refuted"}, ())) == f"{TEST} does not see it"
