"""A process ends with its exit code, whatever is left at work in it."""

from __future__ import annotations

import io
import multiprocessing
import os
import sys
import threading
from collections.abc import Iterator
from queue import SimpleQueue
from typing import Any

import pytest

from theorems.tools.cli import main
from theorems.tools.cli.ending import leave
from theorems.tools.conformance.limits import Caller, TooLong


class Ended(BaseException):
    """The process would have ended."""


class Closed(io.StringIO):
    """A stream whose reader has left."""

    def flush(self) -> None:
        raise BrokenPipeError


class Child:
    killed = False

    def kill(self) -> None:
        self.killed = True


@pytest.fixture(autouse=True)
def ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """This process has no thread but this one, and ends only with `Ended`, which has the code."""

    def end(code: int) -> None:
        raise Ended(code)

    monkeypatch.setattr(os, "_exit", end)
    monkeypatch.setattr(multiprocessing, "active_children", list)
    others = set(threading.enumerate()) - {threading.current_thread()}
    every = threading.enumerate
    monkeypatch.setattr(threading, "enumerate", lambda: [thread for thread in every() if thread not in others])


@pytest.fixture
def thread() -> Iterator[threading.Thread]:
    released = threading.Event()
    thread = threading.Thread(target=released.wait)
    thread.start()
    yield thread
    released.set()
    thread.join()


def test_with_nothing_at_work_it_ends_as_ever() -> None:
    Caller(10).call(divmod, 7, 3)
    with pytest.raises(SystemExit) as code:
        leave(1)
    assert code.value.code == 1


@pytest.mark.usefixtures("thread")
def test_a_thread_is_not_waited_for_and_what_was_printed_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    with open(os.devnull, "w", encoding="utf-8") as null:
        monkeypatch.setattr(sys, "stdout", null)
        monkeypatch.setattr(sys, "stderr", Closed())
        with pytest.raises(Ended, match=r"^1$"):
            leave(1)


def test_a_call_that_did_not_return_is_left() -> None:
    caller, released, returned = Caller(0.01), threading.Event(), SimpleQueue[int]()
    with pytest.raises(TooLong):
        caller.call(lambda: (released.wait(), returned.put(1)))
    with pytest.raises(Ended, match=r"^2$"):
        leave(2)
    released.set()
    assert returned.get() == 1


def test_processes_are_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    child = Child()
    monkeypatch.setattr(multiprocessing, "active_children", lambda: [child])
    with pytest.raises(Ended, match=r"^0$"):
        leave(0)
    assert child.killed


@pytest.mark.usefixtures("thread")
def test_a_command_ends_so_where_the_process_is_its_own(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setattr(sys, "argv", ["leanmirror", "list", "--nonsense"])
    with pytest.raises(Ended, match=r"^2$"):
        main()
    assert capsys.readouterr().err.startswith("leanmirror: ")
    with pytest.raises(SystemExit):
        main(["list", "--nonsense"])
