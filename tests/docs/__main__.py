"""`python -m tests.docs`: write anew the counts on pages, the vocabulary, the ledger, the table of a campaign."""

from __future__ import annotations

from tests.docs import campaign_page, ledger_page
from tests.docs.counts import renewed
from tests.docs.pages import manual
from tests.docs.vocabulary import PAGE, with_tables
from tests.source import ROOT


def main() -> None:
    """Write each page whose counts or tables have changed, and say which."""
    for page in manual():
        text = renewed(page.text)
        text = with_tables(text) if page.path == PAGE else text
        text = ledger_page.with_lines(text) if page.path == ledger_page.PAGE else text
        text = campaign_page.with_table(text) if page.path == campaign_page.PAGE else text
        if text != page.text:
            (ROOT / page.path).write_text(text, encoding="utf-8")
            print(f"wrote {page.path}")


if __name__ == "__main__":
    main()
