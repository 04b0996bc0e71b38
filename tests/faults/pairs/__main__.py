"""`python -m tests.faults.pairs`: plant the same fault below Lean's text and below the mirror; see `--help`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.faults.pairs.rows import Result, lacking, read, summary, write
from tests.faults.pairs.running import chosen, named, read_source, run
from tests.mutants.result import Malformed


def main(arguments: Sequence[str]) -> int:
    """0: every theorem fails on both sides, or has its reason; 1: one does not; 2: the call or the source was wrong."""
    asked = _parser().parse_args(arguments)
    try:
        result = read()
        wrong = [] if asked.show else list(_run(asked, result))
    except (Malformed, LookupError) as why:
        print(f"pairs: {why}", file=sys.stderr)
        return 2
    wrong += lacking(result)
    print(summary(result), *wrong, sep="\n")
    return 1 if wrong else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.pairs", description=__doc__)
    parser.add_argument("names", nargs="*", help="pairs, or full names of theorems, to run; all by default")
    source = os.environ.get("LEANMIRROR_SOURCE")
    parser.add_argument("--source", type=Path, default=source and Path(source), help="a checkout of TorchLean")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="so many processes")
    parser.add_argument("--show", action="store_true", help="run nothing: say what the last runs showed")
    return parser


def _run(asked: argparse.Namespace, result: Result) -> Iterator[str]:
    """Run what is asked for, each row into the result as it ends; yields what keeps a pair from being one fault."""
    if asked.source is None:
        raise LookupError("no source is named: give --source DIR, or set LEANMIRROR_SOURCE")
    keys = chosen(asked.names)
    read_source(asked.source)
    for found in run(asked.source, keys, asked.jobs):
        if isinstance(found, str):
            yield found
            continue
        result.take(named(found.pair), found)
        write(result)
        said = f"{found.fail} fail, {found.hold} hold, {found.open} undecided, {len(found.apart)} apart"
        print(f"{found.pair}: {found.theorem}: {said}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
