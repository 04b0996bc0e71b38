"""Whether leanmirror's packages are what their names mean here: a project may have a `theorems` of its own."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

# A module of each package by which it is known, so that nothing of another package is run to find out.
_KNOWN_BY = {"lean_refs": "facts.py", "mirror": "rooms.py", "theorems": "engine/checking.py"}


def hidden(*packages: str) -> str | None:
    """What hides one of the packages of ours, in a sentence; None where all of them are ours."""
    for package in packages:
        places = _places(package)
        if not places:
            return f"leanmirror needs its package `{package}`, which is missing here: install leanmirror again"
        if not any(Path(place, _KNOWN_BY[package]).is_file() for place in places):
            return (
                f"leanmirror needs its package `{package}`, but here that is {places[0]}, which is not leanmirror's: "
                "rename it, or keep it off sys.path in this run"
            )
    return None


def require(*packages: str) -> None:
    """Raises `UsageError` where another package hides one of ours."""
    if reason := hidden(*packages):
        raise pytest.UsageError(reason)


def _places(package: str) -> list[str]:
    """The folders that a package is made of, or the file that a module is; none where there is nothing."""
    module = sys.modules.get(package)
    spec = find_spec(package) if module is None else module.__spec__
    if spec is None:
        return [str(getattr(module, "__file__", None) or "a module without a file")] if module else []
    return list(spec.submodule_search_locations or [str(spec.origin)])
