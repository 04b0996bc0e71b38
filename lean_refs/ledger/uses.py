"""Which declarations of a tree name some of its declarations, found without looking at those that cannot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set

from lean_refs.reader.names import NameTable
from lean_refs.reader.records import LeanDeclaration, Reading
from lean_refs.references import references


class Uses:
    """The users of `names`: declarations of files that import a file of theirs, directly or not.

    With `statements_only`, only theorems whose statement names one of them.
    """

    def __init__(self, tree: Reading, table: NameTable, names: Iterable[str], *, statements_only: bool = False) -> None:
        self._wanted = set(names)
        homes = {d.file for d in (table.get(name) for name in self._wanted) if d}
        files = sorted(_importers(tree, homes))
        self.searched = len(files)
        self._statements: dict[str, list[LeanDeclaration]] = {name: [] for name in self._wanted}
        self._bodies: dict[str, list[LeanDeclaration]] = {name: [] for name in self._wanted}
        last = {name.rsplit(".", 1)[-1] for name in self._wanted}
        for declaration in (d for file in files for d in tree.files[file].declarations):
            if _may_use(declaration, last, statements_only=statements_only):
                self._add(declaration, table)

    def _add(self, declaration: LeanDeclaration, table: NameTable) -> None:
        statement, body = references(declaration, table)
        for name in statement & self._wanted:
            self._statements[name].append(declaration)
        for name in body & self._wanted:
            self._bodies[name].append(declaration)

    def theorems(self, name: str) -> list[LeanDeclaration]:
        """The theorems whose statement names it."""
        return [d for d in self._statements[name] if d.is_theorem]

    def of(self, name: str) -> list[LeanDeclaration]:
        """Those that name it anywhere, each once."""
        return list({id(d): d for d in (*self._statements[name], *self._bodies[name])}.values())


def _may_use(declaration: LeanDeclaration, last: Set[str], *, statements_only: bool) -> bool:
    """Whether a declaration has one of the names, by its last component, in its text at all."""
    if statements_only:
        return declaration.is_theorem and any(word in last for word in _words(declaration))
    return any(name in declaration.body for name in last) or any(word in last for word in _words(declaration))


def _words(declaration: LeanDeclaration) -> Iterator[str]:
    for part in (*declaration.binders, *declaration.members):
        yield from (token.text.rpartition(".")[2] for token in (*part.type, *part.default))
    yield from (token.text.rpartition(".")[2] for token in declaration.result)


def _importers(tree: Reading, homes: Set[str]) -> set[str]:
    """Some files, and all that import one of them, directly or not."""
    importing: dict[str, list[str]] = {}
    for file, reading in tree.files.items():
        for module in reading.imports:
            importing.setdefault(f"{module.replace('.', '/')}.lean", []).append(file)
    found, ahead = set[str](), list(homes)
    while ahead:
        if (here := ahead.pop()) not in found and here in tree.files:
            found.add(here)
            ahead += importing.get(here, ())
    return found
