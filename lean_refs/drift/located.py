"""Where the declarations of an older revision are in a newer one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from lean_refs.fingerprint import Fingerprint, Fingerprinter


def located(old: Mapping[str, Fingerprint | None], new: Fingerprinter) -> dict[str, str]:
    """The new name of every old declaration that is still there: the same name, else the same structure.

    Structure is statement and body without names, then the statement alone. Where several have one structure the last
    part of the name tells them apart.
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
            names |= _matched(olds, free.get(key, []))
    return names


def _matched(olds: list[str], found: list[str]) -> dict[str, str]:
    """Those of one structure by the last part of their names, where it tells them apart; else the only one there is."""
    by_last = {
        name: same[0]
        for name in olds
        if len(same := [new for new in found if last(new) == last(name)]) == 1
        and [last(other) for other in olds].count(last(name)) == 1
    }
    left = [name for name in found if name not in by_last.values()]
    others = [name for name in olds if name not in by_last]
    return by_last | ({others[0]: left[0]} if len(others) == len(left) == 1 else {})


def last(name: str) -> str:
    """The last part of a full name."""
    return name.rsplit(".", 1)[-1]


def namespace(name: str) -> str:
    """All but the last part of a full name."""
    return name.rpartition(".")[0]
