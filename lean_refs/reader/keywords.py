"""Names that are none: they stand between terms or start one, so that no variable is spelled like them."""

from __future__ import annotations

# These stand between terms, not for one.
BETWEEN = frozenset(
    ["if", "then", "else", "match", "with", "do", "return", "at", "from", "using", "in", "where", "for", "unless"]
)
# These start a term of their own.
STARTS = frozenset(["fun", "λ", "let", "have", "letI", "haveI", "show", "suffices", "by"])
