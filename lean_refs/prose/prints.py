"""What is kept of a text when its words are not: its place, and hashes of the whole and of each passage."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lean_refs.normal import digest
from lean_refs.prose.records import About, Prose
from lean_refs.prose.texts import Passage

_SHORT = 8


@dataclass(frozen=True, slots=True)
class TextPrint:
    """One text without its words: place, subject, the hash of all words and those of its passages.

    `name` is that of `Prose`, of a section a hash of its heading. `prose` is the text itself where there is one.
    """

    file: str
    line: int
    about: About
    name: str
    words: str
    passages: tuple[str, ...]
    prose: Prose | None = None

    @property
    def owner(self) -> str:
        """The declaration that it belongs to, '' where it belongs to none."""
        if self.about in (About.MODULE, About.SECTION, About.COMMAND):
            return ""
        return self.name if self.about is About.DECLARATION else self.name.rpartition(".")[0]

    @property
    def said(self) -> tuple[Passage, ...]:
        """The passages with their words, where there are any."""
        return self.prose.paragraphs if self.prose else ()


def print_of(prose: Prose) -> TextPrint:
    """The print of one text."""
    # Headings and code are upstream's words too.
    named = prose.about in (About.SECTION, About.COMMAND)
    name = digest(prose.name)[:_SHORT] if named and prose.name else prose.name
    passages = tuple(digest(" ".join(passage.words))[:_SHORT] for passage in prose.paragraphs)
    return TextPrint(prose.file, prose.line, prose.about, name, digest(" ".join(prose.words)), passages, prose)


def as_json(prints: Iterable[TextPrint]) -> dict[str, list[Any]]:
    """The prints by file, as JSON data without any of their words."""
    files: dict[str, list[Any]] = {}
    for made in prints:
        passages = [list(made.passages)] if len(made.passages) > 1 else []
        files.setdefault(made.file, []).append([made.line, made.about.value, made.name, made.words, *passages])
    return files


def from_json(files: Mapping[str, list[Any]]) -> list[TextPrint]:
    """What `as_json` wrote."""
    return [
        TextPrint(file, line, About(about), name, words, tuple(*passages) if passages else (words[:_SHORT],))
        for file, texts in files.items()
        for line, about, name, words, *passages in texts
    ]
