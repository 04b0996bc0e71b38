"""Words and numbers as the command line takes them."""

from __future__ import annotations

import math
from typing import Any

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


class Positive(click.FloatRange):
    """A positive number of at most a million: nan is in no range, though click lets it through."""

    def __init__(self) -> None:
        super().__init__(min=0, min_open=True, max=1e6)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number; a wrong call where it is none or not in the range."""
        number = super().convert(value, param, ctx)
        if math.isnan(number):
            self.fail(f"{number} is not in the range {self._describe_range()}.", param, ctx)
        return number


LEAN_NAME = Word("a Lean name, a suffix of one or a glob")
STORE = Word("a folder, or the address of a Redis,")
SCHEDULER = Word("the address of a scheduler, as in tcp://host:8786,")
