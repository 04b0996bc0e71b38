"""The command line: what it may say, and one line for what it may not."""

from __future__ import annotations

import pytest

from pytest_leanmirror.ours import hidden
from pytest_leanmirror.profiles import NAMES, register_hypothesis_profiles
from pytest_leanmirror.table import Table

_MARKER = "lean(name, ...): the full Lean name(s) of the theorem or definition that the test is about"


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("leanmirror", "Lean theorems as tests")
    group.addoption(
        "--theorem",
        dest="leanmirror_theorems",
        metavar="GLOB",
        action="append",
        default=[],
        help="run only tests whose lean marker carries this full name, suffix or glob (repeatable)",
    )
    group.addoption(
        "--leanmirror-profile",
        dest="leanmirror_profile",
        metavar="NAME",
        default="quick",
        help=f"how many instances of each theorem, and how large: {', '.join(NAMES)} (default: quick)",
    )
    group.addoption(
        "--theorem-examples",
        dest="leanmirror_examples",
        metavar="N",
        help="instances of each theorem, instead of the profile's number",
    )
    group.addoption(
        "--theorem-seed",
        dest="leanmirror_seed",
        metavar="N",
        help="where the random instances of each theorem start, instead of the profile's seed",
    )


@pytest.hookimpl(tryfirst=True)  # before Hypothesis's own plugin loads the profile that its option names
def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", _MARKER)
    profile(config)
    examples(config)
    seed(config)
    config.pluginmanager.register(Table(config), "leanmirror-table")
    # A suite with a `theorems` of its own may have Hypothesis profiles of these names too.
    if config.getoption("--hypothesis-profile", default=None) in NAMES and not hidden("theorems"):
        register_hypothesis_profiles()


def profile(config: pytest.Config) -> str:
    """The profile's name."""
    name = str(config.getoption("leanmirror_profile"))
    if name not in NAMES:
        raise pytest.UsageError(f"--leanmirror-profile: there is no profile {name!r}: choose one of {', '.join(NAMES)}")
    return name


def examples(config: pytest.Config) -> int | None:
    """Instances of each theorem; None where the profile says."""
    return _whole(config, "--theorem-examples", "leanmirror_examples", least=1)


def seed(config: pytest.Config) -> int | None:
    """Where the random instances start; None where the profile says."""
    return _whole(config, "--theorem-seed", "leanmirror_seed", least=0)


def _whole(config: pytest.Config, option: str, where: str, least: int) -> int | None:
    """The option's whole number, None where it is not given."""
    text = config.getoption(where)
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal()) or int(text) < least:
        raise pytest.UsageError(f"{option}: {text!r} is not a whole number of at least {least}")
    return int(text)
