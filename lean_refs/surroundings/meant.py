"""What the written names of a declaration mean at its place: what stands before it, and what its file imports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lean_refs.reader.names import NameTable, Resolved
from lean_refs.reader.records import FileReading, LeanDeclaration, NameScope, Reading
from lean_refs.surroundings.bound import body_tokens, bound_in, free_names, statement_tokens


@dataclass(frozen=True, slots=True)
class Meant:
    """The full names of declarations by the names that a statement and a body write for them."""

    statement: Mapping[str, str]
    body: Mapping[str, str]


class Meanings:
    """The written names of the declarations of some files, each resolved where it stands."""

    def __init__(self, readings: Mapping[str, FileReading]) -> None:
        self._names = _Placed(Reading(dict(readings)))

    def of(self, declaration: LeanDeclaration) -> Meant:
        """What the names of one declaration mean; a field or constructor counts as what has it."""
        statement, body = statement_tokens(declaration), body_tokens(declaration)
        bound = bound_in(declaration, statement, body)
        found = (
            {name: self._means(name, declaration) for name in free_names(part, bound)} for part in (statement, body)
        )
        return Meant(*({written: full for written, full in part.items() if full} for part in found))

    def means(self, written: str, declaration: LeanDeclaration) -> str:
        """The full name of what one written name means there; empty where the files have none."""
        return self._means(written, declaration)

    def _means(self, written: str, declaration: LeanDeclaration) -> str:
        found = self._names.resolve_in(written, declaration)
        name = self._names.children.get(found.name, found.name) if found else ""
        return "" if name == declaration.name else name


class _Placed(NameTable):
    """A table in which a declaration does not see what stands below it in its file."""

    def __init__(self, reading: Reading) -> None:
        self._starts = {(d.file, d.name): d.start for d in reading.declarations}
        self._at: int | None = None
        super().__init__(reading)

    def _resolve(self, written: str, scope: NameScope, owner: str, file: str) -> Resolved | None:
        self._at = self._starts.get((file, owner))
        return super()._resolve(written, scope, owner, file)

    def _visible(self, name: str, file: str) -> LeanDeclaration | None:
        seen = self._imports.of(file)
        for home in self._homes.get(name, ()):
            if home.file == file:
                if self._at is None or home.start <= self._at:
                    return home
            elif seen is None or home.file in seen:
                return home
        return None
