"""`python -m tests.corruptions DIR [NAME…]`: corrupt a TorchLean checkout and see what the audit finds; `--help`."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from lean_refs import load_pin
from tests.corruptions.catalogue import catalogue
from tests.corruptions.corruption import Corruption
from tests.corruptions.library import Library, NothingChanged
from tests.corruptions.parts import TORCHLEAN
from tests.corruptions.result import keep, page
from tests.corruptions.run import Bench, Outcome, read_once
from theorems.tools.audit.findings import AuditVerdict


def main(arguments: Sequence[str]) -> int:
    """0: everything is found under its name, and nothing else; 1: something is not; 2: the call was wrong."""
    asked = _parser().parse_args(arguments)
    corruptions = catalogue(TORCHLEAN)
    chosen = [
        c for c in corruptions if not asked.names or any(fnmatchcase(c.name, n) or c.kind == n for n in asked.names)
    ]
    if not (asked.folder / TORCHLEAN.seed).is_file():
        print(
            f"corruptions: {asked.folder} has no {TORCHLEAN.seed}: the root of a checkout is expected", file=sys.stderr
        )
        return 2
    if not chosen:
        print(f"corruptions: nothing is called {asked.names[0]}", file=sys.stderr)
        return 2
    files = tuple(sorted({made.file for made in load_pin().declarations.values()}))
    begun = time.monotonic()
    try:
        clean, outcomes = _tried(Library(asked.folder, files), chosen, asked.jobs)
    except NothingChanged as why:
        print(f"corruptions: {why}", file=sys.stderr)
        return 2
    for said in clean:
        print(f"the clean source: {said}")
    print(f"{len(outcomes)} corruptions in {time.monotonic() - begun:.0f} s", file=sys.stderr)
    print(page(outcomes), end="")
    return 0 if not clean and all(outcome.ending.right for outcome in outcomes) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.corruptions", description=__doc__)
    parser.add_argument(
        "folder", type=Path, metavar="DIR", help="a TorchLean checkout at the pinned revision, which is copied"
    )
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="corruptions, kinds, or globs of names; all by default"
    )
    parser.add_argument(
        "--jobs", type=int, default=os.cpu_count() or 1, help="processes; by default one for each processor"
    )
    return parser


def _tried(library: Library, chosen: Sequence[Corruption], jobs: int) -> tuple[list[str], list[Outcome]]:
    """What fails in the clean source, and what became of each corruption, told as they end."""
    with tempfile.TemporaryDirectory() as folder, read_once():
        first = Bench(library, Path(folder) / "first")
        clean = [f"{title}: {f.name}: {f.basis}" for title, f in first.clean if f.verdict is AuditVerdict.FAILS]
        outcomes = []
        for outcome in _in_processes(first, chosen, jobs, Path(folder)):
            outcomes.append(outcome)
            keep(outcome, [corruption.name for corruption in catalogue(TORCHLEAN)])
            print(
                f"{outcome.ending.value}: {outcome.kind}: {outcome.name} [{outcome.section}] {outcome.said}",
                file=sys.stderr,
            )
        return clean, outcomes


_bench: Bench | None = None


def _in_processes(first: Bench, chosen: Sequence[Corruption], jobs: int, folder: Path) -> Iterator[Outcome]:
    """The outcomes in order; each further process has a copy of its own, and what has been read already."""
    global _bench
    if jobs < 2 or len(chosen) < 2:
        yield from map(first.outcome, chosen)
        return
    _bench = first
    with multiprocessing.get_context("fork").Pool(jobs, _begin, (folder,)) as pool:
        yield from pool.imap(_one, [corruption.name for corruption in chosen])


def _begin(folder: Path) -> None:
    assert _bench is not None, "the bench of the process that forked"
    _bench.move(folder / str(os.getpid()))


def _one(name: str) -> Outcome:
    assert _bench is not None, "the bench of this process"
    return _bench.outcome(next(corruption for corruption in catalogue(TORCHLEAN) if corruption.name == name))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
