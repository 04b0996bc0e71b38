"""Whether a definition shows that the two sides of a pair are one fault."""

from __future__ import annotations

from lean_refs.evaluator import Evaluator
from mirror.rooms import links
from tests.faults.pairs.pair import Pair
from tests.faults.pairs.source import SourceText
from theorems.tools.audit.evaluated.outcome import ComparisonEnding
from theorems.tools.audit.evaluated.same import compared
from theorems.tools.weights import weight

# So many instances besides the simplest one; of graphs' runs, whose text takes long, two.
INSTANCES, FEW, MIDDLING = 4, 2, 30


def untrue(source: SourceText, pair: Pair) -> str:
    """What keeps the pair from being one fault on both sides; empty where nothing does, or where it says why."""
    if pair.unshown:
        return ""
    right, changed = source.evaluator(), source.evaluator(pair.lean)
    with pair.fault.applied():
        alone, together = _ends(right, pair), _ends(changed, pair)
    edited = _ends(changed, pair)
    if edited is not ComparisonEnding.DIFFERS:
        return f"the text alone does not change {pair.definition}: {edited.value}"
    if alone is not ComparisonEnding.DIFFERS:
        return f"the fault alone does not change {pair.definition}: {alone.value}"
    if together is not ComparisonEnding.SAME:
        return f"the two are not the same fault of {pair.definition}: {together.value}"
    return ""


def _ends(evaluator: Evaluator, pair: Pair) -> ComparisonEnding:
    count = FEW if weight(pair.definition) > MIDDLING else INSTANCES
    return compared(evaluator, links()[pair.definition], count).ending
