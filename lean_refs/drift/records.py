"""What drift consists of: changes, what each does to the meaning, and what shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

THEOREMS = frozenset(("theorem", "lemma"))


class Change(Enum):
    """One way in which a declaration can differ."""

    COSMETIC = "cosmetic"
    DOCSTRING = "docstring reworded"
    STATEMENT = "statement changed"
    DROPPED = "hypothesis dropped"
    NEW_HYPOTHESIS = "hypothesis added"
    WEAKER = "hypothesis replaced by a weaker one"
    STRONGER = "hypothesis replaced by a stronger one"
    OTHER = "hypothesis replaced by another one"
    BODY = "body changed"
    PROOF = "proof changed"
    THROUGH = "changed through what it names"
    RENAMED = "renamed"
    NAMESPACE = "namespace moved"
    ALIAS = "became an alias"
    PRIVATE = "became private"
    PUBLIC = "no longer private"
    MOVED = "moved"
    DELETED = "deleted"
    ABSENT = "not in the source"
    ADDED = "added"


class Meaning(Enum):
    """What a change does to what is defined or stated, as far as text, interpreted data and numbers show."""

    SAME = "same"
    DIFFERS = "differs"
    UNKNOWN = "unknown: text alone cannot tell"


@dataclass(frozen=True, slots=True)
class Difference:
    """One change, what it does to the meaning, and what shows it; whether that is evaluated on numbers, too."""

    change: Change
    meaning: Meaning
    basis: str
    evaluated: bool = False


@dataclass(frozen=True, slots=True)
class Drift:
    """Everything that changed about one declaration; no differences means unchanged.

    `name` is the old name (the new one if it was added), `now` the new one (None if it is not there).
    `through` are the declarations it names, directly or not, whose meaning differs or is unknown, `unseen` those whose
    file is not in the source.
    """

    name: str
    now: str | None
    differences: tuple[Difference, ...]
    through: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()

    @property
    def unchanged(self) -> bool:
        """Whether its own text is the same, comments and layout aside."""
        return not self.differences

    @property
    def meaning(self) -> Meaning:
        """The gravest meaning among the differences."""
        found = {difference.meaning for difference in self.differences}
        return next((m for m in (Meaning.DIFFERS, Meaning.UNKNOWN) if m in found), Meaning.SAME)

    @property
    def verdict(self) -> str:
        """The changes in words, such as `docstring reworded, cosmetic`, or `unchanged`."""
        return ", ".join(dict.fromkeys(f.change.value for f in self.differences)) or "unchanged"


# What evaluation says of a declaration, by its old and its new name: same, differs or unknown, and what shows it; None
# where nobody wants to know.
EvaluatedMeaning = Callable[[str, str], tuple[Meaning, str] | None]
