"""`python -m tests.faults.text DIR`: which faults of the mirror the text contradicts, each at its own definition."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from lean_refs.evaluator import Evaluator
from mirror.rooms import links
from tests.faults.catalogue import FAULTS
from tests.faults.fault import Fault
from theorems.tools.audit.evaluated.outcome import ComparisonEnding, FunctionComparison
from theorems.tools.audit.evaluated.same import compared

INSTANCES = 12

# Faults that change no value of a definition.
NO_VALUE: dict[str, str] = {}


def contradicted(evaluator: Evaluator, fault: Fault) -> FunctionComparison:
    """How the comparison of the faulted definition ends with the fault in place."""
    link = links()[fault.definition]
    with fault.applied():
        return compared(evaluator, link, INSTANCES)


def unseen(evaluator: Evaluator, faults: tuple[Fault, ...] = FAULTS) -> Iterator[tuple[Fault, FunctionComparison]]:
    """The faults that the text does not contradict."""
    for fault in faults:
        found = contradicted(evaluator, fault)
        if (found.ending is ComparisonEnding.DIFFERS) is (fault.name in NO_VALUE):
            yield fault, found


def main(root: Path) -> int:
    """Print what is not contradicted; 1 if there is any."""
    from theorems.tools.cli.values import evaluator_of

    left = list(unseen(evaluator_of(root)))
    for fault, found in left:
        print(f"{fault.name} ({fault.definition}): {found.ending.value} {found.why}")
    print(f"{len(FAULTS) - len(left)} of {len(FAULTS)} faults are as said: contradicted, or of no value")
    return int(bool(left))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
