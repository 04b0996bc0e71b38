"""`python -m tests.mutants`: run the sample, write `result.json` and `RESULT.md`; see `--help`."""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from collections.abc import Sequence

from tests.mutants.result import HERE, Malformed, Result, add, read, read_reasons, shares, stale, write
from tests.mutants.run import look, run
from tests.mutants.sample import Mutant, sample, sources
from tests.mutants.table import of_theorem, page

PAGE = HERE / "RESULT.md"


def main(arguments: Sequence[str]) -> int:
    """0: all that should be killed is; 1: something survived; 2: the call or the data was wrong; 3: the run broke."""
    try:
        return _main(_parser().parse_args(arguments))
    except (Malformed, LookupError, FileNotFoundError) as why:
        print(f"mutants: {why}", file=sys.stderr)
        return 2
    except Exception:
        traceback.print_exc()
        return 3


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("modules", nargs="*", help="modules of the mirror to run again; all of them by default")
    parser.add_argument("--stale", action="store_true", help="run again what has changed since the result was written")
    parser.add_argument("--show", action="store_true", help="run nothing: print the page of the result")
    parser.add_argument("--theorem", metavar="NAME", help="run nothing: print what became of a theorem's mutants")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes at a time")
    return parser


def _main(asked: argparse.Namespace) -> int:
    if asked.theorem:
        return _show_theorem(asked.theorem)
    if not asked.show:
        result = Result() if not (asked.modules or asked.stale) else read()
        _run(result, _chosen(asked, result), asked.jobs)
        write(result)
    result = read()
    text = page(result, read_reasons(), stale(result))
    if not asked.show:
        PAGE.write_text(text, "utf-8")
    print(text, end="")
    return 0 if shares(result, read_reasons()).holds else 1


def _show_theorem(name: str) -> int:
    result = read()
    names = {n for _, fate in result.fates() for n in fate.ran}
    full = [n for n in sorted(names) if n == name or n.endswith(f".{name}")]
    if len(full) != 1:
        raise LookupError(f"{name} names {len(full)} theorems that mutants were run against; one is needed")
    print("\n".join(of_theorem(result, full[0])))
    return 0


def _chosen(asked: argparse.Namespace, result: Result) -> list[Mutant]:
    if unknown := [m for m in asked.modules if m not in sources()]:
        raise LookupError(f"there is no module {unknown[0]} to mutate: the modules are {', '.join(sources())}")
    old = stale(result) if asked.stale else []
    for gone in set(old) - sources().keys():
        del result.modules[gone]
    chosen = [m for m in sources() if m in asked.modules or m in old or not (asked.modules or asked.stale)]
    return [mutant for module in chosen for mutant in sample(module, sources()[module].read_text("utf-8"))]


def _run(result: Result, mutants: list[Mutant], jobs: int) -> None:
    print(f"{len(mutants)} mutants; first, what executes what", file=sys.stderr)
    known = look(jobs)
    if known.failing:
        raise Malformed(f"{known.failing[0]} fails without any mutant")
    outcomes = []
    for outcome in run(mutants, known, jobs):
        outcomes.append(outcome)
        print(f"{len(outcomes)}/{len(mutants)} {outcome.kind}: {outcome.mutant.name}", file=sys.stderr, flush=True)
    add(result, outcomes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
