"""Running one theorem: what is refused, what is counted, and what is left out."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import strategies as st

from mirror.arithmetic import Arithmetic, AtBoundary, Undecided
from theorems.engine.case import BOUNDARY, FULL_JACOBIAN, Case
from theorems.engine.checking import check
from theorems.engine.evidence.verdicts import Claim, Equal, Holds, Verdict
from theorems.engine.sizes import Sizes
from theorems.engine.theorem import Hypothesis
from theorems.nodes.context import inner_get_single


def flags(sizes: Sizes) -> st.SearchStrategy[Case]:
    return st.fixed_dictionaries({BOUNDARY: st.booleans(), FULL_JACOBIAN: st.booleans(), "n": st.integers(0, 9)})


def at_a_corner(ar: Arithmetic, n: int) -> Iterator[Claim]:
    if n < 5:
        raise AtBoundary("at 0")
    yield Equal("n = n", n, n)


CORNERED = dataclasses.replace(inner_get_single, instances=flags, conclusion=at_a_corner)


def only(**fixed: Any) -> Any:
    return lambda sizes: flags(sizes).map(lambda case: {**case, **fixed})


@pytest.mark.parametrize("examples", [0, -1])
def test_at_least_one_instance_must_be_examined(examples: int) -> None:
    with pytest.raises(ValueError, match=f"cannot run {examples} examples"):
        check(inner_get_single, examples=examples)


def test_a_profile_that_does_not_exist() -> None:
    with pytest.raises(LookupError, match="there is no profile 'fast': choose one of quick, full, nightly"):
        check(inner_get_single, profile="fast")


def test_a_profile_without_seed_draws_one() -> None:
    seeds = {check(inner_get_single, examples=1, profile="full").seed for _ in range(3)}
    assert len(seeds) > 1
    assert check(inner_get_single, examples=1, profile="quick").seed == 0


def test_an_undecided_boundary_instance_is_counted_and_left_out() -> None:
    report = check(dataclasses.replace(CORNERED, instances=only(**{BOUNDARY: True})), examples=60)
    assert (report.verdict, report.passed) == (Verdict.EQUAL, True)
    assert report.boundary > 0
    assert report.accepted > 0
    assert report.tried == report.accepted + report.boundary


def test_as_many_instances_are_tried_as_were_asked_for_and_the_distinct_ones_are_counted() -> None:
    # 40 different instances there are, at most.
    passing = dataclasses.replace(CORNERED, conclusion=lambda ar, n: iter(()))
    report = check(passing, examples=200)
    assert (report.tried, report.accepted) == (200, 200)
    assert 35 < report.distinct <= 40
    one = check(
        dataclasses.replace(passing, instances=lambda sizes: flags(sizes).map(lambda case: {"n": 7})), examples=20
    )
    assert (one.tried, one.distinct) == (20, 1)


def test_what_the_shrinker_tries_is_not_counted() -> None:
    report = check(dataclasses.replace(CORNERED, instances=only(**{BOUNDARY: False})), examples=60)
    assert report.failure is not None
    assert 1 <= report.distinct <= report.tried == report.accepted + 1


def test_an_instance_that_does_not_say_that_it_is_at_a_boundary_is_a_failure() -> None:
    report = check(dataclasses.replace(CORNERED, instances=only(**{BOUNDARY: False})), examples=60)
    assert (report.verdict, report.passed) == (Verdict.UNDECIDED, False)
    assert report.failure is not None
    assert report.failure.case["n"] == 0


def test_a_boundary_does_not_excuse_a_refutation() -> None:
    def false(ar: Arithmetic) -> Iterator[Claim]:
        yield Holds("0 = 1", False)

    report = check(dataclasses.replace(CORNERED, conclusion=false, instances=only(**{BOUNDARY: True})), examples=5)
    assert (report.verdict, report.boundary) == (Verdict.REFUTED, 0)


def test_what_each_hypothesis_admits_is_counted() -> None:
    hypotheses = (
        Hypothesis("small", "n < 8", lambda ar, n: n < 8),
        Hypothesis("even", "n is even", lambda ar, n: n % 2 == 0),
    )
    drawn = dataclasses.replace(CORNERED, hypotheses=hypotheses, conclusion=lambda ar, n: iter(()))
    report = check(drawn, examples=100)
    assert 0 < report.accepted <= min(report.satisfied.values()) < report.tried
    assert report.satisfied.keys() == {"small", "even"}
    assert 0 < report.full_jacobians <= report.accepted


def test_a_hypothesis_that_cannot_be_decided_does_not_hold() -> None:
    def undecided(ar: Arithmetic) -> bool:
        raise Undecided("for a test")

    report = check(dataclasses.replace(CORNERED, hypotheses=(Hypothesis("h", "?", undecided),)), examples=5)
    assert (report.accepted, report.satisfied, report.passed) == (0, {"h": 0}, False)


def test_an_exception_in_a_hypothesis_refutes() -> None:
    def raising(ar: Arithmetic) -> bool:
        raise KeyError("boo")

    report = check(dataclasses.replace(CORNERED, hypotheses=(Hypothesis("h", "?", raising),)), examples=5)
    assert (report.verdict, report.satisfied) == (Verdict.REFUTED, {"h": 0})
