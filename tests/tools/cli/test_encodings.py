"""Output that cannot hold Greek: every command says the same in what the output has, and ends as it would elsewhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tools.cli.snapshot import normalised
from theorems.tools.output.signs import spelled

pytestmark = pytest.mark.unmeasured

PROGRAM = [sys.executable, "-m", "tests.tools.cli.every_command"]
# A locale decides where nobody says anything else; the output of C and POSIX is ASCII.
POSIX = {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
ENVIRONMENTS = {
    "utf-8": ("utf-8", {"PYTHONIOENCODING": "utf-8"}),
    "ascii": ("ascii", {"PYTHONIOENCODING": "ascii"}),
    "cp1252": ("cp1252", {"PYTHONIOENCODING": "cp1252"}),
    "POSIX": ("ascii", POSIX),
}
SETTLING = ("PYTHONIOENCODING", "LANG", "LC_ALL", "LC_CTYPE", *POSIX)
TIMES = re.compile(r'(?<=time=")[\d.]+|(?<=seconds": )[\d.e-]+')
REPORTS = ("report.json", "report.xml", "report.sarif", "report.md", "plot.svg", "derived/MirrorFacts.lean", "code")


def started(folder: Path, settings: dict[str, str]) -> subprocess.Popen[bytes]:
    folder.mkdir()
    environment = {name: value for name, value in os.environ.items() if name not in SETTLING}
    command = [*PROGRAM, str(folder)]
    return subprocess.Popen(command, env=environment | settings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def printed(folder: Path, encoding: str) -> dict[str, str]:
    """What each call printed; raises `UnicodeDecodeError` where it is not all of that encoding."""
    files = [path for path in folder.glob("*/*") if path.name in ("out", "err")]
    return {str(path.relative_to(folder)): normalised(path.read_bytes().decode(encoding)) for path in files}


def reports(folder: Path) -> dict[str, str]:
    """What each call wrote, and its exit code."""
    files = [path for name in REPORTS for path in folder.glob(f"*/{name}") if path.is_file()]
    return {str(path.relative_to(folder)): TIMES.sub("T", path.read_text("utf-8")) for path in files}


def test_every_command_works_where_the_output_cannot_hold_greek(tmp_path: Path) -> None:
    running = {name: started(tmp_path / name, settings) for name, (_, settings) in ENVIRONMENTS.items()}
    for name, process in running.items():
        said, _ = process.communicate(timeout=600)
        assert process.returncode == 0, f"{name}: {said.decode(errors='replace')}"
    greek, written = printed(tmp_path / "utf-8", "utf-8"), reports(tmp_path / "utf-8")
    assert not all(text.isascii() for text in greek.values())
    for name, (encoding, _) in ENVIRONMENTS.items():
        expected = {call: spelled(text, encoding) for call, text in greek.items()}
        assert printed(tmp_path / name, encoding) == expected, name
        assert reports(tmp_path / name) == written, name
