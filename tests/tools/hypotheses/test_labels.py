"""Every hypothesis has its one label and a reason; what is missing or too much is said."""

from __future__ import annotations

import dataclasses

import pytest

from tests.tools.hypotheses.made_up import NEGATIVE, POSITIVE, entry, made_up
from theorems.engine.registry import theorems
from theorems.engine.theorem import Theorem
from theorems.tools.hypotheses.labels import Label, Weighed, gaps, read, weighed

BOTH = made_up(POSITIVE, NEGATIVE)
DATA = made_up(dataclasses.replace(POSITIVE, data=True))
SQRT = "hasDerivAt_sqrt_clamp_of_pos"


def test_every_hypothesis_has_one_label_and_a_reason() -> None:
    assert gaps(theorems().values(), weighed()) == []
    assert all(e.relations for e in weighed() if not e.typed)


FAULTS: dict[str, tuple[Theorem, tuple[Weighed, ...], str]] = {
    "no label": (BOTH, (entry(Label.NECESSARY, "positive"),), f"{BOTH.name}: negative has no label"),
    "two labels": (
        BOTH,
        (entry(Label.NECESSARY, "positive", "negative"), entry(Label.REDUNDANT, "negative")),
        f"{BOTH.name}: negative has 2 labels",
    ),
    "no such hypothesis": (
        BOTH,
        (entry(Label.NECESSARY, "positive", "negative", "odd"),),
        f"{BOTH.name} has no hypothesis odd",
    ),
    "no reason": (
        BOTH,
        (entry(Label.NECESSARY, "positive", "negative", because=" "),),
        f"{SQRT}: positive, negative has a label without a reason",
    ),
    "data": (
        DATA,
        (entry(Label.NECESSARY, "positive"),),
        f"{SQRT}: positive is data, and nothing says when it is inhabited and that it is unique",
    ),
}


def typed(*binders: str) -> Weighed:
    return dataclasses.replace(entry(Label.PART, *binders), typed=True)


FAULTS |= {
    "a class without a label": (
        made_up(binders="{α} [Inhabited α] (x)"),
        (),
        f"{BOTH.name}: [Inhabited α] has no label",
    ),
    "no such binder": (made_up(binders="{n} (h)"), (typed("(h)", "(h₂)"),), f"{BOTH.name} has no hypothesis (h₂)"),
    "another theorem": (
        BOTH,
        (*(entry(Label.PART, name) for name in ("positive", "negative")), Weighed("A.a", ("h",), Label.PART, "so")),
        "A.a has no hypothesis h",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_of_the_labels_is_named(name: str) -> None:
    theorem, entries, said = FAULTS[name]
    assert gaps([theorem], entries) == [said]


def test_an_entry_is_about_each_of_its_theorems() -> None:
    text = '[[entry]]\ntheorems = ["A.a", "B.b"]\nhypotheses = ["h"]\nlabel = "not needed"\nbecause = "so"\n'
    assert [e.named for e in read(text)] == ["a: h", "b: h"]
    assert next(iter(read(text))) == Weighed("A.a", ("h",), Label.NOT_NEEDED, "so")
    text += '[[typed]]\ntheorems = ["C.c"]\nbinders = ["(h)", "[Group E]"]\nbecause = "a class"\n'
    assert list(read(text))[-1] == Weighed("C.c", ("(h)", "[Group E]"), Label.PART, "a class", typed=True)


@pytest.mark.parametrize("fault", [("not needed", "unneeded"), ("because", "since")])
def test_a_label_or_a_key_that_there_is_not_is_refused(fault: tuple[str, str]) -> None:
    text = '[[entry]]\ntheorems = ["A.a"]\nhypotheses = ["h"]\nlabel = "not needed"\nbecause = "so"\n'
    with pytest.raises((ValueError, KeyError), match=r"unneeded|because"):
        list(read(text.replace(*fault)))
