"""The process that measures: `python -m theorems.tools.bench.worker`, run by `leanmirror bench`.

A process of its own, because one core and one thread must be settled before any library is imported.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Thread
from typing import Any

from theorems.tools.output.files import CannotWrite, write_whole
from theorems.tools.output.streams import standard_streams

# 1 and 2 are what Python ends with by itself.
NO_GPU = 3
CANNOT_WRITE = 4
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def settle(device: str) -> None:
    """One core and one thread on a CPU; on an accelerator, memory taken as it is needed: libraries share it."""
    os.environ["JAX_ENABLE_X64"] = "0"
    if device == "gpu":
        os.environ["XLA_PYTHON_CLIENT_PREALLOCATE"] = "false"
        return
    os.environ["JAX_PLATFORMS"] = "cpu"
    os.environ |= dict.fromkeys((*THREADS, "TORCHINDUCTOR_COMPILE_THREADS"), "1")
    if hasattr(os, "sched_setaffinity"):  # XLA takes as many threads as it sees cores
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and write the document after every step; `NO_GPU` where there is none, `CANNOT_WRITE` if it cannot."""
    options = _options(arguments)
    if options.until_stdin_ends:
        Thread(target=end_with_stdin, daemon=True).start()
    settle(options.device)
    if options.device == "gpu" and not has_gpu():
        return NO_GPU
    from theorems.tools.bench import report

    try:
        for document in _documents(options):
            write_whole(options.output, report.text(document))
    except CannotWrite as why:
        _say(str(why))
        return CANNOT_WRITE
    return 0


def _documents(options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """The block on a CPU; on a GPU the attention, which is what a GPU's paths differ in."""
    if options.device == "gpu":
        from theorems.tools.bench.accelerator import documents

        asked = options.sizes.split(",")
        positions = [n for n in documents.POSITIONS if str(n) in asked]
        return documents.documents(documents.GpuRequest(positions, options.rounds, options.seconds), _say)
    from theorems.tools.bench import report

    return report.documents(report.Request(options.device, options.sizes.split(","), options.rounds), _say)


def end_with_stdin() -> None:
    """End this process when its standard input ends: whoever started it holds the other end, and is gone."""
    os.read(0, 1)
    os._exit(1)


def has_gpu() -> bool:
    """Whether JAX reaches an accelerator."""
    import jax

    try:
        return bool(jax.devices("gpu"))
    except RuntimeError:
        return False


def _say(text: str) -> None:
    print(f"leanmirror bench: {text}", file=sys.stderr, flush=True)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="worker", description="Measure in this process.")
    parser.add_argument("--device", choices=("cpu", "gpu"), required=True)
    parser.add_argument("--sizes", required=True, help="names, with commas between them")
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--seconds", type=float, default=540.0, help="on a GPU, after which nothing more is begun")
    parser.add_argument("--output", type=Path, required=True, help="the JSON document")
    parser.add_argument("--until-stdin-ends", action="store_true", help="end when standard input does")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    given = sys.argv[1:]
    del sys.argv[1:]  # tokamax takes the command line of whatever process it is in for its own flags
    with standard_streams():
        sys.exit(main(given))
