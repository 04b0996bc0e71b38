"""`python -m tests.docs`: write the counts on the pages anew."""

from __future__ import annotations

from tests.docs.counts import renewed
from tests.docs.pages import manual
from tests.source import ROOT


def main() -> None:
    """Write each page whose counts have changed, and say which."""
    for page in manual():
        text = renewed(page.text)
        if text != page.text:
            (ROOT / page.path).write_text(text, encoding="utf-8")
            print(f"wrote {page.path}")


if __name__ == "__main__":
    main()
