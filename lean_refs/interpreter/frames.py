"""Where a term stands while it is evaluated, and the two ways in which evaluation stops."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from lean_refs.interpreter.values import Value
from lean_refs.reader.parser import parse_code, parse_term
from lean_refs.reader.records import LeanDeclaration
from lean_refs.reader.signature import UnreadableError
from lean_refs.reader.terms import Term
from lean_refs.reader.tokens import Token


class OutsideError(Exception):
    """The text leaves the fragment that is interpreted; the message says where."""


class DisagreesError(Exception):
    """The text contradicts itself: a context, shape or index is not the declared one."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a term stands: the declaration it belongs to and the values of the names bound around it."""

    owner: LeanDeclaration
    bound: tuple[tuple[str, Value], ...] = ()
    depth: int = 0

    def value(self, name: str) -> Value | None:
        """The value of a bound name, or None if it is not bound here."""
        return next((value for bound, value in reversed(self.bound) if bound == name), None)

    def binding(self, name: str, value: Value) -> Frame:
        """This frame with one more name."""
        return Frame(self.owner, (*self.bound, (name, value)), self.depth)


@cache
def term_of(tokens: tuple[Token, ...], owner: str) -> Term:
    """The parsed term of a type, default or tactic in `owner`; `OutsideError` where it cannot be parsed."""
    try:
        return parse_term(tokens)
    except UnreadableError as problem:
        raise OutsideError(f"a type, default or tactic of {owner} cannot be parsed: {problem}") from None


@cache
def body_of(declaration: LeanDeclaration) -> Term:
    """The parsed body of a definition; `OutsideError` if it is given by patterns or cannot be parsed."""
    if declaration.body_style != ":=":
        raise OutsideError(f"{declaration.name} is not defined by ':='")
    try:
        return parse_code(declaration.body)
    except UnreadableError as problem:
        raise OutsideError(f"{_place(declaration, problem.offset)} cannot be parsed: {problem}") from None


def _place(declaration: LeanDeclaration, offset: int | None) -> str:
    """A place in the body of a declaration; the body's code ends where the declaration does."""
    below = declaration.body.rstrip()[offset:].count("\n") if offset is not None else 0
    return f"the body of {declaration.name} ({declaration.file}:{declaration.end_line - below})"
