"""Every stored instance shows what its label says; and a label that is wrong is contradicted, by name."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from tests.tools.hypotheses.made_up import LENT, NEGATIVE, NONZERO, POSITIVE, SMALL, at, entry, hypothesis, made_up
from theorems.engine.registry import theorems
from theorems.engine.theorem import Theorem
from theorems.tools.hypotheses.labels import Label, Weighed, weighed
from theorems.tools.hypotheses.record import Known, recorded
from theorems.tools.hypotheses.search import Ending, Found
from theorems.tools.hypotheses.weighing import contradictions

SQRT = "hasDerivAt_sqrt_clamp_of_pos"


def test_every_stored_instance_shows_what_its_label_says() -> None:
    for about in weighed():
        assert contradictions(theorems()[about.theorem], about, recorded()) == []


def test_every_search_is_of_a_label_and_drew_what_it_says() -> None:
    known = {(e.theorem, e.hypotheses) for e in weighed() if e.label is not Label.PART}
    assert recorded().searches.keys() == known
    assert recorded().met.keys() == {e.theorem for e in weighed() if not e.typed}
    assert {found.tried for found in recorded().searches.values()} == {recorded().tries}


def about(name: str, met: Any = None, **found: Any) -> Known:
    """A record of one search, met by 1 unless something else is said."""
    return Known(0, 1, {LENT: at(1) if met is None else met}, {(LENT, tuple(name.split())): Found(**found)})


FALSE, TRUE, HELD = {Ending.FALSE: 1}, {Ending.TRUE: 1}, {Ending.HELD: 1}
SAME = hypothesis("same", lambda x: not x <= 0)
TWO = made_up(POSITIVE, SMALL)
IMPLIED = made_up(POSITIVE, NONZERO)
CONTRARY = made_up(POSITIVE, NEGATIVE)
NECESSARY = entry(Label.NECESSARY, "positive")
NOT_NEEDED = entry(Label.NOT_NEEDED, "small")
REDUNDANT = entry(Label.REDUNDANT, "nonzero")
UNDETERMINED = entry(Label.UNDETERMINED, "positive")
CLASS = entry(Label.NECESSARY, "positive", "nonzero")

GOOD: dict[str, tuple[Theorem, Weighed, Known]] = {
    "necessary": (TWO, NECESSARY, about("positive", outcomes=FALSE, counterexample=at(-1))),
    "not needed": (TWO, NOT_NEEDED, about("small", outcomes=TRUE, separates=at(11))),
    "redundant": (IMPLIED, REDUNDANT, about("nonzero", outcomes=HELD)),
    "undetermined": (TWO, UNDETERMINED, about("positive", outcomes=TRUE, separates=at(0))),
    "part of the statement": (TWO, entry(Label.PART, "small"), Known(0, 0, {LENT: at(1)})),
    "in the types": (TWO, dataclasses.replace(entry(Label.PART, "(h)"), typed=True), Known(0, 0)),
    "a class": (
        *(made_up(POSITIVE, SAME), entry(Label.NECESSARY, "positive", "same")),
        about("positive same", outcomes=FALSE, counterexample=at(-1)),
    ),
}


@pytest.mark.parametrize("name", GOOD)
def test_nothing_speaks_against_a_label_that_is_right(name: str) -> None:
    assert contradictions(*GOOD[name]) == []


BAD: dict[str, tuple[Theorem, Weighed, Known, str]] = {
    "necessary, but the conclusion holds": (
        *(TWO, NECESSARY, about("positive", outcomes=FALSE, counterexample=at(0))),
        f"{SQRT}: positive is necessary, but its instance shows that the conclusion holds without it",
    ),
    "necessary, but the hypothesis holds": (
        *(TWO, NECESSARY, about("positive", outcomes=FALSE, counterexample=at(1))),
        f"{SQRT}: positive is necessary, but its instance shows nothing: it satisfies every hypothesis",
    ),
    "necessary, but another fails": (
        *(CONTRARY, NECESSARY, about("positive", outcomes=FALSE, counterexample=at(1), met=at(1))),
        f"{SQRT}: positive is necessary, but its instance shows nothing: it fails negative",
    ),
    "necessary without an instance": (
        *(TWO, NECESSARY, about("positive", outcomes=FALSE)),
        f"{SQRT}: positive is necessary, and no instance shows it",
    ),
    "no search": (TWO, NECESSARY, Known(0, 0, {LENT: at(1)}), f"{SQRT}: positive is necessary, and no search says so"),
    "a search of nothing": (
        *(TWO, NECESSARY, about("positive")),
        f"{SQRT}: positive is necessary, and no search says so",
    ),
    "redundant, but separated": (
        *(TWO, entry(Label.REDUNDANT, "small"), about("small", outcomes=TRUE, separates=at(11))),
        f"{SQRT}: small is redundant, but the others hold and this does not in 1 instance",
    ),
    "not needed, but false without it": (
        *(TWO, entry(Label.NOT_NEEDED, "positive"), about("positive", outcomes=FALSE, separates=at(0))),
        f"{SQRT}: positive is not needed, but without it the conclusion is false in 1 instance",
    ),
    "not needed, but the instance is a counterexample": (
        *(TWO, entry(Label.NOT_NEEDED, "positive"), about("positive", outcomes=TRUE, separates=at(-1))),
        f"{SQRT}: positive is not needed, but its instance shows that the conclusion is false without it",
    ),
    "undetermined, but false without it": (
        *(TWO, UNDETERMINED, about("positive", outcomes=FALSE)),
        f"{SQRT}: positive is undetermined, but without it the conclusion is false in 1 instance",
    ),
    "equivalent, but told apart": (
        *(IMPLIED, CLASS, about("positive nonzero", outcomes=FALSE, apart=2, counterexample=at(-1))),
        f"{SQRT}: positive, nonzero are no equivalent hypotheses: told apart by 2 instances",
    ),
    "equivalent, but the instance tells them apart": (
        *(IMPLIED, CLASS, about("positive nonzero", outcomes=FALSE, counterexample=at(-1))),
        f"{SQRT}: positive, nonzero is necessary, but its instance fails positive alone",
    ),
    "met by what fails a hypothesis": (
        *(TWO, NECESSARY, about("positive", outcomes=FALSE, counterexample=at(-1), met=at(20))),
        f"the instance that is to meet the hypotheses of {LENT} fails small",
    ),
    "met by what fails the conclusion": (
        *(made_up(SMALL), entry(Label.PART, "small"), Known(0, 0, {LENT: at(-1)})),
        f"the instance that meets the hypotheses of {LENT} fails its conclusion",
    ),
    "met by what is inert": (
        *(made_up(SMALL), entry(Label.PART, "small"), Known(0, 0, {LENT: at(0)})),
        f"the instance that meets the hypotheses of {LENT} is not active",
    ),
    "met by nothing": (
        *(CONTRARY, entry(Label.PART, "positive"), Known(0, 0)),
        f"nothing that was tried meets the hypotheses of {LENT}",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_label_that_is_wrong_is_contradicted(name: str) -> None:
    theorem, weighs, record, said = BAD[name]
    assert said in contradictions(theorem, weighs, record)
