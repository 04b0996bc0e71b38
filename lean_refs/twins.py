"""Several names for one theorem: statements that are equal up to bound names, spelling and abbreviations."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from lean_refs.normal import Normalizer
from lean_refs.reader.names import NameTable
from lean_refs.reader.records import LeanDeclaration, Reading

LeanPlace = tuple[str, str, int]
"""A declaration's full name, file and line."""


@dataclass(frozen=True, slots=True)
class Twins:
    """Theorems with one statement, in the order of the source; `renamed` says that they name binders
    differently.
    """

    places: tuple[LeanPlace, ...]
    renamed: bool

    @property
    def names(self) -> tuple[str, ...]:
        """The full names."""
        return tuple(name for name, _, _ in self.places)


def twins(reading: Reading, under: str = "") -> list[Twins]:
    """Every class of at least two theorems of `reading` with one statement, and a member in a file under
    `under`.

    Equal means equal in normal form, so two theorems that only a computation shows to be the same are not
    found.
    """
    normal = Normalizer(NameTable(reading))
    classes: dict[str, list[LeanDeclaration]] = defaultdict(list)
    for declaration in reading.declarations:
        if declaration.is_theorem:
            classes[normal.statement(declaration)].append(declaration)
    found = (members for members in classes.values() if len(members) > 1)
    return [_twins(members) for members in found if any(d.file.startswith(under) for d in members)]


def _twins(members: list[LeanDeclaration]) -> Twins:
    spellings = {tuple(binder.name for binder in declaration.binders) for declaration in members}
    return Twins(tuple((d.name, d.file, d.line) for d in members), len(spellings) > 1)
