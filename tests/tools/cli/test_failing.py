"""When the tool itself fails, or what it writes cannot be written: exit code 3, one clear line, nothing half done."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.tools.cli.conftest import NAME, Call
from tests.tools.cli.every_command import calls
from theorems.engine.theorem import Theorem

LEANMIRROR = [sys.executable, "-m", "theorems.tools.cli"]
FULL = Path("/dev/full")
full_device = pytest.mark.skipif(not FULL.exists(), reason="a device of Linux")
posix = pytest.mark.skipif(sys.platform == "win32", reason="a POSIX shell")


def in_shell(command: str, *arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """`"$@"` in the command is leanmirror with the arguments."""
    return subprocess.run(
        ["bash", "-c", command, "bash", *LEANMIRROR, *arguments], capture_output=True, text=True, timeout=300, **options
    )


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: Any) -> Any:
        raise RuntimeError("a fault\nof ours")

    monkeypatch.setattr("theorems.tools.cli.parallel.run", fail)


@pytest.mark.usefixtures("failing")
def test_an_exception_that_nobody_expected_is_3(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LEANMIRROR_TRACEBACK", raising=False)
    result = call("check", NAME)
    first, *places = result.stderr.splitlines()
    assert (result.exit_code, result.stdout, first) == (3, "", "leanmirror: RuntimeError: a fault of ours")
    assert any(place.startswith("  at theorems/tools/cli/check.py:") for place in places)
    assert not any("click" in place for place in places)


@pytest.mark.usefixtures("failing")
def test_its_whole_traceback_on_demand(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEANMIRROR_TRACEBACK", "1")
    result = call("check", NAME)
    assert result.exit_code == 3
    assert result.stderr.startswith("Traceback (most recent call last):\n")


def test_help_tells_the_exit_codes(call: Call) -> None:
    said = " ".join(call("--help").stdout.split())
    assert "3 leanmirror itself failed, or could not write its output: no verdict" in said


# ---- standard output


@pytest.mark.unmeasured
@full_device
def test_every_command_says_that_standard_output_is_full(tmp_path: Path) -> None:
    # Unbuffered: all of them share one process, in which what could not be written would be left for the next.
    command = [sys.executable, "-u", "-m", "tests.tools.cli.every_command", str(tmp_path), str(FULL)]
    subprocess.run(command, check=True, timeout=600)
    codes = {path.parent.name: path.read_text("utf-8") for path in tmp_path.glob("*/code")}
    said = {path.parent.name: path.read_text("utf-8") for path in tmp_path.glob("*/err")}
    silent = {"nothing", "wrong"}  # these write to standard error alone
    assert codes == {name: "2" if name in silent else "3" for name in calls()}
    for name in codes.keys() - silent:
        assert said[name].endswith("leanmirror: cannot write standard output: No space left on device\n"), name
    # One by itself is told of it where it writes a buffer, too.
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with FULL.open("wb") as full:
        alone = [sys.executable, "-m", "theorems.tools.cli", "list"]
        assert subprocess.run(alone, env=buffered, stdout=full, stderr=subprocess.DEVNULL).returncode == 3
    # What was asked for besides is not lost.
    assert json.loads((tmp_path / "check/report.json").read_text("utf-8"))["theorems"][0]["status"] == "refuted"
    assert (tmp_path / "bench/plot.svg").exists()


@pytest.mark.unmeasured
@full_device
def test_standard_error_that_is_full_changes_nothing(call: Call) -> None:
    assert in_shell('"$@" 2>/dev/full', "check", NAME, "--examples", "1").returncode == 0
    assert in_shell('"$@" 2>/dev/full', "check", "nobody").returncode == 2


@pytest.mark.unmeasured
@posix
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_leaves_is_no_failure(tmp_path: Path, unbuffered: str) -> None:
    report = tmp_path / "report.json"
    reading, writing = os.pipe()
    os.close(reading)
    command = [*LEANMIRROR, "check", NAME, "--examples", "1", "--json", str(report)]
    environment = os.environ | {"PYTHONUNBUFFERED": unbuffered}
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, env=environment, timeout=300)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")
    assert report.read_text("utf-8").startswith("{")


# ---- reports


@full_device
def test_a_report_that_cannot_be_written_is_named_and_the_others_are_written(call: Call, tmp_path: Path) -> None:
    result = call("check", NAME, "--examples", "1", "--jobs", "1", "--json", str(FULL), "--junit", "check.xml")
    assert (result.exit_code, result.stderr) == (3, "leanmirror: cannot write /dev/full: No space left on device\n")
    assert "1 of 1 theorem holds" in result.stdout
    assert (tmp_path / "check.xml").read_text("utf-8").endswith("</testsuites>\n")


@full_device
def test_a_reason_to_fail_goes_before_the_verdict(call: Call, false_theorem: Theorem) -> None:
    assert call("check", NAME, "--examples", "50", "--jobs", "1", "--json", str(FULL)).exit_code == 3


@pytest.mark.unmeasured
@posix
def test_a_disk_that_is_full_half_way_leaves_the_old_report_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "report.json").write_text("old", encoding="utf-8")
    # No file may grow over 512 or 1024 bytes: what is written first succeeds, as on a disk that is nearly full.
    arguments = ("check", NAME, "--jobs", "1", "--json", "report.json", "--junit", "new/report.xml")
    done = in_shell('ulimit -f 1; "$@"', *arguments, cwd=tmp_path, env=environment())
    assert (done.returncode, done.stderr) == (3, "leanmirror: cannot write report.json: File too large\n")
    assert (tmp_path / "report.json").read_text("utf-8") == "old"
    left = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*"))
    assert left == ["new", "new/report.xml", "report.json"]


def environment() -> dict[str, str]:
    """Of a child process in another folder, where it finds our modules as this one does."""
    return os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


@pytest.mark.parametrize(
    ("json_path", "junit_path"),
    [("x", "x"), ("x", "./x"), ("x", "a/../x"), ("link", "x"), ("x", "x/y"), ("x/y/z", "x")],
)
def test_two_reports_in_one_file_are_a_wrong_call(
    refused: Callable[..., str], tmp_path: Path, json_path: str, junit_path: str
) -> None:
    (tmp_path / "link").symlink_to("x")
    said = refused("check", NAME, "--json", json_path, "--junit", junit_path)
    assert said == f"{Path(json_path)} and {Path(junit_path)} cannot both be written: give each a file of its own"
    assert [path.name for path in tmp_path.iterdir()] == ["link"]


@posix
def test_two_reports_to_nowhere_are_not(call: Call) -> None:
    assert call("check", NAME, "--examples", "1", "--json", "/dev/null", "--junit", "/dev/null").exit_code == 0


def test_folders_are_made_when_a_report_is_written_and_not_before(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[Path]] = []

    def run(*arguments: Any) -> Any:
        seen.append(list(tmp_path.iterdir()))
        raise KeyboardInterrupt

    monkeypatch.setattr("theorems.tools.cli.parallel.run", run)
    assert call("check", NAME, "--json", "a/b/c.json").exit_code == 130
    assert seen == [[]]
    assert list(tmp_path.iterdir()) == []
