"""Faults of what is said: exit codes, tables, reports, replay files, and which theorems are run."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from tests.faults.checking.fault import CheckingFault, always, blunt
from theorems.engine.evidence.floats import FloatVerdict
from theorems.engine.evidence.verdicts import Judgement, Verdict

_ENGINE = "theorems.engine."
_REPORTS = "theorems.tools.reports."
_OF_CHECK = "tests/tools/cli/test_check.py::"
_OF_REPLAY = "tests/tools/cli/test_replay.py::"
_OF_FLOATS = "tests/arithmetic/test_float_evidence.py::"
_PASSES = Judgement(Verdict.EQUAL, compared=1)


def _without_the_last(original: Any) -> Any:
    return lambda *args: dict(list(original(*args).items())[:-1])


REPORTING: tuple[CheckingFault, ...] = (
    blunt("every run exits with 0", _OF_CHECK + "test_exit_codes", _REPORTS + "outcomes:exit_code", always(0)),
    blunt(
        "an error is taken for a theorem that holds",
        _OF_CHECK + "test_an_error_of_the_machinery_is_one_row_of_the_table",
        _REPORTS + "outcomes:status",
        lambda original: lambda outcome: "equal" if outcome.report is None else original(outcome),
    ),
    blunt(
        "the table says of every theorem that it holds",
        _OF_CHECK + "test_a_theorem_that_does_not",
        _REPORTS + "outcomes:status",
        always("equal"),
    ),
    blunt(
        "the JSON report leaves out what was empty",
        _OF_CHECK + "test_json_report",
        _REPORTS + "json:_entry",
        lambda original: lambda outcome: {k: v for k, v in original(outcome).items() if k != "empty"},
    ),
    blunt(
        "JUnit is told of no failure",
        _OF_CHECK + "test_junit_report",
        _REPORTS + "junit:document",
        lambda original: lambda outcomes: original([replace(o, report=None, error="") for o in outcomes]),
    ),
    blunt(
        "every replay holds",
        _OF_REPLAY + "test_a_failure_still_fails",
        _REPORTS + "replay:Recording.replay",
        always(_PASSES),
    ),
    blunt(
        "a replay file of an older version is read",
        _OF_REPLAY + "test_a_file_that_is_no_recording[older]",
        _REPORTS + "replay:_load",
        lambda original: lambda path: json.loads(path.read_text("utf-8")),
    ),
    blunt(
        "a replay file's fields are taken as they are",
        _OF_REPLAY + "test_a_file_that_is_no_recording[unknown field]",
        _REPORTS + "replay:require_fields",
        always(None),
    ),
    blunt(
        "text stands for a mark of a replayed instance",
        _OF_REPLAY + "test_a_file_that_is_no_recording[text for a mark]",
        _REPORTS + "replay:require_values",
        always(None),
    ),
    blunt(
        "a truth value stands for a number of a replayed instance",
        _OF_REPLAY + "test_a_file_that_is_no_recording[mark for an index]",
        _ENGINE + "codec:is_a",
        always(True),
    ),
    blunt(
        "a theorem is lost from the registry",
        "tests/engine/test_registry.py::test_theorems_are_in_the_order_of_the_lean_files",
        "theorems.engine.registry:theorems",
        _without_the_last,
    ),
    blunt(
        "a pattern selects one theorem too few",
        "tests/engine/test_registry.py::test_theorems_are_in_the_order_of_the_lean_files",
        "theorems.engine.registry:select",
        lambda original: lambda *args: original(*args)[1:],
    ),
    blunt(
        "an instance loses digits on its way to a file",
        "tests/engine/test_codec.py::test_numbers_stay_exact",
        "theorems.engine.codec:_rational",
        lambda original: lambda text: original(original(text).numerator.str() + "/1"),
    ),
    blunt(
        "every float is inside its enclosure",
        _OF_FLOATS + "test_a_result_moved_by_more_than_the_bound_is_outside",
        "theorems.engine.evidence.floats:_entry",
        always(FloatVerdict.INSIDE),
    ),
    blunt(
        "what is not a number is inside",
        _OF_FLOATS + "test_what_is_not_a_number_is_outside",
        "theorems.engine.evidence.floats:_entry",
        lambda original: lambda value, ball: original(value if value == value else float(ball.mid()), ball),
    ),
)
