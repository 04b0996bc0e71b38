"""Which declaration of a source a written name means: enclosing and opened namespaces, and exported names."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from lean_refs.reader.names import NameTable, Resolved
from lean_refs.reader.records import LeanDeclaration, NameScope, Reading


class Resolver:
    """Resolves names as Lean does; a namespace may be opened inside one that was opened before."""

    def __init__(self, reading: Reading, table: NameTable) -> None:
        self._table = table
        self._exports = {name: meant for file in reading.files.values() for name, meant in file.exports}
        self._namespaces = set[str]()
        for name in (*table.declarations, *table.children):
            parts = name.split(".")
            self._namespaces.update(".".join(parts[:count]) for count in range(1, len(parts)))
        self._opened = lru_cache(maxsize=None)(self._resolve_opened)

    def resolve(self, written: str, declaration: LeanDeclaration | None) -> Resolved | None:
        """The full name that `written` means in a declaration, longest match first; None if the source has none."""
        file = declaration.file if declaration else ""
        parts = written.removeprefix("_root_.").split(".")
        spaces = () if written.startswith("_root_.") or declaration is None else self.spaces(declaration)
        for count in range(len(parts), 0, -1):
            short = ".".join(parts[:count])
            for space in (*spaces, ""):
                if found := self._known(f"{space}.{short}" if space else short, file):
                    return Resolved(found, tuple(parts[count:]))
        alias = dict(declaration.scope.aliases).get(parts[0]) if declaration else None
        return self.resolve(".".join((alias, *parts[1:])), declaration) if alias else None

    def named(self, written: str, scope: NameScope, file: str) -> str | None:
        """The full name of the declaration that `written` means in a command of a file; None if the source has none."""
        spaces = () if written.startswith("_root_.") else self._spaces(scope.namespace, scope)
        short = written.removeprefix("_root_.")
        found = (self._known(f"{space}.{short}" if space else short, file) for space in (*spaces, ""))
        return next(filter(None, found), None)

    def _known(self, name: str, file: str) -> str | None:
        name = self._exports.get(name, name)
        return name if self._table.get(name, file) or name in self._table.children else None

    def spaces(self, declaration: LeanDeclaration) -> tuple[str, ...]:
        """The namespaces that a declaration sees names of, innermost first, and then the opened ones, last first."""
        return self._spaces(declaration.owner.split(".")[:-1], declaration.scope)

    def _spaces(self, parts: Sequence[str], scope: NameScope) -> tuple[str, ...]:
        enclosing = tuple(".".join(parts[:count]) for count in range(len(parts), 0, -1))
        return (*enclosing, *self._opened(enclosing, scope.opened))

    def _resolve_opened(self, enclosing: tuple[str, ...], opened: tuple[str, ...]) -> tuple[str, ...]:
        found: list[str] = []
        for name in opened:
            for space in (*found, *enclosing, ""):
                full = f"{space}.{name}" if space else name.removeprefix("_root_.")
                if full in self._namespaces and full not in found:
                    found.insert(0, full)
        return tuple(found)
