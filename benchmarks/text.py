"""What it costs to run the Lean text of a definition; `python -m benchmarks.text --source DIR` prints it.

Each definition is compared with the mirror as `leanmirror audit --source DIR` does, once with all text run anew and
once with what only moves numbers found once (`lean_refs/evaluator/moves.py`). The ratio is within one run.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lean_refs.evaluator import Evaluator
from mirror.rooms import links
from theorems.tools.audit.evaluated.outcome import ComparisonEnding
from theorems.tools.audit.evaluated.same import compared
from theorems.tools.cli.values import FEW, evaluator_of

# Graphs of one sublayer and of attention, and one of most of a block.
DEFINITIONS = (
    "Proofs.Autograd.LayerNorm.layerNormGraph",
    "Proofs.Autograd.MultiHeadAttention.maskedCoreDGraph",
    "Proofs.Autograd.Transformer.decoderAfterNorm1Graph",
)


@dataclass(frozen=True, slots=True)
class TextRate:
    """One definition: a core's own seconds with all text run anew, and with what moves numbers found once."""

    name: str
    run: float
    moved: float
    same: bool

    @property
    def ratio(self) -> float:
        """How many times quicker it is so."""
        return self.run / self.moved


def text_rate(name: str, running: Evaluator, moving: Evaluator) -> TextRate:
    """Time one definition on both, each for the first time: finding the moves counts, reading does not."""
    moved, other = _timed(name, moving)
    run, one = _timed(name, running)
    return TextRate(name, run, moved, one and other)


def _timed(name: str, evaluator: Evaluator) -> tuple[float, bool]:
    began = time.process_time()  # a core's own time: what else the machine runs meanwhile is no part of it
    found = compared(evaluator, links()[name], FEW)
    return time.process_time() - began, found.ending is ComparisonEnding.SAME


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the rates; 1 where a text is not the same function, because then there is nothing to be fast about."""
    options = _options(arguments)
    running, moving = evaluator_of(options.source, moves=False), evaluator_of(options.source)
    rates = [text_rate(name, running, moving) for name in options.name]
    width = max(len(rate.name) for rate in rates)
    print(f"{'':{width}}       run     moved  ratio")
    for rate in rates:
        print(f"{rate.name:{width}}  {rate.run:6.2f} s  {rate.moved:6.2f} s  {rate.ratio:5.1f}")
    for rate in rates:
        if not rate.same:
            print(f"not the same function: {rate.name}", file=sys.stderr)
    return 0 if all(rate.same for rate in rates) else 1


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.text", description="What it costs to run Lean text.")
    parser.add_argument("name", nargs="*", type=_definition, default=list(DEFINITIONS), help="full Lean names")
    known = os.environ.get("LEANMIRROR_SOURCE")
    parser.add_argument("--source", type=_checkout, default=known, required=not known, help="a checkout of TorchLean")
    return parser.parse_args(arguments)


def _definition(name: str) -> str:
    if name not in links():
        raise argparse.ArgumentTypeError(f"{name!r} is no definition of the mirror")
    return name


def _checkout(text: str) -> Path:
    if not (path := Path(text)).is_dir():
        raise argparse.ArgumentTypeError(f"{text!r} is no folder")
    return path


if __name__ == "__main__":
    sys.exit(main())
