"""All theorems by name, and how a name, a suffix or a glob selects them."""

from __future__ import annotations

from lean_refs import import_twin, in_twin, load_pin
from lean_refs.names import did_you_mean, matching, shown
from theorems.engine.reasons import NOT_RUN
from theorems.engine.rooms import twin_rooms
from theorems.engine.theorem import Theorem, registered


def theorems() -> dict[str, Theorem]:
    """Every theorem by its full Lean name, in the order of Lean file and line."""
    for room in twin_rooms():
        _import(f"theorems.{room}")
    place = {d.name: (d.file, d.line) for d in load_pin().theorems}
    return dict(sorted(registered().items(), key=lambda item: place[item[0]]))


def _import(room: str) -> None:
    """Import a twin room if it is there; `leanmirror list --summary` and a test name what is missing."""
    try:
        import_twin(room)
    except ModuleNotFoundError as why:
        if not in_twin(room, str(why.name)):
            raise


class UnknownTheorem(LookupError):
    """A name, suffix or glob that selects nothing."""


def select(patterns: tuple[str, ...] | list[str] = ()) -> list[Theorem]:
    """The theorems that any of the patterns names; all of them where no pattern is given.

    A pattern is a full Lean name, a suffix of one that starts at a dot, or a glob. Raises
    `UnknownTheorem`, which suggests the nearest names, for a pattern that selects nothing.
    """
    everything = theorems()
    if not patterns:
        return list(everything.values())
    chosen = {name for pattern in patterns for name in _matches(pattern, everything)}
    return [t for name, t in everything.items() if name in chosen]


def _matches(pattern: str, everything: dict[str, Theorem]) -> list[str]:
    found = matching(pattern, everything)
    if not found:
        raise UnknownTheorem(_explain(pattern, everything))
    return found


def _explain(pattern: str, everything: dict[str, Theorem]) -> str:
    if not_run := matching(pattern, NOT_RUN):
        return f"{pattern} is not run: {NOT_RUN[not_run[0]]}"
    return f"no theorem is called {shown(pattern)}{did_you_mean(pattern, everything)}"


def get(name: str) -> Theorem:
    """The one theorem that `name` (full, suffix or glob) selects.

    Raises `UnknownTheorem` where it selects none, or more than one.
    """
    found = select([name])
    if len(found) > 1:
        raise UnknownTheorem(f"{name} names {len(found)} theorems: " + ", ".join(t.name for t in found))
    return found[0]
