"""Signals that end a run: no process outlives it, and it leaves no report."""

from __future__ import annotations

import gc
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.tools.cli.conftest import NAME, Call
from tests.tools.cli.processes import is_gone, running, wait_until
from theorems.tools.bench import worker
from theorems.tools.cli import parallel, pools
from theorems.tools.cli.signals import Stopped, starting_processes, stoppable

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")

TOLD = """
import multiprocessing, os, pathlib, signal, sys

# As a terminal starts it; a background job of a shell inherits an ignored SIGINT, what nohup starts an ignored SIGHUP.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
folder = pathlib.Path(sys.argv[1])

def tell(numbers):
    (folder / "part").write_text(" ".join(map(str, numbers)))
    (folder / "part").rename(folder / "started")
"""
CHECK = (
    TOLD
    + """
from theorems.tools.cli import main, pools

class Told(pools.SimpleQueue):
    def get(self, **limit):
        tell(child.pid for child in multiprocessing.active_children())
        return super().get(**limit)

pools.SimpleQueue = Told
main(["check", "--profile", "nightly", "--jobs", "2", "--json", str(folder / "report.json")])
"""
)
BENCH = (
    TOLD
    + """
from importlib import import_module
from theorems.tools.cli import main

bench = import_module("theorems.tools.cli.bench")
ended = bench._ended

def told(process):
    tell([process.pid])
    return ended(process)

bench._ended = told
main(["bench", "--sizes", "large", "--rounds", "1000", "--json", str(folder / "report.json")])
"""
)


def test_the_theorems_of_a_worker_that_is_killed_are_run_again(tmp_path: Path) -> None:
    program = CHECK.replace('"--profile", "nightly"', '"*inner*", "--examples", "10"')
    with running(program, tmp_path) as (process, children):
        os.kill(children[0], signal.SIGKILL)
        wait_until(lambda: process.poll() is not None, "it ends")
        assert process.returncode == 0
    theorems = json.loads((tmp_path / "report.json").read_text("utf-8"))["theorems"]
    assert {theorem["status"] for theorem in theorems} <= {"equal", "enclosed"}


@pytest.mark.parametrize("program", [CHECK, BENCH], ids=["check", "bench"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_run_with_its_processes(tmp_path: Path, program: str, number: signal.Signals) -> None:
    with running(program, tmp_path) as (process, children):
        process.send_signal(number)
        wait_until(lambda: process.poll() is not None, "it ends")
        assert process.returncode == 128 + number
        wait_until(lambda: all(map(is_gone, children)), "its processes end")
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.read() == ""
        assert process.stderr.read().splitlines()[-1] == f"leanmirror: stopped by {number.name}"
    assert [path.name for path in tmp_path.iterdir()] == ["started"]


@pytest.mark.parametrize("program", [CHECK, BENCH], ids=["check", "bench"])
def test_ctrl_c_is_answered_by_the_parent_alone(tmp_path: Path, program: str) -> None:
    with running(program, tmp_path) as (process, children):
        os.killpg(process.pid, signal.SIGINT)
        wait_until(lambda: process.poll() is not None, "it ends")
        wait_until(lambda: all(map(is_gone, children)), "its processes end")
        assert process.stdout is not None
        assert process.stderr is not None
        assert (process.returncode, process.stdout.read()) == (130, "")
        assert process.stderr.read().split() == ["leanmirror:", "interrupted"]
    assert [path.name for path in tmp_path.iterdir()] == ["started"]


@pytest.mark.parametrize("program", [CHECK, BENCH], ids=["check", "bench"])
def test_processes_end_by_themselves_when_the_run_is_killed(tmp_path: Path, program: str) -> None:
    with running(program, tmp_path) as (process, children):
        process.kill()
        wait_until(lambda: all(map(is_gone, children)), "its processes end")


def test_one_process_is_stopped_and_no_theorem_is_refuted(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    examine = parallel.examine

    def stopped(*arguments: Any) -> Any:
        os.kill(os.getpid(), signal.SIGTERM)
        return examine(*arguments)

    monkeypatch.setattr(parallel, "examine", stopped)
    result = call("check", NAME, "--jobs", "1", "--json", "report.json")
    assert (result.exit_code, result.stdout) == (143, "")
    assert result.stderr.splitlines()[-1] == "leanmirror: stopped by SIGTERM"
    assert not Path("report.json").exists()


# ---- handlers


def handlers() -> set[Any]:
    return {signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}


@pytest.fixture(autouse=True)
def as_a_terminal_starts_it() -> Iterator[None]:
    """What nohup starts ignores SIGHUP, and so would these tests."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


def test_the_first_signal_unwinds_and_a_second_one_would_end_the_process_at_once() -> None:
    seen: list[set[Any]] = []

    def unwinding() -> None:
        with stoppable():
            try:
                os.kill(os.getpid(), signal.SIGHUP)
            finally:
                seen.append(handlers())

    with pytest.raises(Stopped, match="stopped by SIGHUP") as caught:
        unwinding()
    assert caught.value.exit_code == 129
    assert seen == [{signal.SIG_DFL}]
    assert handlers() == {signal.SIG_DFL}


def test_a_signal_waits_until_processes_have_started() -> None:
    done: list[str] = []

    def starting() -> None:
        with stoppable(), starting_processes():
            os.kill(os.getpid(), signal.SIGTERM)
            done.append("started")
            assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN

    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(Stopped, match="stopped by SIGTERM"):
        starting()
    assert done == ["started"]
    assert signal.getsignal(signal.SIGINT) is before
    assert handlers() == {signal.SIG_DFL}


def test_what_is_ignored_stays_so(monkeypatch: pytest.MonkeyPatch) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does
    try:
        with stoppable():
            os.kill(os.getpid(), signal.SIGHUP)
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
            with pytest.raises(Stopped):
                os.kill(os.getpid(), signal.SIGTERM)
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_another_thread_sets_no_handlers() -> None:
    found: list[Any] = []

    def run() -> None:
        with stoppable():
            found.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert found == [signal.SIG_DFL]


# ---- without a parent


class Ended(Exception):
    pass


@pytest.fixture
def exits(monkeypatch: pytest.MonkeyPatch) -> None:
    def leave(code: int) -> None:
        raise Ended(code)

    monkeypatch.setattr(os, "_exit", leave)


@pytest.mark.usefixtures("exits")
def test_a_worker_ends_when_its_parent_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as parent:
        monkeypatch.setattr(multiprocessing, "parent_process", lambda: type("P", (), {"join": parent.wait}))
        with pytest.raises(Ended, match="1"):
            pools._end_with_parent()
    assert parent.returncode == 0


@pytest.mark.usefixtures("exits")
def test_a_measurement_ends_with_its_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "read", lambda number, size: b"")
    with pytest.raises(Ended, match="1"):
        worker.end_with_stdin()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_that_comes_while_rubbish_is_collected_is_not_lost(number: int) -> None:
    """Python swallows what is raised there."""

    def signalled(phase: str, info: dict[str, int]) -> None:
        gc.callbacks.remove(signalled)
        os.kill(os.getpid(), number)

    def collected() -> None:
        gc.callbacks.append(signalled)
        gc.collect()
        threading.Event().wait(10)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt), stoppable():
            collected()
    finally:
        signal.signal(signal.SIGINT, before)


def test_what_else_python_swallows_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    class Raising:
        def __del__(self) -> None:
            raise ValueError("in the end")

    with stoppable():
        Raising()
    assert "ValueError: in the end" in capsys.readouterr().err
