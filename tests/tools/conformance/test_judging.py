"""One entry against its enclosure, its real value and what is known of both."""

from __future__ import annotations

import math

import numpy as np
import pytest
from flint import arb, fmpq

from theorems.engine.evidence.floats import FloatVerdict
from theorems.tools.conformance.calling import Part
from theorems.tools.conformance.judging import INSIDE, OUTSIDE, UNDECIDED, Judged, judged
from theorems.tools.conformance.run import tally

NAN, INF = math.nan, math.inf


def one(got: float, ball: arb, real: arb | fmpq) -> Judged:
    return many([got], [ball], [real])


def many(got: list[float], balls: list[arb], real: list[arb | fmpq]) -> Judged:
    part = Part("output", np.array(got))
    return judged([part], [np.array(balls, dtype=object)], [np.array(real, dtype=object)])


@pytest.mark.parametrize(
    ("got", "ball", "real", "verdict"),
    [
        (1.0, arb(1, 0.5), fmpq(1), INSIDE),
        (1.5, arb(1, 0.5), arb(1, 1e-9), INSIDE),
        (1.75, arb(1, 0.5), fmpq(1), OUTSIDE),
        (NAN, arb(1, 0.5), fmpq(1), OUTSIDE),
        (INF, arb(1, 0.5), fmpq(1), OUTSIDE),
        # Where nothing is known nothing is said, but that NaN is no number.
        (1.0, arb("nan"), fmpq(1), UNDECIDED),
        (1.0, arb(0, INF), fmpq(1), UNDECIDED),
        (1.0, arb(1, 0.5), arb("nan"), UNDECIDED),
        (NAN, arb("nan"), arb("nan"), OUTSIDE),
        # An enclosure without the real value says nothing about anybody else's number.
        (1.0, arb(1, 0.5), fmpq(3), UNDECIDED),
    ],
)
def test_the_verdict_of_an_entry(got: float, ball: arb, real: arb | fmpq, verdict: FloatVerdict) -> None:
    assert one(got, ball, real).verdict is verdict


def test_error_and_bound_are_distances_from_the_real_value() -> None:
    found = one(1.25, arb(1, 0.5), fmpq(3, 4))
    assert (found.error, found.bound, found.worst.used) == (0.5, pytest.approx(0.75), pytest.approx(2 / 3))
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
    found = judged([Part("cotangents", None, "none")], [np.array([arb(1)])], [np.array([arb(1)])])
    assert (found.verdict, found.worst.got, found.bound) == (OUTSIDE, "none", INF)


def test_a_tally_counts_and_keeps_the_worst() -> None:
    balls = arb(1, 0.5)
    found = tally([one(1.25, balls, fmpq(1)), one(2.0, balls, fmpq(1)), one(1.0, arb("nan"), fmpq(1))])
    assert (found.inside, found.outside, found.undecided, found.number) == (1, 1, 1, 1)
    assert (found.error, found.bound) == (1.0, pytest.approx(0.5))
    assert tally([one(NAN, balls, fmpq(1))]).error == INF
