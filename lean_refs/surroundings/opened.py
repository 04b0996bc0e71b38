"""What an `open` or an `export` that came or went can change."""

from __future__ import annotations

from lean_refs.surroundings.compare import Turned
from lean_refs.surroundings.environment import Surroundings
from lean_refs.surroundings.records import Surrounding
from lean_refs.surroundings.sight import Effect, Sight, none

_PARTS = ("hiding", "renaming", "(")


def open_effect(sight: Sight, turned: Turned) -> Effect:
    """What is opened of the tree changes what names mean, which is compared; of the rest it is not known."""
    record = turned.record
    listed = _listed(record)
    named = frozenset(name for name in turned.reached if not sight.written(name).isdisjoint(listed))
    if named:
        return Effect(turned, named)
    if turned.reached and all(name.startswith(f"{space}.") for space in _spaces(record) for name in turned.reached):
        return none(turned, "all that follows it stands in this namespace")
    if all(_is_of_the_tree(sight, space) for space in _spaces(record)):
        return none(turned, "what names mean is compared, and the tree has all that it opens")
    scoped = record.names[:1] == ("scoped",)
    reached = frozenset(name for name in turned.reached if _may_need(sight, name, scoped=scoped))
    return Effect(turned, reached, "what is said here has no name or symbol that it could change")


def export_effect(sight: Sight, turned: Turned) -> Effect:
    """The names that it makes, where somebody writes them."""
    records = (record for record in (turned.old, turned.new) if record)
    names = {name.partition(".")[0] for record in records for name in record.names[1:]}
    reached = frozenset(name for name in turned.reached if not names.isdisjoint(sight.written(name)))
    return Effect(turned, reached, "nobody writes its names")


def _spaces(record: Surrounding) -> list[str]:
    words = [word for word in record.names if word != "scoped"]
    cut = min((words.index(word) for word in _PARTS if word in words), default=len(words))
    return words[:cut]


def _listed(record: Surrounding) -> set[str]:
    """The names that an `open` lists: `open A (x y)`, `hiding x`, `renaming x → y`."""
    words = list(record.names)
    part = next((word for word in _PARTS if word in words), None)
    return set(words[words.index(part) + 1 :]) - {"→", "->"} if part else set()


def _is_of_the_tree(sight: Sight, space: str) -> bool:
    """Whether a namespace is one of these files, and nothing in it comes into force only where it is opened."""
    space = space.removeprefix("_root_.")
    both = (sight.old, sight.new)
    return any(_has(_namespaces(one), space) for one in both) and not any(_has(_scoped(one), space) for one in both)


def _has(namespaces: set[str], space: str) -> bool:
    return any(name == space or name.endswith(f".{space}") for name in namespaces)


def _namespaces(environment: Surroundings) -> set[str]:
    found = set[str]()
    for name in environment.declared:
        parts = name.split(".")[:-1]
        found |= {".".join(parts[:count]) for count in range(1, len(parts) + 1)}
    return found


def _scoped(environment: Surroundings) -> set[str]:
    """The namespaces that have scoped notations or instances, by what is declared beside these."""
    found = set[str]()
    for file in environment.files.values():
        for record in file.records:
            if record.word.startswith("scoped"):
                near = file.declared[max(record.first - 1, 0) : record.first + 1]
                found |= {name.rpartition(".")[0] for name in near}
    return found


def _may_need(sight: Sight, name: str, *, scoped: bool) -> bool:
    """Whether what is said has a name or, of scoped notations and instances, a symbol that an `open` can change."""
    now = sight.names[name]
    if now not in sight.new.declarations:
        return True
    names, symbols = sight.graph.said(now)
    return bool(symbols or (names and not scoped))
