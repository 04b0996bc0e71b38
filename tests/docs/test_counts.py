"""The counts on the pages are those of the registry, the pin and the catalogue of faults."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lean_refs.evaluator.vocabulary.listing import vocabulary
from tests.docs import __main__ as command
from tests.docs import campaign_page, ledger_page
from tests.docs.counts import PLACES, counts, renewed, unchecked, wrong
from tests.docs.pages import Page, manual
from tests.docs.vocabulary import PAGE, with_tables

PAGES = manual()
EACH_PAGE = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path)


@EACH_PAGE
def test_every_count_is_right(page: Page) -> None:
    assert wrong(page.text) == [], "python -m tests.docs writes the counts anew"


@EACH_PAGE
def test_no_count_goes_unchecked(page: Page) -> None:
    assert unchecked(page.text) == []


def test_the_tables_of_the_vocabulary_are_those_of_the_evaluator() -> None:
    page = next(page for page in PAGES if page.path == PAGE)
    assert with_tables(page.text) == page.text, "python -m tests.docs writes the tables anew"
    stale = page.text.replace("`Real.pi :", "`Real.tau :").replace("| π |", "| 2π |")
    assert stale != page.text
    assert with_tables(stale) == page.text
    for row in (row for rows in vocabulary().values() for row in rows):
        assert row.meaning.replace("|", "\\|") in page.text


@pytest.mark.parametrize(
    ("path", "anew", "right", "stale"),
    [
        (ledger_page.PAGE, ledger_page.with_lines, "in xV (the 8 entries", "in xV (the 9 entries"),
        (campaign_page.PAGE, campaign_page.with_table, "| feed-forward | 1 |", "| feed-forward | 2 |"),
    ],
    ids=["the ledger of the pin", "the table of a campaign"],
)
def test_what_is_written_on_a_page_is_what_it_is_made_of(
    path: str, anew: Callable[[str], str], right: str, stale: str
) -> None:
    page = next(page for page in PAGES if page.path == path)
    assert anew(page.text) == page.text, "python -m tests.docs writes it anew"
    assert right in page.text
    assert anew(page.text.replace(right, stale)) == page.text


def test_every_count_has_a_place() -> None:
    assert PLACES.keys() == counts().keys()


# ---- the checks can fail


@pytest.mark.parametrize(
    "line",
    [
        "the 7 theorems and lemmas below it",
        "91 of them: 7 run, 1 is listed with its reason",
        "runs 7 of the 91 theorems and lemmas",
        "all 7 definitions are accounted for",
        "7 deliberate faults",
        "7 faults",
        "each on 7 random instances of each (7 in the nightly profile)",
        "7/7 of the decoder-block module",
        "7 declarations",
        "drawn in blocks of 7",
        "Of 100 instances and more at most 7% may be left out",
        "Of 7 instances and more",
        "```console\n$ make check\n…\n7 of 7 theorems hold: 7 instances tried, … of them distinct, … accepted\n```",
        "```console\n$ leanmirror audit\n…\nsame statement: 7 of 7 theorems have Lean's binders and hypotheses\n```",
        "```console\n$ leanmirror list --summary\n7/7 definitions accounted for (… mirrored, … reasoned)\n```",
    ],
)
def test_a_wrong_count_is_seen_and_written_anew(line: str) -> None:
    text = f"# Page\n\n{line}\n"
    assert wrong(text)
    assert wrong(renewed(text)) == []


def test_a_run_session_is_left_to_the_run() -> None:
    session = "```console\n$ leanmirror check a\n…\n1 of 1 theorem holds: 5 instances tried, 5 accepted\n```\n"
    assert renewed(session) == session


@pytest.mark.parametrize("said", ["12 theorems", "12 small definitions", "1,234 small faults"])
def test_a_count_that_nothing_checks_is_seen(said: str) -> None:
    assert unchecked(f"It has the {said} of the block, and 255 definitions.\n") == [said]


def test_commas_stay() -> None:
    assert renewed("(1,000 in the nightly profile)") == f"({counts()['nightly instances']:,} in the nightly profile)"
    assert renewed("(1000 in the nightly profile)") == f"({counts()['nightly instances']} in the nightly profile)"


def test_the_command_writes_what_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stale, fresh = Page("stale.md", "7 faults\n"), Page("fresh.md", "no count\n")
    monkeypatch.setattr(command, "ROOT", tmp_path)
    monkeypatch.setattr(command, "manual", lambda: [stale, fresh])
    command.main()
    assert (tmp_path / "stale.md").read_text("utf-8") == f"{counts()['faults']} faults\n"
    assert [path.name for path in tmp_path.iterdir()] == ["stale.md"]
    assert capsys.readouterr().out == "wrote stale.md\n"
