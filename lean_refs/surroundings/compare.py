"""What was added, removed, changed or moved between the surroundings of two revisions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import combinations

from lean_refs.reader.imports import file_of
from lean_refs.surroundings.environment import Surroundings
from lean_refs.surroundings.records import Surrounding


class Turn(Enum):
    """How a record differs between two revisions."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Turned:
    """One difference; `old` and `new` are the records, None where there is none.

    `reached` are the declarations, by their old names, that it reaches now or reached before: of what only moved,
    those that it reaches no more or did not reach.
    """

    how: Turn
    old: Surrounding | None
    new: Surrounding | None
    reached: frozenset[str]

    @property
    def record(self) -> Surrounding:
        """The record as it is now, of what is gone as it was."""
        found = self.new or self.old
        assert found is not None, "a difference has one side at least"
        return found


def turned(old: Surroundings, new: Surroundings, names: Mapping[str, str]) -> list[Turned]:
    """Every difference, in the order of file and line; `names` are the new names of the declarations looked at."""
    before = {now: name for name, now in names.items()}

    def reached(environment: Surroundings, record: Surrounding) -> frozenset[str]:
        found = environment.reached(record)
        if environment is old:
            return frozenset(found & names.keys())
        return frozenset(before[name] for name in found if name in before)

    found: list[Turned] = []
    gone, come = _unpaired(old, new, lambda a, b: found.extend(_moved(a, b, reached(old, a), reached(new, b))))
    for a, b in _changed(gone, come):
        found.append(Turned(Turn.CHANGED, a, b, reached(old, a) | reached(new, b)))
    for a, b in _reordered(old, new):
        found.append(Turned(Turn.MOVED, a, b, reached(old, a) | reached(new, b)))
    found += [Turned(Turn.REMOVED, record, None, reached(old, record)) for record in gone]
    found += [Turned(Turn.ADDED, None, record, reached(new, record)) for record in come]
    return sorted(found, key=lambda one: (one.record.file, one.record.line))


def _moved(old: Surrounding, new: Surrounding, before: frozenset[str], now: frozenset[str]) -> list[Turned]:
    # Who imports the file is told by the imports that came and went; the order of imports is looked at apart.
    if (before == now and old.file == new.file) or old.kind == "import":
        return []
    return [Turned(Turn.MOVED, old, new, before ^ now)]


def _reordered(old: Surroundings, new: Surroundings) -> Iterator[tuple[Surrounding, Surrounding]]:
    """Of each file one import that changed places with another that it had and has: one of the tree, where one did."""
    for file in old.files.keys() & new.files.keys():
        before, now = ({r.names[0]: r for r in at.files[file].records if r.kind == "import"} for at in (old, new))
        place = {module: k for k, module in enumerate(now)}
        kept = [module for module in before if module in now]
        swapped = [m for a, b in combinations(kept, 2) if place[a] > place[b] for m in (b, a)]
        if swapped:
            module = next((m for m in swapped if file_of(m) in new.files), swapped[0])
            yield before[module], now[module]


def _unpaired(
    old: Surroundings, new: Surroundings, pair: Callable[[Surrounding, Surrounding], object]
) -> tuple[list[Surrounding], list[Surrounding]]:
    """The records without an equal one on the other side; `pair` is told of the others.

    Equal ones are looked for in the same file and reaching the same, then in the same file, then anywhere; those of a
    file in another one where they reach the same declarations, which moved there with them.
    """
    gone = [record for file in old.files.values() for record in file.records]
    come = [record for file in new.files.values() for record in file.records]
    ways: tuple[Callable[[Surroundings, Surrounding], object], ...] = (
        lambda at, record: (record.key, record.file, _common(at, record, old, new)),
        lambda _, record: (record.key, record.file),
        lambda _, record: record.key if record.kind not in _OF_A_FILE else (record.key, record.file),
        lambda at, record: (record.key, _common(at, record, old, new) or record.file),
    )
    for way in ways:
        gone, come = _without_equal(gone, come, lambda r, way=way: way(old, r), lambda r, way=way: way(new, r), pair)
    return gone, come


# A file of another name that says the same is no reason to look for them there.
_OF_A_FILE = frozenset(("import", "module", "open", "variable", "universe", "include", "omit", "option"))


def _common(at: Surroundings, record: Surrounding, old: Surroundings, new: Surroundings) -> tuple[str, ...]:
    covered = at.files[record.file].covered(record)
    other = (new if at is old else old).declared
    return tuple(sorted(name for name in covered if name in other))


def _without_equal(
    gone: list[Surrounding],
    come: list[Surrounding],
    before: Callable[[Surrounding], object],
    now: Callable[[Surrounding], object],
    pair: Callable[[Surrounding, Surrounding], object],
) -> tuple[list[Surrounding], list[Surrounding]]:
    waiting: dict[object, list[Surrounding]] = defaultdict(list)
    for record in come:
        waiting[now(record)].append(record)
    left: list[Surrounding] = []
    for record in gone:
        if found := waiting.get(before(record)):
            pair(record, found.pop(0))
        else:
            left.append(record)
    unmatched = {id(record) for records in waiting.values() for record in records}
    return left, [record for record in come if id(record) in unmatched]


def _changed(gone: list[Surrounding], come: list[Surrounding]) -> list[tuple[Surrounding, Surrounding]]:
    """Pairs of one command with other words, in the same file; they are taken out of both lists."""
    pairs: list[tuple[Surrounding, Surrounding]] = []
    for record in list(gone):
        other = next((found for found in come if _alike(record, found)), None)
        if other is not None:
            gone.remove(record)
            come.remove(other)
            pairs.append((record, other))
    return pairs


def _alike(a: Surrounding, b: Surrounding) -> bool:
    if (a.kind, a.file) != (b.kind, b.file) or a.kind in ("import", "open", "variable", "unproved"):
        return False
    return a.names == b.names and (a.kind != "attribute" or a.attribute == b.attribute)
