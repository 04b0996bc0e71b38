"""The search tells hypotheses of every worth apart, on theorems that were made up for it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest
from flint import arb, fmpq
from hypothesis import strategies as st

from mirror.arithmetic import Arithmetic, Undecided
from tests.tools.hypotheses.made_up import NEGATIVE, NONZERO, POSITIVE, SMALL, at, hypothesis, made_up, numbers
from theorems.engine.draws import draws
from theorems.engine.evidence.verdicts import Claim, Equal
from theorems.engine.sizes import Sizes
from theorems.engine.theorem import Theorem
from theorems.tools.hypotheses.search import Ending, Found, meeting, outcome, search

TRIES = 120


def without(theorem: Theorem, *names: str) -> Found:
    return search(theorem, names, numbers(Sizes()), seed=1, tries=TRIES)


def test_what_a_necessary_hypothesis_keeps_out_is_found_and_made_plain() -> None:
    found = without(made_up(POSITIVE, SMALL), "positive")
    assert found.counterexample is not None
    assert found.counterexample["x"] < 0
    assert found.separates is None
    assert found.tried == TRIES
    assert set(found.outcomes) == {Ending.FALSE, Ending.TRUE, Ending.HELD, Ending.OTHERS_FAIL}
    assert found.without == found.outcomes[Ending.FALSE] + found.outcomes[Ending.TRUE]


def test_nothing_separates_a_redundant_hypothesis() -> None:
    found = without(made_up(POSITIVE, NONZERO), "nonzero")
    assert (found.without, found.counterexample, found.separates) == (0, None, None)


def test_a_hypothesis_that_is_not_needed_is_separated_and_nothing_is_false_without_it() -> None:
    found = without(made_up(POSITIVE, SMALL), "small")
    assert (found.outcomes.get(Ending.FALSE), found.counterexample) == (None, None)
    assert found.separates is not None
    assert found.separates["x"] >= 10


def test_equivalent_hypotheses_are_dropped_together_and_others_come_apart() -> None:
    same = hypothesis("same", lambda x: not x <= 0)
    assert without(made_up(POSITIVE, same), "positive").without == 0
    assert without(made_up(POSITIVE, same), "positive", "same").apart == 0
    assert without(made_up(POSITIVE, same), "positive", "same").counterexample is not None
    assert without(made_up(POSITIVE, NONZERO), "positive", "nonzero").apart > 0


def test_hypotheses_that_contradict_each_other_are_met_by_nothing() -> None:
    assert meeting(made_up(POSITIVE, NEGATIVE), seed=0, tries=TRIES) is None
    found = meeting(made_up(POSITIVE, NONZERO), seed=0, tries=TRIES)
    assert found is not None
    assert found["x"] > 0


def test_an_instance_that_compares_nothing_but_zeros_meets_no_hypotheses() -> None:
    zero = hypothesis("zero", lambda x: x == 0)
    assert meeting(made_up(zero), seed=0, tries=TRIES) is None


def too_wide(ar: Arithmetic, x: fmpq) -> Iterator[Claim]:
    yield Equal("about x = about x", arb(x, 1), arb(x, 1))


def nothing(ar: Arithmetic, x: fmpq) -> Iterator[Claim]:
    yield from ()


def undecided(ar: Arithmetic, x: fmpq) -> bool:
    raise Undecided("x at any precision")


@pytest.mark.parametrize(
    ("theorem", "x", "ended"),
    [
        (made_up(POSITIVE, SMALL), 1, Ending.HELD),
        (made_up(POSITIVE, SMALL), 11, Ending.OTHERS_FAIL),
        (made_up(POSITIVE, SMALL), -1, Ending.FALSE),
        (made_up(POSITIVE, SMALL), 0, Ending.TRUE),
        (made_up(POSITIVE, conclusion=too_wide), 0, Ending.UNDECIDED),
        (made_up(POSITIVE, conclusion=nothing), 0, Ending.EMPTY),
        (made_up(dataclasses.replace(POSITIVE, holds=undecided)), 0, Ending.UNSEEN),
        (made_up(POSITIVE, dataclasses.replace(SMALL, holds=undecided)), 0, Ending.OTHERS_FAIL),
    ],
)
def test_how_an_instance_ends(theorem: Theorem, x: int, ended: Ending) -> None:
    assert outcome(theorem, ["positive"], at(x)) is ended


def test_what_no_type_admits_is_counted_apart() -> None:
    found = search(made_up(POSITIVE), ["positive"], st.just(None), seed=0, tries=3)
    assert found.outcomes == {Ending.NO_INSTANCE: found.tried}


def test_one_seed_draws_one_sequence() -> None:
    first, again, other = (list(draws(numbers(Sizes()), seed, 20)) for seed in (3, 3, 4))
    assert first == again != other
