"""`leanmirror notebook`: where it puts the notebook, and where it writes nothing."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import pytest

from lean_refs import load_pin
from tests.tools.cli.conftest import Call
from theorems.tools.audit.lean.files import notebook_of_the_block
from theorems.tools.output.files import CannotWrite

Refused = Callable[..., str]
MODULE = load_pin().seed_module
NAME = "decoder_block.ipynb"
EXPECTED = "the root of a TorchLean checkout is expected"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What looks like the root of a checkout, in the current folder."""
    root = tmp_path / "TorchLean"
    (root / MODULE).parent.mkdir(parents=True)
    (root / MODULE).touch()
    (root / "lakefile.toml").touch()
    return root


def test_it_puts_the_notebook_into_the_root_and_says_where_it_is_there_already(call: Call, checkout: Path) -> None:
    assert call("notebook", "--into", "TorchLean").output == f"wrote TorchLean/{NAME}\n"
    assert (checkout / NAME).read_text("utf-8") == notebook_of_the_block()
    again = call("notebook", "--into", "TorchLean")
    assert (again.exit_code, again.output) == (0, f"TorchLean/{NAME} is there already\n")


@pytest.mark.parametrize("content", [b"{}\n", b"\xff"])
def test_another_file_of_that_name_is_left_as_it_is(refused: Refused, checkout: Path, content: bytes) -> None:
    (checkout / NAME).write_bytes(content)
    there = f"TorchLean/{NAME} is there and says something else: move it away; nothing was written"
    assert refused("notebook", "--into", "TorchLean") == there
    assert (checkout / NAME).read_bytes() == content


@pytest.mark.parametrize(
    ("lacks", "said"),
    [("lakefile.toml", "TorchLean has no lakefile.lean or lakefile.toml"), (MODULE, f"TorchLean has no {MODULE}")],
)
def test_a_folder_that_is_no_checkout_is_refused(refused: Refused, checkout: Path, lacks: str, said: str) -> None:
    (checkout / lacks).unlink()
    before = sorted(checkout.rglob("*"))
    assert refused("notebook", "--into", "TorchLean") == f"{said}: {EXPECTED}"
    assert sorted(checkout.rglob("*")) == before


def test_a_folder_that_is_not_there_is_not_made(refused: Refused, tmp_path: Path) -> None:
    assert refused("notebook", "--into", "nowhere") == f"nowhere is no folder: {EXPECTED}"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_that_name_is_no_notebook(refused: Refused, checkout: Path) -> None:
    (checkout / NAME).mkdir()
    assert refused("notebook", "--into", "TorchLean") == f"cannot use TorchLean/{NAME}: Is a directory"


def test_a_folder_that_cannot_be_written_is_refused(
    refused: Refused, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def checked(path: Path) -> None:
        raise CannotWrite(path, PermissionError(errno.EACCES, "Permission denied"))

    monkeypatch.setattr("theorems.tools.cli.calls.refuse_unwritable", checked)
    assert refused("notebook", "--into", "TorchLean") == f"cannot write TorchLean/{NAME}: Permission denied"
    assert not (checkout / NAME).exists()


@pytest.mark.parametrize("named", ["", " "])
def test_a_path_that_names_nothing_is_a_wrong_call(refused: Refused, named: str) -> None:
    assert refused("notebook", "--into", named) == f"Invalid value for '--into': a path is expected, not {named!r}"


def test_without_a_folder_it_is_a_wrong_call(refused: Refused) -> None:
    assert refused("notebook") == "Missing option '--into'."
