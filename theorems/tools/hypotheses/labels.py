"""What people say of each hypothesis, in `labels.toml`: its label, the reason, and how it stands to the others."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from theorems.engine.theorem import Theorem
from theorems.tools.output.counted import counted


class Label(StrEnum):
    """What a hypothesis is worth."""

    NECESSARY = "necessary"
    REDUNDANT = "redundant"
    NOT_NEEDED = "not needed"
    PART = "part of the statement"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class Weighed:
    """One hypothesis of a theorem, or a class of equivalent ones, under one label.

    `because` is the derivation or the reason; `inhabited` says of data when there is some and that it is unique.
    `typed` ones are called by their binders: here they stand in the types, so that no instance could fail them.
    """

    theorem: str
    hypotheses: tuple[str, ...]
    label: Label
    because: str
    relations: tuple[str, ...] = ()
    inhabited: str = ""
    typed: bool = False

    @property
    def named(self) -> str:
        """The theorem's last name with the hypotheses."""
        return f"{self.theorem.rpartition('.')[2]}: {', '.join(self.hypotheses)}"


@cache
def weighed() -> tuple[Weighed, ...]:
    """Everything that `labels.toml` says, theorem by theorem."""
    return tuple(read((files("theorems.tools.hypotheses") / "labels.toml").read_text("utf-8")))


def read(text: str) -> Iterator[Weighed]:
    """The entries of such a file; raises `ValueError` or `KeyError` for what is none."""
    data = tomllib.loads(text)
    for entry in data["entry"]:
        for theorem in entry["theorems"]:
            yield _entry(theorem, entry)
    for entry in data.get("typed", []):
        for theorem in entry["theorems"]:
            yield Weighed(theorem, tuple(entry["binders"]), Label.PART, entry["because"], typed=True)


def _entry(theorem: str, entry: Mapping[str, Any]) -> Weighed:
    names, label = tuple(entry["hypotheses"]), Label(entry["label"])
    return Weighed(
        theorem, names, label, entry["because"], tuple(entry.get("relations", ())), entry.get("inhabited", "")
    )


def gaps(theorems: Iterable[Theorem], entries: Iterable[Weighed]) -> list[str]:
    """What is missing or too much: a hypothesis without a label or with two, an entry about none, a lacking reason."""
    by_name = {t.name: t for t in theorems}
    asked = [(t.name, name) for t in by_name.values() for name in (*_names(t), *_CLASS.findall(t.binders))]
    times = Counter((e.theorem, name) for e in entries for name in e.hypotheses)
    found = [f"{theorem}: {name} has no label" for theorem, name in asked if (theorem, name) not in times]
    found += [f"{theorem}: {name} has {counted(n, 'label')}" for (theorem, name), n in times.items() if n > 1]
    return found + [flaw for entry in entries for flaw in _flaws(by_name.get(entry.theorem), entry)]


def _flaws(theorem: Theorem | None, entry: Weighed) -> Iterator[str]:
    stated = theorem.binders if theorem and entry.typed else _names(theorem) if theorem else ()
    yield from (f"{entry.theorem} has no hypothesis {name}" for name in entry.hypotheses if name not in stated)
    if not entry.because.strip():
        yield f"{entry.named} has a label without a reason"
    data = theorem is not None and any(h.data and h.name in entry.hypotheses for h in theorem.hypotheses)
    if data and not entry.inhabited:
        yield f"{entry.named} is data, and nothing says when it is inhabited and that it is unique"


def _names(theorem: Theorem) -> tuple[str, ...]:
    return tuple(h.name for h in theorem.hypotheses)


_CLASS = re.compile(r"\[[^\]]*\]")  # a type class among the binders
