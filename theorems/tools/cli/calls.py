"""What a call asks for, or one clear line about why it cannot be had."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from theorems.tools.output.files import CannotWrite, refuse_unwritable, write_whole

if TYPE_CHECKING:
    from theorems.engine.theorem import Theorem


FAILED = 3  # the exit code where the tool itself fails: no verdict


class ToolFailure(click.ClickException):
    """The tool failed for a known reason, which one line says; the call was right."""

    exit_code = FAILED


def selected(names: tuple[str, ...]) -> list[Theorem]:
    """The theorems that the names select; raises `ClickException` for a name that selects none."""
    from theorems.engine.registry import UnknownTheorem, select

    try:
        return select(names)
    except UnknownTheorem as why:
        raise click.ClickException(str(why)) from why


def writable(*paths: Path | None) -> None:
    """Raise `ClickException` for what cannot be written, before a run; leaves nothing behind."""
    for path in filter(None, paths):
        try:
            refuse_unwritable(path)
        except CannotWrite as why:
            raise click.ClickException(str(why)) from why


@contextmanager
def reports(*wanted: tuple[Path | None, Callable[[], str | bytes]]) -> Iterator[None]:
    """Write the reports that are asked for, each by its path, after the block.

    Whatever cannot be printed or written, the others are; then `CannotWrite` is raised.
    """
    with ExitStack() as stack:
        for path, content in reversed(wanted):
            if path:
                stack.callback(lambda path=path, content=content: write_whole(path, content()))
        yield


def own_folder(what_instead: str) -> Path:
    """`lean_refs/` of the checkout that runs; raises `ClickException` where that is an installed package."""
    from lean_refs import home

    if not home.in_checkout():
        raise click.ClickException(
            f"{home.lean_refs_folder()} is an installed package, no checkout of leanmirror: {what_instead}"
        )
    return home.lean_refs_folder()
