"""Files that are written whole or not at all, and refused beforehand where they cannot be."""

from __future__ import annotations

import ast
import errno
import os
import stat
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.source import ROOT
from theorems.tools.output import files
from theorems.tools.output.files import CannotWrite, refuse_unwritable, write_whole

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX devices, pipes and permissions")


def fails_at(monkeypatch: pytest.MonkeyPatch, target: str) -> None:
    """What writes meets a full disk there; such an error names no file."""

    def full(*arguments: Any, **options: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(target, full)


def test_a_file_is_written_with_its_folders(tmp_path: Path) -> None:
    write_whole(tmp_path / "a/b/c.txt", "⟨ε⟩\n")
    write_whole(tmp_path / "a/b/c.bin", b"\xff\r\n")
    assert (tmp_path / "a/b/c.txt").read_bytes() == "⟨ε⟩\n".encode()
    assert (tmp_path / "a/b/c.bin").read_bytes() == b"\xff\r\n"
    assert sorted(path.name for path in (tmp_path / "a/b").iterdir()) == ["c.bin", "c.txt"]


@pytest.mark.parametrize(("name", "written"), [("\udcce\udcb5", "ε"), ("\udcff", "\\udcff")])
def test_bytes_of_a_name_that_python_keeps_as_surrogates(tmp_path: Path, name: str, written: str) -> None:
    write_whole(tmp_path / "file", name)
    assert (tmp_path / "file").read_text("utf-8") == written


@pytest.mark.parametrize("fault", ["os.fsync", "pathlib.Path.replace", "shutil.copymode"])
def test_a_full_disk_leaves_the_old_report_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    report = tmp_path / "report.json"
    write_whole(report, "old")
    fails_at(monkeypatch, fault)
    with pytest.raises(CannotWrite) as caught:
        write_whole(report, "new")
    assert str(caught.value) == f"cannot write {report}: No space left on device"
    assert (caught.value.filename, caught.value.errno) == (str(report), errno.ENOSPC)
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]
    assert report.read_text("utf-8") == "old"


def test_folders_that_were_made_for_nothing_go_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "kept").mkdir()
    fails_at(monkeypatch, "os.fsync")
    with pytest.raises(CannotWrite):
        write_whole(tmp_path / "kept/a/b/report.json", "new")
    assert [path.name for path in tmp_path.rglob("*")] == ["kept"]


def test_what_somebody_else_put_into_a_folder_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fsync(number: int) -> None:
        (tmp_path / "a/theirs").touch()
        raise OSError(errno.ENOSPC, "")

    monkeypatch.setattr("os.fsync", fsync)
    with pytest.raises(CannotWrite):
        write_whole(tmp_path / "a/b/report.json", "new")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a", "theirs"]


def test_an_interruption_leaves_nothing_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(number: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_whole(tmp_path / "report.json", "new")
    assert list(tmp_path.iterdir()) == []


@posix
def test_a_report_keeps_its_permissions_and_a_new_one_has_the_usual(tmp_path: Path) -> None:
    (tmp_path / "old").touch(0o640)
    (tmp_path / "usual").touch()
    for name in ("old", "new"):
        write_whole(tmp_path / name, "")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes["old"] == 0o640
    assert modes["new"] == modes["usual"]


@posix
def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("folder/real")
    refuse_unwritable(tmp_path / "link")
    write_whole(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "folder/real").read_text("utf-8") == "new"


# ---- what is no ordinary file


@posix
def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append((tmp_path / "pipe").read_text("utf-8")))
    reader.start()
    write_whole(tmp_path / "pipe", "new")
    reader.join()
    assert read == ["new"]
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


