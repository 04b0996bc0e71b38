"""The process that measures: one core and one thread, and a document after every step."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from theorems.tools.bench import machine, report, worker
from theorems.tools.bench.accelerator import documents as accelerator

PROGRAM = """
import json, os, sys
from theorems.tools.bench import worker
worker.settle(sys.argv[1])
found = {"heavy": sorted({"jax", "numpy", "flint"} & set(sys.modules)), **os.environ}
if hasattr(os, "sched_getaffinity"):
    found["cores"] = len(os.sched_getaffinity(0))
print(json.dumps(found))
"""


def settled(device: str) -> dict[str, Any]:
    environment = {k: v for k, v in os.environ.items() if k not in ("JAX_PLATFORMS", *worker.THREADS)}
    command = [sys.executable, "-c", PROGRAM, device]
    return json.loads(subprocess.run(command, env=environment, capture_output=True, check=True).stdout)


def test_a_cpu_run_has_one_core_and_one_thread_before_any_library_is_imported() -> None:
    found = settled("cpu")
    assert found["heavy"] == []
    assert found.get("cores", 1) == 1
    assert {found[name] for name in worker.THREADS} == {"1"}
    assert (found["JAX_PLATFORMS"], found["JAX_ENABLE_X64"]) == ("cpu", "0")


def test_a_gpu_run_keeps_its_cores_and_leaves_memory_to_others() -> None:
    found = settled("gpu")
    assert found["XLA_PYTHON_CLIENT_PREALLOCATE"] == "false"
    assert "JAX_PLATFORMS" not in found
    if hasattr(os, "sched_getaffinity"):
        assert found["cores"] == len(os.sched_getaffinity(0))


def test_a_system_on_which_nobody_chooses_cores_still_has_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("os.sched_setaffinity", raising=False)
    monkeypatch.setattr(os, "environ", dict(os.environ))
    worker.settle("cpu")
    assert {os.environ[name] for name in worker.THREADS} == {"1"}


@pytest.fixture
def unsettled(monkeypatch: pytest.MonkeyPatch) -> None:
    """This process keeps its cores and its environment."""
    monkeypatch.setattr(worker, "settle", lambda device: None)


@pytest.mark.usefixtures("unsettled")
def test_without_a_gpu_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "has_gpu", lambda: False)
    output = tmp_path / "o.json"
    assert worker.main(["--device", "gpu", "--sizes", "small", "--rounds", "1", "--output", str(output)]) == 3
    assert not output.exists()


@pytest.mark.parametrize("reached", [True, False])
def test_a_gpu_is_what_jax_reaches(monkeypatch: pytest.MonkeyPatch, reached: bool) -> None:
    import jax

    def devices(kind: str) -> list[str]:
        if not reached:
            raise RuntimeError(f"Unknown backend {kind}")
        return ["a device"]

    monkeypatch.setattr(jax, "devices", devices)
    assert worker.has_gpu() is reached


@pytest.mark.usefixtures("unsettled")
def test_the_document_is_written_after_every_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    output, asked = tmp_path / "o.json", []

    def documents(request: report.Request, say: Any) -> Any:
        asked.append(request)
        say("a step")
        yield {"step": 1}
        assert json.loads(output.read_text("utf-8")) == {"step": 1}
        yield {"step": 2}

    monkeypatch.setattr(report, "documents", documents)
    assert worker.main(["--device", "cpu", "--sizes", "small,mid", "--rounds", "4", "--output", str(output)]) == 0
    assert json.loads(output.read_text("utf-8")) == {"step": 2}
    assert asked == [report.Request("cpu", ["small", "mid"], 4)]
    assert capsys.readouterr().err == "leanmirror bench: a step\n"


@pytest.mark.usefixtures("unsettled")
def test_a_gpu_is_asked_for_the_most_telling_positions_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[accelerator.GpuRequest] = []

    def documents(request: accelerator.GpuRequest, say: Any) -> Any:
        asked.append(request)
        yield {"step": 1}

    monkeypatch.setattr(worker, "has_gpu", lambda: True)
    monkeypatch.setattr(accelerator, "documents", documents)
    output = tmp_path / "o.json"
    given = ["--device", "gpu", "--sizes", "512,8192", "--rounds", "4", "--output", str(output)]
    assert worker.main(given) == 0
    assert (asked[0].positions, asked[0].rounds, asked[0].seconds) == ([8192, 512], 4, 540)
    assert json.loads(output.read_text("utf-8")) == {"step": 1}


@pytest.mark.usefixtures("unsettled")
@pytest.mark.parametrize("asked", [True, False])
def test_standard_input_is_watched_where_that_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: bool
) -> None:
    watched = Event()
    monkeypatch.setattr(worker, "end_with_stdin", watched.set)
    monkeypatch.setattr(report, "documents", lambda request, say: iter(()))
    given = ["--device", "cpu", "--sizes", "small", "--rounds", "4", "--output", str(tmp_path / "o.json")]
    assert worker.main(given + ["--until-stdin-ends"] * asked) == 0
    assert watched.wait(60 if asked else 0) is asked


@pytest.mark.usefixtures("unsettled")
def test_a_document_that_cannot_be_written_ends_the_measurement(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(report, "documents", lambda request, say: iter([{"step": 1}]))
    output = str(tmp_path / "folder")
    (tmp_path / "folder").mkdir()
    given = ["--device", "cpu", "--sizes", "small", "--rounds", "4", "--output", output]
    assert worker.main(given) == worker.CANNOT_WRITE
    assert capsys.readouterr().err == f"leanmirror bench: cannot write {output}: Is a directory\n"


def test_the_processor_is_named(tmp_path: Path) -> None:
    (tmp_path / "cpuinfo").write_text("processor : 0\nmodel name\t: A Chip\ncpu family\t: 26\n\nmodel name\t: A Chip\n")
    assert machine.processor(tmp_path / "cpuinfo") == "A Chip, cpu family 26"
    assert machine.processor(tmp_path / "nowhere")


def test_the_environment_that_steers_libraries_is_told() -> None:
    given = {"OPENBLAS_CORETYPE": "Haswell", "GLIBC_TUNABLES": "x=1", "OMP_NUM_THREADS": "1", "HOME": "/"}
    assert machine.steering(given) == {"GLIBC_TUNABLES": "x=1", "OPENBLAS_CORETYPE": "Haswell"}
