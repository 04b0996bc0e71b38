"""One name of Lean or Mathlib with a meaning by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lean_refs.evaluator.values import LeanType, LeanValue

Computes = Callable[..., LeanValue]


@dataclass(frozen=True, slots=True)
class VocabularyEntry:
    """A name of the vocabulary: its parameters and type as Lean text, what it means in words, and what it computes.

    `run` takes the world and the values of all parameters, implicit ones too, where no parameter is a proof. A
    theorem has no `run`: it is there for its statement alone.
    """

    name: str
    signature: str
    meaning: str
    run: Computes | None = None


class Vocabulary:
    """Entries by name, in order."""

    def __init__(self) -> None:
        self.entries: dict[str, VocabularyEntry] = {}

    def entry(self, name: str, signature: str, meaning: str) -> Callable[[Computes], Computes]:
        """Registers what a name computes."""

        def register(run: Computes) -> Computes:
            self.entries[name] = VocabularyEntry(name, signature, meaning, run)
            return run

        return register

    def statement(self, name: str, signature: str, meaning: str) -> None:
        """Registers a theorem, for its statement."""
        self.entries[name] = VocabularyEntry(name, signature, meaning)


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """A structure of Lean or Mathlib whose values are no records: its parameters and fields as Lean text.

    `make` takes the type and the fields by name, `read` a value and the name of a field.
    """

    name: str
    parameters: str
    fields: str
    make: Callable[[LeanType, dict[str, LeanValue]], LeanValue]
    read: Callable[[LeanValue, str], LeanValue]
