"""What became of many declarations alike, said once: a namespace that moved, a file that moved or was split."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lean_refs.drift import Change, Drift
from lean_refs.fingerprint import Fingerprint
from theorems.tools.output.counted import counted

# One declaration alone is said to have moved where it stands in the report.
_MANY = 2


@dataclass(frozen=True, slots=True)
class Folded:
    """A change that the declarations `names` share, under the name of what moved, and where that is now."""

    name: str
    change: Change
    basis: str
    names: tuple[str, ...]


def folded(report: Iterable[Drift], old: Mapping[str, Fingerprint]) -> list[Folded]:
    """The namespaces and files that moved with two declarations or more."""
    spaces: dict[tuple[str, str], list[str]] = defaultdict(list)
    files: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for found in report:
        for difference in found.differences:
            if difference.change is Change.NAMESPACE and found.now:
                spaces[_common(found.name, found.now)].append(found.name)
            if difference.change is Change.MOVED:
                files[old[found.name].file].append((found.name, difference.basis.rpartition(" to ")[2]))
    moved = [_namespace(*key, names) for key, names in spaces.items() if len(names) >= _MANY]
    return [*moved, *(_file(file, places) for file, places in files.items() if len(places) >= _MANY)]


def _common(old: str, new: str) -> tuple[str, str]:
    """The namespaces that differ, without the parts at their end that the two names share."""
    before, after = old.split("."), new.split(".")
    while before and after and before[-1] == after[-1]:
        before, after = before[:-1], after[:-1]
    return ".".join(before), ".".join(after)


def _namespace(before: str, after: str, names: list[str]) -> Folded:
    basis = f"{before or 'the root'} is {after or 'the root'} now: {counted(len(names), 'declaration')}"
    return Folded(before or after, Change.NAMESPACE, basis, tuple(names))


def _file(file: str, places: list[tuple[str, str]]) -> Folded:
    targets = Counter(place for _, place in places)
    where = ", ".join(f"{number} in {place}" for place, number in targets.most_common())
    split = "split into files" if len(targets) > 1 else "its declarations moved"
    return Folded(file, Change.MOVED, f"{split}: {where}", tuple(name for name, _ in places))
