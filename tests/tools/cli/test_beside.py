"""Work beside this process: what it gives is what this process would have."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tests.tools.cli.conftest import Call
from theorems.tools.cli import beside as module
from theorems.tools.cli.beside import beside


class Killed(ThreadPoolExecutor):
    """A pool whose process is killed by its second call; after that it takes no more."""

    def __init__(self) -> None:
        super().__init__(1)
        self.calls = 0

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **keywords: Any) -> Future[Any]:
        self.calls += 1
        if self.calls == 1:
            return super().submit(function, *arguments, **keywords)
        if self.calls > 2:
            raise BrokenProcessPool
        return super().submit(_broken)


def _broken() -> None:
    raise BrokenProcessPool


def _nothing() -> None:
    pass


def test_what_a_killed_process_has_lost_is_computed_here(monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def pool(jobs: int) -> Iterator[Killed]:
        yield Killed()

    monkeypatch.setattr(module, "pool", pool)
    with beside(1, _nothing) as begin:
        assert [result() for result in [begin(divmod, 7, 3), begin(divmod, 9, 4)]] == [(2, 1), (2, 1)]


def test_a_process_returns_raises_and_may_be_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "HEARD_WITHIN", 0.01)
    with beside(1, os.getpid) as begin:
        other, raised = begin(os.getpid), begin(divmod, 1, 0)
        assert other() != os.getpid()
        with pytest.raises(ZeroDivisionError):
            raised()
        killed = begin(_killed_but_in, os.getpid())
        assert killed() == "here"


def _killed_but_in(process: int) -> str:
    if os.getpid() != process:
        os.kill(os.getpid(), signal.SIGKILL)
    return "here"


@pytest.mark.unmeasured
def test_a_run_is_the_same_with_another_process(call: Call, tmp_path: Path) -> None:
    masks = ("--mask", "no mask", "--mask", "fully blocked rows", "--shape", "small", "--values", "ordinary")
    arguments = ("tests.tools.conformance.kernels:with_vjp", "--kind", "attention", *masks, "--dtype", "float64")
    found = [call("conform", *arguments, "--jobs", jobs, "--json", "found.json").stdout for jobs in ("1", "2")]
    assert found[0] == found[1]
    assert "with_vjp conforms: outputs 4 of 4 inside; gradients 4 of 4 inside" in found[0]
    assert len(json.loads((tmp_path / "found.json").read_text(encoding="utf-8"))["lines"]) == 2


@pytest.mark.parametrize(
    ("rows", "jobs", "processors", "others"),
    [(231, None, 2, 1), (231, None, 1, 0), (231, None, 64, 4), (49, None, 2, 0), (2, 8, 1, 1), (231, 1, 2, 0)],
)
def test_how_many_processes_there_are(
    rows: int, jobs: int | None, processors: int, others: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    @contextmanager
    def noted(processes: int, first: Callable[[], Any]) -> Iterator[None]:
        asked.append(processes)
        assert first() is None
        yield

    monkeypatch.setattr(module, "beside", noted)
    conform = import_module("theorems.tools.cli.conform")
    monkeypatch.setattr(conform, "processors", lambda: processors)
    with conform._processes(rows, jobs):
        assert sum(asked) == others
