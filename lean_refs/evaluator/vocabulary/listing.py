"""The whole vocabulary as a list: each name, operator, coercion and tactic with its source and its meaning in words."""

from __future__ import annotations

from lean_refs.evaluator.vocabulary import STRUCTURES, VOCABULARY
from lean_refs.evaluator.vocabulary.notation import COERCIONS, OPERATORS, TACTICS, Notation


def vocabulary() -> dict[str, list[Notation]]:
    """What the evaluator trusts, by kind, in the order in which it is printed."""
    return {
        "names": [Notation(f"{e.name} {e.signature}", e.source or e.name, e.meaning) for e in VOCABULARY.values()],
        "structures": [Notation(s.written, s.name, s.meaning) for s in STRUCTURES.values()],
        "operators": list(OPERATORS.values()),
        "coercions": list(COERCIONS),
        "tactics": list(TACTICS.values()),
    }


def counted() -> str:
    """How much it is, in one line."""
    return ", ".join(f"{len(rows)} {kind}" for kind, rows in vocabulary().items())
