"""New names written into the marks of tests, and nothing else of their files changed."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from lean_refs.reader.tokens import unquoted
from theorems.tools.output.counted import counted
from theorems.tools.tracing.marks import LeanMark, WrittenName


@dataclass(frozen=True, slots=True)
class FixedMarks:
    """The new texts of files by path, how many names were written, and the marks that a person has to change.

    What is `left` is by old name: it is put together from constants, or stands on several lines.
    """

    texts: Mapping[Path, bytes]
    written: int
    left: Mapping[str, LeanMark]

    def lines(self) -> Iterator[str]:
        """What was done, and what is left to do."""
        yield f"wrote {counted(self.written, 'new name')} into {counted(len(self.texts), 'file')}"
        for name, mark in self.left.items():
            yield f"left {name} as it is in {mark.file}:{mark.line}: it is not written there as one string"


def rewritten(marks: Iterable[LeanMark], renamed: Mapping[str, str], root: Path) -> FixedMarks:
    """The files of the marks with new names, by the old ones; a literal that several tests share is written once."""
    places: dict[Path, dict[WrittenName, tuple[str, str]]] = {}
    left: dict[str, LeanMark] = {}
    for mark in marks:
        if mark.literal is None:
            left.setdefault(unquoted(mark.name), mark)
        else:
            places.setdefault(root / mark.file, {})[mark.literal] = (mark.name, renamed[unquoted(mark.name)])
    texts: dict[Path, bytes] = {}
    written = 0
    for path, names in places.items():
        lines = path.read_bytes().splitlines(keepends=True)
        # From the last to the first, so that what is before stays where it is.
        for place, (old, new) in sorted(names.items(), key=lambda pair: (pair[0].line, pair[0].start), reverse=True):
            line = lines[place.line - 1]
            said = line[place.start : place.end]
            assert ast.literal_eval(said.decode()) == old
            lines[place.line - 1] = line[: place.start] + _named(said, old, new) + line[place.end :]
            written += 1
        texts[path] = b"".join(lines)
    return FixedMarks(texts, written, left)


def _named(said: bytes, old: str, new: str) -> bytes:
    """The literal with the new name, between the quotes that it has; one that spells its signs is written anew."""
    as_written = said.replace(old.encode(), new.encode())
    return as_written if as_written != said else repr(new).encode()
