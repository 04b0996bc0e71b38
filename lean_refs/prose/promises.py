"""Where loaded words stand: in names of declarations and modules, in docstrings, in docs of modules and sections."""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from lean_refs.prose.backing import Backing
from lean_refs.prose.loaded import LoadedWord, loaded_words
from lean_refs.prose.occurrences import occurrences
from lean_refs.prose.records import About, Prose
from lean_refs.prose.texts import Passage
from lean_refs.reader.names import NameTable
from lean_refs.reader.records import LeanDeclaration, Reading

# Under such a heading stands what others wrote, or what is not claimed.
_NO_CLAIMS = re.compile(
    r"(?i)references|bibliography|citations|remaining|\bopen\b|future|\bto-?do\b|limitations|\btrust|"
    r"\bnot (?:yet )?(?:proved|covered)"
)
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


class Standing(IntEnum):
    """Where a word stands, the most binding place first."""

    NAME = 0
    DOCSTRING = 1
    PART = 2
    SECTION = 3
    MODULE = 4

    def __str__(self) -> str:
        return ("the name", "the docstring", "the docs of a part", "the docs of a section", "the docs of the module")[
            self
        ]


@dataclass(frozen=True, slots=True)
class Promise:
    """A loaded word in a name or text: `said` is how it stands there, `name` what it is said of.

    That is a declaration, or a file where it is said of a module. `lacks` says what is lacking, as far as is known;
    None means that the text backs it. `times` counts how often the text has it.
    """

    word: LoadedWord
    said: str
    place: Standing
    name: str
    file: str
    line: int
    of_theorem: bool
    lacks: str | None
    times: int = 1


_STANDINGS = {
    About.DECLARATION: Standing.DOCSTRING,
    About.FIELD: Standing.PART,
    About.CONSTRUCTOR: Standing.PART,
    About.INSIDE: Standing.PART,
    About.SECTION: Standing.SECTION,
    About.MODULE: Standing.MODULE,
}

Subjects = Sequence[LeanDeclaration]


def promises(
    reading: Reading,
    texts: Iterable[Prose],
    names: NameTable,
    imports: Mapping[str, Sequence[str]],
    files: Collection[str] | None = None,
) -> list[Promise]:
    """Every loaded word in the names and the prose of a reading, in the order of the source, once for each text.

    `imports` gives the modules that a file without declarations imports: what it claims is claimed of those. Only what
    stands in `files` is looked at, if given.
    """
    backing, known = Backing(names), tuple(texts)
    scope = _Scope(reading, names, imports, _sections(known))
    chosen = [file for file in reading.files if files is None or file in files]
    found = [one for file in chosen for one in _of_names(file, reading.files[file].declarations, backing)]
    for text in known:
        if (files is None or text.file in files) and not _claims_nothing(text):
            found += _of_text(text, scope, backing)
    return sorted(found, key=lambda promise: (promise.file, promise.line, promise.place))


def _claims_nothing(text: Prose) -> bool:
    """Whether a text is about another command, or stands under a heading that says so."""
    return text.about is About.COMMAND or (text.about is About.SECTION and bool(_NO_CLAIMS.search(text.name)))


def _of_names(file: str, declarations: Subjects, backing: Backing) -> Iterator[Promise]:
    for word in loaded_words():
        if declarations and (said := word.in_name(file.removesuffix(".lean").replace("/", "."))):
            yield Promise(word, said, Standing.NAME, file, file, 1, False, backing.lacks(word, said, declarations))
        for made in declarations:
            if said := word.in_name(made.name):
                lacks = backing.lacks(word, said, [made])
                yield Promise(word, said, Standing.NAME, made.name, file, made.line, made.is_theorem, lacks)


def _sections(texts: Iterable[Prose]) -> dict[str, list[int]]:
    """The lines at which the docs of modules and sections begin, by file."""
    found: dict[str, list[int]] = defaultdict(list)
    for text in texts:
        if text.about in (About.MODULE, About.SECTION):
            found[text.file].append(text.line)
    return found


@dataclass(frozen=True)
class _Scope:
    """What a text can be about: the declarations of its file, or those of what it imports."""

    reading: Reading
    names: NameTable
    imports: Mapping[str, Sequence[str]]
    sections: Mapping[str, Sequence[int]]

    def subjects(self, text: Prose, passage: Passage) -> Subjects:
        """The declarations that a passage speaks of; none where none of them was read."""
        if text.owner:
            return [made for made in self._declared(text.file) if made.name == text.owner]
        ends = self.sections[text.file] if text.about is About.SECTION else ()
        end = next((line for line in ends if line > text.line), sys.maxsize)
        inside = [made for made in self._declared(text.file) if text.line < made.line < end]
        return inside or self._declared(text.file) or self._imported(text.file, passage)

    def _declared(self, file: str) -> Subjects:
        return self.reading.files[file].declarations if file in self.reading.files else ()

    def _imported(self, file: str, passage: Passage) -> Subjects:
        """Those of the imported modules whose names have most words in common with the passage."""
        said = {piece.lower() for word in passage.words for piece in _CAMEL.findall(word)}
        modules = self.imports.get(file, ())
        shared = {m: len(said & {piece.lower() for piece in _CAMEL.findall(m.rsplit(".", 1)[-1])}) for m in modules}
        most = max(shared.values(), default=0)
        nearest = [module for module, count in shared.items() if count == most] if most else []
        return [made for module in nearest for made in self._declared(f"{module.replace('.', '/')}.lean")]


def _of_text(text: Prose, scope: _Scope, backing: Backing) -> Iterator[Promise]:
    found: dict[str, Promise] = {}
    for passage in text.paragraphs:
        subjects = scope.subjects(text, passage)
        if not subjects:
            continue
        for word, said, line in occurrences(passage, subjects, scope.names):
            if word.word in found:
                found[word.word] = replace(found[word.word], times=found[word.word].times + 1)
                continue
            lacks, of_theorem = backing.lacks(word, said, subjects), bool(text.owner) and subjects[0].is_theorem
            name, place = text.owner or text.file, _STANDINGS[text.about]
            found[word.word] = Promise(word, said, place, name, text.file, line, of_theorem, lacks)
    yield from found.values()
