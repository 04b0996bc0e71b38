"""A Lean library to corrupt: its texts, where in them declarations stand, and what a change makes of them.

A change is the new text of each file that it touches, None for a file that it takes away. Places are found by names of
declarations, by short tokens and by the structure of lines, so that no upstream text is needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from lean_refs.reader.records import LeanDeclaration, Reading
from lean_refs.reader.tree import read_tree

Change = Mapping[str, str | None]
_IMPORT = re.compile(r"^(?:public )?import (\S+)$", re.MULTILINE)
_MODULE_DOCS = re.compile(r"/-!.*?-/", re.DOTALL)
_DOCSTRING = re.compile(r"/--.*?-/", re.DOTALL)
_OPENING = re.compile(r"^(?:public section|@\[expose\] public section|namespace .*)$", re.MULTILINE)


class NothingChanged(Exception):
    """A corruption that changes no text; the message says what it did not find."""


@dataclass(frozen=True)
class Library:
    """The files of a library below `root`, of which `files` are read for declarations."""

    root: Path
    files: tuple[str, ...]

    @cached_property
    def reading(self) -> Reading:
        """The declarations of it."""
        return read_tree(self.root, self.files)

    @cached_property
    def declarations(self) -> dict[str, LeanDeclaration]:
        """The declarations by full name."""
        return {declaration.name: declaration for declaration in self.reading.declarations}

    def text(self, file: str) -> str:
        """The text of a file; raises `NothingChanged` where it is not there."""
        try:
            return (self.root / file).read_text("utf-8")
        except OSError as why:
            raise NothingChanged(f"{file} is not there") from why

    def declaration(self, name: str) -> LeanDeclaration:
        """One declaration; raises `NothingChanged` where there is none."""
        if name not in self.declarations:
            raise NothingChanged(f"nothing is called {name}")
        return self.declarations[name]

    def file_of(self, name: str) -> str:
        """The file of a declaration."""
        return self.declaration(name).file

    # ---- changes of a declaration

    def before(self, name: str, lines: str) -> Change:
        """Lines just before a declaration, its docstring and attributes."""
        made = self.declaration(name)
        return self._put(made.file, self._line_start(made.file, made.start), f"{lines}\n")

    def after(self, name: str, lines: str) -> Change:
        """Lines just after a declaration."""
        made = self.declaration(name)
        return self._put(made.file, self._end(made), f"\n{lines}\n")

    def prefixed(self, name: str, words: str) -> Change:
        """A modifier, or an attribute, put before the keyword."""
        made = self.declaration(name)
        return self._put(made.file, self._keyword(made), f"{words} ")

    def in_statement(self, name: str, old: str, new: str) -> Change:
        """The first `old` between the keyword and the body is `new`."""
        made = self.declaration(name)
        return self._within(made.file, self._keyword(made), self._body_start(made), old, new)

    def in_body(self, name: str, old: str, new: str) -> Change:
        """The first `old` in the body is `new`."""
        made = self.declaration(name)
        return self._within(made.file, self._body_start(made), made.stop, old, new)

    def body(self, name: str, new: str) -> Change:
        """Another body, or proof, altogether; `new` begins with `:=`."""
        made = self.declaration(name)
        text = self.text(made.file)
        begin = text.rindex(":=", made.start, self._body_start(made))
        return self._cut(made.file, begin, self._end(made), new)

    def docstring(self, name: str, old: str, new: str) -> Change:
        """The docstring with `old` replaced, or another one altogether where `old` is empty."""
        made = self.declaration(name)
        found = _DOCSTRING.search(self.text(made.file), made.start, self._keyword(made))
        if not found:
            raise NothingChanged(f"{name} has no docstring")
        if old:
            return self._within(made.file, found.start(), found.end(), old, new)
        return self._cut(made.file, found.start(), found.end(), f"/-- {new} -/")

    def inner_docs(self, name: str, words: str) -> Change:
        """Other words in the first docs of a field or constructor."""
        made = self.declaration(name)
        found = _DOCSTRING.search(self.text(made.file), self._keyword(made), made.stop)
        if not found:
            raise NothingChanged(f"no part of {name} has docs")
        return self._cut(made.file, found.start(), found.end(), f"/-- {words} -/")

    def replaced(self, name: str, lines: str) -> Change:
        """The declaration with its docstring gives way to `lines`."""
        made = self.declaration(name)
        return self._cut(made.file, made.start, self._end(made), lines)

    def written(self, name: str) -> str:
        """The text of a declaration, with what stands before its keyword."""
        made = self.declaration(name)
        return self.text(made.file)[made.start : self._end(made)]

    def kept(self, name: str, until: str) -> str:
        """The text of a declaration up to `until`, which is `body` or `keyword`."""
        made = self.declaration(name)
        stop = self._body_start(made) if until == "body" else self._keyword(made)
        return self.text(made.file)[made.start : stop]

    # ---- changes of a file

    def in_file(self, file: str, old: str, new: str) -> Change:
        """The first `old` of a file is `new`."""
        return self._within(file, 0, len(self.text(file)), old, new)

    def front(self, file: str, lines: str) -> Change:
        """Lines before the first namespace or section of a file."""
        found = _OPENING.search(self.text(file))
        if not found:
            raise NothingChanged(f"{file} opens nothing")
        return self._put(file, found.start(), f"{lines}\n")

    def end(self, file: str, lines: str) -> Change:
        """Lines at the end of a file."""
        return {file: f"{self.text(file).rstrip()}\n\n{lines}\n"}

    def module_docs(self, file: str, words: str, which: int = 0) -> Change:
        """Other words in place of the docs of a module (the first), or of a section of it."""
        found = list(_MODULE_DOCS.finditer(self.text(file)))
        if len(found) <= which:
            raise NothingChanged(f"{file} has {len(found)} docs of modules and sections")
        return self._cut(file, *found[which].span(), f"/-! {words} -/" if words else "")

    def imports(self, file: str) -> list[str]:
        """The lines that import."""
        return [found[0] for found in _IMPORT.finditer(self.text(file))]

    def reimported(self, file: str, lines: Iterable[str]) -> Change:
        """The file with these lines where it imported."""
        found = list(_IMPORT.finditer(self.text(file)))
        if not found:
            raise NothingChanged(f"{file} imports nothing")
        return self._cut(file, found[0].start(), found[-1].end(), "\n".join(lines))

    # ---- places

    def _keyword(self, made: LeanDeclaration) -> int:
        text = self.text(made.file)
        begin = sum(len(line) + 1 for line in text.split("\n")[: made.line - 1])
        return re.compile(rf"\b{made.kind}\b").search(text, begin).start()  # pyright: ignore[reportOptionalMemberAccess]

    def _body_start(self, made: LeanDeclaration) -> int:
        return made.stop - len(made.body.lstrip(" "))  # the reader keeps the column of the first line

    def _end(self, made: LeanDeclaration) -> int:
        """Just after the last line of code."""
        lines = self.text(made.file).split("\n")
        return sum(len(line) + 1 for line in lines[: made.end_line]) - 1

    def _line_start(self, file: str, place: int) -> int:
        return self.text(file).rfind("\n", 0, place) + 1

    def _put(self, file: str, place: int, lines: str) -> Change:
        return self._cut(file, place, place, lines)

    def _within(self, file: str, begin: int, stop: int, old: str, new: str) -> Change:
        text = self.text(file)
        place = text.find(old, begin, stop)
        if place < 0:
            raise NothingChanged(f"{old!r} is not there in {file}")
        return self._cut(file, place, place + len(old), new)

    def _cut(self, file: str, begin: int, stop: int, new: str) -> Change:
        text = self.text(file)
        return {file: f"{text[:begin]}{new}{text[stop:]}"}
