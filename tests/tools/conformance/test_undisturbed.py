"""What a function does to the process is undone, and what would end it raises."""

from __future__ import annotations

import faulthandler
import os
import sys
from typing import Any

import pytest

from theorems.tools.conformance.undisturbed import ENDING, end_if_forked, undisturbed


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """The calls that would have ended this process."""
    calls: list[tuple[Any, ...]] = []
    for module in (os, sys.modules[os.name]):
        for name in ENDING:
            monkeypatch.setattr(module, name, lambda *arguments: calls.append(arguments))
    return calls


@pytest.mark.parametrize("module", ["os", os.name])
@pytest.mark.parametrize("name", ENDING)
def test_what_would_end_the_process_raises_and_is_there_again_after(module: str, name: str, ended: list[Any]) -> None:
    before = getattr(sys.modules[module], name)
    with undisturbed(), pytest.raises(SystemExit, match=rf"^it called os\.{name}, which would have ended the run"):
        getattr(sys.modules[module], name)(0)
    assert ended == []
    assert getattr(sys.modules[module], name) is before


def test_what_was_kept_of_it_raises_after_the_run_too(ended: list[Any]) -> None:
    # As `atexit.register(os._exit, 0)` keeps it while a kernel's module is imported.
    with undisturbed():
        kept = os._exit
    with pytest.raises(SystemExit, match=r"^it called os\._exit"):
        kept(0)
    assert ended == []


def test_a_copy_of_the_process_may_end_and_has_nothing_else_to_do(
    ended: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.getpid()
    end_if_forked(real)
    assert ended == []
    with undisturbed():
        monkeypatch.setattr(os, "getpid", lambda: real + 1)
        os._exit(7)
    assert ended == [(7,), (0,)]


def test_streams_are_what_they_were(capfd: pytest.CaptureFixture[str]) -> None:
    before = sys.stdout, sys.stderr
    with undisturbed():
        print("to standard error")
        sys.stdout.close()
        print("still open", flush=True)
        os.close(1)
        os.close(2)
        sys.stdout = None  # type: ignore[assignment]
    assert (sys.stdout, sys.stderr) == before
    print("after")
    os.write(2, b"after too\n")
    out, err = capfd.readouterr()
    assert (out, err) == ("after\n", "to standard error\nstill open\nafter too\n")


def test_a_stream_that_is_not_there_stays_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(number: int) -> int:
        raise OSError(9, "Bad file descriptor")

    monkeypatch.setattr(os, "dup", none)
    with undisturbed():
        pass
    assert os.fstat(1)


def test_a_crash_is_told_where_nobody_else_does(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []
    monkeypatch.setattr(faulthandler, "is_enabled", lambda: False)
    monkeypatch.setattr(faulthandler, "enable", lambda number, all_threads: told.append(number))
    monkeypatch.setattr(faulthandler, "disable", lambda: told.append(0))
    with undisturbed():
        assert told == [2]
    assert told == [2, 0]
