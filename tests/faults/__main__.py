"""`python -m tests.faults [NAME …]`: the table of faults, what owns each of them, and what else catches it."""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from rich.console import Console
from rich.table import Table

from tests.faults.catalogue import FAULTS, caught_by_name
from tests.faults.fault import Fault
from tests.faults.runner import Caught


def main(names: list[str]) -> int:
    """Print the table for the named faults, or all; 1 if one is not caught by its owner, or should have another."""
    chosen = [f for f in FAULTS if not names or f.name in names]
    if not chosen:
        print(f"no fault is called {names[0]!r}: the names are {', '.join(f.name for f in FAULTS)}", file=sys.stderr)
        return 2
    table = Table("fault", "of", "owner", "theorems that refute it", "definition tests that catch it", show_lines=True)
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        found = list(pool.map(caught_by_name, [f.name for f in chosen]))
    for fault, caught in zip(chosen, found, strict=True):
        refuting = [name.rsplit(".", 1)[-1] for name in caught.refuting]
        theorems = f"{len(refuting)}: {', '.join(refuting[:3])}" + (" …" if len(refuting) > 3 else "")
        owner = (
            fault.owner.removeprefix("tests.") if fault.owner.startswith("tests.") else fault.owner.rsplit(".", 1)[-1]
        )
        tests = "\n".join(name.removeprefix("tests.") for name in caught.tests) or "none"
        table.add_row(
            fault.name, fault.definition.rsplit(".", 1)[-1], owner, theorems if refuting else "none can", tests
        )
    Console().print(table)
    wrong = [f"{f.name}: {why}" for f, caught in zip(chosen, found, strict=True) if (why := misplaced(f, caught))]
    print(f"{len(chosen) - len(wrong)} of {len(chosen)} faults caught by their owners", *wrong, sep="\n")
    return 1 if wrong else 0


def misplaced(fault: Fault, caught: Caught) -> str:
    """What is wrong with a fault's owner, given all that catches the fault; empty where nothing is."""
    if fault.owner in caught.refuting:
        return ""
    if fault.owner not in {name.partition("[")[0] for name in caught.tests}:
        return f"{fault.owner} does not see it"
    return f"a theorem refutes it, {caught.refuting[0]}, and its owner is a test" if caught.refuting else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
