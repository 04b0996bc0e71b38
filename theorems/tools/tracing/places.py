"""Paths as people read them."""

from __future__ import annotations

from pathlib import Path


def shown(path: Path) -> str:
    """The path from the folder in which one stands, if it lies there."""
    here = Path.cwd()
    return path.relative_to(here).as_posix() if path.is_absolute() and path.is_relative_to(here) else str(path)
