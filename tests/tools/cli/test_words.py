"""A word that is empty, as from a shell variable that is not set, is a wrong call of every command."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import click
import pytest

from theorems.tools.cli import main
from theorems.tools.cli.paths import NamedPath
from theorems.tools.cli.words import Word

# What a call has besides, where a parameter alone would be refused for another reason.
BESIDE = {("conform", "target"): ("--instances", "1"), ("pin", "names"): ("--source", ".")}
# Words of a list, which have their own answer.
LISTED = {("bench", "sizes")}


def words() -> Iterator[tuple[str, click.Parameter]]:
    """Every parameter of every command that takes text or a path."""
    for name, command in main.commands.items():
        for parameter in command.params:
            text = isinstance(parameter.type, Word | NamedPath | click.types.StringParamType)
            if text and (name, parameter.name) not in LISTED:
                yield name, parameter


WORDS = [(name, parameter) for name, parameter in words()]


@pytest.mark.parametrize("empty", ["", " "])
@pytest.mark.parametrize(("name", "parameter"), WORDS, ids=[f"{name}-{parameter.name}" for name, parameter in WORDS])
def test_an_empty_word_is_a_wrong_call(
    refused: Callable[..., str], name: str, parameter: click.Parameter, empty: str
) -> None:
    given = (empty,) if isinstance(parameter, click.Argument) else (parameter.opts[0], empty)
    said = refused(name, *given, *BESIDE.get((name, str(parameter.name)), ()))
    assert said.endswith(f" is expected, not {empty!r}")
    called = parameter.get_error_hint(click.Context(main.commands[name]))
    assert f"Invalid value for {called}: " in said


def test_the_words_are_all_that_commands_take() -> None:
    found = {(name, str(parameter.name)) for name, parameter in WORDS}
    assert {
        ("audit", "names"),
        ("audit", "source"),
        ("audit", "revision"),
        ("check", "names"),
        ("show", "name"),
    } <= found
    assert len(found) > 25
