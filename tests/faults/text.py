"""`python -m tests.faults.text DIR [NAME …]`: which faults of the mirror the text contradicts, by definition.

A fault that only makes the mirror raise is not contradicted: no value was held against another.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from lean_refs.evaluator import Evaluator
from mirror.rooms import links
from tests.faults.catalogue import FAULTS
from tests.faults.fault import Fault
from theorems.tools.audit.evaluated.drawing import HEAVY
from theorems.tools.audit.evaluated.outcome import ComparisonEnding, FunctionComparison
from theorems.tools.audit.evaluated.same import compared
from theorems.tools.weights import weight

INSTANCES, OF_A_BLOCK = 24, 12

# Faults of what is no definition of the pin, or shows elsewhere: the definition that shows them.
SHOWN_BY = {
    "Proofs.Autograd.Algebra.TList.add": "Proofs.Autograd.Graph.backpropCtx",
    "Proofs.Autograd.Algebra.TList.snoc": "Proofs.Autograd.Graph.eval",
    "Spec.fill": "Proofs.Autograd.TList.single",
    "MathFunctions.exp": "MathFunctions",
    # Where an entry lies is not in Lean's index: whoever reads it shows it.
    "Proofs.Autograd.Idx": "Proofs.Autograd.CtxVec.get",
    "MathFunctions.tanh": "MathFunctions",
}
# Faults that change no value of a definition, each with the reason.
NO_VALUE = {
    "inner forgets the last coordinate": "Mathlib's inner product: statements name it, no definition's counterpart",
    "whole norm: a derivative where there is none": "it shows at corners alone, where the text is not differentiated",
    "the fold's loop begins anew at the first slice": "every loop of the fold begins there",
    "TList.cast: every entry 1 more": "no counterpart of a definition casts a typed list",
}


def contradicted(evaluator: Evaluator, fault: Fault) -> FunctionComparison:
    """How the comparison of the faulted definition ends with the fault in place."""
    link = links()[SHOWN_BY.get(fault.definition, fault.definition)]
    with fault.applied():
        return compared(evaluator, link, OF_A_BLOCK if weight(link.lean) > HEAVY else INSTANCES)


def unseen(evaluator: Evaluator, faults: tuple[Fault, ...] = FAULTS) -> Iterator[tuple[Fault, FunctionComparison]]:
    """The faults that the text does not contradict."""
    for fault in faults:
        if fault.name not in NO_VALUE:
            found = contradicted(evaluator, fault)
            if found.ending is not ComparisonEnding.DIFFERS:
                yield fault, found


def main(root: Path, names: Sequence[str] = ()) -> int:
    """Print what is not contradicted, of the named faults or of all; 1 if there is any, 2 for an unknown name."""
    from theorems.tools.cli.values import evaluator_of

    if unknown := [name for name in names if name not in {fault.name for fault in FAULTS}]:
        print(f"no fault of the mirror is called {unknown[0]!r}: tests/faults/ has their names", file=sys.stderr)
        return 2
    faults = tuple(fault for fault in FAULTS if not names or fault.name in names)
    left = 0
    for fault, found in unseen(evaluator_of(root), faults):
        left += 1
        print(f"{fault.name} ({fault.definition}): {found.ending.value} {found.why}", flush=True)
    none = {fault.name: NO_VALUE[fault.name] for fault in faults if fault.name in NO_VALUE}
    for name, why in none.items():
        print(f"{name}: changes no value of a definition: {why}")
    seen = len(faults) - left - len(none)
    print(f"{seen} of {len(faults)} faults are contradicted by the text; {len(none)} change no value of a definition")
    return int(bool(left))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
