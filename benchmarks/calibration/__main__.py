"""Judge all kernels by all rules and print the table; 0 where ours accept the right ones and reject the wrong ones."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import jax

from benchmarks.calibration.catalogue import kernels
from benchmarks.calibration.kernel import CalibrationKernel
from benchmarks.calibration.table import faults, gathered, page
from benchmarks.calibration.verdicts import CalibrationVerdict, some_rows, verdicts

KINDS, DTYPES = ("attention", "block"), ("float32", "float64", "bfloat16")
RESULT = Path(__file__).with_name("RESULT.md")


def main(arguments: Sequence[str] | None = None) -> int:
    """Examine what is asked for, print its page, and write it where that is asked for."""
    options = _options(arguments)
    chosen = [k for k in kernels() if k.kind in options.kind and (not options.kernel or k.name in options.kernel)]
    kept = KeptVerdicts(options.keep)
    for dtype in options.dtype:
        for kind in options.kind:
            _examine([k for k in chosen if k.kind == kind and dtype in k.dtypes], kind, dtype, kept)
    found = gathered(chosen, kept.verdicts)
    text = "\n".join(page(found)) + "\n"
    print(text, end="")
    if options.write:
        RESULT.write_text(text, encoding="utf-8")
    wrong = list(faults(found))
    print("\n".join(wrong), file=sys.stderr)
    return 1 if wrong else 0


class KeptVerdicts:
    """The verdicts so far, and a file that keeps them, so that a run that was cut off goes on where it was."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        lines = path.read_text(encoding="utf-8").splitlines() if path and path.exists() else []
        self.verdicts = [CalibrationVerdict(**{**v, "rejected": tuple(v["rejected"])}) for v in map(json.loads, lines)]

    def add(self, found: Sequence[CalibrationVerdict]) -> None:
        """Keep these too."""
        self.verdicts += found
        if self.path:
            with self.path.open("a", encoding="utf-8") as file:
                file.writelines(json.dumps(asdict(v)) + "\n" for v in found)


def _examine(some: Sequence[CalibrationKernel], kind: str, dtype: str, kept: KeptVerdicts) -> None:
    known = {(v.kernel, v.dtype, v.shape, v.mask, v.values) for v in kept.verdicts}
    tried = some_rows(kind, dtype, {k.shows for k in some if k.shows}) if some else []
    for number, row in enumerate(tried, 1):
        left = [k for k in some if (k.name, dtype, row.shape.name, row.mask, row.values) not in known]
        kept.add(list(verdicts(left, kind, dtype, row)))
        print(f"{kind}, {dtype}: row {number} of {len(tried)}: {row}", file=sys.stderr)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.calibration", description="Which rule accepts which kernel."
    )
    parser.add_argument("--kind", nargs="+", choices=KINDS, default=KINDS, help="only these kernels")
    parser.add_argument("--dtype", nargs="+", choices=DTYPES, default=DTYPES, help="only in these dtypes")
    parser.add_argument("--kernel", nargs="+", metavar="NAME", type=_kernel, help="only the kernels of these names")
    parser.add_argument("--keep", type=Path, metavar="FILE", help="keep verdicts here, and go on from those that are")
    parser.add_argument("--write", action="store_true", help="write RESULT.md too")
    options = parser.parse_args(arguments)
    whole = set(options.kind) == set(KINDS) and set(options.dtype) == set(DTYPES) and not options.kernel
    if options.write and not whole:
        parser.error("--write writes the page of all kernels: leave --kind, --dtype and --kernel out")
    return options


def _kernel(name: str) -> str:
    if name not in {k.name for k in kernels()}:
        raise argparse.ArgumentTypeError(f"no kernel is called {name!r}; the table has their names")
    return name


if __name__ == "__main__":
    jax.config.update("jax_enable_x64", True)
    sys.exit(main())
