"""What an audit amounts to: by declaration, what was not checked, and one line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.lean_refs import mini_lean as mini
from tests.tools.audit.formats.accounts import account, of_each
from tests.tools.audit.mini_checkout import BLOCK, material, mini_pin
from theorems.tools.audit.account import Affected, Told, account_of
from theorems.tools.audit.audit import audit
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
from theorems.tools.audit.material import Material
from theorems.tools.audit.places import located


def test_what_is_to_be_read_has_the_gravest_first_and_nothing_that_holds() -> None:
    assert [(one.name, one.verdict) for one in of_each().to_read()] == [
        ("A.fails", AuditVerdict.FAILS),
        ("A.error", AuditVerdict.ERROR),
        ("A.changed", AuditVerdict.CHANGED),
    ]


def test_a_declaration_is_as_its_gravest_finding_and_only_what_is_grave_is_to_be_read() -> None:
    found = account(holds("A.b", "there"), fails("A.b", "differs"), changed("A.b", "reworded"))
    assert found.about("A.b").verdict is AuditVerdict.FAILS
    (one,) = found.to_read()
    assert [told.finding.basis for told in one.told] == ["differs", "reworded"]


def test_of_what_is_as_grave_the_block_comes_first() -> None:
    found = account(changed("A.a", "", file="NN/A.lean"), changed("B.b", "", file="NN/B.lean"), fails("A.c", ""))
    assert [one.name for one in replace(found, module="NN/B.lean").to_read()] == ["A.c", "B.b", "A.a"]


def test_what_a_finding_says_itself_is_not_said_again() -> None:
    said = Told("drift", changed("A.b", "added: open X", before="open Y", now="open X"))
    assert said.lines() == ["drift: added: open X", "  before: open Y"]


def test_nothing_found_is_not_checked() -> None:
    assert account().about("A.b") == Affected("A.b", ())
    assert account().about("A.b").verdict is AuditVerdict.NOT_CHECKED


@pytest.mark.parametrize(
    ("findings", "place"),
    [
        ((holds("A", ""),), ("", 0)),
        ((holds("A", "", file="NN/A.lean"),), ("NN/A.lean", 0)),
        (
            (holds("A", ""), holds("A", "", file="NN/A.lean"), fails("A", "", file="NN/B.lean", line=2)),
            ("NN/B.lean", 2),
        ),
    ],
)
def test_a_place_is_one_with_a_line_where_there_is_one(findings: tuple[Finding, ...], place: tuple[str, int]) -> None:
    assert account(*findings).about("A").place == place


@pytest.mark.parametrize(
    ("findings", "verdict"),
    [
        ((holds("A", ""), note("B", ""), not_checked("C", "")), "everything that was checked holds"),
        ((changed("A", ""),), "everything that was checked holds, 1 changed and holds"),
        ((changed("A", ""), changed("B", "")), "everything that was checked holds, 2 changed and hold"),
        ((fails("A", ""), fails("A", ""), changed("A", "")), "1 declaration or file fails"),
        ((fails("A", ""), fails("B", "")), "2 declarations or files fail"),
        ((error("A", ""),), "leanmirror itself failed on 1: this is no verdict"),
    ],
)
def test_the_verdict(findings: tuple[Finding, ...], verdict: str) -> None:
    assert account(*findings).verdict() == verdict


def test_what_was_not_checked_is_told_by_reason() -> None:
    left = [not_checked(name, basis) for name, basis in (("A", "one"), ("B", "two"), ("C", "two"))]
    found = list(account(holds("D", ""), *left).unchecked())
    assert [(one.basis, one.names, one.total, one.whole) for one in found] == [
        ("two", ("B", "C"), 4, False),
        ("one", ("A",), 4, False),
    ]
    (whole,) = account(not_checked("A", "one")).unchecked()
    assert whole.whole
    assert [one.whole for one in account(not_checked("kinds", "one"), holds("B", "")).unchecked()] == [True]


def test_the_ledger_is_the_section_of_that_title(pinned: Material) -> None:
    found = account_of([Section(title, "", ()) for title in ("a", "ledger")], pinned).ledger
    assert found is not None
    assert found.title == "ledger"
    assert account_of([], pinned).ledger is None


def test_what_was_asked_for_and_what_concerns_it_is_kept(pinned: Material) -> None:
    first, other = min(pinned.module), min(pinned.pinned.keys() - pinned.module)
    place = pinned.pinned[first]
    findings = (
        fails(first, "asked"),
        fails(other, "not asked"),
        fails("NN/B.lean", "not read", file="NN/B.lean"),
        not_checked("Lean", "not there"),
        changed("NN/B.lean", "another file", file="NN/B.lean"),
        changed(place.file, "its file", file=place.file),
        note("Nobody.knows", "a twin"),
    )
    (section,) = account_of([Section("t", "", findings)], pinned, [first]).sections
    assert [f.basis for f in section.findings] == ["asked", "not read", "not there", "its file"]
    (section,) = account_of([Section("t", "", findings)], pinned).sections
    assert len(section.findings) == len(findings)


# ---- places


@pytest.fixture
def checkout(tmp_path: Path) -> Callable[..., Material]:
    """The small library with a text of the block replaced."""
    pin = mini_pin(tmp_path / "pinned")

    def made(old: str = "", new: str = "", **fields: Any) -> Material:
        return material(mini.write(tmp_path / "now", block=mini.BLOCK.replace(old, new, 1)), pin)

    return made


def place(name: str, given: Material) -> tuple[str, int]:
    (section,) = located([Section("t", "", (holds(name, ""),))], given)
    (finding,) = section.findings
    return finding.file, finding.line


def test_a_declaration_is_where_the_source_has_it(checkout: Callable[..., Material]) -> None:
    given = checkout("/-- A matrix. -/", "/-- A\n\nmatrix. -/")
    old = given.pinned[f"{BLOCK}.idxBeta"]
    assert place(f"{BLOCK}.idxBeta", given) == (old.file, old.line + 2)


def test_one_that_was_renamed_is_where_it_is_now_and_one_that_is_gone_in_its_old_file(
    checkout: Callable[..., Material],
) -> None:
    name = f"{BLOCK}.idxBeta"
    given = checkout("def idxBeta ", "def idxShift ")
    assert place(name, given)[1] == given.pinned[name].line
    gone = checkout("theorem block_ok ", "-- theorem block_ok ")
    assert place(f"{BLOCK}.block_ok", gone) == ("NN/Block.lean", 0)


def test_without_a_source_it_is_where_the_pin_has_it(pinned: Material) -> None:
    name, made = next(iter(pinned.pinned.items()))
    assert place(name, pinned) == (made.file, made.line)


def test_a_file_is_its_own_place_and_what_nobody_declares_has_none(pinned: Material) -> None:
    assert place("NN/A.lean", pinned) == ("NN/A.lean", 0)
    assert place("Lean", pinned) == ("", 0)


def test_a_place_that_a_finding_says_itself_stays(pinned: Material) -> None:
    finding = note(next(iter(pinned.pinned)), "", file="NN/X.lean", line=7)
    assert located([Section("t", "", (finding,))], pinned)[0].findings == (finding,)


def test_every_section_says_what_its_count_means(checkout: Callable[..., Material]) -> None:
    assert [section.title for section in audit(checkout()) if not section.means] == []
