"""Which commands and options there are, by the programs themselves, and what is wrong with a command on a page."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from tempfile import TemporaryDirectory

import click

from tests.source import ROOT
from theorems.tools.cli import main

# Modules that `python -m` runs and whose `main` prints its options.
MODULES = (
    "benchmarks.accuracy",
    "benchmarks.calibration",
    "benchmarks.rates",
    "benchmarks.text",
    "tests.faults.pairs",
    "tests.mutants",
    "tests.texts",
)
# Options of other people's programs, which no test asks.
FOREIGN = {"--sys-prefix"}


def leanmirror() -> dict[str, set[str]]:
    """The commands of `leanmirror` and the options of each; its own options under the empty name."""
    commands: dict[str, click.Command] = {"": main, **main.commands}
    return {name: _options(command) for name, command in commands.items()}


def _options(command: click.Command) -> set[str]:
    return {name for parameter in command.params if isinstance(parameter, click.Option) for name in parameter.opts}


@cache
def _pytest_help() -> dict[str, set[str]]:
    """The options that pytest lists, by the heading that they stand under."""
    command = [sys.executable, "-m", "pytest", "-p", "pytest_leanmirror", "--help"]
    with TemporaryDirectory() as empty:
        text = subprocess.run(command, cwd=empty, check=True, capture_output=True, text=True, timeout=60).stdout
    parts = re.split(r"^(\w.*):$", text, flags=re.MULTILINE)
    sections = zip(parts[1::2], parts[2::2], strict=True)
    return {title: set(re.findall(r"(?<![\w-])--?[a-z][\w-]*", part)) for title, part in sections}


def pytest_options() -> set[str]:
    """The options that this project's plugin adds to pytest."""
    return _pytest_help()["Lean theorems as tests"]


def every_pytest_option() -> set[str]:
    """The options of pytest and of the plugins in the lock."""
    return set().union(*_pytest_help().values())


def module_options(module: str) -> set[str]:
    """The options that `python -m module --help` prints."""
    printed, found = io.StringIO(), import_module(module)
    program = found if hasattr(found, "main") else import_module(f"{module}.__main__")  # a package is run by that
    with contextlib.redirect_stdout(printed), contextlib.suppress(SystemExit):
        program.main(["--help"])
    return set(re.findall(r"--[a-z][a-z-]*", printed.getvalue())) - {"--help"}


def make_targets() -> set[str]:
    """The targets that `make` lists, and the variables that it takes."""
    text = (ROOT / "Makefile").read_text("utf-8")
    return set(re.findall(r"^([a-z-]+):.*## ", text, re.MULTILINE))


def make_variables() -> set[str]:
    """The variables of the Makefile, which a call may set."""
    return set(re.findall(r"^([A-Z]+) *[:?]?=", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


def extras() -> set[str]:
    """The optional dependencies that `pip install leanmirror[…]` knows."""
    return set(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"])


def every_option() -> set[str]:
    """All options that a page may name without their command."""
    known = {option for options in leanmirror().values() for option in options}
    return known.union(every_pytest_option(), FOREIGN, *map(module_options, MODULES), {"--help", "-h"})


# ---- what is wrong with a command


def faults(command: str) -> list[str]:
    """What in a command does not exist: a subcommand, an option, a target, a module. Empty: nothing that is known."""
    words = shlex.split(command)
    while words and re.match(r"[A-Z_]+=", words[0]):
        words = words[1:]
    program, arguments = (words[0].removeprefix(".venv/bin/"), words[1:]) if words else ("", [])
    if program == "python" and arguments[:1] == ["-m"]:
        return _of_module(arguments[1], _named(arguments[2:]))
    check = _PROGRAMS.get(program)
    return check(arguments) if check else []


def _named(arguments: list[str]) -> set[str]:
    """The options among arguments, without their values."""
    words = (word.lstrip("[") for word in arguments)
    return {re.split(r"[=\[]", word)[0] for word in words if re.match(r"--?[a-zA-Z]", word)}


def _unknown(what: str, names: set[str], known: set[str]) -> list[str]:
    return [f"{what} has no {name}" for name in sorted(names - known)]


def _of_leanmirror(arguments: list[str]) -> list[str]:
    known = leanmirror()
    if not arguments or arguments[0].startswith("-"):
        return _unknown("leanmirror", _named(arguments), known[""] | {"-h", "--help"})
    command = arguments[0]
    if command not in known:
        return [f"leanmirror has no command {command}"]
    return _unknown(f"leanmirror {command}", _named(arguments[1:]), known[command] | {"-h", "--help"})


def _of_make(arguments: list[str]) -> list[str]:
    variables = {word.split("=")[0] for word in arguments if "=" in word}
    targets = {word for word in arguments if "=" not in word and not word.startswith("-")}
    return _unknown("make", targets, make_targets()) + _unknown("the Makefile", variables, make_variables())


def _of_pytest(arguments: list[str]) -> list[str]:
    return _unknown("pytest", _named(arguments), every_pytest_option())


def _of_pip(arguments: list[str]) -> list[str]:
    asked = re.search(r"leanmirror\[([\w,]+)\]", " ".join(arguments))
    return _unknown("leanmirror", set(asked[1].split(",")) if asked else set(), extras())


def _of_module(module: str, options: set[str]) -> list[str]:
    if module in ("pytest", "pip"):
        return _PROGRAMS[module](sorted(options))
    if module.split(".")[0] in FOREIGN_MODULES:
        return []
    if find_spec(module) is None:
        return [f"there is no module {module}"]
    return _unknown(f"python -m {module}", options, module_options(module) if module in MODULES else set())


# Modules of other people that pages run and that the lock does not have.
FOREIGN_MODULES = ("lean4_jupyter",)
_PROGRAMS: dict[str, Callable[[list[str]], list[str]]] = {
    "leanmirror": _of_leanmirror,
    "make": _of_make,
    "pytest": _of_pytest,
    "pip": _of_pip,
}
