"""`python -m tests.faults [NAME …]`: every deliberate fault, what owns it, and what else catches it.

First those of the mirror, then those of the checking itself, then those of the wiring of each theorem. A theorem's name
stands for all faults of its wiring.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from rich.console import Console
from rich.table import Table

from tests.faults.catalogue import FAULTS, caught_by_name
from tests.faults.checking.catalogue import CHECKING, unseen_by_name
from tests.faults.checking.fault import CheckingFault, place
from tests.faults.checking.wiring.catalogue import WIRING
from tests.faults.fault import Fault
from tests.faults.runner import Caught, as_in_a_test_run
from tests.faults.touchstones import touchstones

NAMES = [*(f.name for f in (*FAULTS, *CHECKING)), *WIRING]


def main(names: list[str]) -> int:
    """Print the named faults, or all; 1 if one is not caught by its owner, or should have another."""
    if unknown := [name for name in names if name not in NAMES]:
        print(f"no fault is called {unknown[0]!r}: the names are {', '.join(NAMES)}", file=sys.stderr)
        return 2
    chosen = names or NAMES
    with ProcessPoolExecutor(mp_context=get_context("spawn"), initializer=as_in_a_test_run) as pool:
        wrong = [room(pool, chosen) for room in (_of_the_mirror, _of_the_checking, _of_the_wiring)]
    count = sum(len(WIRING.get(name, "1")) for name in chosen)
    missed = [said for found in wrong for said in found]
    print(f"{count - len(missed)} of {count} faults caught by their owners", *missed, sep="\n")
    return 1 if missed else 0


def _of_the_mirror(pool: ProcessPoolExecutor, names: list[str]) -> list[str]:
    """Print the faults of the mirror; what is wrong with their owners."""
    chosen = [f for f in FAULTS if f.name in names]
    table = Table("fault", "of", "owner", "theorems that refute it", "definition tests that catch it", show_lines=True)
    found = list(pool.map(caught_by_name, [f.name for f in chosen]))
    for fault, caught in zip(chosen, found, strict=True):
        tests = "\n".join(map(_short, caught.tests)) or "none"
        owner = _short(fault.owner) + (f"\n({fault.seldom})" if fault.seldom else "")
        table.add_row(fault.name, _short(fault.definition), owner, _theorems(caught), tests)
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
    by_theorem = caught.refuting and not fault.seldom
    return f"a theorem refutes it, {caught.refuting[0]}, and its owner is a test" if by_theorem else ""


def _of_the_checking(pool: ProcessPoolExecutor, names: list[str]) -> list[str]:
    """Print the faults of the checking; those that their owners do not see."""
    chosen = [f for f in CHECKING if f.name in names]
    together: dict[str, list[CheckingFault]] = {}
    for fault in chosen:
        together.setdefault(place(fault) or fault.name, []).append(fault)
    missed = _missed(pool, list(together.values()))
    table = Table("fault of the checking", "owner", "seen", show_lines=True)
    for fault in chosen:
        table.add_row(fault.name, str(fault.owner).removeprefix("tests/"), "no" if fault.name in missed else "yes")
    if chosen:
        Console().print(table)
    return _said(chosen, missed)


def _of_the_wiring(pool: ProcessPoolExecutor, names: list[str]) -> list[str]:
    """Print the theorems with the faults of their wiring; those that their owners do not see."""
    chosen = [name for name in WIRING if name in names]
    missed = _missed(pool, [WIRING[name] for name in chosen])
    table = Table("wiring of", "faults", "seen", "the fault of the mirror that it must refute", show_lines=True)
    for name in chosen:
        faults = [f.name for f in WIRING[name]]
        what = "\n".join(f.partition(": ")[2] for f in faults)
        table.add_row(_short(name), what, f"{len(set(faults) - missed)} of {len(faults)}", touchstones()[name].name)
    if chosen:
        Console().print(table)
    return _said([f for name in chosen for f in WIRING[name]], missed)


def _missed(pool: ProcessPoolExecutor, together: Sequence[Sequence[CheckingFault]]) -> set[str]:
    """The names of those that their owners do not see; what stands together shares a process."""
    names = [[f.name for f in faults] for faults in together]
    return {name for found in pool.map(unseen_by_name, names) for name in found}


def _said(faults: Sequence[CheckingFault], missed: set[str]) -> list[str]:
    return [f"{fault.name}: {fault.owner} does not see it" for fault in faults if fault.name in missed]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
