"""Lean sources in memory, with the edits of a pair made in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from lean_refs import load_pin
from lean_refs.evaluator import VOCABULARY, Evaluator
from lean_refs.evaluator.sources import read_with_imports
from lean_refs.reader.records import LeanDeclaration, Reading
from lean_refs.reader.scan import read_text
from lean_refs.reader.tokens import spelled
from tests.faults.pairs.pair import Edit, Word
from theorems.tools.audit.evaluated.numbers import RealNumbers


@dataclass(frozen=True)
class SourceText:
    """A source in memory: what was read of it, and its texts by file."""

    reading: Reading
    texts: dict[str, str]

    def evaluator(self, changes: Iterable[Edit | Word] = ()) -> Evaluator:
        """An evaluator of the source with the changes made; raises `LookupError` for one that has no place."""
        source, words = self, dict(VOCABULARY)
        for change in changes:
            if isinstance(change, Edit):
                source = source.edited(change)
            else:
                entry = words[change.name]
                assert entry.run is not None, f"{change.name} has a meaning that can be changed"
                words[change.name] = replace(entry, run=change.breaks(entry.run))
        made = Evaluator(source.reading, RealNumbers())
        made.library._entries = words
        return made

    def edited(self, edit: Edit) -> SourceText:
        """The source with an edit made; raises `LookupError` where it has no place, or more than one."""
        found = self._declared(edit.declaration)
        if (count := found.body.count(edit.old)) != 1:
            raise LookupError(f"{edit.declaration} has {edit.old!r} {count} times in its body, expected once")
        start = found.stop - len(found.body) + found.body.index(edit.old)
        before = self.texts[found.file]
        text = f"{before[:start]}{edit.new}{before[start + len(edit.old) :]}"
        files = {**self.reading.files, found.file: read_text(found.file, text)}
        return SourceText(replace(self.reading, files=files), {**self.texts, found.file: text})

    def _declared(self, name: str) -> LeanDeclaration:
        for one in self.reading.declarations:
            if name == (spelled(one.result) if one.kind == "instance" else one.name):
                return one
        raise LookupError(f"the source has no declaration {name}")


def source_in(root: Path) -> SourceText:
    """The source below `root`: the files of all declarations of the pin, and what they import."""
    reading = read_with_imports(root, sorted({d.file for d in load_pin().declarations.values()}))
    texts = {file: (root / file).read_text("utf-8").replace("\r\n", "\n") for file in reading.files}
    return SourceText(reading, texts)
