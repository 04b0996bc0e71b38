"""Patterns: constructors, lists, pairs, numerals and names, matched against values with their types."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from lean_refs.evaluator.arithmetic import MOST_DIGITS
from lean_refs.evaluator.compiler import Code, Compiler, Environment, LocalScope, Typed, form, refusal
from lean_refs.evaluator.errors import ContractError, NotEvaluatedError
from lean_refs.evaluator.machine import Delayed, Sought, force
from lean_refs.evaluator.syntax import (
    Application,
    Ascription,
    DotName,
    Expression,
    GivenArgument,
    Hole,
    Infix,
    Items,
    Match,
    Number,
    Var,
)
from lean_refs.evaluator.targets import EXPLICIT, LeanParameter, environment_of
from lean_refs.evaluator.values import NAT, PROOF, Constructed, LeanType, LeanValue

Matches = Callable[[LeanValue, LeanValue, list[Typed]], bool]


@dataclass(frozen=True, slots=True)
class Pattern:
    """The names that a pattern binds, in order, and how it is matched: the values of the names are added to a list."""

    names: tuple[str, ...]
    matches: Matches


_ANYTHING = Pattern((), lambda value, type_, found: True)


def read_pattern(compiler: Compiler, term: Expression, scope: LocalScope) -> Pattern:
    """The pattern that a term is."""
    match term:
        case Hole():
            return _ANYTHING
        case Number(text):
            return _numeral(text)
        case Var(name):
            return _named(compiler, name, (), False, scope)
        case Application(Var(name, _, explicit), arguments):
            return _named(compiler, name, arguments, explicit, scope)
        case DotName(name):
            return _dotted(compiler, name, (), False, scope)
        case Application(DotName(name, _, explicit), arguments):
            return _dotted(compiler, name, arguments, explicit, scope)
        case Infix("::", head, tail):
            return _cons(read_pattern(compiler, head, scope), read_pattern(compiler, tail, scope))
        case Infix("+", inner, Number("1")):
            return _successor(read_pattern(compiler, inner, scope))
        case Items("[", items):
            return _list([read_pattern(compiler, item, scope) for item in items])
        case Items(_, items) if items:
            return _anonymous(compiler, [read_pattern(compiler, item, scope) for item in items])
        case Ascription(inner, _):
            return read_pattern(compiler, inner, scope)
    raise NotEvaluatedError("a pattern of this form")


def _names(patterns: Sequence[Pattern]) -> tuple[str, ...]:
    return tuple(name for pattern in patterns for name in pattern.names)


def _bind(name: str) -> Pattern:
    def matches(value: LeanValue, type_: LeanValue, found: list[Typed]) -> bool:
        found.append((value, type_))
        return True

    return Pattern((name,), matches)


def _numeral(text: str) -> Pattern:
    if len(text) > MOST_DIGITS:
        raise NotEvaluatedError(f"a numeral of {len(text)} digits, more than {MOST_DIGITS}")

    def matches(value: LeanValue, _: LeanValue, __: list[Typed]) -> bool:
        known = force(value)
        if known.__class__ is not int:
            raise NotEvaluatedError(f"the pattern {text} for what is no natural number")
        return known == int(text)

    return Pattern((), matches)


def _successor(inner: Pattern) -> Pattern:
    def matches(value: LeanValue, _: LeanValue, found: list[Typed]) -> bool:
        known = force(value)
        if known.__class__ is not int:
            raise NotEvaluatedError("a successor as a pattern for what is no natural number")
        return known > 0 and inner.matches(known - 1, NAT, found)

    return Pattern(inner.names, matches)


def _cons(head: Pattern, tail: Pattern) -> Pattern:
    def matches(value: LeanValue, type_: LeanValue, found: list[Typed]) -> bool:
        known = _listed(value)
        item = Delayed(lambda: force(type_).arguments[0])
        return bool(known) and head.matches(known[0], item, found) and tail.matches(known[1:], type_, found)

    return Pattern(_names((head, tail)), matches)


def _listed(value: LeanValue) -> tuple[LeanValue, ...]:
    """The list that a value must be."""
    known = force(value)
    if known.__class__ is not tuple:
        raise ContractError("a list as a pattern for what is no list")
    return known


def _list(items: Sequence[Pattern]) -> Pattern:
    def matches(value: LeanValue, type_: LeanValue, found: list[Typed]) -> bool:
        known = _listed(value)
        item = Delayed(lambda: force(type_).arguments[0])
        return len(known) == len(items) and all(
            pattern.matches(one, item, found) for pattern, one in zip(items, known, strict=True)
        )

    return Pattern(_names(items), matches)


def _named(
    compiler: Compiler, name: str, arguments: Sequence[GivenArgument], explicit: bool, scope: LocalScope
) -> Pattern:
    if name in ("Nat.succ", "Nat.zero"):
        inner = [read_pattern(compiler, argument.value, scope) for argument in arguments]
        return _successor(inner[0]) if inner else _numeral("0")
    constructor = compiler.library.constructor(name, scope)
    if constructor is None:
        if arguments or "." in name:
            raise NotEvaluatedError(f"the pattern {name}")
        return _bind(name)
    return _constructed(compiler, constructor, arguments, explicit, scope)


def _dotted(
    compiler: Compiler, name: str, arguments: Sequence[GivenArgument], explicit: bool, scope: LocalScope
) -> Pattern:
    """`.name x y`: the constructor of the type of the value that is matched."""
    inner = _constructed(compiler, f".{name}", arguments, explicit, scope)

    def matches(value: LeanValue, type_: LeanValue, found: list[Typed]) -> bool:
        known = force(value)
        if known.__class__ is Constructed and not compiler.library.has_constructor(known.name, name):
            raise NotEvaluatedError(f"the pattern .{name} for a value of {known.name.rpartition('.')[0]}")
        return inner.matches(known, type_, found)

    return Pattern(inner.names, matches)


def _constructed(
    compiler: Compiler, name: str, arguments: Sequence[GivenArgument], explicit: bool, scope: LocalScope
) -> Pattern:
    inner = [read_pattern(compiler, argument.value, scope) for argument in arguments]
    named = [argument.name for argument in arguments]

    def matches(value: LeanValue, type_: LeanValue, found: list[Typed]) -> bool:
        known = force(value)
        if known.__class__ is not Constructed:
            raise NotEvaluatedError(f"the pattern {name} for a value of another kind")
        if known.name != name and not (name.startswith(".") and known.name.endswith(name)):
            return False
        fields = fields_with_types(compiler, known, type_)
        chosen = _chosen(fields, named, explicit)
        return all(pattern.matches(*typed, found) for pattern, typed in zip(inner, chosen, strict=True))

    return Pattern(_names(inner), matches)


def fields_with_types(compiler: Compiler, value: Constructed, type_: LeanValue) -> list[tuple[LeanParameter, Typed]]:
    """The arguments of a constructor with their types."""
    count, parameters = compiler.library.fields_of(value.name)
    whole = [*(Delayed(partial(_argument, type_, number)) for number in range(count)), *value.arguments]
    environment = environment_of(parameters, whole)
    return list(zip(parameters[count:], environment[count:], strict=True))


def _argument(type_: LeanValue, number: int) -> LeanValue:
    return force(type_).arguments[number]


def _chosen(fields: Sequence[tuple[LeanParameter, Typed]], named: Sequence[str], explicit: bool) -> list[Typed]:
    """The fields that patterns stand for, those given by name among them."""
    left = [typed for parameter, typed in fields if explicit or parameter.kind == EXPLICIT]
    by_name = {parameter.name: typed for parameter, typed in fields}
    if named.count("") > len(left) or any(name and name not in by_name for name in named):
        raise NotEvaluatedError("a pattern with other arguments than its constructor has")
    positional = iter(left)
    return [by_name[name] if name else next(positional) for name in named]


def _anonymous(compiler: Compiler, items: Sequence[Pattern]) -> Pattern:
    """`⟨a, b⟩` or `(a, b)`; the last item stands for all fields that are left."""

    def matches(value: LeanValue, type_: LeanValue, found: list[Typed]) -> bool:
        known = force(value)
        if known is PROOF:
            return all(item.matches(PROOF, Sought("_"), found) for item in items)
        parts = _opened(compiler, known, force(type_), len(items))
        return all(item.matches(*part, found) for item, part in zip(items, parts, strict=True))

    return Pattern(_names(items), matches)


def _opened(compiler: Compiler, value: LeanValue, type_: LeanType, count: int) -> list[Typed]:
    structure = compiler.library.structure(type_.head) if type_.__class__ is LeanType else None
    if structure is None:
        raise NotEvaluatedError("⟨…⟩ as a pattern for what is no structure")
    fields = [typed for _, typed in structure.opened(type_, lambda name: structure.value(value, name))]
    if count > len(fields):
        last, last_type = fields.pop()
        fields += _opened(compiler, force(last), force(last_type), count - len(fields))
    if count != len(fields):
        raise NotEvaluatedError(f"⟨…⟩ with {count} patterns for {len(fields)} fields")
    return fields


@form(Match)
def _match(compiler: Compiler, term: Match, scope: LocalScope) -> Code:
    if not term.alternatives:
        return refusal("a match without alternatives is reached")
    targets = [compiler.compile(target, scope) for target in term.targets]
    rows = equations(compiler, term, scope)

    def run(environment: Environment, expected: LeanValue) -> Typed:
        subjects = [target(environment, None) for target in targets]
        return rows(environment, subjects, expected)

    return run


Rows = Callable[[Environment, Sequence[Typed], LeanValue], Typed]


def equations(compiler: Compiler, term: Match, scope: LocalScope) -> Rows:
    """The alternatives of a match or of a definition by equations: the first that matches is taken."""
    rows: list[tuple[Sequence[Pattern], Code]] = []
    for alternative in term.alternatives:
        patterns = [read_pattern(compiler, pattern, scope) for pattern in alternative.patterns]
        rows.append((patterns, compiler.later(alternative.body, scope.binding(*_names(patterns)))))

    def run(environment: Environment, subjects: Sequence[Typed], expected: LeanValue) -> Typed:
        for patterns, body in rows:
            if len(patterns) != len(subjects):
                raise NotEvaluatedError(f"{len(patterns)} patterns for {len(subjects)} values")
            found: list[Typed] = []
            if all(pattern.matches(*subject, found) for pattern, subject in zip(patterns, subjects, strict=True)):
                return body((*environment, *found), expected)
        raise NotEvaluatedError("no alternative matches")

    return run
