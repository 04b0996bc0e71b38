"""What the audit says of outcomes."""

from __future__ import annotations

from theorems.tools.audit.audit import errors, exit_code
from theorems.tools.audit.evaluated.outcome import ComparisonEnding, FunctionComparison
from theorems.tools.audit.evaluated.section import same_conclusion, same_function
from theorems.tools.audit.findings import AuditVerdict, error, fails, not_checked

OUTCOMES = (
    FunctionComparison("c", ComparisonEnding.NOT_EVALUATED, why="A.lean:3: c: not evaluated: Real.cosh"),
    FunctionComparison("a", ComparisonEnding.SAME, 3),
    FunctionComparison("b", ComparisonEnding.DIFFERS, 1, "the numbers: at position 0, 1 against 2, with n = 1"),
    FunctionComparison("d", ComparisonEnding.SAME, 1, silent=("√x at 0 is differentiated", "nothing was compared")),
    FunctionComparison("e", ComparisonEnding.RAISED, 1, "ValueError: no vector, with n = 1"),
)
FAILED = FunctionComparison("f", ComparisonEnding.FAILED, why="KeyError: 'k' (theorems/a.py:3 in f)")


def test_counts_and_findings() -> None:
    section = same_function(OUTCOMES)
    assert section.summary == "2 of 5, 2 different, 1 not evaluated"
    assert section.failed
    assert [(f.name, f.verdict) for f in section.findings] == [
        ("a", AuditVerdict.HOLDS),
        ("b", AuditVerdict.FAILS),
        ("c", AuditVerdict.NOT_CHECKED),
        ("d", AuditVerdict.HOLDS),
        ("e", AuditVerdict.FAILS),
    ]
    assert section.findings[0].basis == "the text and the mirror give the same values (3 instances)"
    assert section.findings[3].basis.endswith(
        "(1 instance; others say nothing: √x at 0 is differentiated; nothing was compared)"
    )


def test_what_theorems_conclude_has_a_line_of_its_own() -> None:
    broken = FunctionComparison("a", ComparisonEnding.SAME, 3, "1 more breaks a hypothesis of both")
    section = same_conclusion((broken, *OUTCOMES[1:]))
    assert section.title == "same conclusion"
    assert section.findings[0].basis == (
        "the hypotheses and the conclusion of the text hold, and so does the property "
        "(3 instances; 1 more breaks a hypothesis of both)"
    )


def test_what_leanmirror_fails_on_is_no_verdict() -> None:
    section = same_function((*OUTCOMES, FAILED))
    assert section.summary == "2 of 6, 2 different, 1 not evaluated, leanmirror itself failed on 1"
    assert section.findings[-1] == error("f", "KeyError: 'k' (theorems/a.py:3 in f)")
    alone = same_function([OUTCOMES[1], FAILED])
    assert not alone.failed
    assert (exit_code([section]), exit_code([alone]), exit_code([same_function(OUTCOMES[:1])])) == (1, 3, 0)
    assert [f.name for f in errors([section, alone])] == ["f", "f"]


def test_each_exception_has_its_reason() -> None:
    assert [f for f in same_function(OUTCOMES).findings if f.verdict is not AuditVerdict.HOLDS] == [
        fails("b", "differs at the numbers: at position 0, 1 against 2, with n = 1"),
        not_checked("c", "A.lean:3: c: not evaluated: Real.cosh"),
        fails("e", "the counterpart raises ValueError: no vector, with n = 1"),
    ]
