"""What the text of a documentation comment consists of: headed parts, paragraphs, words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_HEADING = re.compile(r"#{1,6}\s+(.*?)\s*#*$")
_ITEM = re.compile(r"(?:[-*+]|\d+[.)])\s+")
_FENCE = re.compile(r"```|~~~")


@dataclass(frozen=True, slots=True)
class DocLine:
    """One line by its number in the file; `heading` is what it says if it is one, else ''."""

    number: int
    text: str
    heading: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, heading or item of a list: its words, and the line that each of them stands at."""

    words: tuple[str, ...]
    lines: tuple[int, ...]

    @property
    def line(self) -> int:
        """The line that it begins at."""
        return self.lines[0]


def lines_of(text: str, number: int) -> Iterator[DocLine]:
    """The lines of a text that begins at line `number`; in a block of code `#` makes no heading."""
    fenced = False
    for at, written in enumerate(text.split("\n"), number):
        stripped = written.strip()
        fenced ^= bool(_FENCE.match(stripped))
        heading = None if fenced else _HEADING.match(stripped)
        yield DocLine(at, stripped, heading.group(1) if heading else "")


def parts(lines: Iterable[DocLine]) -> Iterator[tuple[DocLine, ...]]:
    """The lines, cut before each heading; a part that says nothing is left out."""
    gathered: list[DocLine] = []
    for line in lines:
        if line.heading and gathered:
            yield tuple(gathered)
            gathered = []
        if gathered or line.text:
            gathered.append(line)
    if gathered:
        yield tuple(gathered)


def paragraphs(lines: Iterable[DocLine]) -> Iterator[Passage]:
    """The paragraphs of some lines: a blank line, a heading and an item of a list begin a new one."""
    words, at, headed = list[str](), list[int](), False
    for line in lines:
        if words and (not line.text or line.heading or headed or _ITEM.match(line.text)):
            yield Passage(tuple(words), tuple(at))
            words, at = [], []
        said = line.text.split()
        words += said
        at += [line.number] * len(said)
        headed = bool(line.heading)
    if words:
        yield Passage(tuple(words), tuple(at))
