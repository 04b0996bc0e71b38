"""The pinned Lean declarations: what `lean_refs/pins/` derives of each, and what `lean_refs/scope.toml` says of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Set
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from lean_refs.scope import Entry, Scope, load_scope

PINNED_REVISION = "21198a1"
DOCUMENTATION = "https://lean-dojo.github.io/TorchLean/docs"
THEOREM_KINDS = frozenset({"theorem", "lemma"})


@dataclass(frozen=True, slots=True)
class Declaration:
    """One Lean declaration of the pinned closure.

    `file` and `line` locate it in the pinned revision, `fact` says in our own words what it
    computes or states, and `references` are the declarations of the closure that it uses. `binders` are the names
    and kinds (explicit, implicit, instance) of its arguments in order, those of `variable`s included. A `private`
    one cannot be named by another Lean file.
    """

    name: str
    kind: str
    file: str
    line: int
    fact: str
    references: tuple[str, ...]
    binders: tuple[tuple[str, str], ...] = ()
    private: bool = False

    @property
    def is_theorem(self) -> bool:
        """Whether Lean proves it (`theorem` or `lemma`) rather than defines it."""
        return self.kind in THEOREM_KINDS

    @property
    def short_name(self) -> str:
        """The last component of the full name."""
        return self.name.rsplit(".", 1)[-1]

    @property
    def documentation(self) -> str:
        """The declaration's page in TorchLean's generated documentation (doc-gen4's scheme)."""
        return f"{DOCUMENTATION}/{self.file.removesuffix('.lean')}.html#{self.name}"


@dataclass(frozen=True, slots=True)
class Pin:
    """All declarations in scope at one TorchLean revision, by full name."""

    revision: str
    lean: str
    seed_module: str
    declarations: dict[str, Declaration]

    @property
    def definitions(self) -> list[Declaration]:
        """Everything that is not proved: definitions, abbreviations, structures, inductives, classes."""
        return [d for d in self.declarations.values() if not d.is_theorem]

    @property
    def theorems(self) -> list[Declaration]:
        """The theorems and lemmas."""
        return [d for d in self.declarations.values() if d.is_theorem]

    @property
    def seed(self) -> list[Declaration]:
        """The declarations of the decoder-block module itself."""
        return [d for d in self.declarations.values() if d.file == self.seed_module]


@cache
def load_pin(revision: str = PINNED_REVISION) -> Pin:
    """Read the pin of `revision` (its first seven hexadecimal digits); raises `ScopeError` if the scope is no scope.

    An entry without hashes is not a declaration of the pin; the audit names it.
    """
    raw = json.loads(files("lean_refs").joinpath("pins", f"{revision}.json").read_text("utf-8"))
    scope = load_scope()
    entries = {entry["name"]: entry for entry in raw["declarations"] if "hash" in entry}
    declarations = {name: _declaration(entry, scope, entries.keys()) for name, entry in entries.items()}
    return Pin(raw["revision"], raw["lean"], scope.seed_module, declarations)


def _declaration(entry: Mapping[str, Any], scope: Scope, known: Set[str]) -> Declaration:
    name = entry["name"]
    said = scope.entries.get(name, Entry(""))
    used = {*said.references, *entry["named"], *entry["named_in_body"]}
    return Declaration(
        name=name,
        kind=entry["kind"],
        file=entry["file"],
        line=entry["line"],
        fact=said.fact,
        references=tuple(sorted(used & known - {name})),
        binders=tuple((binder, kind) for binder, kind, *_ in entry["binders"]),
        private=entry.get("private", False),
    )
