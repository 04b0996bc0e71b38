"""What an audit reads: the scope, the pin, and a Lean source where there is one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from lean_refs.drift import EvaluatedMeaning, interpreted, lacking
from lean_refs.fingerprint import Fingerprint
from lean_refs.pin import SourceReading, pinned_fingerprints, raw_pin, read_source
from lean_refs.reader.records import Reading
from lean_refs.reader.tree import read_tree
from lean_refs.scope import Scope, load_scope


@dataclass(frozen=True)
class Material:
    """The pin, what a person says of it, and, with a checkout, what was read of that.

    Fingerprints are the source's where there is one. `evaluated` runs its text on numbers, where that is wanted.
    `against` is what was read of a second, older checkout: then the two are compared, and the pin only says which
    files they are compared in. `strict` makes every change fail, whatever it does to the meaning. `asked` are the
    declarations that somebody wants to know of; none means all.
    """

    pin: Mapping[str, Any]
    source: SourceReading | None = None
    root: Path | None = None
    scope: Scope = field(default_factory=load_scope)
    evaluated: EvaluatedMeaning | None = None
    against: SourceReading | None = None
    strict: bool = False
    asked: tuple[str, ...] = ()

    @cached_property
    def pinned(self) -> dict[str, Fingerprint]:
        """The pinned fingerprints by full name."""
        return pinned_fingerprints(self.pin)

    @cached_property
    def before(self) -> Mapping[str, Fingerprint]:
        """What the source is compared with: all declarations of the files read of `against`, else the pin."""
        if self.against is None:
            return self.pinned
        prints = self.against.prints
        return {name: prints.of(name) for name in prints.declarations}

    @cached_property
    def fingerprints(self) -> dict[str, Fingerprint]:
        """What the Lean text says now, by pinned name; a declaration that the source lacks is not in it."""
        if self.source is None:
            return self.pinned
        made = {name: self.source.prints.of(now) for name, now in self.source.names.items()}
        return {name: interpreted(found, self.lacks.get(name, ())) for name, found in made.items()}

    @cached_property
    def lacks(self) -> dict[str, tuple[str, ...]]:
        """What the source lacks of the pinned declarations that each one names, directly or not."""
        return {} if self.source is None else lacking(self.pinned.keys() - self.source.names.keys(), self.pinned)

    @cached_property
    def unseen(self) -> frozenset[str]:
        """The pinned declarations whose file is missing in the source, and which no other file has."""
        if self.source is None:
            return frozenset()
        lost = self.pinned.keys() - self.source.names.keys()
        return frozenset(name for name in lost if self.pinned[name].file in self.source.missing)

    @cached_property
    def tree(self) -> Reading | None:
        """Every Lean file of the source, where there is one."""
        return read_tree(self.root) if self.root else None

    @cached_property
    def module(self) -> frozenset[str]:
        """The names of the decoder-block module."""
        return frozenset(name for name, made in self.pinned.items() if made.file == self.scope.seed_module)

    @property
    def names(self) -> set[str]:
        """Every declaration that the scope or the pin names, also one that the pin has no fingerprint of.

        Where two checkouts are compared: every declaration of the files read of either.
        """
        if self.source is not None and self.against is not None:
            return {*self.source.prints.declarations, *self.against.prints.declarations}
        return {*self.scope.entries, *(entry["name"] for entry in self.pin["declarations"])}

    def rests_on(self, theorems: Iterable[str]) -> set[str]:
        """The pinned declarations that the statements of `theorems` name, or a definition among these names."""
        pinned_name = {made.name: name for name, made in self.fingerprints.items()}
        reached: set[str] = set()
        ahead = [used for name in theorems for used in self.fingerprints[name].named]
        while ahead:
            name = pinned_name.get(ahead.pop())
            if name and name not in reached:
                reached.add(name)
                ahead += (*self.fingerprints[name].named, *self.fingerprints[name].named_in_body)
        return reached

    @property
    def basis(self) -> str:
        """Where the Lean side comes from, in words."""
        if self.against:
            return "two checkouts"
        return "read from the source" if self.source else f"pinned at {self.pin['revision'][:7]}"


def gather(root: Path | None, pin: Mapping[str, Any] | None = None, against: Path | None = None) -> Material:
    """The pin, and the checkouts at `root` and `against` if given; raises `NotACheckoutError` if one is none."""
    known = pin or raw_pin()
    source, older = (read_source(place, known) if place else None for place in (root, against))
    return Material(known, source, root, against=older)
