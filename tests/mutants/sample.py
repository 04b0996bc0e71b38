"""The sample: a share of each module's changes, drawn with a written seed, none removed by hand."""

from __future__ import annotations

import ast
import random
from collections import Counter
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from math import ceil
from pathlib import Path

from tests.mutants.operators import Change, changes
from tests.source import ROOT, module_files

SEED = 15
LEAST = 5  # from each module, or all where it has fewer
SHARE = 0.08  # of a module's changes
LEFT_OUT = {
    "mirror.jit": "it has no Lean twin, and no theorem rests on it. Its referee is the certified enclosure, in "
    "tests/jit and `leanmirror conform`, and each mutant would cost a compilation by XLA",
}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one module.

    `name` says it readably and does not depend on line numbers; `number` counts the module's changes; `lines` are the
    lines of which one runs if the changed code does.
    """

    module: str
    number: int
    name: str
    operator: str
    qualname: str
    lines: tuple[int, int]


@cache
def sources() -> dict[str, Path]:
    """The modules that are mutated, by their dotted names."""
    return {name: path for name, path in module_files("mirror", ROOT).items() if not name.startswith(tuple(LEFT_OUT))}


def fingerprint(source: str) -> str:
    """What tells one version of a module from another."""
    return sha256(source.encode()).hexdigest()[:16]


@cache
def everything(module: str, source: str) -> tuple[Mutant, ...]:
    """All mutants of a module."""
    found: list[Mutant] = []
    seen: Counter[str] = Counter()
    for number, change in enumerate(changes(ast.parse(source))):
        text = _text(module, change)
        seen[text] += 1
        name = text if seen[text] == 1 else f"{text} (no. {seen[text]})"
        found.append(Mutant(module, number, name, change.operator, change.place.qualname, change.place.lines))
    return tuple(found)


def _text(module: str, change: Change) -> str:
    before, after = change.text()
    place = f"{module.removeprefix('mirror.')}:{change.place.qualname}".rstrip(":")
    return f"{place} [{change.operator}] {before} → {after}"


def sample(module: str, source: str, seed: int = SEED) -> list[Mutant]:
    """The module's share of the sample, in the order of the source; it depends on this module alone."""
    mutants = everything(module, source)
    count = min(len(mutants), max(LEAST, ceil(SHARE * len(mutants))))
    return sorted(random.Random(f"{seed} {module}").sample(mutants, count), key=lambda m: m.number)
