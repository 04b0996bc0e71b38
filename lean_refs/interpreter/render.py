"""Terms back to one normalised text, with evaluated names put in."""

from __future__ import annotations

from collections.abc import Callable

from lean_refs.reader.terms import (
    Apply,
    Ascribe,
    Bind,
    Bound,
    Brackets,
    Chain,
    Dot,
    Let,
    Literal,
    Name,
    Operator,
    Project,
    Structure,
    Term,
    bound_names,
)
from lean_refs.reader.tokens import OPENING, Token

# Texts of these need no parentheses wherever they stand.
_CLOSED = (Name, Literal, Dot, Operator, Brackets, Structure, Project, Ascribe)


def render(term: Term, name: Callable[[str], str | None], bound: frozenset[str] = frozenset()) -> str:
    """One text for a term, another one for every other term.

    `name` gives what stands for a free name, in parentheses if it is more than one word (None: as written).
    """

    def text_of(part: Term, inside: frozenset[str] = bound) -> str:
        return render(part, name, inside)

    def closed(part: Term, open_: tuple[type, ...] = (), inside: frozenset[str] = bound) -> str:
        text = text_of(part, inside)
        return text if isinstance(part, (*_CLOSED, *open_)) else f"({text})"

    def named(text: str) -> str:
        return text if text.partition(".")[0] in bound else (name(text) or text)

    def word(token: Token) -> str:
        return named(token.text) if token.kind == "name" else token.text

    match term:
        case Name(text):
            return named(text)
        case Literal(text) | Operator(text):
            return text
        case Dot(text):
            return f".{text}"
        case Apply(head, arguments):
            parts = (closed(a.value) if a.name is None else f"({a.name} := {text_of(a.value)})" for a in arguments)
            return " ".join((closed(head), *parts))
        case Chain(items):
            return " ".join(closed(item, (Apply,)) for item in items)
        case Brackets(kind, items):
            return kind + ", ".join(map(text_of, items)) + OPENING[kind]
        case Structure(fields, source):
            given = ", ".join(f"{field} := {text_of(value)}" for field, value in fields)
            return "{" + (f"{text_of(source)} with {given}" if source else given) + "}"
        case Project(inner, field):
            return f"{closed(inner)}.{field}"
        case Ascribe(inner, type_):
            return f"({text_of(inner)} : {text_of(type_)})"
        case Bind(keyword, groups, body):
            heads, inside = [], bound
            for group in groups:
                outside, inside = inside, inside.union(group.bound)
                scope = outside if group.names else inside
                heads.append(_group(group, closed(group.type, (Apply, Chain), scope) if group.type else ""))
            return f"{keyword} {' '.join(heads)} => {text_of(body, inside)}"
        case Let(keyword, bound_name, pattern, type_, value, body):
            inside = bound.union((bound_name,), bound_names(pattern))
            head = closed(pattern, (), inside) if pattern else bound_name
            head += f" : {closed(type_, (Apply, Chain))}" if type_ else ""
            return f"{keyword} {head} := {closed(value, (Apply, Chain))}; {text_of(body, inside)}"
    return "by " + "; ".join(" ".join(map(word, step)) for step in term.steps)


def _group(group: Bound, type_: str) -> str:
    """Bound names as they were written: `x y`, `x : A`, `i ∈ s`, `{x : A}`, or a pattern."""
    if not group.names:
        return type_
    names = " ".join(group.names)
    ranged = isinstance(group.type, Chain) and isinstance(group.type.items[0], Operator)
    text = f"{names} {type_}" if ranged else f"{names} : {type_}" if type_ else names
    return group.kind + text + OPENING.get(group.kind, "")
