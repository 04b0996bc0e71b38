"""A function that a `let rec` makes inside a definition, named from outside: as Lean, with what it uses in front."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lean_refs.evaluator.compiler import Compiler, LocalScope
from lean_refs.evaluator.errors import NotEvaluatedError
from lean_refs.evaluator.free import free_names
from lean_refs.evaluator.patterns import read_pattern
from lean_refs.evaluator.reading import ReadParameter, patterns_of, read_body, read_head
from lean_refs.evaluator.syntax import Expression, Local, Match, Var
from lean_refs.reader.records import LeanDeclaration


@dataclass(frozen=True, slots=True)
class LiftedFunction:
    """What it uses of what is around it, as parameters, and the term that gives it."""

    parameters: tuple[ReadParameter, ...]
    term: Local


def lifted(compiler: Compiler, declaration: LeanDeclaration, name: str) -> LiftedFunction | None:
    """The `let rec` of that name in a definition; None where there is none."""
    if declaration.is_theorem or "let rec" not in declaration.body:
        return None
    body = read_body(declaration)
    for patterns, line in _lines(body):
        for one in _locals(line):
            if one.keyword == "let rec" and one.name == name:
                scope = LocalScope(declaration)
                bound = [n for pattern in patterns for n in read_pattern(compiler, pattern, scope).names]
                around = [p for p in read_head(declaration, body).parameters if p.declared]
                parameters = _used(around, bound, free_names(one.value) | free_names(one.type))
                return LiftedFunction(tuple(parameters), replace(one, body=Var(name, 0)))
    return None


def type_of(term: Local) -> Expression:
    """The type of a `let rec`; raises `NotEvaluatedError` where it has none, which Lean finds from the term."""
    if term.type is None:
        raise NotEvaluatedError(f"the type of the local function {term.name}, which is not written")
    return term.type


def _lines(body: Expression | None) -> list[tuple[Sequence[Expression], Expression | None]]:
    """What each line of a body matches, and what it gives."""
    if isinstance(body, Match) and patterns_of(body):
        return [(alternative.patterns, alternative.body) for alternative in body.alternatives]
    return [((), body)]


def _locals(term: Expression | None) -> Iterator[Local]:
    while isinstance(term, Local):
        yield term
        term = term.body


def _used(around: Sequence[ReadParameter], bound: Sequence[str], names: set[str]) -> list[ReadParameter]:
    """Of the parameters those that a local function uses and that their types name; of what patterns bind those too.

    The types of what patterns bind are not known here: what stands before a used name is taken for a part of its type.
    """
    last = max((k for k, name in enumerate(bound) if name in names), default=-1)
    kept = [ReadParameter(name, "(", None) for name in bound[: last + 1]]
    for one in reversed(around):
        if one.name in names:
            names = names | free_names(one.type)
            kept.insert(0, one)
    return kept
