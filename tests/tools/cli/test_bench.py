"""`leanmirror bench`: what it prints of a report, and the calls that it refuses. Nothing is measured here."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tests.tools.bench.fields import document, gpu_document, machine, row, size
from tests.tools.cli.conftest import Call
from tests.tools.cli.snapshot import assert_snapshot
from theorems.tools.cli import calls
from theorems.tools.output.files import write_whole

bench = import_module("theorems.tools.cli.bench")
Worker = Callable[..., list[list[str]]]


def output_of(command: list[str]) -> Path:
    return Path(command[command.index("--output") + 1])


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Worker:
    """`worker(document, code)`: the measuring process writes this and ends so; the commands it was called with."""

    def install(document: dict[str, Any] | None = None, code: int = 0) -> list[list[str]]:
        commands: list[list[str]] = []

        def run(command: list[str], environment: dict[str, str]) -> int:
            commands.append(command)
            if document is not None:
                write_whole(output_of(command), json.dumps(document))
            return code

        monkeypatch.setattr(bench, "_run", run)
        return commands

    return install


def full() -> dict[str, Any]:
    """A report of two sizes with someone wrong, someone skipped and someone unmeasured."""
    small = size(
        "small",
        row("leanmirror", 1, 2),
        row("leanmirror, nothing skipped", 1.1, 2.4),
        row("jax naive", 1.5, 2.8),
        row("torch SDPA, bias", 1.25, 3, temp_bytes=None),
        wrong={"wrong peer": 0.25, "worse peer": None},
        skipped={"tokamax": "tokamax is not installed: pip install 'leanmirror[tokamax]'"},
    )
    asked = machine(environment={"MKL_CBWR": "AVX2", "OPENBLAS_CORETYPE": "Zen"})
    return document(small, size("mid", row("leanmirror", 1, 2), bias="dense"), machine=asked)


def test_a_report(call: Call, worker: Worker) -> None:
    commands = worker(full())
    result = call("bench", "--sizes", "mid, small,mid", "--rounds", "3")
    assert result.exit_code == 0
    assert_snapshot("bench_holds", result.stdout)
    (command,) = commands
    assert command[1:4] == ["-P", "-m", "theorems.tools.bench.worker"]
    assert command[4:10] == ["--device", "cpu", "--sizes", "small,mid", "--rounds", "3"]


def test_a_report_from_a_gpu(call: Call, worker: Worker) -> None:
    commands = worker(gpu_document())
    assert_snapshot("bench_gpu", call("bench", "--device", "gpu", "--sizes", "8192, 512").stdout)
    assert commands[0][4:8] == ["--device", "gpu", "--sizes", "512,8192"]
    call("bench", "--device", "gpu")
    assert commands[1][7] == "512,1024,2048,4096,8192,16384"


def test_ours_wrong_exits_1(call: Call, worker: Worker) -> None:
    gate = {"candidates": {"leanmirror": {"verdict": "outside"}}, "outside": ["leanmirror"]}
    lonely = row("jax naive", 1, 2, over_ours={})
    growth = {"seq_len": [512], "temp_bytes": [0], "exponent": None}
    worker(document(size("small", lonely, wrong={"leanmirror": 0.5}), gate=gate, growth=growth, holds=False))
    result = call("bench")
    assert result.exit_code == 1
    assert_snapshot("bench_wrong", result.stdout)


def test_reports_are_written(call: Call, worker: Worker) -> None:
    worker(full())
    assert call("bench", "--json", "a/b.json", "--plot", "a/p.svg").exit_code == 0
    assert json.loads(Path("a/b.json").read_text("utf-8")) == full()
    assert "<svg" in Path("a/p.svg").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--sizes", "small,huge"), "no size is called 'huge'; there are small, mid, large"),
        (("--sizes", ""), "no size is called ''; there are small, mid, large"),
        (
            ("--device", "gpu", "--sizes", "mid"),
            "no size is called 'mid'; there are 512, 1024, 2048, 4096, 8192, 16384",
        ),
        (
            ("--device", "gpu", "--plot", "p.svg"),
            "--plot draws what a CPU was measured at: leave it out with --device gpu",
        ),
        (("--device", "tpu"), "Invalid value for '--device': 'tpu' is not one of 'cpu', 'gpu'."),
        (("--rounds", "0"), "Invalid value for '--rounds': 0 is not in the range x>=1."),
        (("--json", "."), "cannot write .: Is a directory"),
        (("--plot", "file/x.svg"), "cannot write file/x.svg: "),
        (("--plot", "x", "--json", "x"), "x and x cannot both be written: give each a file of its own"),
    ],
)
def test_a_wrong_call_measures_nothing(
    refused: Callable[..., str], worker: Worker, arguments: tuple[str, ...], said: str
) -> None:
    commands = worker()
    Path("file").touch()
    assert refused("bench", *arguments).startswith(said)
    assert commands == []


def test_a_picture_needs_matplotlib(
    refused: Callable[..., str], worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands = worker()
    monkeypatch.setattr(calls, "find_spec", lambda name: None)
    assert refused("bench", "--plot", "p.svg") == "--plot needs matplotlib: pip install 'leanmirror[plot]'"
    assert commands == []


def test_without_a_gpu(refused: Callable[..., str], worker: Worker) -> None:
    worker(code=3)
    assert refused("bench", "--device", "gpu") == bench.NO_GPU


def test_the_process_is_ours_where_a_folder_has_packages_of_our_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "theorems").mkdir()
    (tmp_path / "theorems/__init__.py").touch()
    monkeypatch.chdir(tmp_path)
    bench.measure(["--help"], tmp_path / "bench.json")
    assert capfd.readouterr().out.startswith("usage: worker ")


@pytest.mark.parametrize(("code", "said"), [(-9, "leanmirror: the measurement broke off with exit code -9\n"), (4, "")])
def test_a_measurement_that_breaks_off_is_no_verdict(call: Call, worker: Worker, code: int, said: str) -> None:
    worker(code=code)
    result = call("bench")
    assert (result.exit_code, result.stdout, result.stderr) == (3, "", said)


@pytest.mark.skipif(sys.platform == "win32", reason="a POSIX device")
def test_a_report_to_a_device_is_written_once_at_the_end(call: Call, worker: Worker) -> None:
    commands = worker(full())
    assert call("bench", "--json", "/dev/null").exit_code == 0
    assert output_of(commands[0]) != Path("/dev/null")


def test_help(call: Call) -> None:
    result = call("bench", "--help")
    assert result.exit_code == 0
    assert_snapshot("bench_help", result.stdout)
