"""`python -m tests.faults [NAME …]`: every deliberate fault, what owns it, and what else catches it.

First those of the mirror, then those of the checking itself.
"""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from rich.console import Console
from rich.table import Table

from tests.faults.catalogue import FAULTS, caught_by_name
from tests.faults.checking.catalogue import CHECKING, unseen_by_name
from tests.faults.checking.fault import place
from tests.faults.fault import Fault
from tests.faults.runner import Caught, as_in_a_test_run

NAMES = [f.name for f in (*FAULTS, *CHECKING)]


def main(names: list[str]) -> int:
    """Print the named faults, or all; 1 if one is not caught by its owner, or should have another."""
    if unknown := [name for name in names if name not in NAMES]:
        print(f"no fault is called {unknown[0]!r}: the names are {', '.join(NAMES)}", file=sys.stderr)
        return 2
    chosen = names or NAMES
    with ProcessPoolExecutor(mp_context=get_context("spawn"), initializer=as_in_a_test_run) as pool:
        wrong = [*_of_the_mirror(pool, chosen), *_of_the_checking(pool, chosen)]
    print(f"{len(chosen) - len(wrong)} of {len(chosen)} faults caught by their owners", *wrong, sep="\n")
    return 1 if wrong else 0


def _of_the_mirror(pool: ProcessPoolExecutor, names: list[str]) -> list[str]:
    """Print the faults of the mirror; what is wrong with their owners."""
    chosen = [f for f in FAULTS if f.name in names]
    table = Table("fault", "of", "owner", "theorems that refute it", "definition tests that catch it", show_lines=True)
    found = list(pool.map(caught_by_name, [f.name for f in chosen]))
    for fault, caught in zip(chosen, found, strict=True):
        tests = "\n".join(map(_short, caught.tests)) or "none"
        table.add_row(fault.name, _short(fault.definition), _short(fault.owner), _theorems(caught), tests)
    if chosen:
        Console().print(table)
    wrong = {f.name: misplaced(f, caught) for f, caught in zip(chosen, found, strict=True)}
    return [f"{name}: {why}" for name, why in wrong.items() if why]


def _theorems(caught: Caught) -> str:
    names = list(map(_short, caught.refuting))
    return f"{len(names)}: {', '.join(names[:3])}" + (" …" if len(names) > 3 else "") if names else "none can"


def _short(name: str) -> str:
    return name.removeprefix("tests.") if name.startswith("tests.") else name.rsplit(".", 1)[-1]


def misplaced(fault: Fault, caught: Caught) -> str:
    """What is wrong with a fault's owner, given all that catches the fault; empty where nothing is."""
    if fault.owner in caught.refuting:
        return ""
    if fault.owner not in {name.partition("[")[0] for name in caught.tests}:
        return f"{fault.owner} does not see it"
    return f"a theorem refutes it, {caught.refuting[0]}, and its owner is a test" if caught.refuting else ""


def _of_the_checking(pool: ProcessPoolExecutor, names: list[str]) -> list[str]:
    """Print the faults of the checking; those that their owners do not see."""
    chosen = [f for f in CHECKING if f.name in names]
    by_place: dict[str, list[str]] = {}
    for fault in chosen:
        by_place.setdefault(place(fault) or fault.name, []).append(fault.name)
    missed = {name for found in pool.map(unseen_by_name, by_place.values()) for name in found}
    table = Table("fault of the checking", "owner", "seen", show_lines=True)
    for fault in chosen:
        table.add_row(fault.name, str(fault.owner).removeprefix("tests/"), "no" if fault.name in missed else "yes")
    if chosen:
        Console().print(table)
    return [f"{fault.name}: {fault.owner} does not see it" for fault in chosen if fault.name in missed]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
