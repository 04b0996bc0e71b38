"""The Lean names on tests: what `@pytest.mark.lean("Full.Name")` says, read from the text of the tests.

Nothing is imported or run. A name may be a constant, or a sum of some; what is computed otherwise is named, and so is a
mark that no test is seen to get.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WrittenName:
    """Where a string stands in a text: line, and offsets in its bytes, for whoever wants to write another there."""

    line: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class LeanMark:
    """One Lean name on one test; `literal` is where the name is written, if it is written whole."""

    name: str
    test: str
    file: str
    line: int
    literal: WrittenName | None = None


@dataclass(frozen=True, slots=True)
class UnclearMark:
    """A mark, or a file of tests, that cannot be read without running it."""

    file: str
    line: int
    why: str


@dataclass(frozen=True, slots=True)
class MarkReading:
    """What the tests say: their marks, how many files were read, and what was not understood."""

    marks: tuple[LeanMark, ...]
    files: int
    unclear: tuple[UnclearMark, ...] = ()

    @property
    def tests(self) -> int:
        """How many tests carry a mark."""
        return len({mark.test for mark in self.marks})
