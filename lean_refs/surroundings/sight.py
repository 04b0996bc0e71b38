"""What is asked of two environments to judge what a difference between them can change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from lean_refs.surroundings.compare import Turned
from lean_refs.surroundings.environment import Surroundings
from lean_refs.surroundings.graph import Graph
from lean_refs.surroundings.records import Surrounding


@dataclass(frozen=True, slots=True)
class Effect:
    """A difference, the declarations that it can change (by their old names), and why it is none of them."""

    turned: Turned
    can_change: frozenset[str]
    harmless: str = ""


def none(turned: Turned, why: str) -> Effect:
    """A difference that changes no declaration."""
    return Effect(turned, frozenset(), why)


@dataclass(frozen=True)
class Sight:
    """Two environments, the new names of the declarations that are looked at, and what these rest on now."""

    old: Surroundings
    new: Surroundings
    names: Mapping[str, str]
    graph: Graph

    @cached_property
    def before(self) -> Mapping[str, str]:
        """The old names by the new ones."""
        return {now: name for name, now in self.names.items()}

    def written(self, name: str) -> set[str]:
        """The names that a declaration writes, and how they begin; nothing of one that is not read."""
        now = self.names[name]
        if now not in self.new.declarations:
            return set()
        parts = (word.split(".") for word in self.graph.written(now))
        return {".".join(word[: count + 1]) for word in parts for count in range(len(word))}

    def owners(self, record: Surrounding) -> set[str]:
        """The declarations that a record is about, as its names are written: full names, or how they end."""
        names = record.names[:1] if record.kind == "deriving" else record.names
        declared = (*self.new.declared, *self.old.declared)
        found = {name: [n for n in declared if n == name or n.endswith(f".{name}")] for name in names}
        return {full for name, known in found.items() for full in (known or [name])}
