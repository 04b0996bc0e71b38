"""What a name in Lean text refers to: namespaces, opened namespaces, fields and constructors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from lean_refs.reader.imports import Imports
from lean_refs.reader.records import LeanDeclaration, NameScope, Reading
from lean_refs.reader.tokens import name_parts, unquoted


@dataclass(frozen=True, slots=True)
class Resolved:
    """A full name, and the fields projected from it (`dg.g` is the declaration or variable `dg` and `g`)."""

    name: str
    fields: tuple[str, ...] = ()


class NameTable:
    """All names of a reading, and the resolution of written names in the scope of a declaration.

    Names of Mathlib and Lean itself are not in it: they resolve to None. A private name is only visible in
    its own file, any other in the files that import that one, where it is known which do. If it follows `every_open`
    as Lean does, `open A` makes the B of a later `open B` A.B too, `hiding` and `scoped` hide, and what `export` makes
    is a name; pins are made without that.
    """

    def __init__(self, reading: Reading, every_open: bool = False) -> None:
        self._every_open = every_open
        self.declarations: dict[str, LeanDeclaration] = {}
        self.children: dict[str, str] = {}
        self._private: dict[tuple[str, str], LeanDeclaration] = {}
        self._homes: dict[str, list[LeanDeclaration]] = {}
        self._namespaces: set[str] = set()
        self._imports = Imports(reading)
        for file in reading.files.values():
            self._namespaces |= file.namespaces
            for declaration in file.declarations:
                self._add(declaration)
        self._exported: dict[str, list[tuple[str, str]]] = {}
        if every_open:
            self._add_exports(reading)
        self.resolve = lru_cache(maxsize=None)(self._resolve)

    def _add(self, declaration: LeanDeclaration) -> None:
        if declaration.is_private:
            self._private[declaration.file, declaration.name] = declaration
        else:
            self.declarations.setdefault(declaration.name, declaration)
            for name in (declaration.name, *(f"{declaration.name}.{member.name}" for member in declaration.members)):
                self._homes.setdefault(name, []).append(declaration)
        parts = name_parts(declaration.name)
        self._namespaces.update(".".join(parts[:count]) for count in range(1, len(parts)))
        for member in declaration.members:
            self.children[f"{declaration.name}.{member.name}"] = declaration.name
        if declaration.members:
            self._namespaces.add(declaration.name)

    def _add_exports(self, reading: Reading) -> None:
        """What each `export` makes: by its name the files that make it, and what it stands for.

        One may export what another makes, of whatever file: all are read again until nothing changes. Each round takes
        a chain one step further; only a ring, which no Lean project has, would go on.
        """
        exports = sorted((file.file, *pair) for file in reading.files.values() for pair in file.exports)
        for _ in exports:
            made: dict[str, list[tuple[str, str]]] = {}
            for file, name, written in exports:
                found = self._resolve(written, NameScope(tuple(name_parts(name)[:-1])), "", file)
                if found is not None and not found.fields and found.name != name:
                    made.setdefault(name, []).append((file, found.name))
            if made == self._exported:
                break
            self._exported = made

    def get(self, name: str, file: str = "") -> LeanDeclaration | None:
        """The declaration of a full name, as `file` sees it."""
        found = self._private.get((file, name)) or self._visible(name, file)
        return found if found is not None and found.name == name else self.declarations.get(name)

    def private(self, name: str) -> LeanDeclaration | None:
        """A private declaration of this name, in whatever file, or None."""
        return next((found for (_, known), found in self._private.items() if known == name), None)

    def _known(self, name: str, file: str) -> bool:
        return (file, name) in self._private or self._visible(name, file) is not None

    def _visible(self, name: str, file: str) -> LeanDeclaration | None:
        """What `file` sees under a name: a declaration, or the one that has it as a field or constructor."""
        homes = self._homes.get(name)
        if homes is None:
            return None
        seen = self._imports.of(file)
        return next((home for home in homes if seen is None or home.file in seen), None)

    def _meant(self, full: str, file: str) -> str | None:
        """The name itself where `file` knows a declaration of it, or what it stands for there by an `export`."""
        if self._known(full, file):
            return full
        seen = self._imports.of(file) if full in self._exported else None
        return next((name for home, name in self._exported.get(full, ()) if seen is None or home in seen), None)

    def _resolve(self, written: str, scope: NameScope, owner: str, file: str) -> Resolved | None:
        """The full name that `written` means in the body of the declaration `owner`, longest match first."""
        root_only = written.startswith("_root_.")
        parts = name_parts(unquoted(written.removeprefix("_root_.")))
        spaces = [] if root_only else list(self._spaces(scope, owner))
        for count in range(len(parts), 0, -1):
            short = ".".join(parts[:count])
            for space in (space for space, hidden in (*spaces, ("", ())) if short not in hidden):
                full = f"{space}.{short}" if space else short
                if (meant := self._meant(full, file)) is not None:
                    return Resolved(meant, tuple(parts[count:]))
            if count == 1 and (alias := dict(scope.aliases).get(short)):
                return self._resolve(".".join((alias, *parts[1:])), NameScope(scope.namespace), owner, file)
        return None

    def _spaces(self, scope: NameScope, owner: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The namespaces that are searched, innermost first, and then the opened ones, last opened first.

        Each with the names in it that are hidden.
        """
        parts = name_parts(owner)[:-1] if owner else list(scope.namespace)
        enclosing = [".".join(parts[:count]) for count in range(len(parts), 0, -1)]
        yield from ((space, ()) for space in enclosing)
        opened = list[tuple[str, tuple[str, ...]]]()
        hides = dict(scope.hidden) if self._every_open else {}
        for place, name in enumerate(scope.opened):
            hidden = hides.get(place, ())
            if hidden is None:
                continue
            spaces = (*enclosing, "", *((space for space, _ in opened) if self._every_open else ()))
            found = (f"{space}.{name}" if space else name for space in spaces)
            opened = [*((full, hidden) for full in dict.fromkeys(found) if full in self._namespaces), *opened]
        yield from dict.fromkeys(opened)

    def resolve_in(self, written: str, declaration: LeanDeclaration) -> Resolved | None:
        """What `written` means inside `declaration`."""
        return self.resolve(written, declaration.scope, declaration.owner, declaration.file)
