"""The trusted base: the names of Lean and Mathlib with a meaning by hand. A name outside is not evaluated."""

from __future__ import annotations

from lean_refs.evaluator.vocabulary.analysis import ANALYSIS
from lean_refs.evaluator.vocabulary.entry import BuiltIn, VocabularyEntry
from lean_refs.evaluator.vocabulary.finite import FINITE
from lean_refs.evaluator.vocabulary.logic import LOGIC
from lean_refs.evaluator.vocabulary.spaces import SPACES
from lean_refs.evaluator.vocabulary.types import STRUCTURES, TYPES

VOCABULARY: dict[str, VocabularyEntry] = {
    **TYPES.entries, **FINITE.entries, **LOGIC.entries, **SPACES.entries, **ANALYSIS.entries
}  # fmt: skip
"""Every entry by name, in the order in which the list is printed."""

__all__ = ["STRUCTURES", "VOCABULARY", "BuiltIn", "VocabularyEntry"]
