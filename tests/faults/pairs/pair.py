"""A pair: a fault of the mirror, and what makes the same fault of the Lean text."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from tests.faults.exchange import Breaks, exchanged

CORE = "Proofs.Autograd."


@dataclass(frozen=True, slots=True)
class Edit:
    """What a declaration's body has at one place, and what it gets there: a few tokens, spaced as the text spaces them.

    An instance, which has no name of its own, goes by its type.
    """

    declaration: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Word:
    """A name of Lean or Mathlib, and what makes a wrong meaning from the right one."""

    name: str
    breaks: Callable[[Callable[..., Any]], Callable[..., Any]]


class Broken(Protocol):
    """A deliberate fault of the executable side."""

    @property
    def name(self) -> str: ...

    @property
    def definition(self) -> str: ...

    def applied(self) -> AbstractContextManager[None]:
        """Run with the fault in place; undo it afterwards."""
        ...


@dataclass(frozen=True, slots=True)
class PairedFault:
    """A fault that is here for its pair alone: the definition that it breaks, and the functions that it exchanges."""

    name: str
    definition: str
    changes: tuple[tuple[str, Breaks], ...]

    def applied(self) -> AbstractContextManager[None]:
        """Run with the fault in place; undo it afterwards."""
        return exchanged(self.changes)


@dataclass(frozen=True, slots=True)
class Pair:
    """A fault, what makes the same of the text, and the theorems that both reach.

    The definition that shows it, which is the fault's own unless another is named, is the same function on both sides
    where the two are in place, and another where one of them is. `unshown` says why no definition shows it.
    """

    fault: Broken
    lean: tuple[Edit | Word, ...]
    theorems: tuple[str, ...]
    shown_by: str = ""
    unshown: str = ""

    @property
    def name(self) -> str:
        """The name of its fault."""
        return self.fault.name

    @property
    def definition(self) -> str:
        """The definition that shows it."""
        return self.shown_by or self.fault.definition


def broken(name: str, definition: str, target: str, breaks: Breaks) -> PairedFault:
    """A fault of one function below `mirror`."""
    return PairedFault(name, definition, ((f"mirror.{target}", breaks),))


def core(*names: str) -> tuple[str, ...]:
    """Full names of theorems of the tape."""
    return tuple(CORE + name for name in names)
