"""The names that a term uses and does not bind."""

from __future__ import annotations

from collections.abc import Iterator

from lean_refs.evaluator.syntax import (
    Application,
    Ascription,
    Binding,
    BoundName,
    Conditional,
    Expression,
    FieldList,
    Infix,
    Items,
    Local,
    Match,
    Prefix,
    Projection,
    TacticBlock,
    Var,
)


def free_names(term: Expression | None) -> set[str]:
    """The first parts of the names that are free in a term; a pattern's own names count, which does no harm."""
    match term:
        case Var(name):
            return {name.split(".")[0]}
        case Binding(_, bound, body):
            return _under(bound, body)
        case Local(_, name, _, type_, value, body):
            return free_names(type_) | free_names(value) | (free_names(body) - {name})
        case TacticBlock(tokens):
            return {token.text.split(".")[0] for token in tokens if token.kind == "name"}
    return {name for part in _parts(term) for name in free_names(part)}


def _under(bound: tuple[BoundName, ...], body: Expression) -> set[str]:
    if not bound:
        return free_names(body)
    return free_names(bound[0].type) | (_under(bound[1:], body) - {bound[0].name})


def _parts(term: Expression | None) -> Iterator[Expression]:
    match term:
        case Application(function, arguments):
            yield function
            yield from (argument.value for argument in arguments)
        case Infix(_, left, right):
            yield from (left, right)
        case Prefix(_, inner) | Projection(inner, _):
            yield inner
        case Ascription(inner, type_):
            yield from (inner, type_)
        case Conditional(_, condition, then, otherwise):
            yield from (condition, then, otherwise)
        case Match(targets, alternatives):
            yield from targets
            for alternative in alternatives:
                yield from (*alternative.patterns, alternative.body)
        case Items(_, items):
            yield from items
        case FieldList(fields):
            yield from (value for _, value in fields)
        case _:
            return
