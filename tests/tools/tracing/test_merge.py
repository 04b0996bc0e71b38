"""Two branches that both accept: `git merge` makes one lock of theirs, or leaves a conflict that a trace names."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.tools.tracing.conftest import Shop

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not on PATH")

LOCK, TOTAL = "leanmirror.lock", "lean/Cart/Total.lean"
OURS, THEIRS = "ours", "theirs"
Edit = Callable[[Shop], None]


@dataclass(frozen=True)
class Repository:
    """The project under git: its tests are agreed to on the branch that both others leave."""

    shop: Shop

    def git(self, *arguments: str) -> int:
        """The exit code of a git that knows of no settings of this machine."""
        somebody = ("-c", "user.name=Somebody", "-c", "user.email=somebody@example.org")
        alone = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null", "PATH": shutil.which("git") or ""}
        alone["PATH"] = str(Path(alone["PATH"]).parent)
        command = ["git", *somebody, *arguments]
        return subprocess.run(command, cwd=self.shop.folder, env=alone, capture_output=True, check=False).returncode

    def commits(self, branch: str, edit: Edit) -> None:
        """A branch of its own from the beginning, with an edit that is agreed to there."""
        assert self.git("checkout", "-q", "-b", branch, "start") == 0
        edit(self.shop)
        self.shop.accepted()
        assert self.git("add", "-A") == self.git("commit", "-q", "-m", branch) == 0

    def merged(self, ours: Edit, theirs: Edit) -> int:
        """The exit code of `git merge` of two branches, each with its edit."""
        self.commits(THEIRS, theirs)
        self.commits(OURS, ours)
        return self.git("merge", "-q", "--no-edit", THEIRS)


@pytest.fixture
def repository(agreed: Shop) -> Repository:
    made = Repository(agreed)
    assert made.git("init", "-q", "-b", "start") == made.git("add", "-A") == 0
    assert made.git("commit", "-q", "-m", "start") == 0
    return made


def about(name: str) -> Edit:
    """A test about one more name, in a file of its own."""
    function = name.replace(".", "_").lower()
    text = f'import pytest\n\n\n@pytest.mark.lean("{name}")\ndef test_{function}():\n    pass\n'
    return lambda shop: shop.write(f"tests/test_{function}.py", text)


def changed(old: str, new: str) -> Edit:
    return lambda shop: shop.edit(TOTAL, old, new)


def declared(name: str) -> Edit:
    """A theorem of its own file, and a test about it."""

    def edit(shop: Shop) -> None:
        text = f"import Cart.Total\n\nnamespace Cart\n\ntheorem {name} : total [] = 0 := rfl\n\nend Cart\n"
        shop.write(f"lean/Cart/{name.title().replace('_', '')}.lean", text)
        about(f"Cart.{name}")(shop)

    return edit


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        pytest.param(about("Cart.total_nil"), about("Cart.Item.cost"), id="names added far from each other"),
        pytest.param(declared("discounted_again"), declared("discounted_z"), id="names added beside a third"),
        pytest.param(
            changed("(h : percent ≤ 100)", "(h : percent < 100)"),
            changed("| [] => 0", "| [] => 1"),
            id="neighbouring names changed",
        ),
        pytest.param(about("Cart.Item.cost"), changed("| [] => 0", "| [] => 1"), id="one added, one changed"),
    ],
)
def test_locks_of_two_branches_merge(repository: Repository, ours: Edit, theirs: Edit) -> None:
    assert repository.merged(ours, theirs) == 0
    shop, merged = repository.shop, repository.shop.text(LOCK)
    assert shop.run("--accept").exit_code == 0
    assert shop.text(LOCK) == merged, "what git made is what one who has both changes accepts"


@pytest.mark.parametrize("side", [OURS, THEIRS])
def test_a_conflict_is_one_line_and_accepting_again_ends_it(repository: Repository, side: str) -> None:
    """Two names that would stand in one place: no file of lines can merge these."""
    assert repository.merged(declared("total_one"), declared("total_two")) == 1
    shop, left = repository.shop, repository.shop.text(LOCK)
    line = left[: left.index("<<<<<<< ")].count("\n") + 1
    said = f"{LOCK}:{line}: a merge left a conflict: take the file of one side whole, and accept again"
    assert shop.refused() == shop.refused("--accept") == said
    assert shop.text(LOCK) == left
    # To drop the lines of git would leave half a table: what both sides end with, git writes once.
    assert repository.git("checkout", f"--{side}", LOCK) == 0
    assert sorted(shop.verdicts().values()) == ["agreed", "agreed", "agreed", "new"]
    shop.accepted()
    assert set(shop.verdicts().values()) == {"agreed"}
    assert all(f'["Cart.{name}"]' in shop.text(LOCK) for name in ("total_one", "total_two"))
