"""Many processes, a few at a time: forked from one that has not imported the mirror, watched, ended in time."""

from __future__ import annotations

import json
import os
import selectors
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

LIMIT = 30.0  # seconds for one theorem, or one test, of a mutant

K = TypeVar("K")
Write = Callable[[bytes], Any]
Task = tuple[K, Callable[[Write], None]]


@dataclass(slots=True)
class Told(Generic[K]):
    """What a process told, line by line; whether it took too long over what it had begun last, or died of it."""

    key: K
    said: list[dict[str, Any]] = field(default_factory=list)
    timed_out: bool = False
    died: bool = False


@dataclass(slots=True)
class _Running(Generic[K]):
    told: Told[K]
    pid: int
    pipe: int
    heard: float
    rest: bytes = b""


def forked(tasks: Iterator[Task[K]], jobs: int, limit: float = LIMIT) -> Iterator[Told[K]]:
    """Run each task in a process of its own, `jobs` at a time, and yield what each told as it ends.

    A task gets a function that writes bytes to whoever watches: lines of JSON. One from which nothing is heard for
    `limit` seconds is killed. Raises `RuntimeError` where a task raises.
    """
    running: dict[int, _Running[K]] = {}
    with selectors.DefaultSelector() as waiting:
        while True:
            while len(running) < jobs and (task := next(tasks, None)) is not None:
                started = _start(*task)
                running[started.pipe] = started
                waiting.register(started.pipe, selectors.EVENT_READ)
            if not running:
                return
            for key, _ in waiting.select(timeout=0.5):
                process = running[key.fd]
                if not _hear(process):
                    waiting.unregister(key.fd)
                    yield _end(running.pop(key.fd))
            for process in list(running.values()):
                if time.monotonic() - process.heard > limit:
                    process.told.timed_out = True
                    os.kill(process.pid, signal.SIGKILL)
                    process.heard = float("inf")


def _start(key: K, work: Callable[[Write], None]) -> _Running[K]:
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            os.close(read)
            _silence()
            work(lambda data: os.write(write, data))
            status = 0
        except BaseException:
            os.write(write, json.dumps({"broken": traceback.format_exc()}).encode() + b"\n")
        finally:
            os._exit(status)
    os.close(write)
    return _Running(Told(key), pid, read, time.monotonic())


def _silence() -> None:
    null = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(null, stream)
    sys.stdout = sys.stderr = os.fdopen(null, "w")


def _hear(process: _Running[Any]) -> bool:
    """Take what a process wrote; False at its end."""
    data = os.read(process.pipe, 65536)
    if not process.told.timed_out:
        process.heard = time.monotonic()
    *lines, process.rest = (process.rest + data).split(b"\n")
    process.told.said += [json.loads(line) for line in lines]
    return bool(data)


def _end(process: _Running[K]) -> Told[K]:
    os.close(process.pipe)
    _, status = os.waitpid(process.pid, 0)
    for said in process.told.said:
        if "broken" in said:
            raise RuntimeError(f"a run of {process.told.key!r} broke, for no fault of a mutant:\n{said['broken']}")
    process.told.died = status != 0 and not process.told.timed_out
    return process.told
