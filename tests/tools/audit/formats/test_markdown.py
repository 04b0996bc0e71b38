"""Markdown: a table of what fails or changed, folded details, and nothing of a Lean text that acts."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.tools.audit.formats.accounts import HOSTILE, REVISION, account, hostile, of_each
from tests.tools.cli.snapshot import assert_snapshot
from theorems.tools.audit.findings import Section, fails, note
from theorems.tools.audit.formats.markdown import SIZE, TABLE, code, markdown, prose

CELLS = re.compile(r"(?<!\\)\|")


def test_the_page() -> None:
    assert_snapshot("audit_markdown", markdown(of_each(), f"https://github.com/o/r/blob/{REVISION}/"))


def rows(text: str) -> list[list[str]]:
    """The cells of each row under the heading of the table."""
    return [CELLS.split(line)[1:-1] for line in text.splitlines() if line.startswith("|")][2:]


def test_hostile_text_stays_in_its_cell() -> None:
    page = markdown(hostile())
    (row,) = rows(page)
    assert len(row) == 4
    assert row[3] == " [NN/a b,c:d%e\\|#<!-- -->f.lean:7](NN/a%20b%2Cc%3Ad%25e%7C%23f.lean#L7) "
    assert "\x1b" not in page
    outside = re.sub(r"(`+).*?\1|</?(?:details|summary|span|br)>|<!-- -->", " ", page.replace("\\`", ""))
    assert not re.search(r"<|@\w|#\d", outside)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("plain", "plain"),
        ("a|b", "a\\|b"),
        ("<b>&", "&lt;b&gt;&amp;"),
        ("*x* _y_ `z` [l](u) ~s~ \\", "\\*x\\* \\_y\\_ \\`z\\` \\[l\\](u) \\~s\\~ \\\\"),
        ("@me #3", "@<!-- -->me #<!-- -->3"),
        ("@[simp] # $x$", "@\\[simp\\] # <span>$</span>x<span>$</span>"),
    ],
)
def test_prose_is_no_markup(text: str, written: str) -> None:
    assert prose(text) == written


@pytest.mark.parametrize(
    ("text", "written"), [("A.b", "`A.b`"), ("a`b``c", "``` a`b``c ```"), ("a|b", "`a\\|b`"), ("`", "`` ` ``")]
)
def test_code_ends_where_it_should(text: str, written: str) -> None:
    assert code(text) == written


def test_a_long_table_says_how_much_it_leaves_out() -> None:
    many = 1000
    page = markdown(account(*(fails(f"A.b{k}", "so " * 30) for k in range(many))))
    *shown, (_, more, *_) = rows(page)
    assert more == f" {many - len(shown)} more "
    assert sum(len("|".join(row)) for row in shown) < TABLE


def test_a_page_is_no_longer_than_a_comment_may_be() -> None:
    ledger = Section("ledger", "", tuple(note("A.block", f"{k} " * 100) for k in range(1000)))
    found = replace(
        account(*(fails(f"A.b{k}", "so " * 30) for k in range(1000))), sections=(ledger,), block=("A.block",)
    )
    page = markdown(found)
    assert SIZE * 0.9 < len(page) < 65_536
    assert re.search(r"\n- \d+ more\n\n</details>\n\n\Z", page)


def test_what_was_asked_for_has_its_ledger() -> None:
    assert "`other`: fixed: y" in markdown(account(asked=("A.other",)))
    assert "`block`" not in markdown(account(asked=("A.other",), block=("A.block",)))


def test_a_page_ends_with_a_line() -> None:
    assert markdown(account()).endswith("\n")
    assert HOSTILE not in markdown(hostile())
