"""What a reading of Lean source consists of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lean_refs.reader.tokens import Token

EXPLICIT, IMPLICIT, INSTANCE, STRICT = "explicit", "implicit", "instance", "strict-implicit"


@dataclass(frozen=True, slots=True)
class Unread:
    """Something in a source file that was not understood: nothing was guessed in its place."""

    file: str
    line: int
    why: str


@dataclass(frozen=True, slots=True)
class Binder:
    """One bound variable of a declaration; `type` and `default` are tokens, empty where absent.

    `from_variable` marks those that a `variable` command supplies.
    """

    name: str
    kind: str
    type: tuple[Token, ...]
    default: tuple[Token, ...] = ()
    from_variable: bool = False


@dataclass(frozen=True, slots=True)
class NameScope:
    """Where a declaration stands: namespace, and the namespaces opened before it, in order.

    `hidden` has, by its place among the opened ones, what stays hidden of a namespace; None: all, as only its notations
    and instances are opened.
    """

    namespace: tuple[str, ...] = ()
    opened: tuple[str, ...] = ()
    aliases: tuple[tuple[str, str], ...] = ()
    hidden: tuple[tuple[int, tuple[str, ...] | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """A structure's field or an inductive type's constructor."""

    name: str
    type: tuple[Token, ...]
    default: tuple[Token, ...] = ()
    binders: tuple[Binder, ...] = ()


@dataclass(frozen=True, slots=True)
class LeanDeclaration:
    """One declaration as written.

    `line` is that of the keyword and `end_line` the last line of code (both from 1); `start` and `stop` are
    character offsets. `result` is the type after the colon, `body` what defines or proves it, introduced by
    `body_style` (`:=`, `|`, `where` or nothing) and kept as code at its original columns. Comments are in
    neither. What is `alias_of` another declaration says what that one says (`reader.aliases`). `universes` are the
    parameters that stand after the name, `f.{u, v}`.
    """

    name: str
    kind: str
    file: str
    line: int
    end_line: int
    start: int
    stop: int
    modifiers: tuple[str, ...]
    attributes: tuple[str, ...]
    docstring: str | None
    binders: tuple[Binder, ...]
    result: tuple[Token, ...]
    body_style: str
    body: str
    members: tuple[Member, ...] = ()
    scope: NameScope = field(default_factory=NameScope)
    docstring_line: int = 0
    alias_of: str = ""
    universes: tuple[str, ...] = ()

    @property
    def owner(self) -> str:
        """The declaration whose words these are, in whose namespaces names are looked for."""
        return self.alias_of or self.name

    @property
    def is_theorem(self) -> bool:
        """Whether its body is a proof."""
        return self.kind in ("theorem", "lemma")

    @property
    def is_private(self) -> bool:
        """Whether other files cannot name it."""
        return "private" in self.modifiers


@dataclass(frozen=True, slots=True)
class InstanceAttribute:
    """What `attribute [instance] name` says of a name as it is written there; of `[-instance]`, `taken` is true."""

    name: str
    line: int
    scope: NameScope
    taken: bool = False


@dataclass(frozen=True, slots=True)
class DocComment:
    """A comment that Lean takes as documentation: of the module (`/-! … -/`), or of what follows (`/-- … -/`).

    `start` is its offset, `line` that of its opening; `ahead` is the code that follows, or the beginning of it.
    """

    text: str
    start: int
    line: int
    of_module: bool
    ahead: str


@dataclass(frozen=True, slots=True)
class FileReading:
    """One file: its name, imports, declarations in order, namespaces, and what was not understood.

    `exports` are the names that an `export` makes, each with the name that it stands for, as written; `instances` what
    `attribute` says of instances; `docs` its documentation, that of declarations included; `words` what its notations,
    macros and other syntax are spelled with.
    """

    file: str
    imports: tuple[str, ...]
    declarations: tuple[LeanDeclaration, ...]
    namespaces: frozenset[str]
    unread: tuple[Unread, ...]
    exports: tuple[tuple[str, str], ...] = ()
    instances: tuple[InstanceAttribute, ...] = ()
    docs: tuple[DocComment, ...] = ()
    words: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Reading:
    """A source tree (or part of it): files by path, the revision and toolchain where known.

    `headers` has the imports of files that were read no further, so that it is known which files see which. `root` is
    the folder, where it was read from one.
    """

    files: dict[str, FileReading]
    revision: str | None = None
    toolchain: str | None = None
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    root: Path | None = None

    @property
    def declarations(self) -> list[LeanDeclaration]:
        """Every declaration, file by file, in source order."""
        return [declaration for file in self.files.values() for declaration in file.declarations]

    @property
    def unread(self) -> list[Unread]:
        """Everything that was not understood, file by file."""
        return [record for file in self.files.values() for record in file.unread]
