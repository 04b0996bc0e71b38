"""All searches that the labels ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from zlib import crc32

from theorems.engine.sizes import Sizes
from theorems.engine.theorem import Theorem
from theorems.tools.hypotheses.labels import Label, Weighed
from theorems.tools.hypotheses.record import Key, Known
from theorems.tools.hypotheses.search import Found, meeting, search
from theorems.tools.hypotheses.violations import violations


def search_for(
    theorems: Iterable[Theorem],
    entries: Iterable[Weighed],
    seed: int,
    tries: int,
    advance: Callable[[str], object] = str,
) -> Known:
    """For each theorem an instance that meets its hypotheses, for each entry about it a search without them.

    Every search has its own instances, the same for the same seed and number of tries. What is part of a statement
    cannot be dropped. `advance` is told the theorem after each entry.
    """
    by_name = {t.name: t for t in theorems}
    met = {name: meeting(t, _own(seed, name), tries) for name, t in by_name.items() if t.hypotheses}
    found: dict[Key, Found] = {}
    for entry in entries:
        if entry.label is not Label.PART:
            found[entry.theorem, entry.hypotheses] = _without(by_name[entry.theorem], entry, seed, tries)
        advance(entry.theorem)
    return Known(seed, tries, met, found)


def _without(theorem: Theorem, entry: Weighed, seed: int, tries: int) -> Found:
    instances = violations(theorem, entry.hypotheses, Sizes())
    return search(theorem, entry.hypotheses, instances, _own(seed, theorem.name, *entry.hypotheses), tries)


def _own(seed: int, *names: str) -> int:
    return crc32(" ".join((str(seed), *names)).encode())
