"""The loaded words in a passage, those left out that name something, are denied or stand in an address."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lean_refs.prose.loaded import LoadedWord, loaded_words
from lean_refs.prose.texts import Passage
from lean_refs.reader.names import NameTable
from lean_refs.reader.records import LeanDeclaration

_ADDRESS = re.compile(r"https?://|arXiv:")
_QUOTED = re.compile(r"\(?`([^`\s]+)`")
_DENIED = frozenset(("not", "no", "never", "nor", "neither", "isn't", "aren't"))
_VARIABLE = 3
# How many words before a word may deny it.
_NEAR = 2


def occurrences(
    passage: Passage, subjects: Sequence[LeanDeclaration], names: NameTable
) -> Iterator[tuple[LoadedWord, str, int]]:
    """Each loaded word of a passage that is about `subjects`, as it stands there, and its line."""
    words = ["·" if _promises_nothing(word, subjects, names) else word for word in passage.words]
    joined = " ".join(words)
    for word in loaded_words():
        for match in word.pattern.finditer(joined):
            at = joined.count(" ", 0, match.start())
            before = {word.lower() for word in words[max(0, at - _NEAR) : at]}
            if not _DENIED & before:
                yield word, match.group(), passage.lines[at]


def _promises_nothing(word: str, subjects: Sequence[LeanDeclaration], names: NameTable) -> bool:
    """Whether it is an address, or quotes the name of a declaration or of an argument, which is looked at itself."""
    if _ADDRESS.search(word):
        return True
    quoted = _QUOTED.match(word)
    # A variable is quoted too where something is said of all its values.
    return quoted is not None and len(quoted.group(1)) > _VARIABLE and _is_declared(quoted.group(1), subjects[0], names)


def _is_declared(name: str, made: LeanDeclaration, names: NameTable) -> bool:
    return any(name == binder.name for binder in made.binders) or names.resolve_in(name.rstrip("_*"), made) is not None
