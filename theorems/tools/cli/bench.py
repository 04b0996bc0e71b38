"""`leanmirror bench`: the jitted block against what a user would otherwise run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import click

from theorems.tools.cli.calls import FAILED, ToolFailure, drawable, reports, writable
from theorems.tools.cli.paths import NamedPath
from theorems.tools.cli.signals import HEARD_WITHIN, starting_processes
from theorems.tools.output.files import is_stream

if TYPE_CHECKING:
    from collections.abc import Sequence

# By device: a block's sizes, or the positions of an attention.
SIZES = {"cpu": ("small", "mid", "large"), "gpu": ("512", "1024", "2048", "4096", "8192", "16384")}
NO_GPU = "JAX finds no GPU here: run on a machine with one, with jax[cuda13] installed, or use --device cpu"


@click.command()
@click.option("--device", type=click.Choice(("cpu", "gpu")), default="cpu", show_default=True, help="What to measure.")
@click.option("--sizes", show_default="all", help="Sizes, with commas between them; on a GPU numbers of positions.")
@click.option(
    "--rounds", type=click.IntRange(min=1), default=9, show_default=True, help="How often everything is timed."
)
@click.option("--json", "json_path", type=NamedPath(), help="Write a JSON report.")
@click.option("--plot", "plot_path", type=NamedPath(), help="Draw the ratios as an SVG.")
@click.pass_context
def bench(
    ctx: click.Context, device: str, sizes: str | None, rounds: int, json_path: Path | None, plot_path: Path | None
) -> None:
    """Time the jitted block and its peers in one process, round by round; whatever is wrong is not timed.

    On a CPU: one core, its own time, float32. On a GPU: the masked attention by every path, in bfloat16 and float32,
    under a causal and a dense bias, time until the device is done, for nine minutes at most. Peers that are not
    installed are skipped by name. Exit codes: 0 ours is right; 1 ours is wrong; 2 a wrong call, or nothing to measure
    on; 3 the measurement broke off.
    """
    names = _known(sizes, device)
    if plot_path and device == "gpu":
        raise click.ClickException("--plot draws what a CPU was measured at: leave it out with --device gpu")
    writable(json_path, plot_path)
    drawable(plot_path)
    with tempfile.TemporaryDirectory() as folder:
        # A report that can be replaced is renewed after every step: what was measured is not lost with the rest.
        output = Path(folder, "bench.json") if json_path is None or is_stream(json_path) else json_path
        measure(["--device", device, "--sizes", ",".join(names), "--rounds", str(rounds)], output)
        text = output.read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    with reports((json_path, lambda: text), (plot_path, lambda: _picture(document))):
        _print(document)
    ctx.exit(0 if document["holds"] else 1)


def _print(document: dict[str, Any]) -> None:
    if document["machine"]["device"] == "gpu":
        from theorems.tools.cli.render_bench_gpu import print_gpu_report

        print_gpu_report(document)
    else:
        from theorems.tools.cli.render_bench import print_report

        print_report(document)


def _picture(document: dict[str, Any]) -> bytes:
    from theorems.tools.bench.plot import picture

    return picture(document)


def _known(sizes: str | None, device: str) -> list[str]:
    """The sizes asked for, each once, in the order of `SIZES`."""
    known = SIZES[device]
    asked = known if sizes is None else [name.strip() for name in sizes.split(",")]
    for name in asked:
        if name not in known:
            raise click.ClickException(f"no size is called {name!r}; there are {', '.join(known)}")
    return [name for name in known if name in asked]


def measure(arguments: Sequence[str], output: Path) -> None:
    """Measure in a process of its own; raises `ClickException` without a GPU, `ToolFailure` where it breaks off."""
    from theorems.tools.bench import worker

    # It finds our packages where this process does: the current folder may have a `theorems` of its own.
    command = [sys.executable, "-P", "-m", "theorems.tools.bench.worker", *arguments, "--output", str(output)]
    code = _run([*command, "--until-stdin-ends"], {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})
    if code == worker.NO_GPU:
        raise click.ClickException(NO_GPU)
    if code == worker.CANNOT_WRITE:  # which it has said
        raise click.exceptions.Exit(FAILED)
    if code:
        raise ToolFailure(f"the measurement broke off with exit code {code}")


def _run(command: Sequence[str], environment: dict[str, str]) -> int:
    """The exit code of a process that does not outlive this one: its standard input ends with it at the latest."""
    with starting_processes():
        process = subprocess.Popen(command, stdin=subprocess.PIPE, env=environment)
    with process:
        try:
            return _ended(process)
        except BaseException:
            process.kill()
            raise


def _ended(process: subprocess.Popen[bytes]) -> int:
    """The exit code; a thread waits, because `wait` with a time limit would look twenty times a second."""
    waiting = Thread(target=process.wait, daemon=True)
    waiting.start()
    while waiting.is_alive():
        waiting.join(HEARD_WITHIN)
    return process.wait()
