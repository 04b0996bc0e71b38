"""`leanmirror lean-files` and `leanmirror audit --lean`: what is written, compared and reported; exit codes."""

from __future__ import annotations

import errno
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from lean_refs.home import lean_refs_folder
from tests.tools.cli.conftest import Call
from theorems.tools.audit.lean import files as derived
from theorems.tools.audit.lean.run import LeanReport
from theorems.tools.output.files import CannotWrite

NAMES = {
    "MirrorFacts.lean",
    "CheckDecls.lean",
    "lean_decls",
    "formalization.yaml",
    "notebooks/decoder_block.ipynb",
}


def test_the_files_of_the_repository_are_what_the_mirror_says(call: Call) -> None:
    result = call("lean-files", "--check")
    assert result.exit_code == 0, result.output
    assert "all files are what the mirror says" in result.stdout


def test_it_writes_every_file_once(call: Call, tmp_path: Path) -> None:
    first = call("lean-files", "--output", "out")
    assert first.exit_code == 0
    assert {line.removeprefix("wrote out/") for line in first.stdout.splitlines()} == NAMES
    assert {p.relative_to(tmp_path / "out").as_posix() for p in (tmp_path / "out").rglob("*") if p.is_file()} == NAMES
    again = call("lean-files", "--output", "out")
    assert again.stdout == "out: all files are what the mirror says\n"


def test_check_names_the_file_and_the_first_line_that_differs(call: Call, tmp_path: Path) -> None:
    shutil.copytree(lean_refs_folder(), tmp_path / "out", ignore=shutil.ignore_patterns("*.py", "*.json"))
    decls = tmp_path / "out" / "lean_decls"
    lines = decls.read_text("utf-8").splitlines()
    decls.write_text("\n".join([*lines[:2], "Nobody", *lines[3:]]) + "\n", "utf-8")
    (tmp_path / "out" / "formalization.yaml").unlink()
    (tmp_path / "out" / "MirrorFacts.lean").write_bytes(b"\xff")
    result = call("lean-files", "--check", "--output", "out")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "MirrorFacts.lean: not UTF-8 at byte 0",
        f"lean_decls:3: has 'Nobody', the mirror says {lines[2]!r}",
        "formalization.yaml: missing",
    ]
    assert decls.read_text("utf-8").splitlines()[2] == "Nobody", "a check writes nothing"


def test_a_shorter_file_differs_where_it_ends(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("a\n", "utf-8")
    assert derived.difference(file, "a\nb\n") == ":2: has '', the mirror says 'b'"
    assert derived.difference(file, "a") == ":2: has '', the mirror says no such line"


@pytest.mark.unmeasured
@pytest.mark.parametrize("arguments", [(), ("--check",)])
def test_a_folder_that_is_a_file_is_one_line_and_exit_2(
    refused: Callable[..., str], tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "notebooks").write_text("a file where a folder should be", "utf-8")
    said = refused("lean-files", "--output", "out", *arguments)
    assert said == "cannot use out/notebooks/decoder_block.ipynb: Not a directory"


def test_where_one_file_cannot_be_written_none_is(
    refused: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def checked(path: Path) -> None:
        if path.suffix == ".ipynb":
            raise CannotWrite(path, OSError(errno.EROFS, "Read-only file system"))

    monkeypatch.setattr("theorems.tools.cli.calls.refuse_unwritable", checked)
    said = refused("lean-files", "--output", "out")
    assert said == "cannot write out/notebooks/decoder_block.ipynb: Read-only file system"
    assert list(tmp_path.iterdir()) == []


def test_an_error_that_names_no_file_is_said_of_the_folder(
    refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(path: Path) -> bytes:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(Path, "read_bytes", broken)
    assert refused("lean-files", "--check", "--output", "out") == "cannot use out: Input/output error"


@pytest.mark.unmeasured
def test_an_audit_in_a_folder_that_is_no_project_is_no_success(call: Call, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    result = call("audit", "--lean", "empty")
    assert result.exit_code == 2, result.output
    assert "Lean was not asked: empty has no lakefile.lean or lakefile.toml: no Lake project" in result.stderr


def test_an_audit_that_could_not_ask_lean_says_what_is_missing_and_is_no_success(call: Call, tmp_path: Path) -> None:
    result = call("audit", "--lean", "nowhere", "--json", "audit.json")
    assert result.exit_code == 2, result.output
    assert result.stderr == "leanmirror: Lean was not asked: nowhere is not a folder\n"
    assert "\n  accepted by Lean: nowhere is not a folder\n" in result.stdout
    section = json.loads((tmp_path / "audit.json").read_text("utf-8"))["sections"][-1]
    assert section["findings"] == [{"name": "Lean", "verdict": "not checked", "basis": "nowhere is not a folder"}]


@pytest.mark.unmeasured
def test_an_audit_in_which_lean_rejects_something_exits_1(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.tools.audit.lean.fake_lean import rejected

    def told(folder: Path, *, timeout: float, progress: object) -> LeanReport:
        assert (folder, timeout) == (Path("built"), 3)
        progress("MirrorFacts.lean", "a")  # type: ignore[operator]
        return rejected(folder)

    monkeypatch.setattr("theorems.tools.audit.lean.run.check_in_lean", told)
    result = call("audit", "--lean", "built", "--lean-timeout", "3")
    assert result.exit_code == 1
    assert "rejected: type mismatch" in result.stdout


@pytest.mark.parametrize("limit", ["0", "-1", "nan", "soon"])
def test_a_time_limit_that_is_none_is_refused(call: Call, limit: str) -> None:
    result = call("audit", "--lean", "built", "--lean-timeout", limit)
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
