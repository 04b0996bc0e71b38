"""A Lean project and its tests in a folder of their own, and what changes them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from theorems.tools.cli import main

CART = Path(__file__).parent / "cart"
TESTS = """\
import pytest

APPEND = "Cart.total_append"


@pytest.mark.lean(APPEND)
def test_append():
    pass


@pytest.mark.lean("Cart.discounted_le")
def test_discount():
    pass
"""


@dataclass(frozen=True)
class Shop:
    """The project in a folder, in which the test stands."""

    folder: Path

    def run(self, *arguments: str) -> Result:
        """`leanmirror trace …`; an exception other than an exit is raised."""
        result = CliRunner().invoke(main, ["trace", *arguments])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    def refused(self, *arguments: str) -> str:
        """The one line on standard error of a call that exits 2."""
        result = self.run(*arguments)
        assert (result.exit_code, result.stdout) == (2, ""), result.output
        (line,) = result.stderr.splitlines()
        return line.removeprefix("leanmirror: ")

    def accepted(self) -> None:
        """Agree to everything as it is."""
        assert self.run("--accept").exit_code == 0

    def edit(self, file: str, old: str, new: str) -> None:
        """Replace a text that stands there once."""
        path = self.folder / file
        text = path.read_text("utf-8")
        assert text.count(old) == 1, (file, old)
        path.write_text(text.replace(old, new), "utf-8")

    def write(self, file: str, text: str) -> None:
        """A file of the project, its folders made."""
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def text(self, file: str) -> str:
        """What a file holds."""
        return (self.folder / file).read_text("utf-8")

    def traced(self, *arguments: str) -> dict[str, Any]:
        """The JSON of a trace, with its exit code."""
        result = self.run("--json", "trace.json", *arguments)
        return json.loads(self.text("trace.json")) | {"code": result.exit_code}

    def verdicts(self, *arguments: str) -> dict[str, str]:
        """Each name on tests with how it ended."""
        return {link["name"]: link["verdict"] for link in self.traced(*arguments)["links"]}

    def why(self, name: str) -> list[str]:
        """What is said of one name."""
        (why,) = (link["why"] for link in self.traced()["links"] if link["name"] == name)
        return why


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """The cart and two tests about it; nothing is agreed yet."""
    shutil.copytree(CART / "lean", tmp_path / "lean")
    found = Shop(tmp_path)
    found.write("pyproject.toml", '[tool.leanmirror]\nsource = "lean"\n')
    found.write("tests/test_cart.py", TESTS)
    monkeypatch.chdir(tmp_path)
    return found


@pytest.fixture
def agreed(shop: Shop) -> Shop:
    """The same, agreed to."""
    shop.accepted()
    return shop


Edit = Callable[[Shop], None]
