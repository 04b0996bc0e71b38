"""Lean terms as trees: enough structure to evaluate, rename and unfold; operators stay in a flat chain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from lean_refs.reader.tokens import Token


@dataclass(frozen=True, slots=True)
class Name:
    """A possibly dotted identifier, `_root_.` and `@` included as written."""

    text: str


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, string or character, or a hole such as `_`."""

    text: str


@dataclass(frozen=True, slots=True)
class Dot:
    """`.snoc`: a name that the expected type completes."""

    text: str


@dataclass(frozen=True, slots=True)
class Operator:
    """A symbol or keyword between the terms of a chain."""

    text: str


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument, with its name if it was given as `(name := value)`."""

    name: str | None
    value: Term


Arguments: TypeAlias = tuple[Argument, ...]


@dataclass(frozen=True, slots=True)
class Apply:
    """A function applied to arguments."""

    head: Term
    arguments: Arguments


@dataclass(frozen=True, slots=True)
class Chain:
    """Terms and operators in the order of the text, without precedence."""

    items: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Brackets:
    """`[…]`, `⟨…⟩`, `{…}` or `(…, …)` with comma-separated items."""

    kind: str
    items: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Structure:
    """`{ field := term … }`, with the term before `with` if there is one."""

    fields: tuple[tuple[str, Term], ...]
    source: Term | None = None


@dataclass(frozen=True, slots=True)
class Project:
    """`(term).field`."""

    term: Term
    field: str


@dataclass(frozen=True, slots=True)
class Ascribe:
    """`(term : type)`."""

    term: Term
    type: Term


@dataclass(frozen=True, slots=True)
class Bound:
    """Names bound together: their bracket kind, and their type or range (None where not written).

    A pattern, and a class without a name, stand where the type does; `bound` gives what a pattern binds.
    """

    names: tuple[str, ...]
    kind: str
    type: Term | None

    @property
    def bound(self) -> tuple[str, ...]:
        """The names that are bound, those of a pattern too."""
        return self.names if self.names or self.kind == "[" else tuple(bound_names(self.type))


@dataclass(frozen=True, slots=True)
class Bind:
    """`fun`, `∀`, `∃`, `∑`…: bound names and the body they are bound in."""

    keyword: str
    bound: tuple[Bound, ...]
    body: Term


@dataclass(frozen=True, slots=True)
class Let:
    """`let` or `have` in a term; `name` is `this` where none is written, empty when a pattern is bound instead."""

    keyword: str
    name: str
    pattern: Term | None
    type: Term | None
    value: Term
    body: Term


@dataclass(frozen=True, slots=True)
class Tactics:
    """A `by` block: one list of tokens for each of its steps."""

    steps: tuple[tuple[Token, ...], ...]


Term: TypeAlias = (
    Name | Literal | Dot | Operator | Apply | Chain | Brackets | Structure | Project | Ascribe | Bind | Let | Tactics
)


def bound_names(term: Term | None) -> Iterator[str]:
    """The names that a pattern binds; a constructor without arguments reads like one of them."""
    match term:
        case Name(text) if "." not in text:
            yield text
        case Apply(_, arguments):
            for argument in arguments:
                yield from bound_names(argument.value)
        case Ascribe(inner, _):
            yield from bound_names(inner)
        case Brackets(_, items) | Chain(items):
            for item in items:
                yield from bound_names(item)


def chain(items: list[Term]) -> Term:
    """The items as one term; nested `++` chains become one."""
    if len(items) == 1:
        return items[0]
    append = Operator("++")
    if all(item == append for item in items[1::2]):
        flat: list[Term] = []
        for item in items:
            nested = isinstance(item, Chain) and len(item.items) > 1 and item.items[1] == append
            flat += item.items if nested and isinstance(item, Chain) else [item]
        return Chain(tuple(flat))
    return Chain(tuple(items))
