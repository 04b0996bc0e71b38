"""The tables of options name all options that there are, and no other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from signal import SIGINT, SIGTERM

import pytest

from tests.docs.commands import MODULES, leanmirror, make_targets, module_options, pytest_options
from tests.docs.pages import Page, first_cells, manual
from theorems.tools.cli.calls import FAILED

PAGE = next(page for page in manual() if page.path == "docs/commands.md")


def programs() -> dict[str, Callable[[], set[str]]]:
    """Everything with options of its own, as the page heads it; what they are takes other programs to say."""
    ours = {f"leanmirror {name}".rstrip(): partial(own_options, name) for name in leanmirror()}
    modules = {f"python -m {name}": partial(module_options, name) for name in MODULES}
    return {**ours, "pytest": pytest_options, **modules}


def own_options(name: str) -> set[str]:
    return leanmirror()[name] - {"--help", "-h"}


def differences(page: Page, title: str, options: set[str]) -> list[str]:
    """What the table under a heading lacks, or has too much."""
    section = page.section(title)
    if section is None:
        return [f"no section is headed {title}"]
    listed = set(_options(section))
    too_much = [f"{name} is no option of {title}" for name in sorted(listed - options)]
    return too_much + [f"{name} of {title} is not listed" for name in sorted(options - listed)]


def _options(section: str) -> Iterator[str]:
    for cell in first_cells(section):
        yield from re.findall(r"`(--?[a-z][a-z-]*)", cell)


@pytest.mark.parametrize(("title", "options"), programs().items(), ids=programs())
def test_a_table_lists_the_options(title: str, options: Callable[[], set[str]]) -> None:
    assert differences(PAGE, title, options()) == []


def test_the_page_heads_no_command_that_there_is_not() -> None:
    headed = re.findall(r"^## ((?:leanmirror|pytest|python).*)$", PAGE.prose, re.MULTILINE)
    assert set(headed) == programs().keys()


def test_the_exit_codes_are_listed() -> None:
    section = PAGE.section("Exit codes")
    assert section is not None
    assert list(first_cells(section)) == ["0", "1", "2", str(FAILED), f"{128 + SIGINT}, {128 + SIGTERM}"]


SMALL = """# Page

## leanmirror show

| option | |
| --- | --- |
| `--here N` | one |
| `--gone a\\|b` | two |

## next

| option | |
| --- | --- |
| `--other` | three |
"""


def test_a_wrong_and_a_missing_option_are_seen() -> None:
    page = Page("docs/small.md", SMALL)
    assert differences(page, "leanmirror show", {"--here", "--gone"}) == []
    assert differences(page, "leanmirror show", {"--here", "--new"}) == [
        "--gone is no option of leanmirror show",
        "--new of leanmirror show is not listed",
    ]
    assert differences(page, "leanmirror shew", set()) == ["no section is headed leanmirror shew"]


def test_options_are_those_of_the_programs() -> None:
    assert {"--examples", "--seed"} <= leanmirror()["check"]
    assert "--theorem" in pytest_options()
    assert module_options("benchmarks.accuracy") == {"--cases", "--seed"}
    assert {"check", "test", "lint"} <= make_targets()
