"""What a theorem's prose and hypotheses promise beyond what its statement says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from lean_refs.reader.names import NameTable
from lean_refs.reader.records import EXPLICIT, Binder, LeanDeclaration, Reading
from lean_refs.reader.tokens import spelled

# By the convention of Mathlib and TorchLean, a binder with such a name is a hypothesis.
_HYPOTHESIS = re.compile(r"h(?:$|[A-Z_\d₀-₉]|[a-z]{1,3}$)")
_SORT = re.compile(r"\b(?:Type|Sort)\b")


@dataclass(frozen=True, slots=True)
class LoadedWord:
    """A word of prose that promises something: what in a statement would back it, and how that is recognised.

    `found_by` is searched for in the binder names, in the last components of the names that a statement uses,
    and in the symbols of its conclusion.
    """

    word: str
    pattern: re.Pattern[str]
    backed_by: str
    found_by: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class WordFinding:
    """A loaded word in a theorem's docstring, at its line; `backed` says that the statement mentions its
    backing.
    """

    name: str
    file: str
    line: int
    word: str
    backed: bool
    backed_by: str


@dataclass(frozen=True, slots=True)
class DataHypothesis:
    """A hypothesis of a theorem that is data: whoever calls the theorem chooses it, and Lean may compute with
    it.

    `certificate` is the full name of the structure or definition that its type names.
    """

    name: str
    file: str
    line: int
    binder: str
    certificate: str


@cache
def loaded_words() -> tuple[LoadedWord, ...]:
    """The list in `loaded_words.json`."""
    raw = json.loads(files("lean_refs").joinpath("loaded_words.json").read_text("utf-8"))
    return tuple(
        LoadedWord(
            entry["word"],
            re.compile(rf"\b(?:{entry['pattern']})\b", re.IGNORECASE),
            entry["backed_by"],
            re.compile(entry["found_by"]),
        )
        for entry in raw
    )


def word_findings(reading: Reading, names: NameTable | None = None) -> list[WordFinding]:
    """Every loaded word in the docstring of a theorem, in source order, once a line."""
    table = names or NameTable(reading)
    return [finding for d in reading.declarations if d.is_theorem for finding in _words(d, table)]


def _words(declaration: LeanDeclaration, names: NameTable) -> Iterator[WordFinding]:
    mentioned = sorted(_mentioned(declaration, names))
    for offset, line in enumerate((declaration.docstring or "").split("\n")):
        for word in loaded_words():
            if word.pattern.search(line):
                backed = any(word.found_by.search(name) for name in mentioned)
                at = declaration.docstring_line + offset
                yield WordFinding(declaration.name, declaration.file, at, word.word, backed, word.backed_by)


def _mentioned(declaration: LeanDeclaration, names: NameTable) -> set[str]:
    """Binder names, the last component of every name that the statement uses, and the symbols of its
    conclusion.
    """
    tokens = [*declaration.result, *(token for binder in declaration.binders for token in binder.type)]
    resolved = {names.resolve_in(token.text, declaration) for token in tokens if token.kind == "name"}
    used = {found.name.rsplit(".", 1)[-1] for found in resolved if found}
    symbols = {token.text for token in declaration.result if token.kind == "symbol"}
    used |= {token.text.rsplit(".", 1)[-1] for token in tokens if token.kind == "name"}
    return used | symbols | {binder.name for binder in declaration.binders}


def data_hypotheses(reading: Reading, names: NameTable | None = None) -> list[DataHypothesis]:
    """The hypotheses of theorems that are no propositions, in source order.

    A binder counts as a hypothesis by its name (`hNorm1`), and as data if its type is headed by a structure,
    or by a definition of a type, that is not declared to be a `Prop`.
    """
    table = names or NameTable(reading)
    return [
        DataHypothesis(d.name, d.file, d.line, binder.name, certificate)
        for d in reading.declarations
        if d.is_theorem
        for binder in d.binders
        if (certificate := _certificate(binder, d, table))
    ]


def _certificate(binder: Binder, owner: LeanDeclaration, names: NameTable) -> str | None:
    if binder.kind != EXPLICIT or not _HYPOTHESIS.match(binder.name) or not binder.type:
        return None
    resolved = names.resolve_in(binder.type[0].text, owner)
    declaration = names.get(resolved.name, owner.file) if resolved else None
    if declaration is None:
        return None
    result = spelled(declaration.result)
    is_type = declaration.kind == "structure" and result != "Prop"
    return declaration.name if is_type or _SORT.search(result) else None
