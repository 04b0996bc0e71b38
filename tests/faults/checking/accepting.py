"""More faults of what is counted: side facts as evidence, hypotheses that nobody asks, counts that are lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.faults.checking.fault import CheckingFault, always, blunt
from theorems.engine.evidence.verdicts import Verdict

_ENGINE = "theorems.engine."
_VERDICTS = _ENGINE + "evidence.verdicts:"
_OF_ASSESSING = "tests/engine/test_assessing.py::"
_OF_BLOCKS = "tests/engine/test_blocks.py::"
_OF_CHECKING = "tests/engine/test_checking.py::"
_NAMED = _OF_ASSESSING + "test_hypotheses_that_an_instance_does_not_satisfy_are_named"
_ADDED_UP = _OF_BLOCKS + "test_every_count_is_added_up"


def _excused(verdict: Verdict) -> Callable[[Any], Any]:
    return lambda original: lambda case, found: original(case, found) and found.verdict is not verdict


def _with_shrunk_ones(original: Any) -> Any:
    def examine(theorem: Any, case: Any, counts: Any) -> None:
        counts.tried += counts.failure is not None
        original(theorem, case, counts)

    return examine


def _forgets(name: str) -> Callable[[Any], Any]:
    """One of a later block's counts is not added."""

    def breaks(original: Any) -> Any:
        def add(total: Any, block: Any) -> None:
            before = getattr(total, name)
            original(total, block)
            setattr(total, name, before)

        return add

    return breaks


ACCEPTING: tuple[CheckingFault, ...] = (
    blunt(
        "what is compared is not counted",
        "tests/engine/evidence/test_verdicts.py::test_what_is_compared_is_counted_up_to_what_fails",
        _VERDICTS + "_both",
        lambda original: lambda first, then: replace(original(first, then), compared=0),
    ),
    blunt(
        "that two shapes are one is evidence",
        "tests/engine/evidence/test_typed.py::test_one_shape_or_one_context_alone_is_no_evidence",
        _VERDICTS + "Holds.judge",
        lambda original: lambda claim: replace(original(claim), compared=1),
    ),
    blunt("no hypothesis is asked", _NAMED, _ENGINE + "assessing:_unmet", always(None)),
    blunt(
        "only the first hypothesis is asked",
        _NAMED,
        _ENGINE + "assessing:_unmet",
        lambda original: lambda theorem, case: original(replace(theorem, hypotheses=theorem.hypotheses[:1]), case),
    ),
    blunt("no hypothesis is satisfied", _NAMED, _ENGINE + "theorem:Theorem.satisfies", always(False)),
    blunt(
        "an instance that fails a hypothesis is left out",
        _OF_ASSESSING + "test_a_strategy_that_leaves_the_hypotheses_is_named_with_its_instance",
        _ENGINE + "assessing:fails",
        _excused(Verdict.UNSATISFIED),
    ),
    blunt(
        "what is undecided is left out wherever it is",
        _OF_CHECKING + "test_an_instance_that_does_not_say_that_it_is_at_a_boundary_is_a_failure",
        _ENGINE + "assessing:fails",
        _excused(Verdict.UNDECIDED),
    ),
    blunt(
        "a misspelt name is not looked for",
        _OF_ASSESSING + "test_a_misspelt_name_is_found_with_the_first_instance_and_said",
        _ENGINE + "theorem:Theorem.require_values",
        always(None),
    ),
    blunt(
        "what the shrinker tries counts",
        _OF_CHECKING + "test_what_the_shrinker_tries_is_not_counted",
        _ENGINE + "blocks:_examine",
        _with_shrunk_ones,
    ),
    blunt("later blocks' empty instances are lost", _ADDED_UP, _ENGINE + "counts:Counts.add_block", _forgets("empty")),
    blunt("later blocks' widths are lost", _ADDED_UP, _ENGINE + "counts:Counts.add_block", _forgets("width")),
    blunt(
        "a theorem of which too little was examined holds",
        "tests/tools/cli/test_check.py::test_vacuous_is_said_and_exits_2",
        "theorems.tools.reports.outcomes:status",
        lambda original: lambda outcome: "equal" if (how := original(outcome)) == "vacuous" else how,
    ),
    blunt(
        "most shapes and contexts are empty",
        "tests/engine/strategies/test_shapes.py::test_few_contexts_have_no_entries_but_some",
        _ENGINE + "strategies.shapes:mostly",
        lambda original: lambda least: original(0),
    ),
)
