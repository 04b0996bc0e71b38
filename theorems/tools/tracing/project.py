"""Any Lean project, read without Lean: its declarations by name, and what they say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path

from lean_refs.local_functions import local_functions
from lean_refs.reader.records import LeanDeclaration, Reading, Unread
from lean_refs.reader.revision import revision_of
from lean_refs.reader.tokens import unquoted
from lean_refs.reader.tree import lean_files, read_file, toolchain_of
from lean_refs.statements import Statements
from theorems.tools.tracing.errors import NotTraced
from theorems.tools.tracing.places import shown


class NoProjectError(NotTraced):
    """The folder holds nothing that could be read as Lean; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class FoundDeclaration:
    """What a name on a test means: the declaration, and the part of it where it names a field or a constructor."""

    declaration: LeanDeclaration
    others: tuple[LeanDeclaration, ...] = ()


@dataclass(frozen=True)
class LeanProject:
    """A Lean project: what was read of it, and the globs of names that need no test."""

    root: Path
    reading: Reading
    exempt: tuple[str, ...] = ()
    statements: Statements = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "statements", Statements(self.reading))

    @cached_property
    def declarations(self) -> dict[str, list[LeanDeclaration]]:
        """Every declaration by its full name; a private name, or one in two programs, has several."""
        found: dict[str, list[LeanDeclaration]] = {}
        for declaration in self.reading.declarations:
            found.setdefault(declaration.name, []).append(declaration)
        return found

    @property
    def unread(self) -> list[Unread]:
        """What the reader did not understand."""
        return self.reading.unread

    def find(self, name: str) -> FoundDeclaration | None:
        """The declaration of a full name; of a field's or a constructor's the type that it belongs to.

        What a definition declares inside itself (`where`, `let rec`) is part of it; what a proof does is compared by
        nobody, and not found.
        """
        name = unquoted(name.removeprefix("_root_."))
        owner = name if name in self.declarations else self.statements.names.children.get(name, "")
        around = self.declaring(name)
        owner = around.name if not owner and around and not around.is_theorem else owner
        declared = self.declarations.get(owner)
        return FoundDeclaration(declared[0], tuple(declared[1:])) if declared else None

    def declaring(self, name: str) -> LeanDeclaration | None:
        """The declaration that declares a function of this name inside itself."""
        owner, _, last = unquoted(name.removeprefix("_root_.")).rpartition(".")
        declared = self.declarations.get(owner, [])
        return next((one for one in declared if last in local_functions(one)), None)

    @cached_property
    def theorems(self) -> list[LeanDeclaration]:
        """The theorems that a test could be about: those that other files can name, and nothing exempts."""
        return [d for d in self.reading.declarations if d.is_theorem and not d.is_private and not self._exempts(d.name)]

    def _exempts(self, name: str) -> bool:
        return any(fnmatchcase(name, glob) for glob in self.exempt)


def read_project(root: Path, ignore: Sequence[str] = ()) -> LeanProject:
    """Read a project without what the globs ignore; raises `NoProjectError` where there is nothing to read."""
    if not root.is_dir():
        what = "a file" if root.exists() else "not there"
        raise NoProjectError(f"{shown(root)} is {what}: the folder of a Lean project is expected")
    files = [name for name in lean_files(root) if not any(_ignores(glob, name) for glob in ignore)]
    if not files:
        left = "is left of it after what [tool.leanmirror] ignores" if lean_files(root) else "lies below it"
        raise NoProjectError(f"{shown(root)} is no Lean project: no .lean file {left}")
    readings = {name: read_file(root, name) for name in files}
    reading = Reading(readings, revision_of(root), toolchain_of(root), root=root)
    if not reading.declarations:
        raise NoProjectError(f"{shown(root)} declares nothing in {len(files)} .lean files")
    return LeanProject(root, reading, tuple(glob for glob in ignore if not _is_of_files(glob)))


def _is_of_files(glob: str) -> bool:
    return "/" in glob or glob.endswith(".lean")


def _ignores(glob: str, file: str) -> bool:
    return _is_of_files(glob) and (fnmatchcase(file, glob) or fnmatchcase(file, f"{glob.rstrip('/')}/*"))
