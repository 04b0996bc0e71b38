"""Claims end in each of the four verdicts, and only where they must."""

from __future__ import annotations

from typing import Any

import pytest
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from mirror.arithmetic import BALL, precision, rational_vector
from theorems.engine.evidence.verdicts import (
    WIDTH_LIMIT,
    AtMost,
    Equal,
    Holds,
    Judgement,
    Mismatch,
    Verdict,
    judge,
    worst,
)

EQUAL, ENCLOSED, UNDECIDED, REFUTED, UNSATISFIED, RAISED, VACUOUS = Verdict
NARROW, WIDE = arb(2) ** -200, arb(2) ** -60
rationals = st.fractions().map(lambda q: fmpq(q.numerator, q.denominator))


def ball(middle: Any, radius: Any) -> arb:
    with precision(640):
        return arb(middle) + arb(0, radius)


def test_a_judgement_that_does_not_pass_says_where_and_what() -> None:
    third = judge([Equal("x = y", [fmpq(1), fmpq(1, 3)], [fmpq(1), fmpq(1, 2)])])
    with pytest.raises(AssertionError) as failure:
        third.assert_passes()
    assert str(failure.value) == "refuted: x = y\n  at position 1\n  left:  1/3\n  right: 1/2"
    with pytest.raises(AssertionError, match=r"^undecided$"):
        Judgement(UNDECIDED).assert_passes()
    judge([Equal("x = y", fmpq(1), fmpq(1))]).assert_passes()


def test_a_judgement_says_how_many_real_numbers_it_compared() -> None:
    exact, natural = Equal("exactly", [fmpq(1), fmpq(2)], [fmpq(1), fmpq(2)]), Equal("a size", [3], [3])
    enclosed, bounded = Equal("a ball", [arb(1)], [arb(1)]), AtMost("a bound", [fmpq(1)], [fmpq(2)], WIDTH_LIMIT)
    found = judge([exact, natural, enclosed, bounded, Holds("a shape", True)])
    assert (found.reals, found.compared) == (4, 6)


def test_only_equality_and_enclosures_pass() -> None:
    assert [v for v in Verdict if v.passes] == [EQUAL, ENCLOSED]


def test_the_worst_verdict_outweighs_the_others() -> None:
    assert worst([]) is EQUAL
    assert worst([EQUAL, ENCLOSED]) is ENCLOSED
    assert worst([UNDECIDED, ENCLOSED]) is UNDECIDED
    assert worst([UNDECIDED, REFUTED, EQUAL]) is REFUTED
    assert worst([RAISED, UNSATISFIED, REFUTED]) is RAISED
    assert worst([VACUOUS, RAISED]) is VACUOUS


@given(rationals, rationals)
def test_rationals_are_equal_or_refuted(a: fmpq, b: fmpq) -> None:
    assert Equal("a = b", a, b).judge().verdict is (EQUAL if a == b else REFUTED)


@pytest.mark.parametrize(
    ("left", "right", "verdict"),
    [
        (fmpq(1, 3), fmpq(1, 3), EQUAL),
        (fmpq(1, 3), fmpq(1, 3) + fmpq(1, 2**300), REFUTED),
        (1, fmpq(1), EQUAL),
        (ball(1, NARROW), fmpq(1), ENCLOSED),
        (ball(1, NARROW), ball(1, NARROW), ENCLOSED),
        (ball(1, NARROW), 1 + fmpq(1, 2**100), REFUTED),
        (ball(1, WIDE), fmpq(1), UNDECIDED),
        (fmpq(1), ball(1, WIDE), UNDECIDED),
        (ball(1, WIDE), fmpq(2), REFUTED),
        (ball(1, arb("inf")), fmpq(1), UNDECIDED),
        (arb("nan"), fmpq(1), UNDECIDED),
        (fmpq(1), arb("inf"), UNDECIDED),
    ],
)
def test_equality_of_balls(left: Any, right: Any, verdict: Verdict) -> None:
    with precision(640):
        assert Equal("sides", left, right).judge().verdict is verdict


def test_the_width_limit_is_below_1e_30() -> None:
    assert arb(fmpq(1, 10**30)) > WIDTH_LIMIT


@pytest.mark.parametrize(("radius", "verdict"), [(2, UNDECIDED), (4, ENCLOSED)])
def test_a_ball_must_be_narrower_than_the_limit(radius: int, verdict: Verdict) -> None:
    one = ball(1, WIDTH_LIMIT / radius)
    with precision(640):
        assert Equal("1 = 1", one, one).judge().verdict is verdict


def test_arrays_are_compared_entry_by_entry_and_the_mismatch_is_located() -> None:
    found = Equal("rows", rational_vector([1, 2, 3]), rational_vector([1, 5, 3])).judge()
    assert found.verdict is REFUTED
    assert found.mismatch is not None
    assert str(found.mismatch) == "rows: at position 1, 2 against 5"
    assert found.mismatch.entries == 3


def test_arrays_of_two_lengths_are_refuted_where_the_shorter_ends() -> None:
    found = Equal("rows", rational_vector([1, 2]), rational_vector([1, 2, 0])).judge()
    assert found.verdict is REFUTED
    assert "at position 2, 2 entries against 3 entries" in str(found.mismatch)