@posix
def test_a_pipe_whose_reader_leaves_is_no_failure(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        write_whole(Path(f"/dev/fd/{writing}"), "new")
    finally:
        os.close(writing)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_a_device_that_is_full() -> None:
    with pytest.raises(CannotWrite, match="cannot write /dev/full: No space left on device"):
        write_whole(Path("/dev/full"), "new")


@posix
def test_what_standard_output_goes_to_is_not_replaced_under_it(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    print("before", end=" ")
    write_whole(Path("/dev/fd/1"), "report ")
    print("after")
    assert capfd.readouterr().out == "before report after\n"


# ---- beforehand


def test_what_can_be_written_leaves_nothing_behind_beforehand(tmp_path: Path) -> None:
    (tmp_path / "old").write_text("old", encoding="utf-8")
    for name in ("old", "new", "a/b/new"):
        refuse_unwritable(tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == ["old"]
    assert (tmp_path / "old").read_text("utf-8") == "old"


@posix
def test_a_pipe_is_not_opened_beforehand(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    refuse_unwritable(tmp_path / "pipe")  # or it would wait here for a reader
    refuse_unwritable(Path("/dev/null"))


@posix
@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("folder", "Is a directory"),
        ("file/report.json", "Not a directory"),
        ("file/a/b/report.json", "Not a directory"),
        ("x" * 300, "File name too long"),
        ("loop", "Too many levels of symbolic links"),
        pytest.param(
            "/proc/nothing/report.json",
            "No such file or directory",
            marks=pytest.mark.skipif(not Path("/proc/self").exists(), reason="a file system of Linux"),
        ),
    ],
)
def test_what_cannot_be_written_is_refused_beforehand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, why: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    Path("file").touch()
    Path("loop").symlink_to("loop")
    with pytest.raises(CannotWrite) as caught:
        refuse_unwritable(Path(path))
    assert str(caught.value) == f"cannot write {path}: {why}"


def test_a_file_that_is_not_ours_to_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(files.os, "access", lambda path, mode: mode != os.W_OK)
    with pytest.raises(CannotWrite, match="Permission denied"):
        refuse_unwritable(tmp_path / "file")


def test_a_folder_that_takes_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fails_at(monkeypatch, "tempfile.TemporaryFile")
    with pytest.raises(CannotWrite, match=r"a/b/report\.json: No space left on device"):
        refuse_unwritable(tmp_path / "a/b/report.json")


@posix
def test_a_current_folder_that_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    for call in (refuse_unwritable, lambda path: write_whole(path, "new")):
        with pytest.raises(CannotWrite, match=r"cannot write report.json: No such file or directory"):
            call(Path("report.json"))


# ---- everybody uses it


def calls_in(path: Path) -> Iterator[tuple[str, ast.Call, str]]:
    """Each call in a module: the name of what is called, the call, and where it is."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            yield name, node, f"{path.relative_to(ROOT).as_posix()}:{node.lineno}"


def writes(name: str, call: ast.Call) -> bool:
    """Whether a call writes a file, or opens one for writing."""
    modes = [a.value for a in call.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    opens = name == "open" and any(set(mode) & set("wax+") and len(mode) <= 3 for mode in modes)
    return opens or name in ("write_text", "write_bytes")


# What is no report, and the reason why it is written by itself.
APART = {
    "theorems/tools/campaigns/record.py": "a record grows line by line, and what is there must outlive a crash",
    "theorems/tools/output/": "this is where it is done",
    "theorems/tools/plugin/": "a note between processes; `theorems` may be somebody else's there",
}


def names_no_encoding(name: str, call: ast.Call) -> bool:
    """Whether a call reads text in whatever encoding the machine has; what writes is found by `writes`."""
    return name in ("open", "read_text") and not call.args and not any(k.arg == "encoding" for k in call.keywords)


PRODUCT = [path for room in ("lean_refs", "mirror", "theorems") for path in sorted((ROOT / room).rglob("*.py"))]


def test_whatever_the_product_writes_goes_through_this_module() -> None:
    found = [where for path in PRODUCT for name, call, where in calls_in(path) if writes(name, call)]
    assert [where for where in found if not where.startswith(tuple(APART))] == []
    assert {place for place in APART if any(where.startswith(place) for where in found)} == APART.keys()


def test_the_product_reads_text_in_an_encoding_that_it_names() -> None:
    found = [where for path in PRODUCT for name, call, where in calls_in(path) if names_no_encoding(name, call)]
    assert found == []


@pytest.mark.parametrize(
    ("source", "faults"),
    [
        ("path.write_text(text, encoding='utf-8')", [True, False]),
        ("path.write_text(text)", [True, False]),
        ("open(path, 'w')", [True, False]),
        ("path.open('ab')", [True, False]),
        ("path.read_text()", [False, True]),
        ("path.read_text('utf-8')", [False, False]),
        ("path.open()", [False, True]),
    ],
)
def test_a_call_that_does_neither_is_found(source: str, faults: list[bool]) -> None:
    call = ast.parse(source, mode="eval").body
    assert isinstance(call, ast.Call)
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    assert [writes(name, call), names_no_encoding(name, call)] == faults
