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
# One process has one after the other: as Python would begin with any of them.
ENCODINGS = ("utf-8", "ascii", "cp1252")
SETTLING = ("PYTHONIOENCODING", "LANG", "LC_ALL", "LC_CTYPE", *POSIX)
TIMES = re.compile(r'(?<=time=")[\d.]+|(?<=seconds": )[\d.e-]+')
REPORTS = ("report.json", "report.xml", "report.sarif", "report.md", "plot.svg", "derived/MirrorFacts.lean", "code")


def started(folder: Path, *encodings: str, **settings: str) -> subprocess.Popen[bytes]:
    folder.mkdir()
    environment = {name: value for name, value in os.environ.items() if name not in SETTLING}
    command = [*PROGRAM, str(folder), "out", *encodings]
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
    running = {
        "encodings": started(tmp_path / "encodings", *ENCODINGS),
        "POSIX": started(tmp_path / "POSIX", **POSIX),
    }
    for name, process in running.items():
        said, _ = process.communicate(timeout=600)
        assert process.returncode == 0, f"{name}: {said.decode(errors='replace')}"
    found = {encoding: (tmp_path / "encodings" / encoding, encoding) for encoding in ENCODINGS}
    found["POSIX"] = tmp_path / "POSIX", "ascii"
    greek, written = printed(*found["utf-8"]), reports(found["utf-8"][0])
    assert not all(text.isascii() for text in greek.values())
    for name, (folder, encoding) in found.items():
        expected = {call: spelled(text, encoding) for call, text in greek.items()}
        assert printed(folder, encoding) == expected, name
        assert reports(folder) == written, name
