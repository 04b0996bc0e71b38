"""Which round trips an evaluation may leave out: those whose lemmas are seen to hold without leaving them out."""

from __future__ import annotations

from collections.abc import Mapping

from lean_refs.evaluator import Evaluator, NotEvaluatedError
from theorems.engine.draws import draws
from theorems.engine.evidence.verdicts import Verdict
from theorems.engine.registry import get
from theorems.engine.sizes import Sizes
from theorems.tools.audit.evaluated.conclusions import conclude
from theorems.tools.audit.evaluated.errors import UndrawableError
from theorems.tools.audit.evaluated.matching import UnmatchedError
from theorems.tools.audit.evaluated.same import target_of

# What packs, what unpacks, and the lemma that says `pack (unpack v) = v`. An evaluator that leaves these out is never
# asked about the lemmas.
ROUND_TRIPS = (
    ("Proofs.Autograd.toVecT", "Proofs.Autograd.ofVecT", "Proofs.Autograd.toVecT_ofVecT"),
    ("Proofs.Autograd.flattenCtx", "Proofs.Autograd.unflattenCtx", "Proofs.Autograd.flattenCtx_unflattenCtx"),
)
LEMMAS = frozenset(lemma for _, _, lemma in ROUND_TRIPS)
_SEED, _COUNT = 0, 4
_SIZES = Sizes(dimension=2, stretched=3, entries=3)


def shortcuts(evaluator: Evaluator) -> Mapping[str, str]:
    """The round trips that the text of this source allows: what packs, with what unpacks."""
    return {pack: unpack for pack, unpack, lemma in ROUND_TRIPS if _holds(evaluator, lemma)}


def _holds(evaluator: Evaluator, lemma: str) -> bool:
    """Whether the text of the lemma holds on some instances of its theorem."""
    theorem = get(lemma)
    try:
        target = target_of(evaluator, lemma)
        cases = draws(theorem.instances(_SIZES), _SEED, _COUNT)
        found = [conclude(evaluator, target, theorem, case) for case in cases]
    except (NotEvaluatedError, UndrawableError, UnmatchedError):
        return False
    return all(one.admitted and one.conclusion.verdict is Verdict.EQUAL for one in found)
