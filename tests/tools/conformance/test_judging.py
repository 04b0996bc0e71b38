"""One entry against its enclosure, its real value and what is known of both."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from flint import arb, fmpq

from mirror.arithmetic import precision
from mirror.bounds.bounded import Bounded
from theorems.engine.evidence.floats import BITS, FloatVerdict
from theorems.tools.conformance.calling import Part
from theorems.tools.conformance.judging import INSIDE, OUTSIDE, UNDECIDED, Judged, judged
from theorems.tools.conformance.known import KnownArray, from_balls, intersection
from theorems.tools.conformance.tallies import tally

NAN, INF = math.nan, math.inf


def one(got: float, ball: arb | fmpq, real: arb | fmpq) -> Judged:
    return many([got], [ball], [real])


def many(got: list[float], balls: Sequence[arb | fmpq], real: list[arb | fmpq]) -> Judged:
    with precision(BITS):
        known = from_balls(np.array(balls, dtype=object), np.array(real, dtype=object))
    return judged([Part("output", np.array(got))], [known])


@pytest.mark.parametrize(
    ("got", "ball", "real", "verdict"),
    [
        (1.0, arb(1, 0.5), fmpq(1), INSIDE),
        (1.0, fmpq(1), fmpq(1), INSIDE),  # where nothing is rounded an enclosure is a rational
        (1.5, arb(1, 0.5), arb(1, 1e-9), INSIDE),
        (1.75, arb(1, 0.5), fmpq(1), OUTSIDE),
        (NAN, arb(1, 0.5), fmpq(1), OUTSIDE),
        (INF, arb(1, 0.5), fmpq(1), OUTSIDE),
        (1e300, arb(0, 1e-300), fmpq(0), OUTSIDE),  # by more than a float can say
        # Where nothing is known nothing is said, but that NaN is no number.
        (1.0, arb("nan"), fmpq(1), UNDECIDED),
        (1.0, arb(0, INF), fmpq(1), UNDECIDED),
        (1.0, arb(1, 0.5), arb("nan"), UNDECIDED),
        (NAN, arb("nan"), arb("nan"), OUTSIDE),
        # An enclosure without the real value says nothing about anybody else's number.
        (1.0, arb(1, 0.5), fmpq(3), UNDECIDED),
    ],
)
def test_the_verdict_of_an_entry(got: float, ball: arb | fmpq, real: arb | fmpq, verdict: FloatVerdict) -> None:
    assert one(got, ball, real).verdict is verdict


def test_error_and_bound_are_distances_from_the_real_value() -> None:
    found = one(1.25, arb(1, 0.5), fmpq(3, 4))
    assert (found.error, found.bound, found.worst.used) == pytest.approx((0.5, 0.75, 2 / 3))
    assert (found.worst.place, found.worst.got) == ("output[0]", "1.25")


@pytest.mark.parametrize(
    ("got", "ball", "used"), [(1.0, arb(1), 0), (2.0, arb(1), INF), (1.0, arb("nan"), 0), (NAN, arb(1), INF)]
)
def test_how_much_of_the_bound_is_used(got: float, ball: arb, used: float) -> None:
    assert one(got, ball, fmpq(1)).worst.used == used


def test_the_worst_entry_is_outside_then_undecided_then_nearest_to_its_bound() -> None:
    inside, near, open_, outside = (1.0, arb(1, 0.5)), (1.4, arb(1, 0.5)), (1.0, arb("nan")), (3.0, arb(1, 0.5))
    for entries, place in (((inside, near), 1), ((near, open_), 1), ((outside, open_, near), 0)):
        found = many([e[0] for e in entries], [e[1] for e in entries], [fmpq(1)] * len(entries))
        assert found.worst.place == f"output[{place}]"


def test_a_fault_is_outside_whatever_else_was_returned() -> None:
    found = judged([Part("cotangents", None, "none")], [])
    assert (found.verdict, found.worst.got, found.bound) == (OUTSIDE, "none", INF)


def test_a_tally_counts_and_keeps_the_worst() -> None:
    balls = arb(1, 0.5)
    found = tally([one(1.25, balls, fmpq(1)), one(2.0, balls, fmpq(1)), one(1.0, arb("nan"), fmpq(1))])
    assert (found.inside, found.outside, found.undecided, found.number) == (1, 1, 1, 1)
    assert (found.error, found.bound) == (pytest.approx(1.0), pytest.approx(0.5))
    assert tally([one(NAN, balls, fmpq(1))]).error == INF


# ---- arrays of what is known


def bounded(real: float, radius: float, certified: float, likely: float = INF) -> KnownArray:
    return KnownArray.of(Bounded(*(np.array([x]) for x in (real, radius, certified, likely))))


@pytest.mark.parametrize(
    ("got", "radius", "verdict"),
    [
        (1.4, 0.05, INSIDE),
        # KnownArray to a tenth of the bound and no better: inside says too little, outside is outside.
        (1.4, 0.06, UNDECIDED),
        (1.6, 0.06, OUTSIDE),
        (1.6, 0.4, OUTSIDE),
        (1.0, 0.0, INSIDE),
        (NAN, INF, OUTSIDE),
    ],
)
def test_what_is_inside_of_too_little_knowledge_is_undecided(got: float, radius: float, verdict: FloatVerdict) -> None:
    found = judged([Part("output", np.array([got]))], [bounded(1.0, radius, 0.5)])
    assert found.verdict is verdict


def test_what_is_below_every_float64_is_known_well_enough() -> None:
    with precision(BITS):
        known = from_balls(np.array([arb(0, 2.0**-1074)]), np.array([arb(2) ** -14000]))
    assert judged([Part("output", np.array([0.0]))], [known]).verdict is INSIDE
    assert judged([Part("output", np.array([1e-300]))], [known]).verdict is OUTSIDE


def test_an_error_is_an_interval() -> None:
    entry = judged([Part("output", np.array([1.25]))], [bounded(1.0, 2.0**-10, 0.5)]).worst
    assert entry.error == pytest.approx(0.25 + 2.0**-10)
    assert (entry.radius, entry.used, entry.real) == (2.0**-10, pytest.approx(0.5), "[1.00 +/- 9.77e-4]")


def test_what_is_unlikely_is_inside_and_suspicious() -> None:
    known = KnownArray.of(Bounded(np.zeros(4), np.zeros(4), np.ones(4), np.full(4, 0.25)))
    found = judged([Part("output", np.array([0.25, 0.3, -0.5, 0.0]))], [known])
    assert (found.verdict, found.suspicious) == (INSIDE, 2)
    assert found.suspect
    assert (found.suspect.place, found.suspect.likely) == ("output[2]", 0.25)
    outside = judged([Part("output", np.array([0.1, 0.2, 2.0, 0.0]))], [known])
    assert (outside.verdict, outside.suspicious, outside.suspect) == (OUTSIDE, 0, None)


def test_a_float64_is_told_from_the_rounding_of_the_real_value() -> None:
    third = fmpq(1, 3)
    with precision(BITS):
        ball = arb(third, 2.0**-54)
    # 1/3 lies a third of a unit above its float64: one unit up is within one unit of it, one unit down is not.
    nearest = 1 / 3
    for got, verdict in ((nearest, INSIDE), (np.nextafter(nearest, 1), INSIDE), (np.nextafter(nearest, 0), OUTSIDE)):
        assert one(float(got), ball, third).verdict is verdict


# ---- two that know something


def test_the_intersection_takes_the_better_of_each() -> None:
    balls, matrices = bounded(1.0, 0.0, 0.5, 0.4), bounded(1.125, 0.125, 0.25, 0.2)
    found = intersection(balls, matrices).bounded
    assert (found.real[0], found.radius[0]) == (1.0, 0.0)
    assert (found.certified[0], found.likely[0]) == pytest.approx((0.375, 0.325))
    assert intersection(matrices, balls).bounded == found


@pytest.mark.parametrize(("tail", "agree"), [(2.0**-53, True), (-(2.0**-53), False)])
def test_a_tail_may_bring_two_centres_together_and_apart(tail: float, agree: bool) -> None:
    """Their floats are a unit in the last place from each other, the one is known to three quarters of it."""
    matrices = bounded(1 + 2.0**-52, 1.5 * 2.0**-53, 0.5)
    found = intersection(matrices, KnownArray(bounded(1.0, 0.0, 0.5).bounded, np.array([tail])))
    assert bool(np.isfinite(found.bounded.certified[0])) is agree
    assert found.tail[0] == tail


def test_two_that_disagree_about_the_real_value_know_nothing() -> None:
    found = intersection(bounded(1.0, 0.1, 0.5), bounded(1.25, 0.1, 0.5)).bounded
    assert (found.radius[0], found.certified[0]) == (INF, INF)
    assert judged([Part("output", np.array([1.0]))], [KnownArray.of(found)]).verdict is UNDECIDED


@pytest.mark.parametrize(
    ("cotangent", "place"),
    [(1.75, "cotangent of q[0]"), (1.25, "output under jax.vjp[0]"), (None, "cotangent of q")],
    ids=["both are outside", "the output alone", "no cotangent at all"],
)
def test_a_cotangent_that_is_outside_is_shown_before_an_output(cotangent: float | None, place: str) -> None:
    with precision(BITS):
        known = from_balls(np.array([arb(1, 0.5)], dtype=object), np.array([fmpq(1)], dtype=object))
    again = Part("output under jax.vjp", np.array([900.0]) if cotangent else None, "a tuple")
    found = judged(
        [again, Part("cotangent of q", np.array([cotangent]) if cotangent else None, "a list")], [known, known]
    )
    far = judged([again, Part("cotangent of q", np.array([1.0]))], [known, known]) if cotangent else found
    assert [found.worst.place, tally([far, found]).worst.place] == [place, place]
