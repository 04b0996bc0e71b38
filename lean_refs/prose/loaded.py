"""Words that promise something of a formal statement, and what in its text would back them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib.resources import files

_PIECE = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\dA-Za-z_]+")


class Within(Enum):
    """How far from a statement its backing may be.

    `CONCLUSION`: in what it concludes, and in the predicates that this names. `VALUES`: in the definitions of what it
    speaks of, too. `STATEMENT`: anywhere in the statement, and in all that its definitions rest on. The others are no
    place but a question: `PREMISES`, whether it has hypotheses; `RESTRICTED`, whether hypotheses restrict the variable
    that the word comes with; `WHOLE`, whether parts of what it is about are fixed, or supplied by whoever calls it.
    """

    CONCLUSION = "conclusion"
    VALUES = "values"
    STATEMENT = "statement"
    PREMISES = "premises"
    RESTRICTED = "restricted"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class LoadedWord:
    """A word that promises something: what would back it, and how that is recognised in a text.

    `found_by` is searched for in the names of arguments, fields and variables, in names of Lean and Mathlib and in
    symbols. A definition with the word in its name, or with a name that `named_by` fits, backs it only if `defined_by`
    is found in what it says: a name is a promise too. One that points `elsewhere` compares with what is outside the
    proofs.
    """

    word: str
    pattern: re.Pattern[str]
    backed_by: str
    within: Within
    found_by: re.Pattern[str]
    named_by: re.Pattern[str]
    defined_by: re.Pattern[str]
    elsewhere: bool

    def in_name(self, name: str) -> str:
        """What of it the last part of a name says, '' if nothing: `maskedCore` says `masked`."""
        found = self.pattern.search(_pieces(name))
        return found.group() if found else ""


@cache
def _pieces(name: str) -> str:
    """The words of the last part of a name."""
    return " ".join(_PIECE.findall(name.rsplit(".", 1)[-1]))


_NOTHING = r"(?!)"


@cache
def loaded_words() -> tuple[LoadedWord, ...]:
    """The list in `loaded_words.json`."""
    raw = json.loads(files("lean_refs").joinpath("loaded_words.json").read_text("utf-8"))
    return tuple(
        LoadedWord(
            entry["word"],
            re.compile(rf"(?<![\w-])(?:{entry['pattern']})(?!\w)", re.IGNORECASE),
            entry["backed_by"],
            Within(entry["within"]),
            re.compile(entry.get("found_by", _NOTHING)),
            re.compile(entry.get("named_by", _NOTHING)),
            re.compile(entry.get("defined_by", _NOTHING)),
            entry.get("elsewhere", False),
        )
        for entry in raw
    )
