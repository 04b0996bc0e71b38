"""What the meaning of a declaration rests on, and what a change of that reaches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from lean_refs.drift.records import THEOREMS
from lean_refs.fingerprint import Fingerprint
from lean_refs.interpreter.plain import Plain


def through(name: str, old: Mapping[str, Fingerprint], grave: Collection[str]) -> tuple[str, ...]:
    """Those of `grave` that `name` rests on, directly or not: the first on each way."""
    seen, queue, found = {name}, [name], set[str]()
    while queue:
        for other in _rests_on(old[queue.pop()]):
            if other in grave and other != name:
                found.add(other)
            elif other in old and other not in seen:
                seen.add(other)
                queue.append(other)
    return tuple(sorted(found))


def lacking(lost: Collection[str], old: Mapping[str, Fingerprint]) -> dict[str, tuple[str, ...]]:
    """What each declaration names, in words or through others that are there, and is lost: its text is not whole.

    Nothing definite can be said of the data that such a text is interpreted as.
    """
    found: dict[str, set[str]] = {name: {name} for name in lost}
    named_by: dict[str, list[str]] = defaultdict(list)
    for name, made in old.items():
        for other in (*made.named, *made.named_in_body):
            named_by[other].append(name)
    ahead = list(lost)
    while ahead:
        name = ahead.pop()
        for user in named_by[name]:
            if user not in lost and not found[name] <= found.get(user, set()):
                found[user] = found.get(user, set()) | found[name]
                ahead.append(user)
    return {name: tuple(sorted(names)) for name, names in found.items() if name not in lost}


def interpreted(made: Fingerprint, lacks: Sequence[str]) -> Fingerprint:
    """A fingerprint without data, where its text names what is lost."""
    if not lacks:
        return made
    return replace(made, values=(), disagrees="", outside=f"the source lacks {some(lacks)}")


def some(names: Sequence[str]) -> str:
    """The first three of the names, and how many more there are."""
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def users(name: str, old: Mapping[str, Fingerprint]) -> list[str]:
    """The declarations whose statement, or whose body where it is none of a proof, names this one."""
    return sorted(other for other, made in old.items() if other != name and name in _named(made))


def foundations(names: Iterable[str], old: Mapping[str, Fingerprint]) -> frozenset[str]:
    """The declarations, and those that their meaning rests on, directly or not."""
    queue = [name for name in names if name in old]
    seen = set(queue)
    while queue:
        found = {other for other in _rests_on(old[queue.pop()]) if other in old} - seen
        seen |= found
        queue += found
    return frozenset(seen)


def _rests_on(made: Fingerprint) -> Iterable[str]:
    """What a declaration's meaning depends on: of what was evaluated, only the operations left."""
    return _kinds(made.values[0].value) if made.values else _named(made)


def _named(made: Fingerprint) -> tuple[str, ...]:
    return made.named if made.kind in THEOREMS else (*made.named, *made.named_in_body)


def _kinds(value: Plain) -> set[str]:
    if isinstance(value, list):
        return set().union(*map(_kinds, value))
    if isinstance(value, dict):
        own = {str(value["kind"])} if "kind" in value else set()
        return own.union(*map(_kinds, value.values()))
    return set()
