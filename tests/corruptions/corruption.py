"""One corruption: what is changed, and which finding must name it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.corruptions.library import Change, Library, NothingChanged

# Titles of the audit's sections.
PRESENT, DRIFT, SURROUNDINGS, PROSE = "present", "drift", "surroundings", "prose"
DEFINITION, STATEMENT = "same definition", "same statement"


@dataclass(frozen=True, slots=True)
class Named:
    """The finding that is expected: in one of these sections, with each of these words in what it says.

    It must fail, unless it is a `note` that the reader needs: of words that were written anew.
    """

    sections: tuple[str, ...]
    words: tuple[str, ...]
    note: bool = False


@dataclass(frozen=True, slots=True)
class Corruption:
    """A change of a library, and the finding that must come of it; None where nothing may fail.

    Its `kind` is the module that it stands in. `valued` is the declaration whose text is run on the pinned numbers,
    where only those can tell.
    """

    name: str
    make: Callable[[Library], Change]
    expected: Named | None
    kind: str = ""
    valued: str = ""

    def change(self, library: Library) -> Change:
        """The files that it changes; raises `NothingChanged` where a text stays what it is, or there is none."""
        made = self.make(library)
        for file, text in made.items():
            there = library.root.joinpath(file).is_file()
            if text is None and not there:
                raise NothingChanged(f"{self.name}: {file} is not there to be taken away")
            if there and text == library.text(file):
                raise NothingChanged(f"{self.name}: {file} stays as it is")
        if not made:
            raise NothingChanged(f"{self.name}: no file is changed")
        return made


def surroundings(*words: str) -> Named:
    """A failure in what surrounds declarations."""
    return Named((SURROUNDINGS,), words)


def meaning(*words: str) -> Named:
    """A failure about what a declaration says or computes, or that it is not there."""
    return Named((PRESENT, DRIFT, STATEMENT, DEFINITION), words)


def told(*words: str) -> Named:
    """A failure about either: what a declaration says, or what surrounds it."""
    return Named((SURROUNDINGS, DRIFT, PRESENT), words)


def reworded(*words: str) -> Named:
    """What is said of a text that was written anew."""
    return Named((PROSE, DRIFT), words, note=True)


def merged(*changes: Change) -> Change:
    """Changes of different files as one."""
    found: dict[str, str | None] = {}
    for change in changes:
        clash = found.keys() & change.keys()
        assert not clash, f"{clash} would be changed twice"
        found |= change
    return found


def last(name: str) -> str:
    """The last part of a name."""
    return name.rpartition(".")[2]
