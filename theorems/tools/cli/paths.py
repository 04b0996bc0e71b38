"""Paths as the command line takes them."""

from __future__ import annotations

import os
from pathlib import Path

import click


class NamedPath(click.Path):
    """A path that names something: an empty one, from a shell variable that is not set, is none and not the folder."""

    def __init__(self, *, file_okay: bool = True) -> None:
        super().__init__(file_okay=file_okay, path_type=Path)

    def convert(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        """The path; a wrong call where nothing is named."""
        if isinstance(value, str) and not value.strip():
            self.fail(f"a path is expected, not {value!r}", param, ctx)
        return super().convert(value, param, ctx)
