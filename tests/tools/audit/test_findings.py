"""What an audit says, and what of it is written as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from theorems.tools.audit.account import account_of
from theorems.tools.audit.findings import (
    AuditVerdict,
    Finding,
    Section,
    changed,
    error,
    fails,
    holds,
    not_checked,
    note,
)
from theorems.tools.audit.formats.document import document
from theorems.tools.audit.material import Material

WHERE = {"file": "NN/A.lean", "line": 3, "before": "x < y", "now": "x ≤ y"}


@pytest.mark.parametrize("made", [holds, fails, changed, note, not_checked, error])
def test_a_finding_says_where_and_what_it_was_and_is(made: Callable[..., Finding]) -> None:
    finding = made("A.b", "why", **WHERE)
    assert {key: getattr(finding, key) for key in WHERE} == WHERE
    assert finding.verdict is AuditVerdict[made.__name__.upper()]


def test_the_document_has_the_fields_that_say_something(pinned: Material) -> None:
    section = Section("t", "s", (fails("A.b", "why", **WHERE), note("A.c", "as", ("A.d",))), means="so")
    (written,) = json.loads(document(account_of([section], pinned)))["sections"]
    assert written["means"] == "so"
    assert written["findings"] == [
        {"name": "A.b", "verdict": "fails", "basis": "why", **WHERE},
        {"name": "A.c", "verdict": "note", "basis": "as", "others": ["A.d"]},
    ]
