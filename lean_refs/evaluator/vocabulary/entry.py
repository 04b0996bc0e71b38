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
    theorem has no `run`: it is there for its statement alone. `source` is the name in Lean or Mathlib where that is
    another one.
    """

    name: str
    signature: str
    meaning: str
    run: Computes | None = None
    source: str = ""


class Vocabulary:
    """Entries by name, in order."""

    def __init__(self) -> None:
        self.entries: dict[str, VocabularyEntry] = {}

    def entry(self, name: str, signature: str, meaning: str, source: str = "") -> Callable[[Computes], Computes]:
        """Registers what a name computes."""

        def register(run: Computes) -> Computes:
            self.entries[name] = VocabularyEntry(name, signature, meaning, run, source)
            return run

        return register

    def statement(self, name: str, signature: str, meaning: str) -> None:
        """Registers a theorem, for its statement."""
        self.entries[name] = VocabularyEntry(name, signature, meaning)


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """A structure of Lean or Mathlib whose values are no records: its parameters and fields as Lean text, and in words.

    `make` takes the type and the fields by name, `read` a value and the name of a field.
    """

    name: str
    parameters: str
    fields: str
    written: str
    meaning: str
    make: Callable[[LeanType, dict[str, LeanValue]], LeanValue]
    read: Callable[[LeanValue, str], LeanValue]
