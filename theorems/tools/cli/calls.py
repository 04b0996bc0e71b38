"""What a call asks for, or one clear line about why it cannot be had."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import click

from theorems.tools.output.files import CannotWrite, is_stream, refuse_unwritable, write_whole

if TYPE_CHECKING:
    from theorems.engine.theorem import Theorem


FAILED = 3  # the exit code where the tool itself fails: no verdict


class ToolFailure(click.ClickException):
    """The tool failed for a known reason, which one line says; the call was right."""

    exit_code = FAILED


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def selected(names: tuple[str, ...]) -> list[Theorem]:
    """The theorems that the names select; raises `ClickException` for a name that selects none."""
    from theorems.engine.registry import UnknownTheorem, select

    try:
        return select(names)
    except UnknownTheorem as why:
        raise click.ClickException(str(why)) from why


def writable(*paths: Path | None) -> None:
    """Raise `ClickException` for what cannot be written, or not beside the others, before a run; leaves nothing."""
    asked = [path for path in paths if path]
    for path in asked:
        try:
            refuse_unwritable(path)
        except CannotWrite as why:
            raise click.ClickException(str(why)) from why
    for one, other in combinations([path for path in asked if not is_stream(path)], 2):
        if _are_in_each_others_way(Path(os.path.realpath(one)), Path(os.path.realpath(other))):
            raise click.ClickException(f"{one} and {other} cannot both be written: give each a file of its own")


def _are_in_each_others_way(one: Path, other: Path) -> bool:
    """Whether two paths are one file, or one would be the other's folder."""
    return one in (other, *other.parents) or other in one.parents


def drawable(path: Path | None) -> None:
    """Raise `ClickException` where a picture is asked for and nothing is installed to draw it with."""
    if path and not find_spec("matplotlib"):
        raise click.ClickException("--plot needs matplotlib: pip install 'leanmirror[plot]'")


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
