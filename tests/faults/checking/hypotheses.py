"""Faults of how hypotheses are weighed: of the search, the labels, what is recorded, and what is said of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.faults.checking.fault import CheckingFault, always, blunt
from theorems.tools.hypotheses.labels import Label
from theorems.tools.hypotheses.search import Ending

_HYPOTHESES = "theorems.tools.hypotheses."
_TESTS = "tests/tools/hypotheses/"
_OF_SEARCH = _TESTS + "test_search.py::"
_OF_LABELS = _TESTS + "test_labels.py::"
_OF_WEIGHING = _TESTS + "test_weighing.py::"
_OF_COMMAND = "tests/tools/cli/test_hypotheses.py::"
_ENDINGS = _OF_SEARCH + "test_how_an_instance_ends"
_STORED = _OF_WEIGHING + "test_every_stored_instance_shows_what_its_label_says"
_CONTRADICTED = _OF_WEIGHING + "test_a_label_that_is_wrong_is_contradicted"
_GAPS = _OF_LABELS + "test_every_hypothesis_has_one_label_and_a_reason"


def _takes(ending: Ending, other: Ending) -> Callable[[Any], Any]:
    """One ending of an instance is taken for another."""
    return lambda original: lambda *args: other if (found := original(*args)) is ending else found


def _first(of: Label, **changes: Any) -> Callable[[Any], Any]:
    """The first entry with a label is changed."""

    def breaks(original: Any) -> Any:
        def weighed() -> tuple[Any, ...]:
            entries = original()
            at = next(k for k, entry in enumerate(entries) if entry.label is of and not entry.typed)
            return (*entries[:at], replace(entries[at], **changes), *entries[at + 1 :])

        return weighed

    return breaks


def _one_for_another(original: Any) -> Any:
    """Each theorem has the instance that meets the hypotheses of the theorem before it."""

    def recorded() -> Any:
        known = original()
        names, cases = list(known.met), list(known.met.values())
        return replace(known, met=dict(zip(names, [cases[-1], *cases[:-1]], strict=True)))

    return recorded


def _without_counterexamples(original: Any) -> Any:
    def recorded() -> Any:
        known = original()
        return replace(known, searches={k: replace(f, counterexample=None) for k, f in known.searches.items()})

    return recorded


def _of_any_format(original: Any) -> Any:
    def read(text: str) -> Any:
        return original(json.dumps({**json.loads(text), "format": "leanmirror hypotheses 1"}))

    return read


HYPOTHESES: tuple[CheckingFault, ...] = (
    blunt(
        "whatever is drawn meets the hypotheses",
        _OF_SEARCH + "test_hypotheses_that_contradict_each_other_are_met_by_nothing",
        "theorems.engine.theorem:Theorem.failed_hypotheses",
        always([]),
    ),
    blunt(
        "what is inert meets the hypotheses",
        _OF_SEARCH + "test_an_instance_that_compares_nothing_but_zeros_meets_no_hypotheses",
        _HYPOTHESES + "activity:active",
        always(True),
    ),
    blunt(
        "the search looks past other hypotheses",
        _ENDINGS,
        _HYPOTHESES + "search:outcome",
        _takes(Ending.OTHERS_FAIL, Ending.TRUE),
    ),
    blunt(
        "the search takes what is undecided for false",
        _ENDINGS,
        _HYPOTHESES + "search:outcome",
        _takes(Ending.UNDECIDED, Ending.FALSE),
    ),
    blunt(
        "the search takes what compares nothing for true",
        _ENDINGS,
        _HYPOTHESES + "search:outcome",
        _takes(Ending.EMPTY, Ending.TRUE),
    ),
    blunt(
        "the search separates no hypothesis",
        _OF_SEARCH + "test_a_hypothesis_that_is_not_needed_is_separated_and_nothing_is_false_without_it",
        _HYPOTHESES + "search:outcome",
        _takes(Ending.TRUE, Ending.HELD),
    ),
    blunt(
        "the search finds no counterexample",
        _OF_SEARCH + "test_what_a_necessary_hypothesis_keeps_out_is_found_and_made_plain",
        _HYPOTHESES + "search:plainest",
        always(None),
    ),
    blunt(
        "equivalent hypotheses are never told apart",
        _OF_SEARCH + "test_equivalent_hypotheses_are_dropped_together_and_others_come_apart",
        _HYPOTHESES + "search:search",
        lambda original: lambda *args, **kwargs: replace(original(*args, **kwargs), apart=0),
    ),
    *(
        blunt(
            f"a label is wrong: {right} said to be {wrong}",
            _STORED,
            _HYPOTHESES + "labels:weighed",
            _first(right, label=wrong),
        )
        for right, wrong in (
            (Label.NECESSARY, Label.REDUNDANT),
            (Label.NECESSARY, Label.NOT_NEEDED),
            (Label.REDUNDANT, Label.NECESSARY),
            (Label.PART, Label.NECESSARY),
        )
    ),
    blunt("a label is without a reason", _GAPS, _HYPOTHESES + "labels:weighed", _first(Label.NECESSARY, because="")),
    blunt(
        "a label is of another hypothesis",
        _GAPS,
        _HYPOTHESES + "labels:weighed",
        _first(Label.NECESSARY, hypotheses=("hOther",)),
    ),
    blunt(
        "a hypothesis without a label is not missed",
        _OF_LABELS + "test_a_fault_of_the_labels_is_named",
        _HYPOTHESES + "labels:gaps",
        always([]),
    ),
    blunt("no label is contradicted", _CONTRADICTED, _HYPOTHESES + "weighing:contradictions", always([])),
    blunt(
        "an instance need not fail what it is to show necessary",
        _CONTRADICTED,
        _HYPOTHESES + "weighing:_shows",
        lambda original: lambda *args: iter(()),
    ),
    blunt(
        "an instance need not meet what it is to meet",
        _CONTRADICTED,
        _HYPOTHESES + "weighing:_of_meeting",
        lambda original: lambda *args: iter(()),
    ),
    blunt("the recorded instances are of other theorems", _STORED, _HYPOTHESES + "record:recorded", _one_for_another),
    blunt("the recorded counterexamples are lost", _STORED, _HYPOTHESES + "record:recorded", _without_counterexamples),
    blunt(
        "a record of another format is read",
        _TESTS + "test_record.py::test_another_format_is_refused",
        _HYPOTHESES + "record:from_text",
        _of_any_format,
    ),
    blunt(
        "of hypotheses that nothing meets it is said that they are met",
        _OF_COMMAND + "test_a_theorem_that_nothing_meets_is_said",
        _HYPOTHESES + "report:_met",
        lambda original: lambda theorem, record: iter(("met: an instance satisfies all hypotheses and is active",)),
    ),
    blunt(
        "the command replays no label",
        _OF_COMMAND + "test_a_label_that_its_instance_does_not_show_is_refuted",
        _HYPOTHESES + "weighing:contradictions",
        always([]),
    ),
)
