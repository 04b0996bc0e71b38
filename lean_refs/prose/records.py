"""One text of a Lean file, and what it is about."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from lean_refs.prose.texts import Passage


class About(Enum):
    """What a text can be about; `INSIDE` is one in the body of a declaration, `COMMAND` one of another command."""

    MODULE = "module"
    SECTION = "section"
    DECLARATION = "declaration"
    FIELD = "field"
    CONSTRUCTOR = "constructor"
    INSIDE = "inside"
    COMMAND = "command"


@dataclass(frozen=True, slots=True)
class Prose:
    """One text: where it begins, what it is about, and what it says.

    `name` is the module's or the declaration's full name, `Type.field`, `Type.constructor`, or the heading of a
    section ('' where it has none); `owner` is the full name of the declaration in which it stands, '' outside one.
    `order` counts the texts of the file from 0. `text` has its lines without indentation, `paragraphs` its words.
    """

    file: str
    line: int
    about: About
    name: str
    owner: str
    order: int
    text: str
    paragraphs: tuple[Passage, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """Its words in order: what is left when layout is gone."""
        return tuple(word for paragraph in self.paragraphs for word in paragraph.words)
