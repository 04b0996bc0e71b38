"""Where the command finds itself: no home, nearly no environment, a dumb or narrow terminal, a folder that is gone."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.tools.cli.conftest import NAME, Call
from theorems.engine.theorem import Theorem

LEANMIRROR = [sys.executable, "-m", "theorems.tools.cli"]
PLACES = {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX folders and terminals")


@pytest.mark.unmeasured
@posix
def test_an_empty_environment(tmp_path: Path) -> None:
    names = (NAME, "inner_getRaw_singleRaw")
    command = [*LEANMIRROR, "check", *names, "--examples", "2", "--jobs", "2", "--json", str(tmp_path / "report.json")]
    done = subprocess.run(command, env=PLACES, capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "report.json").exists()


def on_a_terminal(columns: int, settings: dict[str, str], *arguments: str) -> tuple[int, str]:
    """Exit code and everything that is written where all three streams are a terminal of so many columns."""
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    environment = {**os.environ, "COLUMNS": str(columns), **settings}
    command = [*LEANMIRROR, *arguments]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment) as process:
        os.close(theirs)
        written = b"".join(iter(lambda: _read(ours), b""))
    os.close(ours)
    return process.returncode, written.decode(settings["PYTHONIOENCODING"]).replace("\r\n", "\n")


def _read(number: int) -> bytes:
    try:
        return os.read(number, 4096)
    except OSError:  # how Linux says that the other side of a terminal is closed
        return b""


@pytest.mark.unmeasured
@posix
def test_a_dumb_terminal_of_twenty_columns(tmp_path: Path) -> None:
    settings = {"TERM": "dumb", "NO_COLOR": "1", "PYTHONIOENCODING": "ascii"}
    code, written = on_a_terminal(20, settings, "check", NAME, "--examples", "2", "--jobs", "1")
    assert code == 0
    assert "\x1b" not in written
    assert written.strip().startswith(f"{NAME}\n  equal, 2 tried, ")
    assert "R^k" in written


@pytest.mark.unmeasured
@posix
def test_a_bar_on_a_terminal_that_cannot_hold_it(tmp_path: Path) -> None:
    code, written = on_a_terminal(80, {"TERM": "xterm", "PYTHONIOENCODING": "ascii"}, "check", NAME, "--jobs", "1")
    assert code == 0
    assert "0/1" in written


@posix
@pytest.mark.parametrize("arguments", [("check", NAME), ("list",), ("show", NAME), ("replay", "x.json")])
def test_a_current_folder_that_is_gone(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    result = call(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    said = "the current folder is gone (No such file or directory): change to one that is there"
    assert result.stderr == f"leanmirror: {said}\n"


@pytest.mark.unmeasured
@posix
def test_help_needs_no_folder(tmp_path: Path) -> None:
    command = 'mkdir gone && cd gone && rmdir ../gone && exec "$@" --help'
    done = subprocess.run(
        ["bash", "-c", command, "bash", *LEANMIRROR], cwd=tmp_path, env=PLACES, capture_output=True, text=True
    )
    assert done.returncode == 0
    assert done.stdout.startswith("Usage: ")


def test_a_folder_that_is_read_only_changes_no_verdict(
    call: Call, false_theorem: Theorem, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_only(*arguments: Any, **options: Any) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(Path, "mkdir", read_only)
    result = call("check", NAME, "--jobs", "1")
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1
    assert result.stderr.endswith(": Read-only file system\n")
    assert "0 of 1 theorem holds" in result.stdout
