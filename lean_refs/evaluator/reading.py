"""A declaration's text as terms: its parameters, those of its type among them, its result and its body."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lean_refs.evaluator.errors import NotEvaluatedError
from lean_refs.evaluator.free import free_names
from lean_refs.evaluator.parser import TermReader
from lean_refs.evaluator.syntax import Binding, BoundName, Expression, FieldList, Items, Match
from lean_refs.reader.records import EXPLICIT, IMPLICIT, INSTANCE, STRICT, Binder, LeanDeclaration
from lean_refs.reader.signature import UnreadableError, read_signature
from lean_refs.reader.tokens import Token, tokenize

_BRACKETS = {EXPLICIT: "(", IMPLICIT: "{", INSTANCE: "[", STRICT: "⦃"}


@dataclass(frozen=True, slots=True)
class ReadParameter:
    """One parameter with its type and default as terms; `declared` ones stand before the colon."""

    name: str
    kind: str
    type: Expression | None
    default: Expression | None = None
    declared: bool = True


@dataclass(frozen=True, slots=True)
class Head:
    """The parameters of a declaration, with those that its type begins with, and the type that is left."""

    parameters: tuple[ReadParameter, ...]
    result: Expression | None


def read_term(declaration: LeanDeclaration, tokens: Sequence[Token]) -> Expression:
    """The term that tokens of a declaration's head spell."""
    try:
        return TermReader(tokens).whole()
    except UnreadableError as problem:
        raise _located(declaration, NotEvaluatedError(str(problem))) from None


def read_body(declaration: LeanDeclaration) -> Expression | None:
    """The body of a definition as a term, a match for equations, fields for `where`; None where there is none."""
    reader = TermReader(list(tokenize(declaration.body)))
    try:
        match declaration.body_style:
            case ":=":
                return reader.whole()
            case "|":
                return reader.equations()
            case "where":
                return reader.fields()
    except UnreadableError as problem:
        raise _located(declaration, NotEvaluatedError(str(problem), _line(declaration, problem.offset))) from None
    return None


def read_field(declaration: LeanDeclaration, name: str, fields: Sequence[str]) -> Expression | None:
    """The term for one of the fields of an instance: after `where`, in `{ … }` or in `⟨…⟩`; None where it has none.

    The other fields need not be understood.
    """
    if declaration.body_style != "where":
        body = read_body(declaration)
        if isinstance(body, Items) and body.bracket == "⟨" and len(body.items) == len(fields):
            return body.items[list(fields).index(name)]
        return dict(body.fields).get(name) if isinstance(body, FieldList) else None
    tokens = list(tokenize(declaration.body))
    for entry in entries(tokens):
        if entry[0].text == name:
            try:
                return dict(TermReader(entry).fields().fields)[name]
            except UnreadableError as problem:
                raise _located(declaration, NotEvaluatedError(str(problem))) from None
    return None


def entries(tokens: Sequence[Token]) -> list[list[Token]]:
    """The lines of a list of fields, each with what is indented under it."""
    found: list[list[Token]] = []
    for token in tokens:
        if not found or (token.first and token.column <= tokens[0].column):
            found.append([])
        found[-1].append(token)
    return found


def _located(declaration: LeanDeclaration, refusal: NotEvaluatedError) -> NotEvaluatedError:
    return refusal.located(declaration.name, declaration.file, declaration.line)


def _line(declaration: LeanDeclaration, offset: int | None) -> int:
    """The line of the file that holds an offset of the body."""
    after = declaration.body[offset:].count("\n") if offset is not None else 0
    return declaration.end_line - after


def read_head(declaration: LeanDeclaration, body: Expression | None) -> Head:
    """The parameters and the result type of a declaration."""
    result = read_term(declaration, declaration.result) if declaration.result else None
    own = [b for b in declaration.binders if not b.from_variable]
    parameters = [_parameter(declaration, b) for b in own]
    supplied = [_parameter(declaration, b) for b in declaration.binders if b.from_variable]
    used = _used(parameters, result) | (set() if declaration.is_theorem else free_names(body))
    taken = {p.name for p in parameters}
    kept = _kept(supplied, used - taken)
    inner, left = leading(result)
    return Head((*kept, *parameters, *inner), left)


def read_signature_text(text: str) -> Head:
    """The parameters and the result of a head given as text, such as `{n : Nat} (i : Fin n) : Nat`."""
    signature = read_signature(list(tokenize(text)), named=False)
    parameters = [
        ReadParameter(b.name, _BRACKETS[b.kind], TermReader(b.type).whole() if b.type else None)
        for b in signature.binders
    ]
    inner, left = leading(TermReader(signature.result).whole())
    return Head((*parameters, *inner), left)


def leading(result: Expression | None) -> tuple[list[ReadParameter], Expression | None]:
    """The parameters that a type begins with, and the rest of it."""
    found: list[ReadParameter] = []
    while isinstance(result, Binding) and result.keyword == "∀":
        found += [_inner(bound) for bound in result.bound]
        result = result.body
    return found, result


def _inner(bound: BoundName) -> ReadParameter:
    return ReadParameter(bound.name, bound.kind or "(", bound.type, None, declared=False)


def _parameter(declaration: LeanDeclaration, binder: Binder) -> ReadParameter:
    type_ = read_term(declaration, binder.type) if binder.type else None
    default = read_term(declaration, binder.default) if binder.default else None
    return ReadParameter(binder.name, _BRACKETS[binder.kind], type_, default)


def _used(parameters: Sequence[ReadParameter], result: Expression | None) -> set[str]:
    """The free names of a head."""
    names = free_names(result)
    for parameter in reversed(parameters):
        names = (names - {parameter.name}) | free_names(parameter.type) | free_names(parameter.default)
    return names


def _kept(supplied: Sequence[ReadParameter], used: set[str]) -> list[ReadParameter]:
    """The `variable`s that a declaration takes: those it uses, what their types use, and instances about them."""
    for parameter in reversed(supplied):
        if parameter.name in used:
            used = used | free_names(parameter.type)
    names = {parameter.name for parameter in supplied}
    return [p for p in supplied if p.name in used or (p.kind == "[" and free_names(p.type) & names <= used)]


def patterns_of(body: Expression | None) -> int:
    """How many parameters the equations of a definition look at."""
    if not (isinstance(body, Match) and not body.targets):
        return 0
    counts = {len(alternative.patterns) for alternative in body.alternatives}
    if len(counts) != 1:
        raise NotEvaluatedError("equations with different numbers of patterns")
    return counts.pop()
