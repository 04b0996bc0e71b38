"""`--cluster`: the same shards on the workers of a Dask scheduler, which runs here, and listens here alone."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.source import module_files
from tests.tools.cli.conftest import NAME, Call
from tests.tools.cli.processes import PATIENCE, wait_until
from theorems.engine.registry import select
from theorems.engine.report import Report
from theorems.engine.theorem import Theorem
from theorems.tools.campaigns import versions
from theorems.tools.campaigns.remote import OtherVersions, agreed
from theorems.tools.cli import cluster
from theorems.tools.cli.cluster import workers_of
from theorems.tools.cli.parallel import Plan, run
from theorems.tools.cli.pools import Workers

distributed = pytest.importorskip("distributed")

# Hypothesis takes what other threads draw from `random`, as those of Dask do, for a strategy's.
pytestmark = pytest.mark.filterwarnings("ignore:Do not use the `random` module inside strategies")

Refused = Callable[..., str]
SMALL = "inner_getRaw_singleRaw"
PLAN = Plan("quick", 3, 50)  # two shards of each theorem


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A scheduler in this process, with a worker in a thread of it."""
    here = {"host": "127.0.0.1", "protocol": "tcp", "dashboard_address": "127.0.0.1:0"}
    folder = str(tmp_path_factory.mktemp("dask"))
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=2, processes=False, local_directory=folder, silence_logs=50, **here
    ) as made:
        yield made


def empty_scheduler() -> Any:
    """A scheduler in this process without a worker, as a context."""
    here = {"host": "127.0.0.1", "dashboard_address": "127.0.0.1:0"}
    return distributed.LocalCluster(n_workers=0, silence_logs=50, **here)


@contextmanager
def started(
    scheduler: Any, folder: Path, number: int = 1, env: Mapping[str, str] | None = None
) -> Iterator[list[subprocess.Popen[bytes]]]:
    """So many workers of a scheduler, each a process."""
    worker = ["-m", "distributed.cli.dask_worker", scheduler.scheduler_address, "--no-nanny", "--nthreads", "1"]
    here = ["--host", "127.0.0.1", "--dashboard-address", "127.0.0.1:0", "--local-directory", str(folder)]
    command = [sys.executable, *worker, *here]
    found = [subprocess.Popen(command, stderr=subprocess.DEVNULL, cwd=folder, env=env) for _ in range(number)]
    try:
        scheduler.wait_for_workers(number, timeout=60)
        yield found
    finally:
        for process in found:
            process.kill()
            process.wait()


def figures(reports: Iterator[Any]) -> dict[str, Report]:
    found = list(reports)
    assert [o.error for o in found if o.error] == []
    return {o.theorem: dataclasses.replace(o.report, seconds=0.0) for o in found if o.report}


def without_times(path: str) -> dict[str, Any]:
    data = json.loads(Path(path).read_text("utf-8"))
    assert all(theorem.pop("seconds") > 0 for theorem in data["theorems"])
    return data


@pytest.mark.unmeasured
def test_two_processes_give_the_counts_of_one_and_a_killed_one_loses_nothing(scheduler: Any, tmp_path: Path) -> None:
    chosen = select([NAME, SMALL])
    alone = figures(run(chosen, PLAN, 1))
    with (
        empty_scheduler() as empty,
        started(empty, tmp_path, 2) as processes,
        workers_of(empty.scheduler_address, None) as workers,
    ):
        assert figures(run(chosen, PLAN, 1, workers)) == alone
        found = run(chosen, dataclasses.replace(PLAN, examples=200), 1, workers)
        first = next(found)
        os.kill(processes[0].pid, signal.SIGKILL)
        together = figures(iter([first, *found]))
    alone = figures(run(chosen, dataclasses.replace(PLAN, examples=200), 1))
    assert together == alone


def test_the_commands_run_there_and_a_second_time_too(scheduler: Any, call: Call) -> None:
    call("check", NAME, "--examples", "30", "--jobs", "1", "--json", "here.json")
    there = ("--cluster", scheduler.scheduler_address)
    for _ in range(2):
        result = call("check", NAME, "--examples", "30", *there, "--json", "there.json")
        assert (result.exit_code, result.stderr) == (0, "")
        assert without_times("there.json") == without_times("here.json")
    result = call("campaign", NAME, "--cases", "30", *there, "--json", "campaign.json")
    assert (result.exit_code, result.stderr) == (0, "")
    assert json.loads(Path("campaign.json").read_text("utf-8"))["campaign"]["cases"] == 30


