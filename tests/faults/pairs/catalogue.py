"""All pairs, and the theorems that none reaches on both sides."""

from __future__ import annotations

from tests.faults.pairs import graphs, maps, vectors, words
from tests.faults.pairs.pair import CORE, Pair

PAIRS: tuple[Pair, ...] = tuple(pair for module in (vectors, maps, graphs, words) for pair in module.PAIRS)

_LISTS = (
    "it is about lists alone: Lean's text names no definition, and the executable property tries it on the positions "
    "that Idx.last and Idx.weaken give, so it says that of them besides"
)
# What makes both conclusions fail is found for none of these, for the reason that stands here.
UNCONSTRAINED = {
    CORE + "Idx.get_append_last": _LISTS,
    CORE + "Idx.get_append_left": _LISTS,
    "Proofs.eventually_of_forall": "it is about filters, which have no executable property",
}
