"""A path that names nothing is a wrong call, of whatever option."""

from __future__ import annotations

import click
import pytest

from tests.tools.cli.conftest import Call
from theorems.tools.cli import main
from theorems.tools.cli.paths import NamedPath

COMMANDS = [main.get_command(click.Context(main), name) for name in main.list_commands(click.Context(main))]
PATHS = [
    pytest.param(command, parameter, id=f"{command.name} {parameter.name}")
    for command in COMMANDS
    if command
    for parameter in command.params
    if isinstance(parameter.type, click.Path)
]


@pytest.mark.parametrize(("command", "parameter"), PATHS)
def test_every_path_must_name_something(command: click.Command, parameter: click.Parameter) -> None:
    assert isinstance(parameter.type, NamedPath)
    with pytest.raises(click.BadParameter, match="a path is expected, not ' '"):
        parameter.type.convert(" ", parameter, click.Context(command))


def test_an_empty_source_is_not_this_folder(call: Call) -> None:
    result = call("audit", "--source", "")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "leanmirror: Invalid value for '--source': a path is expected, not ''\n"