def test_the_same_shard_is_examined_again(scheduler: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from theorems.tools.campaigns import shard

    examined: list[int] = []
    right = shard.examine_block

    def counted(*arguments: Any, **options: Any) -> Any:
        examined.append(1)
        return right(*arguments, **options)

    monkeypatch.setattr(shard, "examine_block", counted)
    with workers_of(scheduler.scheduler_address, None) as workers:
        assert workers is not None
        with workers.opened(1) as executor:
            futures = [executor.submit(shard.examine, shard.Shard(NAME, "quick", 0, 25, 0, 1)) for _ in range(2)]
            first, second = (future.result() for future in futures)
    assert str(first.counts) == str(second.counts)
    assert len(examined) == 2


def test_an_interrupt_cancels_what_is_queued(scheduler: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from theorems.tools.campaigns import shard

    goes_on, queued, right = threading.Event(), [0], shard.examine_block

    def waiting(theorem: Theorem, *arguments: Any, **options: Any) -> Any:
        assert theorem.name == NAME or goes_on.wait(PATIENCE)
        return right(theorem, *arguments, **options)

    def interrupted() -> None:
        with workers_of(scheduler.scheduler_address, None) as workers:
            for _ in run(select([NAME, SMALL]), dataclasses.replace(PLAN, examples=200), 1, workers):
                queued[0] = len(scheduler.scheduler.tasks)
                raise KeyboardInterrupt

    monkeypatch.setattr(shard, "examine_block", waiting)
    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert queued[0] >= 8
    wait_until(lambda: not scheduler.scheduler.tasks, "nothing is queued")
    goes_on.set()


def test_what_is_queued_is_cancelled_where_the_workers_are_left(
    scheduler: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not only where the client is closed: whoever has the futures still is not left waiting for hours."""
    from theorems.tools.campaigns import shard

    goes_on, right, futures = threading.Event(), shard.examine_block, list[Future[Any]]()

    def waiting(*arguments: Any, **options: Any) -> Any:
        assert goes_on.wait(PATIENCE)
        return right(*arguments, **options)

    def interrupted(workers: Workers) -> None:
        with workers.opened(1) as executor:
            chosen = (shard.Shard(NAME, "quick", seed, 25, 0, 1) for seed in range(6))
            futures.extend(executor.submit(shard.examine, each) for each in chosen)
            raise KeyboardInterrupt

    monkeypatch.setattr(shard, "examine_block", waiting)
    with workers_of(scheduler.scheduler_address, None) as workers:
        assert workers is not None
        with pytest.raises(KeyboardInterrupt):
            interrupted(workers)
        try:
            wait_until(lambda: all(future.cancelled() for future in futures), "what is queued is cancelled")
        finally:
            goes_on.set()


@pytest.mark.unmeasured
def test_a_worker_of_another_checkout_is_refused(refused: Refused, tmp_path: Path) -> None:
    """A process of its own, whose sources differ from ours in one comment."""
    for package in ("mirror", "theorems"):
        copied = shutil.copytree(Path(module_files(package)[package]).parent, tmp_path / package)
    changed = copied / "engine" / "sizes.py"
    changed.write_text(changed.read_text("utf-8") + "# another\n", "utf-8")
    path = os.pathsep.join([str(tmp_path), *filter(None, sys.path)])
    with empty_scheduler() as empty, started(empty, tmp_path, env=os.environ | {"PYTHONPATH": path}):
        said = refused("check", NAME, "--cluster", empty.scheduler_address)
    ours = versions.deciding()["sources"]
    assert re.fullmatch(rf"the worker tcp://127\.0\.0\.1:\d+ has other versions: sources \w+, here {ours}", said)
    assert not Path("report").exists()


def test_workers_of_other_versions_are_refused_by_name(
    scheduler: Any, refused: Refused, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = versions.deciding()
    monkeypatch.setattr(versions, "deciding", lambda: ours)
    monkeypatch.setattr(cluster, "deciding", lambda: ours | {"python-flint": "0.1", "sources": "1234"})
    address = scheduler.scheduler_address
    changed = f"python-flint {ours['python-flint']}, here 0.1; sources {ours['sources']}, here 1234"
    # As a worker says it that is there, and as one that joins later.
    monkeypatch.setattr(cluster, "_said_by", lambda client: {"tcp://there": ours})
    assert refused("check", NAME, "--cluster", address) == f"the worker tcp://there has other versions: {changed}"
    monkeypatch.setattr(cluster, "_require_agreement", lambda client, address: None)
    said = refused("check", NAME, "--cluster", address)
    assert said == f"{address}: a worker that has just joined has other versions: {changed}"


def test_a_worker_without_leanmirror_is_named(
    scheduler: Any, refused: Refused, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deciding() -> dict[str, str]:
        raise ModuleNotFoundError("No module named 'theorems'")

    monkeypatch.setattr(cluster, "deciding", deciding)
    said = refused("check", NAME, "--cluster", scheduler.scheduler_address)
    assert said.startswith("the worker tcp://127.0.0.1:")
    assert said.endswith(" cannot run leanmirror: ModuleNotFoundError: No module named 'theorems'")


def test_a_scheduler_without_workers(refused: Refused, scheduler: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_said_by", lambda client: {})
    address = scheduler.scheduler_address
    said = refused("check", NAME, "--cluster", address)
    assert said == f"the scheduler at {address} has no worker: start one with `dask worker {address} --nthreads 1`"


def test_a_scheduler_that_goes_is_a_failure_of_the_tool(
    call: Call, scheduler: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster.AgreeingExecutor, "submit", lambda *_: cancelled())
    result = call("check", NAME, "--cluster", scheduler.scheduler_address)
    said = f"leanmirror: {scheduler.scheduler_address}: the scheduler has gone, and what was with it is lost\n"
    assert (result.exit_code, result.stdout, result.stderr) == (3, "", said)


def cancelled() -> Future[Any]:
    future: Future[Any] = Future()
    future.cancel()
    future.set_running_or_notify_cancel()
    return future


# ---- no cluster


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of something that listens and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"tcp://127.0.0.1:{server.getsockname()[1]}"


def test_nobody_at_the_address(refused: Refused, silent: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refused("check", "--cluster", "tcp://127.0.0.1:1") == (
        "no Dask scheduler answers at tcp://127.0.0.1:1 (Connection refused): start one with `dask scheduler`"
    )
    monkeypatch.setattr(cluster, "ANSWERS_WITHIN", 0.2)
    assert refused("campaign", "--cases", "90", "--cluster", silent) == (
        f"no Dask scheduler answers at {silent} (something listens there, and has said nothing for 0.2 s): "
        "start one with `dask scheduler`"
    )
    assert not Path("report").exists()


def test_something_else_at_the_address(refused: Refused, silent: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def client(address: str, **options: Any) -> Any:
        raise OSError("it speaks another language")

    monkeypatch.setattr(distributed, "Client", client)
    assert refused("check", "--cluster", silent) == (
        f"no Dask scheduler answers at {silent} (OSError: it speaks another language): start one with `dask scheduler`"
    )


@pytest.mark.parametrize(
    "address", ["here", "tcp://here", "tcp://:8786", "http://here:8786", "tcp://here:port", "tcp://[:1"]
)
def test_what_is_no_address(refused: Refused, address: str) -> None:
    said = f"{address!r} is no address of a scheduler: tcp://HOST:PORT is expected"
    assert refused("check", "--cluster", address) == said


def test_other_wrong_calls(refused: Refused, monkeypatch: pytest.MonkeyPatch) -> None:
    said = "--jobs is about processes of this machine: leave it out beside --cluster"
    assert refused("check", "--cluster", "tcp://here:1", "--jobs", "2") == said
    expected = "Invalid value for '--cluster': the address of a scheduler, as in tcp://host:8786, is expected, not ' '"
    assert refused("check", "--cluster", " ") == expected
    monkeypatch.setitem(sys.modules, "distributed", None)
    said = "--cluster needs distributed: pip install 'leanmirror[cluster]'"
    assert refused("check", "--cluster", "tcp://here:1") == said


def test_work_is_done_where_the_versions_are_ours() -> None:
    assert agreed(versions.deciding(), max, 1, 2) == 2
    with pytest.raises(OtherVersions, match=r"Python 3\..*, here 2"):
        agreed(versions.deciding() | {"Python": "2"}, max, 1, 2)


def test_dask_is_imported_only_when_it_is_asked_for() -> None:
    """Nor is Redis: what stands in a block, an import for types alone too, is indented."""
    at_once = re.compile(r"^(?:from|import) (?:distributed|redis)\b", re.MULTILINE)
    files = {**module_files("theorems"), **module_files("pytest_leanmirror")}
    assert [module for module, path in files.items() if at_once.search(path.read_text("utf-8"))] == []
