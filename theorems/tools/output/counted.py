"""How many of something, in words."""

from __future__ import annotations

import re

# What stands before the ending of a noun that does not merely take an s: entry, hypothesis, class.
_ENDINGS = {r"(?<=[^aeiou])y$": "ies", r"sis$": "ses", r"ss$": "sses"}


def counted(number: int, what: str) -> str:
    """`1 entry`, `2 entries`, `18,000 tests`: a count, its thousands apart, with its noun."""
    return f"{number:,} {what if number == 1 else _many(what)}"


def _many(noun: str) -> str:
    for ending, many in _ENDINGS.items():
        if re.search(ending, noun):
            return re.sub(ending, many, noun)
    return noun + "s"
