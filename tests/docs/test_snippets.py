"""Every Python block and every console session of the manual runs, and prints what the page shows."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.docs.commands import faults
from tests.docs.console import Change, Shell, acts, all_steps, missing, steps
from tests.docs.pages import Block, Page, manual
from theorems.tools.cli import main

PAGES = manual()
# Commands that no test runs, by their beginning, each with the reason. They are checked to exist, with every option.
NOT_RUN = {
    "make check": "it runs every theorem; its table is compared with a small run",
    "make test": "it is what runs this test",
    "make lint": "it runs ruff and the type checker on everything",
    "make compat": "it needs a network",
    "make changelog": "it needs a network, and changes the repository",
    ".venv/bin/python -m hatchling build": "tests/test_repository.py builds the wheel",
    "leanmirror audit --source": "it needs a TorchLean checkout; tests/tools/audit has a small one",
    "leanmirror audit --lean": "it needs Lean",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to stand in, and import paths that are put back."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    return tmp_path


def reason(command: str) -> str | None:
    """Why a command is not run; None for one that is."""
    return next((why for start, why in NOT_RUN.items() if f"{command} ".startswith(f"{start} ")), None)


# ---- Python


def execute(block: Block, path: str) -> None:
    """Run a block, then the tests that it defines."""
    names: dict[str, Any] = {}
    exec(compile(block.text, f"{path}:{block.line}", "exec"), names)
    for name, value in names.items():
        if name.startswith("test_"):
            value()


PYTHON = [(page.path, block) for page in PAGES for block in page.blocks if block.language == "python"]


@pytest.mark.unmeasured
@pytest.mark.parametrize(("path", "block"), PYTHON, ids=[f"{path}:{block.line}" for path, block in PYTHON])
def test_a_python_block_runs(path: str, block: Block, folder: Path) -> None:
    execute(block, path)


def test_every_block_says_what_it_is() -> None:
    assert {block.language for page in PAGES for block in page.blocks} <= {
        "python",
        "console",
        "yaml",
        "toml",
        "lean",
        "diff",
    }


# ---- console sessions


def play(page: Page, folder: Path) -> list[str]:
    """Run the sessions of a page among the files that it shows; the shown lines that did not come."""
    files = [block for block in page.blocks if block.file]
    for block in files:
        path = folder / str(block.file)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text, encoding="utf-8")
    shell, found = Shell(folder), []
    try:
        for step in acts(page):
            if isinstance(step, Change):
                step.apply(folder)
            elif reason(step.command):
                found += [f"$ {step.command}: {fault}" for fault in faults(step.command)]
            else:
                real = shell.run(step.command).splitlines()
                line = missing(step.shown, real) if step.shown else None
                found += [f"$ {step.command}: does not print {line!r}"] if line is not None else []
    finally:
        for block in files:
            sys.modules.pop(Path(str(block.file)).stem, None)
    return found


SESSIONS = [page for page in PAGES if all_steps(page)]


@pytest.mark.parametrize("page", SESSIONS, ids=lambda page: page.path)
def test_a_session_prints_what_the_page_shows(page: Page, folder: Path) -> None:
    assert play(page, folder) == []


def test_the_table_of_make_check_is_one_that_leanmirror_prints(folder: Path) -> None:
    (step,) = (s for page in PAGES for s in all_steps(page) if s.command == "make check" and s.shown)
    names = [line.split()[0] for line in step.shown if line.startswith("Proofs.")]
    real = Shell(folder).run(f"leanmirror check {' '.join(names)} --examples 5 --jobs 1")
    assert missing([_without_numbers(line) for line in step.shown], _without_numbers(real).splitlines()) is None


def _without_numbers(text: str) -> str:
    return re.sub(r"(?<![\w.])\d[\d.,e-]*", "#", text)


def test_the_front_page_shows_the_two_commands() -> None:
    assert [step.command for step in all_steps(PAGES[0])][:2] == ["make check", "make test"]


def test_every_reason_is_needed_and_true() -> None:
    commands = {step.command for page in PAGES for step in all_steps(page)}
    assert [start for start in NOT_RUN if not any(f"{c} ".startswith(f"{start} ") for c in commands)] == []
    assert [start for start in NOT_RUN if faults(start)] == []


# ---- the checks can fail: the same on small pages with faults


def small(text: str) -> Page:
    return Page("docs/small.md", text)


def test_a_snippet_that_raises_is_seen(folder: Path) -> None:
    page = small("# Page\n\n```python\nx = 1\n```\n\n```python\nassert x == 2\n```\n")
    execute(page.blocks[0], page.path)
    with pytest.raises(NameError):
        execute(page.blocks[1], page.path)


def test_a_test_in_a_snippet_is_run(folder: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        execute(small("```python\ndef test_it():\n    1 / 0\n```\n").blocks[0], "docs/small.md")


LISTED = "$ leanmirror list --summary\n{}/{} of the decoder-block module\n…\n"


@pytest.mark.parametrize(
    ("session", "said"),
    [
        ("$ leanmirror show inner_get_single\nProofs.Autograd.CtxVec.inner_get_single\n…", None),
        ("$ leanmirror show inner_get_single\n…\n  formula         ⟨x, … v⟩ = ⟨get …, v⟩\n…", None),
        ("$ leanmirror show inner_get_single\nProofs.inner_get_single\n…", "does not print 'Proofs.inner_get_single'"),
        ("$ leanmirror show inner_get_single\n…\n  formula x = y\n…", "does not print '  formula x = y'"),
        ("$ leanmirror show nothing\n…\n$ echo $?\n0", "$ echo $?: does not print '0'"),
        ("$ leanmirror show nothing\n…\n$ echo $?\n2", None),
        ("$ leanmirror check --exmples 5\nall is well", "does not print 'all is well'"),
        ("$ leanmirror audit --sauce here", None),  # a call that is refused shows nothing: nothing is compared
        ("$ leanmirror audit --source here --sauce", "leanmirror audit has no --sauce"),
        ("$ make check VERBOSE=1", "the Makefile has no VERBOSE"),
        ("$ python -c 'print(6 * 7)'\n42", None),
        ("$ python -c 'print(6 * 7)'\n41", "does not print '41'"),
    ],
)
def test_output_that_does_not_come_is_seen(folder: Path, session: str, said: str | None) -> None:
    found = play(small(f"# Page\n\n```console\n{session}\n```\n"), folder)
    assert (found == []) if said is None else (len(found) == 1 and said in found[0])


def test_a_file_of_the_page_is_there_and_is_forgotten(folder: Path) -> None:
    file = "With this in `of_a_page.py`:\n\n```python\nprint('hello')\n```\n"
    page = small(f"{file}\n```console\n$ python of_a_page.py\nhello\n```\n")
    assert play(page, folder) == []
    assert "of_a_page" not in sys.modules


def test_an_exception_of_a_command_is_not_hidden(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(main, "main", broken)
    with pytest.raises(RuntimeError, match="broken"):
        Shell(folder).run("leanmirror list")


def test_what_is_no_session_is_refused(folder: Path) -> None:
    with pytest.raises(ValueError, match="not with: loose text"):
        steps("loose text\n$ leanmirror list\n")
    with pytest.raises(ValueError, match="no test runs 'rm -r here'"):
        Shell(folder).run("rm -r here")


REAL = ["one", "two  2", "three", "four"]


@pytest.mark.parametrize(
    "shown", ["one|two 2|three|four", "one|…", "…|four", "…|two …|three|…", "one|…|fo…", "…", "one|…|…|four"]
)
def test_lines_that_match(shown: str) -> None:
    assert missing(shown.split("|"), REAL) is None


@pytest.mark.parametrize(
    ("shown", "named"),
    [
        ("two 2|…", "two"),
        ("one", "one"),
        ("one|three|…", "three"),
        ("…|three", "three"),
        ("…|four|…|one|…", "one"),
        ("…|five|…", "five"),
        ("one|two 2|three|four|five", "five"),
        ("one|…|two", "two"),
    ],
)
def test_lines_that_do_not_match_are_named(shown: str, named: str) -> None:
    assert named in str(missing(shown.split("|"), REAL))
