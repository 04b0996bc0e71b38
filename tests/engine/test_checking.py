"""Running one theorem: what is refused, what is counted, and what is left out."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import strategies as st

from mirror.arithmetic import Arithmetic, AtBoundary
from theorems.engine.case import BOUNDARY, FULL_JACOBIAN, Case
from theorems.engine.checking import check
from theorems.engine.evidence.verdicts import Claim, Equal, Holds, Verdict
from theorems.engine.report import Report
from theorems.engine.sizes import Sizes
from theorems.nodes.context import inner_get_single


def flags(sizes: Sizes) -> st.SearchStrategy[Case]:
    return st.fixed_dictionaries({BOUNDARY: st.booleans(), FULL_JACOBIAN: st.booleans(), "n": st.integers(0, 9)})


def at_a_corner(ar: Arithmetic, n: int) -> Iterator[Claim]:
    if n < 1:
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
    assert report.accepted == report.tried - report.boundary - report.empty


def claims(count: int) -> Any:
    """A conclusion that claims nothing for n = 0, and compares `count` numbers otherwise."""

    def conclusion(ar: Arithmetic, n: int) -> Iterator[Claim]:
        if n:
            yield Equal("n = n", [n] * count, [n] * count)

    return conclusion


def test_an_instance_without_a_claim_is_empty_and_so_is_one_that_compares_nothing() -> None:
    some = check(dataclasses.replace(CORNERED, conclusion=claims(3)), examples=90)
    assert 0 < some.empty < 20
    assert (some.accepted, some.compared) == (90 - some.empty, 3 * some.accepted)
    assert some.passed
    none = check(dataclasses.replace(CORNERED, conclusion=claims(0)), examples=5)
    assert (none.verdict, none.accepted, none.empty, none.passed) == (Verdict.VACUOUS, 0, 5, False)


def test_nothing_but_empty_instances_is_no_evidence() -> None:
    """A strategy that draws only empty instances."""
    report = check(dataclasses.replace(CORNERED, conclusion=claims(1), instances=only(n=0)), examples=3)
    assert (report.empty, report.compared, report.examined, report.passed) == (3, 0, False, False)


def counted(**counts: Any) -> Report:
    report = check(inner_get_single, examples=1)
    return dataclasses.replace(report, **counts)


@pytest.mark.parametrize("left_out", ["empty", "boundary"])
def test_at_most_a_stated_share_is_left_out(left_out: str) -> None:
    assert counted(tried=100, accepted=85, **{left_out: 15}).passed
    assert not counted(tried=100, accepted=84, **{left_out: 16}).passed
    # One of two may be empty by chance.
    assert counted(tried=2, accepted=1, **{left_out: 1}).passed
    assert not counted(tried=2, accepted=0, **{left_out: 2}).passed


@pytest.mark.parametrize(
    ("counts", "verdict"),
    [
        ({"tried": 3, "accepted": 0, "empty": 3}, Verdict.VACUOUS),
        ({"tried": 3, "accepted": 0, "boundary": 3}, Verdict.VACUOUS),
        ({"tried": 3, "accepted": 0, "empty": 1, "boundary": 2}, Verdict.VACUOUS),
        ({"tried": 100, "accepted": 84, "empty": 16}, Verdict.VACUOUS),
        ({"tried": 100, "accepted": 84, "boundary": 16, "ending": Verdict.ENCLOSED}, Verdict.VACUOUS),
        ({"tried": 200, "accepted": 199}, Verdict.VACUOUS),
        ({"tried": 100, "accepted": 85, "empty": 15}, Verdict.EQUAL),
        ({"tried": 3, "accepted": 0, "empty": 2, "ending": Verdict.REFUTED}, Verdict.REFUTED),
        ({"tried": 3, "accepted": 2, "ending": Verdict.UNDECIDED}, Verdict.UNDECIDED),
    ],
)
def test_a_verdict_never_passes_where_the_run_does_not(counts: dict[str, Any], verdict: Verdict) -> None:
    report = counted(**counts)
    assert (report.verdict, report.passed) == (verdict, verdict.passes)


def test_what_is_neither_accepted_nor_left_out_is_no_allowance() -> None:
    assert counted(tried=200, accepted=198, empty=1, boundary=1).passed
    assert not counted(tried=200, accepted=199).passed


def test_as_many_instances_are_tried_as_were_asked_for_and_repeats_are_counted() -> None:
    # 36 different instances there are, at most, besides those at a corner.
    passing = dataclasses.replace(CORNERED, conclusion=lambda ar, n: iter((Holds("it holds", True),)))
    report = check(passing, examples=210)
    assert (report.tried, report.accepted, report.compared) == (210, 210, 210)
    assert 35 < report.distinct <= 40
    assert report.repeats == 210 - report.distinct
    one = check(dataclasses.replace(passing, instances=only(n=7, **{BOUNDARY: True, FULL_JACOBIAN: True})), examples=40)
    assert (one.tried, one.distinct, one.repeats) == (40, 1, 39)


def test_what_the_shrinker_tries_is_not_counted() -> None:
    report = check(dataclasses.replace(CORNERED, instances=only(**{BOUNDARY: False})), examples=60)
    assert report.failure is not None
    assert report.tried == report.accepted + 1
    assert 1 <= report.distinct <= report.tried

    def false(ar: Arithmetic, n: int) -> Iterator[Claim]:
        yield Holds("n is below 6", n < 6)

    refuted = check(dataclasses.replace(CORNERED, conclusion=false), examples=60)
    assert refuted.failure is not None
    assert refuted.failure.case["n"] == 6
    assert refuted.accepted == refuted.compared == refuted.tried - 1 < 60


def test_without_shrinking_the_failure_is_the_instance_that_was_drawn_and_ends_alike() -> None:
    seen: list[int] = []

    def false(ar: Arithmetic, n: int) -> Iterator[Claim]:
        seen.append(n)
        yield Holds("n is below 6", n < 6)

    theorem = dataclasses.replace(CORNERED, conclusion=false)
    plain = check(theorem, examples=60, seed=8)
    first = next(n for n in seen if n >= 6)
    drawn = check(theorem, examples=60, seed=8, shrink=False)
    assert plain.failure is not None
    assert drawn.failure is not None
    assert (plain.failure.case["n"], drawn.failure.case["n"]) == (6, first)
    assert first > 6, "another seed, or nothing was shrunk"
    assert (drawn.verdict, drawn.tried, drawn.accepted) == (plain.verdict, plain.tried, plain.accepted)


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


def test_full_jacobians_are_counted_among_the_accepted() -> None:
    report = check(dataclasses.replace(CORNERED, conclusion=claims(1)), examples=100)
    assert 0 < report.full_jacobians < report.accepted
