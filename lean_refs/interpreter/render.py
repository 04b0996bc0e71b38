"""Terms back to one normalised text, with evaluated names put in."""

from __future__ import annotations

from collections.abc import Callable

from lean_refs.reader.terms import (
    Apply,
    Ascribe,
    Bind,
    Brackets,
    Chain,
    Dot,
    Let,
    Literal,
    Name,
    Operator,
    Project,
    Structure,
    Tactics,
    Term,
)
from lean_refs.reader.tokens import OPENING

_ATOMS = (Name, Literal, Dot, Operator, Brackets, Structure, Project)


def render(term: Term, name: Callable[[str], str | None], bound: frozenset[str] = frozenset()) -> str:
    """One text for a term; `name` gives what stands for a free name (None: leave it as written)."""

    def atom(part: Term) -> str:
        text = render(part, name, bound)
        return text if (isinstance(part, _ATOMS) and " " not in text) or text.startswith("(") else f"({text})"

    match term:
        case Name(text):
            base = text.partition(".")[0]
            return text if base in bound else (name(text) or text)
        case Literal(text) | Operator(text):
            return text
        case Dot(text):
            return f".{text}"
        case Apply(head, arguments):
            parts = (
                atom(a.value) if a.name is None else f"({a.name} := {render(a.value, name, bound)})" for a in arguments
            )
            return " ".join((atom(head), *parts))
        case Chain(items):
            return " ".join(render(i, name, bound) if isinstance(i, Operator | Apply) else atom(i) for i in items)
        case Brackets(kind, items):
            return kind + ", ".join(render(item, name, bound) for item in items) + OPENING[kind]
        case Structure(fields, _):
            return "{" + ", ".join(f"{field} := {render(value, name, bound)}" for field, value in fields) + "}"
        case Project(inner, field):
            return f"{atom(inner)}.{field}"
        case Ascribe(inner, type_):
            return f"({render(inner, name, bound)} : {render(type_, name, bound)})"
        case Bind(keyword, groups, body):
            inside = bound | {n for group in groups for n in group.names}
            names = " ".join(n for group in groups for n in group.names)
            return f"{keyword} {names} => {render(body, name, inside)}"
        case Let(keyword, bound_name, _, _, value, body):
            inner = render(body, name, bound | {bound_name})
            return f"{keyword} {bound_name} := {render(value, name, bound)}; {inner}"
        case Tactics():
            return "by …"
