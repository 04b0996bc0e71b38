"""The command line: what it may say, and one line for what it may not."""

from __future__ import annotations

import argparse
from collections.abc import Generator
from itertools import pairwise
from typing import Any

import pytest

from pytest_leanmirror.ours import hidden
from pytest_leanmirror.profiles import NAMES, register_hypothesis_profiles
from pytest_leanmirror.table import Table
from pytest_leanmirror.tracing import RunTrace

_MARKER = "lean(name, ...): the full Lean name(s) of the theorem or definition that the test is about"


# Every option has a name that nobody else's can have. The short ones are given where no conftest and no other plugin
# has an option of that name: theirs must go on working where leanmirror is installed.
_SHORT = {
    "--leanmirror-theorem": "--theorem",
    "--leanmirror-examples": "--theorem-examples",
    "--leanmirror-seed": "--theorem-seed",
    "--leanmirror-lean-source": "--lean-source",
}
_SELECTION: dict[str, Any] = {"action": "append", "metavar": "GLOB"}
_WHOLE: dict[str, Any] = {"metavar": "N"}
_FOLDER: dict[str, Any] = {"metavar": "DIR"}
_KINDS = {"--leanmirror-theorem": _SELECTION, "--leanmirror-lean-source": _FOLDER}
_TAKEN = pytest.StashKey[list[str]]()  # the options whose short names are somebody else's


def pytest_addoption(parser: pytest.Parser) -> None:
    add = parser.getgroup("leanmirror", "Lean theorems as tests").addoption
    says = "run only tests whose lean marker carries this full name, suffix or glob (repeatable)"
    add("--leanmirror-theorem", help=says, **_SELECTION)
    says = f"how many instances of each theorem, and how large: {', '.join(NAMES)} (default: quick)"
    add("--leanmirror-profile", help=says, metavar="NAME", default="quick")
    add("--leanmirror-examples", help="instances of each theorem, instead of the profile's number", **_WHOLE)
    says = "where the random instances of each theorem start, instead of the profile's seed"
    add("--leanmirror-seed", help=says, **_WHOLE)
    says = "hold the Lean names of the tests that ran against a Lean project: fail where one is broken or changed"
    add("--leanmirror-lean-source", help=says, **_FOLDER)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(
    early_config: pytest.Config, parser: pytest.Parser, args: list[str]
) -> Generator[None, object, object]:
    """Add the short names once every conftest that may have options has been read."""
    _forget_values(early_config, args)
    result = yield
    early_config.stash[_TAKEN] = add_short_names(parser)
    return result


def _forget_values(early_config: pytest.Config, args: list[str]) -> None:
    """Take what follows a short name for no path: pytest reads conftests of `testpaths` only where no path is given."""
    paths: list[str] = early_config.known_args_namespace.file_or_dir
    for option, value in pairwise(args):
        # What follows this one is a folder that is there, and no folder of tests.
        there = option != "--lean-source" and (early_config.invocation_params.dir / value).exists()
        if option in _SHORT.values() and value in paths and not there:
            paths.remove(value)


def add_short_names(parser: pytest.Parser) -> list[str]:
    """Give each option its short name where that is free; the options that go without one."""
    add = parser.getgroup("leanmirror", "Lean theorems as tests").addoption
    without = []
    for option, short in _SHORT.items():
        try:
            add(short, dest=_destination(short), help=f"the same as {option}", **_KINDS.get(option, _WHOLE))
        except (argparse.ArgumentError, ValueError):
            without.append(option)
    return without


def _destination(option: str) -> str:
    """Where the value of an option is kept; a short name has a place of its own, which is ours alone too."""
    name = option.removeprefix("--").replace("-", "_")
    return name if name.startswith("leanmirror_") else f"leanmirror_short_{name}"


@pytest.hookimpl(tryfirst=True)  # before Hypothesis's own plugin loads the profile that its option names
def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", _MARKER)
    profile(config)
    examples(config)
    seed(config)
    config.pluginmanager.register(Table(config, notes(config)), "leanmirror-table")
    if (source := lean_source(config)) and not hasattr(config, "workerinput"):
        config.pluginmanager.register(RunTrace(config, source), "leanmirror-trace")
    # A suite with a `theorems` of its own may have Hypothesis profiles of these names too.
    if config.getoption("--hypothesis-profile", default=None) in NAMES and not hidden("theorems"):
        register_hypothesis_profiles()


def profile(config: pytest.Config) -> str:
    """The profile's name."""
    name = str(config.getoption("leanmirror_profile"))
    if name not in NAMES:
        raise pytest.UsageError(f"--leanmirror-profile: there is no profile {name!r}: choose one of {', '.join(NAMES)}")
    return name


def patterns(config: pytest.Config) -> list[tuple[str, str]]:
    """The names, suffixes and globs that select tests, each with the option that gave it; none where all run."""
    return [(name, pattern) for name, given in _given(config, "--leanmirror-theorem") for pattern in given]


def examples(config: pytest.Config) -> int | None:
    """Instances of each theorem; None where the profile says."""
    return _whole(config, "--leanmirror-examples", least=1)


def seed(config: pytest.Config) -> int | None:
    """Where the random instances start; None where the profile says."""
    return _whole(config, "--leanmirror-seed", least=0)


def lean_source(config: pytest.Config) -> str | None:
    """The folder of a Lean project that the names of tests are held against; None where none is asked for."""
    given = _given(config, "--leanmirror-lean-source")
    return str(given[-1][1]) if given else None


def _whole(config: pytest.Config, option: str, least: int) -> int | None:
    """The option's whole number, None where it is not given."""
    for name, text in _given(config, option):
        if not (text.isascii() and text.isdecimal()) or int(text) < least:
            raise pytest.UsageError(f"{name}: {text!r} is not a whole number of at least {least}")
        return int(text)
    return None


def _given(config: pytest.Config, option: str) -> list[tuple[str, Any]]:
    """The names by which an option was given, with the values."""
    values = [(name, config.getoption(_destination(name), None)) for name in (option, _SHORT[option])]
    return [(name, value) for name, value in values if value is not None]


def notes(config: pytest.Config) -> list[str]:
    """What a reader of the table should know about the options of this suite."""
    taken = config.stash.get(_TAKEN, [])
    return [f"{_SHORT[option]} is another option in this suite: leanmirror's is {option}" for option in taken]
