"""Markdown for a pull request, as GitHub reads it: what fails or changed in a table, everything else folded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate
from urllib.parse import quote

from theorems.tools.audit.account import Account, Affected
from theorems.tools.audit.formats.visible import at, visible

# A comment takes 65,536 characters, the ends of lines and of folds among them; the table takes two thirds at most.
SIZE = 60_000
TABLE = 40_000
_MARKUP = re.compile(r"[\\`*_\[\]|~]")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "$": "<span>$</span>"}
_MENTION = re.compile(r"([@#])(?=\w)")


def markdown(account: Account, root: str = "") -> str:
    """The page; `root` is put before each file in a link, such as `https://github.com/OWNER/NAME/blob/SHA/`."""
    page = f"## leanmirror audit\n\n**{prose(account.verdict())}** ({prose(account.basis)})\n\n"
    if rows := [_row(one, root) for one in account.to_read()]:
        head = ["| | declaration | what | where |", "| --- | --- | --- | --- |"]
        page += "\n".join([*head, *within(rows, TABLE, "| | {} more | | |"), "\n"])
    parts = (
        ("what was compared", _counts(account)),
        ("not checked", _unchecked(account)),
        ("what the theorems leave open", _ledger(account)),
    )
    for title, lines in parts:
        page += folded(title, within(list(lines), SIZE - len(page), "- {} more"))
    return page


def within(lines: list[str], room: int, more: str) -> list[str]:
    """The first lines, as many as the room takes, and how many more there are."""
    ends = accumulate(len(line) + 1 for line in lines)
    shown = sum(end <= room for end in ends)
    return [*lines[:shown], *([more.format(len(lines) - shown)] if shown < len(lines) else [])]


def _row(one: Affected, root: str) -> str:
    what = "<br>".join(prose(line) for told in one.told for line in told.lines())
    return f"| {one.verdict.value} | {code(one.name)} | {what} | {_link(*one.place, root)} |"


def _link(file: str, line: int, root: str) -> str:
    anchor = f"#L{line}" if line else ""
    return f"[{prose(at(file, line))}]({root}{quote(file)}{anchor})" if file else ""


def _counts(account: Account) -> Iterator[str]:
    for section in account.sections:
        means = f" – {prose(section.means)}" if section.means else ""
        yield f"- **{prose(section.title)}**: {prose(section.summary)}{means}"


def _unchecked(account: Account) -> Iterator[str]:
    for one in account.unchecked():
        yield f"- **{prose(one.title)}**, {len(one.names)} of {one.total}: {prose(one.basis)}"


def _ledger(account: Account) -> Iterator[str]:
    """What the ledger says of the declarations that were asked for, else of those of the block."""
    for finding in account.ledger.about(account.asked or account.block).findings if account.ledger else ():
        yield f"- {code(finding.name.rsplit('.', 1)[-1])}: {prose(finding.basis)}"


def folded(title: str, lines: list[str]) -> str:
    """The lines behind a title that opens them; nothing where there are none."""
    inside = "\n".join(lines)
    return f"<details>\n<summary>{title}</summary>\n\n{inside}\n\n</details>\n\n" if lines else ""


def prose(text: str) -> str:
    """Text as it is: no sign of it is markup, nobody is mentioned, no issue is linked, no cell ends."""
    escaped = _MARKUP.sub(lambda found: f"\\{found[0]}", visible(text)).translate(str.maketrans(_ENTITIES))
    return _MENTION.sub(r"\1<!-- -->", escaped)


def code(text: str) -> str:
    """Text as code: between more backticks than it has in a row, `|` escaped as a table wants it."""
    shown = visible(text).replace("|", "\\|")
    fence = "`" * (1 + max(map(len, re.findall("`+", shown)), default=0))
    padding = " " if "`" in shown else ""
    return f"{fence}{padding}{shown}{padding}{fence}"
