"""Lean terms as trees with precedence, as the evaluator reads them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from lean_refs.reader.tokens import Token


@dataclass(frozen=True, slots=True, eq=False)
class Var:
    """A possibly dotted identifier; `explicit` where `@` precedes it."""

    name: str
    at: int
    explicit: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class DotName:
    """`.snoc`: a name that the expected type completes; `explicit` as after `@`, in the alternatives of `cases`."""

    name: str
    at: int
    explicit: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Number:
    """A numeral such as `2` or `0.044715`."""

    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Hole:
    """`_` or `?_`; in a pattern, what is not named."""

    synthetic: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class GivenArgument:
    """An argument, with its name if it is given as `(name := value)`."""

    name: str
    value: Expression


@dataclass(frozen=True, slots=True, eq=False)
class Application:
    """A function applied to arguments."""

    function: Expression
    arguments: tuple[GivenArgument, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Infix:
    """Two terms with an operator between them."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True, eq=False)
class Prefix:
    """`-x`, `¬p`, or `x⁻¹`, which stands here too."""

    operator: str
    term: Expression


@dataclass(frozen=True, slots=True, eq=False)
class BoundName:
    """One bound name or pattern, its bracket (`(`, `{`, `[`, `⦃` or nothing) and its type where one is written."""

    name: str
    kind: str
    type: Expression | None
    pattern: Expression | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Binding:
    """`fun`, `∀`, `∃` or `∑`; an arrow is a `∀` whose name is empty."""

    keyword: str
    bound: tuple[BoundName, ...]
    body: Expression


@dataclass(frozen=True, slots=True, eq=False)
class Local:
    """`let`, `let rec` or `have` with the term after it; `pattern` where a pattern is bound."""

    keyword: str
    name: str
    pattern: Expression | None
    type: Expression | None
    value: Expression
    body: Expression


@dataclass(frozen=True, slots=True, eq=False)
class Conditional:
    """`if h : p then a else b`; `name` is empty where the proof has none."""

    name: str
    condition: Expression
    then: Expression
    otherwise: Expression


@dataclass(frozen=True, slots=True, eq=False)
class Alternative:
    """One line of a match: its patterns and what it gives."""

    patterns: tuple[Expression, ...]
    body: Expression


@dataclass(frozen=True, slots=True, eq=False)
class Match:
    """`match a, b with | …`; without targets it is `nomatch`, or the equations of a definition."""

    targets: tuple[Expression, ...]
    alternatives: tuple[Alternative, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Items:
    """`[…]`, `⟨…⟩` or `(a, b)`."""

    bracket: str
    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True, eq=False)
class FieldList:
    """`{ field := term … }`."""

    fields: tuple[tuple[str, Expression], ...]
    at: int


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """`(term).field`."""

    term: Expression
    field: str


@dataclass(frozen=True, slots=True, eq=False)
class Ascription:
    """`(term : type)`."""

    term: Expression
    type: Expression


@dataclass(frozen=True, slots=True, eq=False)
class TacticBlock:
    """A `by` block: its tokens, read only where its result is data."""

    tokens: tuple[Token, ...]


Expression: TypeAlias = (
    Var | DotName | Number | Hole | Application | Infix | Prefix | Binding | Local | Conditional | Match | Items
    | FieldList | Projection | Ascription | TacticBlock
)  # fmt: skip
