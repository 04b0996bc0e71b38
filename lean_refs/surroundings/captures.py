"""Names that mean another declaration than they did, although the text that writes them is the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lean_refs.reader.records import LeanDeclaration
from lean_refs.surroundings.environment import Surroundings
from lean_refs.surroundings.field_captures import captured_fields
from lean_refs.surroundings.graph import Graph


@dataclass(frozen=True, slots=True)
class Capture:
    """`written` now means `now` in the declarations `users` (by their old names), where it meant `before`.

    `before` is empty where it was a name of no file of these: one of Lean or Mathlib. `now` is empty where no file has
    it any more. `file` and `line` are where `now` is declared.
    """

    written: str
    before: str
    now: str
    file: str
    line: int
    users: frozenset[str]


# Whether the words of its statement and of its body are the same, by the old name of a declaration.
Same = Callable[[str], tuple[bool, bool]]


def captures(old: Surroundings, new: Surroundings, names: Mapping[str, str], same: Same, graph: Graph) -> list[Capture]:
    """Every name with another meaning, in the order of the declarations that took it; `graph` is the new one."""
    users: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for name, now in names.items():
        declaration, uses = new.declarations.get(now), old.uses.get(name)
        if declaration is None or uses is None:
            continue
        meant, unaltered = new.meanings.of(declaration), same(name)
        for field, full in captured_fields(declaration, unaltered, old, new, graph):
            users[field, "", full].add(name)
        for part, before, unchanged in zip((meant.statement, meant.body), uses, unaltered, strict=True):
            if unchanged:
                was = {names.get(other, other) for other in before}
                for key in _differing(part, was, old, new):
                    users[key].add(name)
    found = [_capture(*key, new, frozenset(by)) for key, by in users.items()]
    return sorted(found, key=lambda one: (one.file, one.line, one.written))


def _differing(
    meant: Mapping[str, str], before: set[str], old: Surroundings, new: Surroundings
) -> list[tuple[str, str, str]]:
    """(written, before, now) of the names that mean another thing; what a name was is told by how it ends."""
    come = {written: full for written, full in meant.items() if full not in before}
    gone = before - set(meant.values())
    found: list[tuple[str, str, str]] = []
    for written, full in come.items():
        was = next((other for other in sorted(gone) if _end(other) == _end(full)), "")
        if was and was not in new.declared and full not in old.declared:
            gone.discard(was)  # It has another full name, as all of its namespace has.
            continue
        gone.discard(was)
        found.append((written, was, full))
    # What a name was that nothing here has any more is told of what is gone itself, where its file is.
    return found + [(_end(other), other, "") for other in sorted(gone) if other in new.declarations]


def _end(name: str) -> str:
    return name.rpartition(".")[2]


def _capture(written: str, before: str, now: str, new: Surroundings, users: frozenset[str]) -> Capture:
    declared: LeanDeclaration | None = new.declarations.get(now or before)
    return Capture(written, before, now, declared.file if declared else "", declared.line if declared else 0, users)
