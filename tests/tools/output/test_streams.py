"""Standard streams that take every text, also where they are closed."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

import click
import pytest
from rich.console import Console

from tests.tools.cli.conftest import NAME
from theorems.tools.output.streams import Stream, standard_streams

LEANMIRROR = [sys.executable, "-m", "theorems.tools.cli"]


def ascii_stream() -> tuple[Stream, io.BytesIO]:
    held = io.BytesIO()
    return Stream(io.TextIOWrapper(held, encoding="ascii")), held


def test_print_click_and_rich_write_in_the_encoding_of_the_stream() -> None:
    stream, held = ascii_stream()
    with redirect_stdout(stream):
        print("⟨ε⟩", flush=True)
        click.echo("⟨ε⟩")
        Console(width=80).print("⟨ε⟩")
    assert held.getvalue() == b"<epsilon>\n" * 3


def test_a_stream_is_a_terminal_where_its_own_is() -> None:
    with open(os.devnull, "w", encoding="utf-8") as null:
        assert (Stream(null).isatty(), Stream(null).fileno()) == (False, null.fileno())


def test_a_buffer_of_text_takes_everything() -> None:
    held = io.StringIO()
    assert Stream(held).write("⟨ε⟩") == 3
    assert held.getvalue() == "⟨ε⟩"


def test_streams_that_are_none_are_written_to_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    with standard_streams():
        print("out")
        print("err", file=sys.stderr)
    assert (sys.stdout, sys.stderr) == (None, None)


@pytest.mark.skipif(sys.platform == "win32", reason="a POSIX shell")
@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", "<&- >&- 2>&-"])
def test_closed_streams_change_neither_the_verdict_nor_the_report(tmp_path: Path, closed: str) -> None:
    report = tmp_path / "report.json"
    command = [
        *LEANMIRROR,
        "check",
        NAME,
        "inner_getRaw_singleRaw",
        "--examples",
        "2",
        "--jobs",
        "2",
        "--json",
        str(report),
    ]
    done = subprocess.run(["sh", "-c", f'exec "$@" {closed}', "sh", *command], capture_output=True, timeout=300)
    assert done.returncode == 0
    assert done.stderr == b""
    assert bool(done.stdout) == (closed in ("2>&-", "<&-"))
    assert report.read_text("utf-8").startswith("{")
