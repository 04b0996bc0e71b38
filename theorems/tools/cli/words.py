"""Words as the command line takes them."""

from __future__ import annotations

import click


class Word(click.ParamType[str]):
    """A word that says something: an empty one, from a shell variable that is not set, is a wrong call."""

    name = "text"

    def __init__(self, expected: str) -> None:
        self.expected = expected

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The word; a wrong call where nothing is to be seen of it."""
        if not value.strip():
            self.fail(f"{self.expected} is expected, not {value!r}", param, ctx)
        return value


LEAN_NAME = Word("a Lean name, a suffix of one or a glob")
