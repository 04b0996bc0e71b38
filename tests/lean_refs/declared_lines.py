"""What a Lean project declares, counted line by line and without the reader: so that what this misses is seen.

`python -m tests.lean_refs.declared_lines DIR` holds the reader against it and names each declaration that it has not.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lean_refs.reader.records import FileReading
from lean_refs.reader.tree import lean_files, read_file

_KINDS = (
    "theorem|lemma|def|abbrev|structure|inductive|class|instance|axiom|opaque|alias|example|irreducible_def|coinductive"
)
_MODIFIERS = "private|protected|public|noncomputable|unsafe|partial|nonrec|meta|scoped|local"
# A line that declares something: what may precede the keyword on it, the keyword, the rest.
_LINE = re.compile(
    r"\s*(?:(?:open|set_option|omit|include|variable)\b.*?\bin\s+)*"
    rf"(?:(?:{_MODIFIERS}|@\[[^\]]*\])\s+)*({_KINDS})(?!\S)(?:\s+(?:inductive|abbrev)(?!\S))?\s*(.*)"
)
_NAME = re.compile(r"(?:«[^»]*»|[^\s«:({\[⦃.]|\.(?=[^{\s]))+")
_HIDDEN = re.compile(r"/-|--[^\n]*|\"(?:\\.|[^\"\\])*\"|(?<![\w'!?])'(?:\\[^'\n]*|[^\\'\n])'", re.DOTALL)
_EDGE = re.compile(r"/-|-/")


@dataclass(frozen=True, slots=True)
class DeclaredLine:
    """A line that begins a declaration: its number, the keyword, and the name as it is written, if there is one."""

    line: int
    kind: str
    name: str


def declared(source: str) -> Iterator[DeclaredLine]:
    """The lines of a Lean text that begin a declaration, outside comments and strings."""
    for number, line in enumerate(_code(source).split("\n"), start=1):
        if found := _LINE.fullmatch(line):
            name = _NAME.match(found[2])
            yield DeclaredLine(number, found[1], name[0] if name else "")


def _code(source: str) -> str:
    """The text without comments and strings, as many lines."""
    parts: list[str] = []
    at = 0
    while hidden := _HIDDEN.search(source, at):
        end = _end_of_comment(source, hidden.end()) if hidden[0] == "/-" else hidden.end()
        parts += source[at : hidden.start()], "\n" * source.count("\n", hidden.start(), end)
        at = end
    return "".join((*parts, source[at:]))


def _end_of_comment(source: str, at: int) -> int:
    depth = 1
    while depth and (edge := _EDGE.search(source, at)):
        depth += 1 if edge[0] == "/-" else -1
        at = edge.end()
    return at if depth == 0 else len(source)


def unread(source: str, reading: FileReading) -> list[DeclaredLine]:
    """The declarations of a text that a reading of it does not have, by line and name."""
    have = {(one.line, one.name.rpartition(".")[2]) for one in reading.declarations}
    lines = {line for line, _ in have}
    return [one for one in declared(source) if (one.line, _last(one)) not in have and not _is_made_up(one, lines)]


def _last(one: DeclaredLine) -> str:
    return one.name.removesuffix(":").rpartition(".")[2]


def _is_made_up(one: DeclaredLine, lines: set[int]) -> bool:
    """Whether Lean makes up its name, or an alias gives it two: then its line is enough."""
    return one.line in lines and (one.kind in ("instance", "example", "alias") or "«" in one.name)


def main(arguments: list[str]) -> None:
    """Print how much of a project the reader has, and what it has not."""
    root = Path(arguments[0])
    started, missed, counted, read = time.process_time(), [], 0, 0
    files = lean_files(root)
    readings = {file: read_file(root, file) for file in files}
    seconds = time.process_time() - started
    for file, reading in readings.items():
        source = (root / file).read_text("utf-8", errors="replace").replace("\r\n", "\n")
        counted += sum(1 for _ in declared(source))
        read += len(reading.declarations)
        missed += [f"  {file}:{one.line} {one.kind} {one.name}" for one in unread(source, reading)]
    share = 100 * len(missed) / max(counted, 1)
    print(
        f"{len(files)} files, {counted} declarations, {read} read in {seconds:.1f} s, {len(missed)} not ({share:.2f} %)"
    )
    print("\n".join(missed))


if __name__ == "__main__":
    main(sys.argv[1:])
