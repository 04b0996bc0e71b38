"""What `audit` prints, on a terminal and into a file."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from rich.console import Console

from tests.tools.audit.formats.accounts import HOSTILE, account, hostile, of_each
from tests.tools.cli.snapshot import assert_snapshot
from theorems.tools.audit.account import Account
from theorems.tools.audit.findings import Finding, Section, changed, error, fails, holds, not_checked, note
from theorems.tools.cli import render_audit
from theorems.tools.cli.render_audit import CHANGED_SHOWN, FEW, print_audit

LONG = "Proofs.Autograd.Transformer.projectedMaskedDecoderAttentionPack_hasFDerivAt"
PLACE = "NN/Proofs/Autograd/Tape/Ops/Transformer/DecoderBlock.lean"
Printed = Callable[..., str]


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> Printed:
    """`printed(account, width)` on a terminal of that width, without one into a file."""

    def run(found: Account, width: int | None = None, *, verbose: bool = False, colours: bool = False) -> str:
        file = io.StringIO()
        system = "standard" if colours else None
        out = Console(file=file, width=width or 240, force_terminal=bool(width), color_system=system, highlight=False)
        monkeypatch.setattr(render_audit, "console", lambda: out)
        print_audit(found, verbose=verbose)
        return file.getvalue()

    return run


def whole(*more: Finding) -> Account:
    """An account with names and words as long as they are."""
    said = "at seqLen = 2, dModel = 3, numHeads = 5, headDim = 7: gamma, index: 5 in Lean, 4 in the mirror"
    found = Section(
        "same definition",
        "97 the same, 2 different, 4 not interpreted",
        (
            fails(LONG, said, file=PLACE, line=750, before="an index that is 4", now="an index that is 5"),
            fails("A.alike", said, file=PLACE, line=760, before="an index that is 4", now="an index that is 5"),
            changed("A.short", "docstring reworded (the docs alone; meaning: same)", file="NN/A.lean", line=3),
            holds("A.holds", "the same data at 3 sets of dimensions", file="NN/A.lean", line=4),
            *(not_checked(f"A.left{k}", f"reason {k}") for k in range(FEW + 1)),
            *more,
        ),
        "what the text evaluates to (shapes, indices, graphs) is what the counterpart builds; an operation is not",
    )
    ledger = Section(
        "ledger",
        "3 lines",
        (
            note(
                LONG, "fixed arguments, no gradient: c, bias, projectPack, DprojectPack, attentionPack, DattentionPack"
            ),
            note("A.other", "rests on nothing"),
        ),
        "what a theorem leaves open: a remark, no verdict",
    )
    words = Section("words", "1 promise", (note("A.holds", "says GPT", file="NN/A.lean", line=2),), "", ranked=True)
    drift = Section("drift", "not checked: no source was given", (not_checked("A.holds", "no source was given"),))
    return Account("Lean: pinned at 21198a1", "1" * 40, (found, ledger, words, drift), block=(LONG,))


@pytest.mark.parametrize("width", [80, 120, None])
def test_the_first_screen(printed: Printed, width: int | None) -> None:
    text = printed(whole(), width)
    assert_snapshot(f"audit_screen_{width or 'file'}", text)
    assert width is None or all(len(line) <= width for line in text.splitlines() if LONG not in line)


def test_all_of_it(printed: Printed) -> None:
    assert_snapshot("audit_verbose", printed(whole(), 100, verbose=True))


def test_what_was_asked_for_comes_in_full_and_what_fails_of_it_first(printed: Printed) -> None:
    found = whole()
    asked = Account(found.basis, found.pin, found.sections, asked=("A.holds", "A.other", LONG), block=found.block)
    assert_snapshot("audit_asked", printed(asked, 100))


def test_in_a_file_a_finding_is_one_line(printed: Printed) -> None:
    text = printed(whole())
    assert f"\nfails       {LONG}  {PLACE}:750\n" in text
    assert (
        "\n    same definition (fails): at seqLen = 2, dModel = 3, numHeads = 5, headDim = 7: gamma, index: 5" in text
    )


def test_a_file_is_named_once(printed: Printed) -> None:
    found = account(
        fails("NN/A.lean", "not read", file="NN/A.lean", line=3), fails("NN/B.lean", "gone", file="NN/B.lean")
    )
    assert "\nfails       NN/A.lean:3\n" in printed(found)
    assert "\nfails       NN/B.lean\n" in printed(found)


def test_the_verdicts_are_coloured(printed: Printed) -> None:
    text = printed(of_each(), 80, colours=True)
    assert "\x1b[31mfails" in text
    assert "\x1b[36mchanged" in text
    assert "\x1b[31m1 declaration or file fails" in text
    assert "\x1b[32meverything that was checked holds" in printed(account(), 80, colours=True)


def test_nothing_that_fails_is_said(printed: Printed) -> None:
    found = account(holds("A.b", "there"))
    assert "\n\nnothing fails, nothing changed\n\n" in printed(found)
    assert "\n\nnothing fails\n\n" in printed(replace(found, source=None))  # no text was read that could have changed
    assert "nothing fails" not in printed(account(changed("A.b", "reworded")))


def test_many_that_changed_are_counted_and_each_that_fails_is_named(printed: Printed) -> None:
    many = [make(f"A.{make.__name__}{k}", f"so {k}") for make in (fails, changed) for k in range(CHANGED_SHOWN + 3)]
    text = printed(account(*many))
    assert len(re.findall(r"^fails ", text, re.MULTILINE)) == CHANGED_SHOWN + 3
    assert len(re.findall(r"^changed ", text, re.MULTILINE)) == CHANGED_SHOWN
    assert "\n3 more changed and hold: --verbose lists them\n" in text
    assert len(re.findall(r"^changed ", printed(account(*many), verbose=True), re.MULTILINE)) == 2 * (CHANGED_SHOWN + 3)


def test_of_what_changed_about_one_thing_a_few_findings_are_told(printed: Printed) -> None:
    many = [changed("A.b", f"so {k}") for k in range(FEW + 2)]
    found = account(*many, *(fails("A.b", f"bad {k}") for k in range(FEW + 2)))
    text = printed(found)
    assert len(re.findall(r"^    kinds \(changed\): so ", text, re.MULTILINE)) == FEW
    assert len(re.findall(r"^    kinds \(fails\): bad ", text, re.MULTILINE)) == FEW + 2
    assert "\n    kinds (changed): 2 more: --verbose lists them\n" in text
    assert "more: --verbose" not in printed(found, verbose=True)


def test_a_failure_of_leanmirror_is_red(printed: Printed) -> None:
    assert "\x1b[31mleanmirror itself failed on 1" in printed(account(error("A.b", "KeyError")), 80, colours=True)


def test_without_a_ledger_none_is_printed(printed: Printed) -> None:
    found = Account("Lean: nowhere", "1" * 40, (Section("t", "s", (holds("A.b", "there"),)),), asked=("A.b",))
    assert "of A.b" not in printed(found)
    assert "of A.b" not in printed(found, verbose=True)


def test_hostile_text_does_nothing_to_the_screen(printed: Printed) -> None:
    for verbose in (False, True):
        text = printed(hostile(), verbose=verbose)
        assert not set(text) & {"\x1b", "\r", "\x00", "\u202e"}
        assert HOSTILE not in text
        assert "\n::error" not in text
