"""`python -m tests.faults [NAME …]`: the table of faults, and what catches each of them."""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from rich.console import Console
from rich.table import Table

from tests.faults.catalogue import EVERY, caught_by_name


def main(names: list[str]) -> int:
    """Print the table for the named faults, or all; 1 if a fault is caught by nothing."""
    chosen = [f for f in EVERY if not names or f.name in names]
    if not chosen:
        print(f"no fault is called {names[0]!r}: the names are {', '.join(f.name for f in EVERY)}", file=sys.stderr)
        return 2
    table = Table("fault", "of", "theorems that catch it", "definition tests that catch it", show_lines=True)
    missed = 0
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        found = list(pool.map(caught_by_name, [f.name for f in chosen]))
    for fault, caught in zip(chosen, found, strict=True):
        missed += not caught
        short = [name.rsplit(".", 1)[-1] for name in caught.theorems]
        theorems = f"{len(short)}: {', '.join(short[:3])}" + (" …" if len(short) > 3 else "")
        tests = "\n".join(name.removeprefix("tests.") for name in caught.tests) or "none"
        table.add_row(fault.name, fault.definition.rsplit(".", 1)[-1], theorems if short else "none can", tests)
    Console().print(table)
    print(f"{len(chosen) - missed} of {len(chosen)} faults caught")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
