"""Options of `audit` that would do nothing: a wrong call, in one line that says what would be right."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click
import pytest

from theorems.tools.cli import main
from theorems.tools.cli.audit_options import APART, FILES, NEEDS

PARAMETERS = {str(p.name): p for p in main.commands["audit"].params if isinstance(p, click.Option)}
# Some value of each option that takes one.
VALUES = {
    **{"source": ".", "against": ".", "lean_folder": ".", "revision": "21198a1", "jobs": "1", "lean_timeout": "3"},
    **{"form": "github", "json_path": "a.json", "sarif_path": "a.sarif", "markdown_path": "a.md"},
}


def given(*names: str) -> list[str]:
    """The options of these parameters as a call has them."""
    found = []
    for name in names:
        found += [PARAMETERS[name].opts[0], *([VALUES[name]] if name in VALUES else [])]
    return found


@pytest.mark.parametrize("name", NEEDS)
def test_an_option_that_needs_another_is_refused_without(refused: Callable[..., str], name: str) -> None:
    needed, says = NEEDS[name]
    assert refused("audit", *given(name)) == f"{PARAMETERS[name].opts[0]} {says}"
    assert PARAMETERS[needed].opts[0] in says


@pytest.mark.parametrize(("one", "other", "says"), APART)
def test_options_that_leave_each_other_nothing_to_do(
    refused: Callable[..., str], one: str, other: str, says: str
) -> None:
    assert refused("audit", *given("source", *{one, other} - {"source"})) == says
    assert PARAMETERS[other].opts[0] in says


@pytest.mark.parametrize("name", sorted(PARAMETERS.keys() - {"vocabulary"}))
def test_the_vocabulary_goes_with_nothing(refused: Callable[..., str], name: str) -> None:
    assert (
        refused("audit", "--vocabulary", *given(name)) == "--vocabulary prints a list and audits nothing: give it alone"
    )


def test_more_text_is_no_part_of_another_format(refused: Callable[..., str]) -> None:
    says = "--verbose is about what --format text prints: leave one of them out"
    assert refused("audit", "--verbose", "--format", "github") == says


@pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="a device of POSIX")
@pytest.mark.parametrize("name", FILES)
def test_a_format_has_standard_output_for_itself(refused: Callable[..., str], name: str) -> None:
    said = refused("audit", "--format", "sarif", PARAMETERS[name].opts[0], "/dev/stdout")
    assert said == "/dev/stdout is standard output: --format sarif prints there, and nothing else may: name a file"


def test_every_value_of_an_option_is_one_of_an_option() -> None:
    assert {name for name, p in PARAMETERS.items() if not p.is_flag} == VALUES.keys()
    assert NEEDS.keys() | {name for one, other, _ in APART for name in (one, other)} <= PARAMETERS.keys()
