"""What people say of each hypothesis, in `labels.toml`: its label, the reason, and how it stands to the others."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from theorems.engine.theorem import Theorem


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
    """

    theorem: str
    hypotheses: tuple[str, ...]
    label: Label
    because: str
    relations: tuple[str, ...] = ()
    inhabited: str = ""

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
    for entry in tomllib.loads(text)["entry"]:
        for theorem in entry["theorems"]:
            yield _entry(theorem, entry)


def _entry(theorem: str, entry: Mapping[str, Any]) -> Weighed:
    names, label = tuple(entry["hypotheses"]), Label(entry["label"])
    return Weighed(
        theorem, names, label, entry["because"], tuple(entry.get("relations", ())), entry.get("inhabited", "")
    )


def gaps(theorems: Iterable[Theorem], entries: Iterable[Weighed]) -> list[str]:
    """What is missing or too much: a hypothesis without a label or with two, an entry about none, a lacking reason."""
    stated = {(t.name, h.name): h for t in theorems for h in t.hypotheses}
    counted = Counter((e.theorem, name) for e in entries for name in e.hypotheses)
    found = [f"{theorem}: {name} has no label" for theorem, name in stated if (theorem, name) not in counted]
    found += [f"{theorem}: {name} has {n} labels" for (theorem, name), n in counted.items() if n > 1]
    found += [f"{theorem} has no hypothesis {name}" for theorem, name in counted if (theorem, name) not in stated]
    for entry in entries:
        data = any(h.data for name in entry.hypotheses if (h := stated.get((entry.theorem, name))))
        if not entry.because.strip():
            found.append(f"{entry.named} has a label without a reason")
        if data and not entry.inhabited:
            found.append(f"{entry.named} is data, and nothing says when it is inhabited and that it is unique")
    return found
