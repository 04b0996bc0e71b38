"""Markdown for a pull request, as GitHub reads it: what fails or changed in a table, everything else folded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote

from theorems.tools.audit.account import Account, Affected
from theorems.tools.audit.findings import Finding
from theorems.tools.audit.formats.visible import at, visible

# A comment takes 65,536 characters: so many rows of a table leave room.
ROWS = 100
_MARKUP = re.compile(r"[\\`*_\[\]|~]")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "$": "<span>$</span>"}
_MENTION = re.compile(r"([@#])(?=\w)")


def markdown(account: Account, root: str = "") -> str:
    """The page; `root` is put before each file in a link, such as `https://github.com/OWNER/NAME/blob/SHA/`."""
    affected = account.to_read()
    lines = ["## leanmirror audit", "", f"**{prose(account.verdict())}** ({prose(account.basis)})", ""]
    if affected:
        lines += ["| | declaration | what | where |", "| --- | --- | --- | --- |"]
        lines += [_row(one, root) for one in affected[:ROWS]]
        lines += [f"| | {len(affected) - ROWS} more | | |"] if affected[ROWS:] else []
        lines += [""]
    lines += [*_ledger(account), *_folded("what was compared", _counts(account)), *_unchecked(account)]
    return "\n".join(lines)


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


def _unchecked(account: Account) -> list[str]:
    found = [
        f"- **{prose(one.title)}**, {len(one.names)} of {one.total}: {prose(one.basis)}" for one in account.unchecked()
    ]
    return _folded("not checked", found)


def _ledger(account: Account) -> list[str]:
    """What the ledger says of the declarations that are listed."""
    if account.ledger is None:
        return []
    found = account.ledger.about(account.asked or account.block).findings
    return _folded("what the theorems leave open", map(_remark, found))


def _remark(finding: Finding) -> str:
    return f"- {code(finding.name.rsplit('.', 1)[-1])}: {prose(finding.basis)}"


def _folded(title: str, lines: Iterator[str] | list[str]) -> list[str]:
    inside = list(lines)
    return ["<details>", f"<summary>{title}</summary>", "", *inside, "", "</details>", ""] if inside else []


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
