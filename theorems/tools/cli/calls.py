"""What a call asks for, or one clear line about why it cannot be had."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from theorems.engine.theorem import Theorem


def selected(names: tuple[str, ...]) -> list[Theorem]:
    """The theorems that the names select; raises `ClickException` for a name that selects none."""
    from theorems.engine.registry import UnknownTheorem, select

    try:
        return select(names)
    except UnknownTheorem as why:
        raise click.ClickException(str(why)) from why


def writable(path: Path | None) -> Path | None:
    """A report's path, its folders made; raises `ClickException` where nothing can be written there."""
    if path is None:
        return None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        existed = path.exists()
        path.open("ab").close()
        if not existed:  # an interrupted run leaves no empty report
            path.unlink()
    except OSError as why:
        raise click.ClickException(f"cannot write {path}: {why.strerror}") from why
    return path


def own_folder(what_instead: str) -> Path:
    """`lean_refs/` of the checkout that runs; raises `ClickException` where that is an installed package."""
    from lean_refs import home

    if not home.in_checkout():
        raise click.ClickException(
            f"{home.lean_refs_folder()} is an installed package, no checkout of leanmirror: {what_instead}"
        )
    return home.lean_refs_folder()
