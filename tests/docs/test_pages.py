"""Pages lead where they say, name what exists, and are written as the house style asks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.names import absent, banned, broken_links
from tests.docs.pages import Page, everything, manual
from tests.source import module_files

PAGES = everything()
EACH_PAGE = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path)
FRONT = next(page for page in PAGES if page.path == "README.md")
LONGEST_FRONT = 900  # words


def words(page: Page) -> int:
    """What `wc -w` counts."""
    return len(page.text.split())


def test_the_front_page_is_short() -> None:
    assert words(FRONT) <= LONGEST_FRONT


@EACH_PAGE
def test_every_link_leads_to_a_file_and_a_heading(page: Page) -> None:
    assert broken_links(page) == []


@EACH_PAGE
def test_every_path_module_and_option_in_inline_code_exists(page: Page) -> None:
    assert absent(page.spans) == []


@EACH_PAGE
def test_a_page_has_one_title_and_begins_with_it(page: Page) -> None:
    assert re.findall(r"^# .+$", page.prose, re.MULTILINE) == [page.text.splitlines()[0]]


def test_the_index_lists_every_page_of_the_manual() -> None:
    (index,) = (page for page in PAGES if page.path == "docs/README.md")
    pages = {page.path.removeprefix("docs/") for page in manual()} - {"README.md"}
    assert pages == {link for link in index.links if "/" not in link}


@EACH_PAGE
def test_a_page_is_plain_english(page: Page) -> None:
    assert banned(page.text) == []


@pytest.mark.parametrize("package", ["benchmarks", "lean_refs", "mirror", "theorems"])
def test_what_modules_say_is_plain_english(package: str) -> None:
    found = {name: banned(path.read_text("utf-8")) for name, path in module_files(package).items()}
    assert {name: phrases for name, phrases in found.items() if phrases} == {}


def test_the_front_page_says_whose_the_import_names_are() -> None:
    text = " ".join(FRONT.text.split())
    assert "The import names `mirror`, `theorems` and `lean_refs` belong to leanmirror." in text
    assert "an environment of its own" in text


# ---- each of these can fail: the same on a small page with the fault


def small(text: str) -> Page:
    return Page("docs/small.md", text)


@pytest.mark.parametrize(
    ("link", "leads"),
    [
        ("other.md", True),
        ("other.md#a-heading-of-it-11", True),
        ("#here", True),
        ("https://example.org/other.md", True),
        ("nowhere.md", False),
        ("other.md#another", False),
        ("#there", False),
        ("../other.md", False),
    ],
)
def test_a_broken_link_is_seen(tmp_path: Path, link: str, leads: bool) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "other.md").write_text("# Other\n\n## A heading, of `it` (1:1)\n")
    page = small(f"# Here\n\nRead [this]({link}), not `[that](gone.md)`.\n\n```text\n[code](gone.md)\n```\n")
    (tmp_path / page.path).write_text(page.text)
    assert broken_links(page, tmp_path) == ([] if leads else [link])


@pytest.mark.parametrize(
    ("span", "said"),
    [
        ("mirror/jit/gone.py", "there is no mirror/jit/gone.py"),
        ("mirror.jit.gone", "there is no mirror.jit.gone"),
        ("mirror.gone.plan", "there is no mirror.gone.plan"),
        ("leanmirror chek", "leanmirror has no command chek"),
        ("leanmirror check --exmples N", "leanmirror check has no --exmples"),
        ("leanmirror audit [--sauce DIR]", "leanmirror audit has no --sauce"),
        ("leanmirror --versoin", "leanmirror has no --versoin"),
        ("pytest --theorems NAME", "pytest has no --theorems"),
        ("python -m pytest --theorems", "pytest has no --theorems"),
        ("make tests", "make has no tests"),
        ("make check ARG=--help", "the Makefile has no ARG"),
        ("python -m benchmarks.acuracy", "there is no module benchmarks.acuracy"),
        ("python -m benchmarks.accuracy --case 3", "python -m benchmarks.accuracy has no --case"),
        ("pip install 'leanmirror[touch]'", "leanmirror has no touch"),
        ("--exmples N", "no command has --exmples"),
    ],
)
def test_what_does_not_exist_is_seen(span: str, said: str) -> None:
    assert absent(small(f"# Here\n\nGive `{span}` a try.\n").spans) == [said]


@pytest.mark.parametrize(
    "span",
    [
        "mirror/jit/plan.py",
        "mirror.jit.BiasPlan",
        "lean_refs/pins/REVISION.json",
        "leanmirror check --examples=5 -h",
        "leanmirror conform …",
        "CI=1 leanmirror --version",
        "make check ARGS=--help",
        "python -m benchmarks.accuracy --cases N",
        "pip install 'leanmirror[torch,tokamax]'",
        "--dtype float64|float32",
        "x + y",
    ],
)
def test_what_exists_is_not_complained_of(span: str) -> None:
    assert absent(small(f"# Here\n\nGive `{span}` a try.\n".replace("|", "\\|")).spans) == []


@pytest.mark.parametrize("text", ["no Lean was at\nhand", "softmax Written Plainly", "and nothing else of ours"])
def test_a_riddle_is_seen(text: str) -> None:
    assert banned(text)


def test_words_are_counted_as_wc_does() -> None:
    assert words(small("# One two\n\n| three | four |\n")) == 8
    assert words(small("word " * (LONGEST_FRONT + 1))) > LONGEST_FRONT
