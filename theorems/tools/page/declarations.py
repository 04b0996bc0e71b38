"""Every declaration of the pin: how its theorem ended, and how its counterpart is known to be Lean's."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from lean_refs import Declaration, home, load_pin
from lean_refs.pin import pinned_numbers, raw_pin
from mirror.links import Link
from mirror.reasons import WITHOUT_COUNTERPART
from mirror.rooms import links
from theorems.engine.reasons import NOT_RUN
from theorems.engine.registry import theorems
from theorems.engine.theorem import Theorem
from theorems.tools.places import of_link, of_theorem

NOT_RUN_YET = "not run"
_ROOT = home.lean_refs_folder().parent.resolve()
# The sections of an audit in which a declaration is compared, each with what it being there shows.
_NUMBERS = ("same function", "same conclusion")
_DATA = "same definition"


class Basis(StrEnum):
    """How a counterpart is known to be Lean's declaration, the strongest first."""

    BOTH = "evaluated, and the same data"
    EVALUATED = "evaluated"
    DATA = "the same data"
    READ = "read by a person"
    DIFFERENT = "different"
    REASON = "no counterpart, with a reason"


@dataclass(frozen=True, slots=True)
class DeclarationView:
    """One declaration as the page shows it; `verdict` is empty for what is not proved but defined."""

    name: str
    short: str
    kind: str
    fact: str
    place: str
    documentation: str
    python: str
    source: str
    verdict: str
    basis: Basis
    rests_on: tuple[str, ...]

    @property
    def is_theorem(self) -> bool:
        """Whether it is proved."""
        return bool(self.verdict)

    @property
    def anchor(self) -> str:
        """The fragment that leads to it."""
        return f"d-{self.name}"


def declared(statuses: Mapping[str, str], bases: Mapping[str, set[Basis]], folder: Path) -> dict[str, DeclarationView]:
    """All declarations by name: `statuses` are the verdicts of a run, `folder` is where the page will be."""
    mirrored, run = links(), theorems()
    start = folder.resolve() if home.in_checkout() else None
    found = {}
    for name, d in load_pin().declarations.items():
        counterpart = run.get(name) or mirrored.get(name)
        python, source = _place(counterpart, start) if counterpart else ("", "")
        found[name] = DeclarationView(
            name, d.short_name, d.kind, d.fact, f"{d.file}:{d.line}", d.documentation, python, source,
            statuses.get(name, NOT_RUN_YET) if d.is_theorem else "", _basis(d, bases), d.references,
        )  # fmt: skip
    return found


def reason(name: str) -> str:
    """Why a declaration has no counterpart; nothing where it has one."""
    return NOT_RUN.get(name) or WITHOUT_COUNTERPART.get(name, "")


def _basis(declaration: Declaration, bases: Mapping[str, set[Basis]]) -> Basis:
    found = bases.get(declaration.name, set())
    if Basis.DIFFERENT in found:
        return Basis.DIFFERENT
    if {Basis.EVALUATED, Basis.DATA} <= found:
        return Basis.BOTH
    if found:
        return next(iter(found))
    return Basis.REASON if reason(declaration.name) else Basis.READ


def audited(data: Mapping[str, Any]) -> dict[str, set[Basis]]:
    """What an audit held of each declaration."""
    found: dict[str, set[Basis]] = {}
    for section in data["sections"]:
        if section["title"] in (*_NUMBERS, _DATA):
            shows = Basis.DATA if section["title"] == _DATA else Basis.EVALUATED
            for finding in section["findings"]:
                basis = {"holds": shows, "fails": Basis.DIFFERENT}.get(finding["verdict"])
                if basis:
                    found.setdefault(finding["name"], set()).add(basis)
    return found


def pinned() -> dict[str, set[Basis]]:
    """Of which declarations the pin holds numbers, and of which data: the tests hold the mirror against both."""
    found = {str(entry["name"]): {Basis.EVALUATED} for entry in pinned_numbers()}
    for entry in raw_pin()["declarations"]:
        if entry.get("values"):
            found.setdefault(entry["name"], set()).add(Basis.DATA)
    return found


def _place(counterpart: Theorem | Link, start: Path | None) -> tuple[str, str]:
    """Where a counterpart stands, and the link to it from a folder; none where there is no checkout to link to."""
    place = of_theorem(counterpart) if isinstance(counterpart, Theorem) else of_link(counterpart)
    shown = place.file.relative_to(_ROOT) if place.file.is_relative_to(_ROOT) else place.file
    link = Path(os.path.relpath(place.file, start)).as_posix() if start else ""
    return f"{shown.as_posix()}:{place.line}", link
