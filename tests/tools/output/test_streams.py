"""Standard streams that take every text, also where they are closed."""

from __future__ import annotations

import errno
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
from theorems.tools.output.files import CannotWrite
from theorems.tools.output.streams import Stream, standard_streams

LEANMIRROR = [sys.executable, "-m", "theorems.tools.cli"]


def ascii_stream() -> tuple[Stream, io.BytesIO]:
    held = io.BytesIO()
    return Stream(io.TextIOWrapper(held, encoding="ascii"), "standard output", needed=True), held


def test_print_click_and_rich_write_in_the_encoding_of_the_stream() -> None:
    stream, held = ascii_stream()
    with redirect_stdout(stream):
        print("⟨ε⟩", flush=True)
        click.echo("⟨ε⟩")
        Console(width=80).print("⟨ε⟩")
    assert held.getvalue() == b"<epsilon>\n" * 3


def test_a_stream_is_a_terminal_where_its_own_is() -> None:
    with open(os.devnull, "w", encoding="utf-8") as null:
        stream = Stream(null, "standard output", needed=True)
        assert (stream.isatty(), stream.fileno()) == (False, null.fileno())


def test_a_buffer_of_text_takes_everything() -> None:
    held = io.StringIO()
    assert Stream(held, "standard output", needed=True).write("⟨ε⟩") == 3
    assert held.getvalue() == "⟨ε⟩"


def test_streams_that_are_none_are_written_to_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    with standard_streams():
        print("out")
        print("err", file=sys.stderr)
    assert (sys.stdout, sys.stderr) == (None, None)


class Failing(io.StringIO):
    """A stream that cannot be written, for a reason, once its buffer is flushed."""

    def __init__(self, why: OSError) -> None:
        super().__init__()
        self.why = why

    def flush(self) -> None:
        raise self.why


FULL = OSError(errno.ENOSPC, "No space left on device")


def test_a_needed_stream_that_fails_says_so_under_its_name_and_every_time() -> None:
    stream = Stream(Failing(FULL), "standard output", needed=True)
    stream.write("a")
    for use in (stream.flush, stream.flush, lambda: stream.write("b")):
        with pytest.raises(CannotWrite, match="cannot write standard output: No space left on device"):
            use()


@pytest.mark.parametrize(("why", "needed"), [(FULL, False), (BrokenPipeError(), True), (BrokenPipeError(), False)])
def test_nobody_hears_of_a_stream_that_is_not_needed_or_that_nobody_reads(why: OSError, needed: bool) -> None:
    stream = Stream(Failing(why), "standard output", needed=needed)
    stream.write("a")
    stream.flush()


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
