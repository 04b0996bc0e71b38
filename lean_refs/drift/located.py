"""Where the declarations of an older revision are in a newer one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

from lean_refs.fingerprint import Fingerprint, Fingerprinter


def located(old: Mapping[str, Fingerprint | None], new: Fingerprinter) -> dict[str, str]:
    """The new name of every old declaration that is still there: the same name, else the same structure.

    Structure is statement and body without names, then the statement alone. Where several have one structure the last
    part of the name tells them apart. What has another last name too must be in the file that it was in, with its body:
    many declarations have one form.
    """
    names = {name: name for name in old if name in new}
    for with_body in (True, False):
        lost = {name: made for name, made in old.items() if made is not None and name not in names}
        if not lost:
            break
        taken = set(names.values())
        free: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for name in new.declarations:
            if name not in taken:
                free[new.skeletons(name)[: 1 + with_body]].append(name)
        sought: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for name, made in lost.items():
            sought[(made.skeleton, made.body_skeleton)[: 1 + with_body]].append(name)
        for key, olds in sought.items():
            found = free.get(key, [])
            names |= _by_last_name(olds, found)
            if with_body:
                names |= _only_one(olds, found, names, old, new)
    return names


def _by_last_name(olds: list[str], found: list[str]) -> dict[str, str]:
    """Those of one structure that the last part of their names tells apart."""
    before, after = Counter(map(last, olds)), Counter(map(last, found))
    now = {last(name): name for name in found}
    return {name: now[last(name)] for name in olds if before[last(name)] == after[last(name)] == 1}


def _only_one(
    olds: list[str],
    found: list[str],
    names: Mapping[str, str],
    old: Mapping[str, Fingerprint | None],
    new: Fingerprinter,
) -> dict[str, str]:
    """The one of a structure that is left in a file, as the one that was there."""
    taken = set(names.values())
    gone, come = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    for name in olds:
        if name not in names and (made := old[name]) is not None:
            gone[made.file].append(name)
    for name in found:
        if name not in taken:
            come[new.declarations[name].file].append(name)
    return {gone[file][0]: come[file][0] for file in gone if len(gone[file]) == len(come[file]) == 1}


def last(name: str) -> str:
    """The last part of a full name."""
    return name.rsplit(".", 1)[-1]


def namespace(name: str) -> str:
    """All but the last part of a full name."""
    return name.rpartition(".")[0]
