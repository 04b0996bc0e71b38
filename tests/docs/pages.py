"""A Markdown page as data: fenced blocks, inline code, headings with their anchors, links, tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from textwrap import dedent

from tests.source import ROOT

_FENCE = re.compile(r"^ *```(?P<language>\w*)\n(?P<text>.*?)^ *```$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_HEADING = re.compile(r"^(?P<level>#{1,6}) (?P<title>.+)$", re.MULTILINE)
_LINK = re.compile(r"\]\(([^()\s]+)\)")
# A sentence that names the file that the block below it is: "With this in `kernels.py`:".
_FILE = re.compile(r"`([\w./-]+\.\w+)`:\s*\Z")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language, its text, the line it begins on, and the file that it is said to be."""

    language: str
    text: str
    line: int
    file: str | None


@dataclass(frozen=True)
class Page:
    """One page, by its path from the root of the repository."""

    path: str
    text: str

    @cached_property
    def blocks(self) -> list[Block]:
        """The fenced blocks in their order."""
        return [self._block(found) for found in _FENCE.finditer(self.text)]

    def _block(self, found: re.Match[str]) -> Block:
        before = self.text[: found.start()]
        file = _FILE.search(before)
        return Block(found["language"], dedent(found["text"]), before.count("\n") + 1, file[1] if file else None)

    @cached_property
    def prose(self) -> str:
        """The text outside fenced blocks; as many lines as the page."""
        return _FENCE.sub(lambda found: "\n" * found[0].count("\n"), self.text)

    @property
    def spans(self) -> list[str]:
        """The inline code of the prose."""
        return [text.replace("\\|", "|") for text in _SPAN.findall(self.prose)]

    @property
    def links(self) -> list[str]:
        """The targets of the links in the prose."""
        return _LINK.findall(_SPAN.sub("", self.prose))

    @property
    def anchors(self) -> set[str]:
        """What `#…` may lead to: each heading as forges spell it."""
        return {anchor(found["title"]) for found in _HEADING.finditer(self.prose)}

    def section(self, title: str) -> str | None:
        """The prose under a heading down to the next one of its level or above; None where there is no such heading."""
        headings = list(_HEADING.finditer(self.prose))
        for number, found in enumerate(headings):
            if found["title"] == title:
                above = (h.start() for h in headings[number + 1 :] if len(h["level"]) <= len(found["level"]))
                return self.prose[found.end() : next(above, None)]
        return None


def anchor(title: str) -> str:
    """A heading's anchor: lower case, hyphens for spaces, no punctuation."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def first_cells(section: str) -> Iterator[str]:
    """The first cell of each row of the tables in a section, without their heads."""
    rows = [line for line in section.splitlines() if line.startswith("|")]
    for row, after in zip(rows, [*rows, ""][1:], strict=True):
        if not re.match(r"\| *:?-", row) and not re.match(r"\| *:?-", after):
            yield re.split(r"(?<!\\)\|", row)[1].strip()


def page(path: Path, root: Path = ROOT) -> Page:
    """The page in a file."""
    return Page(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))


def manual() -> list[Page]:
    """The front page and the pages of docs/: whatever they show is run."""
    return [page(ROOT / "README.md"), *(page(path) for path in sorted((ROOT / "docs").glob("*.md")))]


def fragments() -> list[Page]:
    """What the next changelog is made of, a file a change."""
    return [page(path) for path in sorted((ROOT / "docs" / "changes").glob("+*.md"))]


def everything() -> list[Page]:
    """Every page of the repository, also those for contributors."""
    others = ("CONTRIBUTING.md", "docs/changes/README.md", "lean_refs/README.md")
    return [*manual(), *(page(ROOT / path) for path in others)]
