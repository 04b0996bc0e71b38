"""What a forge reads: the workflow, the bug template, and the fragments that the changelog is made of."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.commands import faults
from tests.docs.names import banned
from tests.docs.pages import fragments
from tests.source import ROOT

FOLDER = ROOT / ".github"
FILES = sorted(FOLDER.rglob("*.yml"))
WORKFLOW = (FOLDER / "workflows" / "tests.yml").read_text(encoding="utf-8")
BUG = (FOLDER / "ISSUE_TEMPLATE" / "bug.yml").read_text(encoding="utf-8")
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


# ---- YAML, as far as these files use it


_VALUE = r"""(?:"[^"]*"|\[[^\]]*\]|[|>]-?|(?!["\[@`%&*!|>'{}\]])(?:(?!: | #).)+)"""
_LINE = re.compile(rf"(?P<indent>(?:  )*)(?P<item>- )?(?P<key>[A-Za-z][\w-]*):(?: {_VALUE})?(?: +#.*)?")


def yaml_faults(text: str) -> list[str]:
    """The lines of a file that nested mappings and lists of them do not account for, and keys that stand twice.

    The lock has no YAML reader. These files need little of YAML, and anything beyond that is a fault here.
    """
    found, keys = [], dict[int, set[str]]()  # the keys so far, of the mappings that a line may go on with
    for number, line in _lines(text):
        entry = _LINE.fullmatch(line)
        if entry is None:
            found.append(f"line {number} is no key and value: {line.strip()}")
            continue
        depth = len(entry["indent"]) + 2 * bool(entry["item"])
        keys = {d: k for d, k in keys.items() if d < depth or (d == depth and not entry["item"])}
        if entry["key"] in keys.setdefault(depth, set()):
            found.append(f"line {number}: {entry['key']} stands there twice")
        keys[depth].add(entry["key"])
    return found


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines by number, without comments and without the text under a key that ends in `>-` or the like."""
    indent = None
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if indent is not None and len(line) - len(line.lstrip()) > indent:
            continue
        yield number, line
        indent = len(line) - len(line.lstrip(" -")) if re.search(r": [|>]-?$", line) else None


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_is_yaml(path: Path) -> None:
    assert yaml_faults(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a:\n\tb: c\n", "line 2 is no key and value: b: c"),
        ("a:\n   b: c\n", "line 2 is no key and value: b: c"),
        ("a: b\na: c\n", "line 2: a stands there twice"),
        ("- a: b\n  a: c\n", "line 2: a stands there twice"),
        ("a: >-\n  free: text: `here`\na: c\n", "line 3: a stands there twice"),
        ("a b\n", "line 1 is no key and value: a b"),
        ("a: b: c\n", "line 1 is no key and value: a: b: c"),
        ("a: [b\n", "line 1 is no key and value: a: [b"),
        ('a: "b\n', 'line 1 is no key and value: a: "b'),
        ("a: `b`\n", "line 1 is no key and value: a: `b`"),
    ],
)
def test_what_is_no_yaml_is_seen(text: str, said: str) -> None:
    assert yaml_faults(text) == [said]


def test_a_list_may_have_the_same_keys_in_each_item() -> None:
    assert yaml_faults("a:\n  - b: c\n    d: >-\n      free: text\n  - b: c # so\n") == []


# ---- the workflow


def runs(workflow: str) -> list[str]:
    """The commands of a workflow."""
    return re.findall(r"^ *- run: (.+)$", workflow, re.MULTILINE)


def unpinned(workflow: str) -> list[str]:
    """The actions that are not named by a commit, with the version beside it."""
    uses = re.findall(r"uses: (.+)$", workflow, re.MULTILINE)
    return [action for action in uses if not re.fullmatch(r"[\w-]+(?:/[\w-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action)]


def matrix(workflow: str) -> list[str]:
    """The Pythons that the wheel is tested with."""
    (found,) = re.findall(r"^ +python: \[(.+)\]$", workflow, re.MULTILINE)
    return [version.strip('" ') for version in found.split(",")]


def test_the_wheel_is_tested_with_every_python_that_pyproject_names() -> None:
    prefix = "Programming Language :: Python :: 3."
    classified = [c.removeprefix(prefix) for c in PYPROJECT["project"]["classifiers"] if c.startswith(prefix)]
    assert matrix(WORKFLOW) == [f"3.{minor}" for minor in classified]
    assert "python-version: ${{ matrix.python }}" in WORKFLOW


def test_every_command_is_a_target_of_the_makefile() -> None:
    commands = runs(WORKFLOW)
    assert {"make lint", "make test", "make wheel", "make newest", "make compat"} <= set(commands)
    assert [command for command in commands if not command.startswith("make ")] == []
    assert [fault for command in commands for fault in faults(command)] == []


def test_every_action_is_pinned() -> None:
    assert "uses: actions/checkout@" in WORKFLOW
    assert unpinned(WORKFLOW) == []


def test_faults_of_a_workflow_are_seen() -> None:
    small = '  python: ["3.11", "3.15"]\n  steps:\n    - uses: actions/checkout@v4\n    - run: make al\n'
    assert matrix(small) == ["3.11", "3.15"]
    assert unpinned(small) == ["actions/checkout@v4"]
    assert [fault for command in runs(small) for fault in faults(command)] == ["make has no al"]


# ---- the bug template


def test_the_bug_template_asks_for_the_versions_and_the_replay_file() -> None:
    assert "label: What `leanmirror --version` prints" in BUG
    assert "label: The replay file" in BUG
    assert [fault for command in re.findall(r"`(leanmirror [^`]+)`", BUG) for fault in faults(command)] == []


# ---- the changelog


def fragment_faults(name: str, text: str) -> list[str]:
    """What keeps a file of docs/changes from being a change that the changelog can take."""
    kinds = [kind["directory"] for kind in PYPROJECT["tool"]["towncrier"]["type"]]
    found = []
    if not re.fullmatch(rf"\+[a-z0-9-]+\.({'|'.join(kinds)})\.md", name):
        found.append(f"{name} is not called +NAME.KIND.md with one of {', '.join(kinds)}")
    if len(text.strip().splitlines()) != 1 or not text.strip().endswith("."):
        found.append(f"{name} is not one paragraph on one line")
    return found + [f"{name} says {phrase!r}" for phrase in banned(text)]


def test_every_change_is_one_that_the_changelog_takes() -> None:
    assert [fault for page in fragments() for fault in fragment_faults(Path(page.path).name, page.text)] == []
    files = {path.name for path in (ROOT / "docs" / "changes").iterdir()}
    assert files - {Path(page.path).name for page in fragments()} == {"README.md"}


@pytest.mark.parametrize(
    ("name", "text", "faulty"),
    [
        ("+house.changed.md", "It moved.\n", False),
        ("house.changed.md", "It moved.\n", True),
        ("+house.moved.md", "It moved.\n", True),
        ("+house.changed.txt", "It moved.\n", True),
        ("+house.changed.md", "\n", True),
        ("+house.changed.md", "It moved\nfar.\n", True),
        ("+house.changed.md", "It was at hand.\n", True),
    ],
)
def test_a_change_that_it_does_not_take_is_seen(name: str, text: str, faulty: bool) -> None:
    assert bool(fragment_faults(name, text)) == faulty


def test_the_changelog_has_the_place_where_changes_go() -> None:
    start = PYPROJECT["tool"]["towncrier"]["start_string"]
    assert (ROOT / PYPROJECT["tool"]["towncrier"]["filename"]).read_text(encoding="utf-8").count(start) == 1