def test_empty_arrays_are_equal_and_nothing_is_compared() -> None:
    found = Equal("nothing", BALL.zeros(0), BALL.zeros((0, 3))).judge()
    assert found == Judgement(EQUAL)
    assert (found.compared, found.empty) == (0, True)


def test_what_is_compared_is_counted_up_to_what_fails() -> None:
    three, bound = rational_vector([1, 2, 3]), rational_vector([1, 2, 0])
    assert Equal("rows", three, three).judge().compared == 3
    assert Equal("rows", three, bound).judge().compared == 3
    assert Equal("rows", three, rational_vector([2, 2, 3])).judge().compared == 1
    assert Equal("rows", three, rational_vector([1])).judge().compared == 1
    assert AtMost("rows", three, three, WIDTH_LIMIT).judge().compared == 3
    assert AtMost("rows", three, bound, WIDTH_LIMIT).judge().compared == 3
    both = judge([Equal("rows", three, three), Holds("kind", True, compared=0), AtMost("one", 1, 1, WIDTH_LIMIT)])
    assert (both.compared, both.empty) == (4, False)


def test_a_side_fact_is_nothing_compared() -> None:
    assert judge([Holds("what the theorem says", True)]).compared == 1
    side = judge([Holds("the shapes", True, compared=0), Equal("nothing", BALL.zeros(0), BALL.zeros(0))])
    assert (side.verdict, side.empty) == (EQUAL, True)
    assert not judge([Holds("the shapes", False, compared=0)]).empty


def test_the_widest_enclosure_is_reported() -> None:
    balls = [ball(0, NARROW), ball(0, NARROW * 4)]
    width = Equal("balls", balls, balls).judge().width
    assert 8 * 2.0**-200 <= width < 9 * 2.0**-200


@pytest.mark.parametrize(("entries", "bounds", "position"), [(2, 3, 2), (3, 1, 1), (0, 1, 0)])
def test_bounds_of_another_length_are_refuted_where_the_shorter_ends(entries: int, bounds: int, position: int) -> None:
    found = AtMost("bounds", [fmpq(0)] * entries, [fmpq(1)] * bounds, NARROW).judge()
    assert (found.verdict, found.mismatch and found.mismatch.position) == (REFUTED, position)


@pytest.mark.parametrize(
    ("left", "bound", "verdict"),
    [
        (fmpq(-1), fmpq(1), EQUAL),
        (fmpq(-1), fmpq(1, 2), REFUTED),
        (ball(1, NARROW), fmpq(2), ENCLOSED),
        (ball(1, NARROW), fmpq(1), ENCLOSED),  # straddles the bound by less than the width asked for
        (ball(1, WIDE), fmpq(1), UNDECIDED),
        (ball(0, arb("inf")), fmpq(1), UNDECIDED),
        (fmpq(0), arb("inf"), UNDECIDED),
    ],
)
def test_bounds(left: Any, bound: Any, verdict: Verdict) -> None:
    with precision(640):
        assert AtMost("|left| ≤ bound", left, bound, WIDTH_LIMIT).judge().verdict is verdict


def test_an_exceeded_bound_is_located() -> None:
    found = AtMost("rows", rational_vector([1, 4]), rational_vector([1, 3]), WIDTH_LIMIT).judge()
    assert found.mismatch is not None
    assert found.mismatch.position == 1
    assert "at most" in found.mismatch.right


def test_a_statement_about_structure_holds_or_is_refuted() -> None:
    assert Holds("shapes", True).judge() == Judgement(EQUAL, compared=1)
    found = Holds("shapes", False, "[2] against [3]").judge()
    assert found.verdict is REFUTED
    assert "[2] against [3]" in str(found.mismatch)
    assert "false against true" in str(Holds("shapes", False).judge().mismatch)


def test_claims_are_judged_until_one_fails() -> None:
    def claims():
        yield Equal("first", fmpq(1), fmpq(1))
        yield Equal("second", ball(1, NARROW), fmpq(1))
        yield Holds("third", False)
        raise AssertionError("a claim after the failing one was evaluated")

    with precision(640):
        found = judge(claims())
    assert found.verdict is REFUTED
    assert found.width > 0
    assert found.mismatch is not None
    assert found.mismatch.claim == "third"


def test_a_judgement_of_several_claims_is_the_worst_of_them() -> None:
    with precision(640):
        assert judge([Holds("a", True), Equal("b", ball(1, NARROW), 1)]).verdict is ENCLOSED
        assert judge([Equal("b", ball(1, NARROW), 1), Holds("a", True)]).verdict is ENCLOSED


def test_without_a_claim_there_is_nothing_to_judge() -> None:
    with pytest.raises(ValueError, match="no claim was made"):
        judge([])


def test_what_has_no_place_names_none() -> None:
    where = Mismatch("hypothesis h", 0, "false", "true", entries=0)
    assert str(where) == "hypothesis h: false against true"
    assert str(Judgement(UNSATISFIED, mismatch=where)) == "unsatisfied: hypothesis h\n  left:  false\n  right: true"
