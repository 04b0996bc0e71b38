"""Functions, local definitions, conditions, ascriptions and types of functions."""

from __future__ import annotations

from collections.abc import Callable

from lean_refs.evaluator.arithmetic import combined, zero
from lean_refs.evaluator.coercions import NUMBERS, coerced
from lean_refs.evaluator.compiler import Code, Compiler, Environment, LocalScope, Typed, form
from lean_refs.evaluator.deciding import holds, indices
from lean_refs.evaluator.errors import NotEvaluatedError
from lean_refs.evaluator.lifted import type_of
from lean_refs.evaluator.machine import Delayed, Sought, attempted, expectation, force, peek
from lean_refs.evaluator.patterns import Pattern, read_pattern
from lean_refs.evaluator.propositions import is_proposition
from lean_refs.evaluator.syntax import Ascription, Binding, BoundName, Conditional, Expression, Local
from lean_refs.evaluator.values import PROOF, REAL, Fin, FunctionType, LeanType, LeanValue
from lean_refs.evaluator.world import World


@form(Binding)
def _binding(compiler: Compiler, term: Binding, scope: LocalScope) -> Code:
    bound, rest = term.bound[0], term.bound[1:]
    body = Binding(term.keyword, rest, term.body) if rest else term.body
    match term.keyword:
        case "fun":
            return _function(compiler, bound, body, scope)
        case "∀":
            return _function_type(compiler, bound, body, scope)
        case "∃":
            return _exists(compiler, bound, body, scope)
    return _sum(compiler, bound, body, scope)


def _function(compiler: Compiler, bound: BoundName, body: Expression, scope: LocalScope) -> Code:
    declared = compiler.compile(bound.type, scope) if bound.type else None
    name = bound.name or "·pattern"
    inner = scope.binding(name)
    pattern = read_pattern(compiler, bound.pattern, inner) if bound.pattern else None
    code = compiler.later(body, inner.binding(*pattern.names) if pattern else inner)
    kind = bound.kind or "("
    world = compiler.world

    def run(environment: Environment, expected: LeanValue) -> Typed:
        known = expectation(expected)
        if known.__class__ is FunctionType and known.kind != "(" and kind == "(":
            # Lean binds the implicit arguments of an expected type itself.
            return _under(known, lambda value, type_: run(environment, type_))
        wanted = known if known.__class__ is FunctionType else None
        domain = type_by(declared, environment) if declared else (wanted.domain if wanted else Sought(name))

        def typed(argument: LeanValue) -> Typed:
            extended = (*environment, (argument, domain))
            if pattern:
                extended = (*extended, *_taken(pattern, argument, domain))
            codomain = wanted.codomain(argument) if wanted else None
            made = code(extended, codomain)
            return coerced(world, made, codomain) if made[0].__class__ in NUMBERS else made

        type_ = FunctionType(name, kind, domain, lambda argument: Delayed(lambda: typed(argument)[1]))
        return remembering(lambda argument: typed(argument)[0]), type_

    return run


def type_by(declared: Code, environment: Environment) -> LeanValue:
    """A declared type, when it is looked at."""
    return Delayed(lambda: declared(environment, None)[0])


def _under(known: FunctionType, run: Callable[[LeanValue, LeanValue], Typed]) -> Typed:
    return (lambda argument: run(argument, known.codomain(argument))[0]), known


def _taken(pattern: Pattern, value: LeanValue, type_: LeanValue) -> list[Typed]:
    found: list[Typed] = []
    if not pattern.matches(value, type_, found):
        raise NotEvaluatedError("a pattern that does not match")
    return found


def remembering(function: Callable[[LeanValue], LeanValue]) -> Callable[[LeanValue], LeanValue]:
    """The function, which looks at each index of `Fin n` once."""
    seen: dict[int, LeanValue] = {}

    def remembered(argument: LeanValue) -> LeanValue:
        if argument.__class__ is not Fin:
            return function(argument)
        if argument.value not in seen:
            seen[argument.value] = function(argument)
        return seen[argument.value]

    return remembered


def _function_type(compiler: Compiler, bound: BoundName, body: Expression, scope: LocalScope) -> Code:
    declared = compiler.compile(bound.type, scope) if bound.type else None
    code = compiler.compile(body, scope.binding(bound.name) if bound.name else scope.binding("·"))
    kind = bound.kind or "("
    sort = LeanType("Prop") if is_proposition(body, scope, compiler.library) else LeanType("Type")

    def run(environment: Environment, _: LeanValue) -> Typed:
        domain = type_by(declared, environment) if declared else Sought(bound.name)

        def told() -> LeanValue:
            """The type of a name without one, which what is said of it tells."""
            _look(code((*environment, (Sought(bound.name), domain)), None)[0])
            return force(domain)

        return FunctionType(
            bound.name,
            kind,
            domain if declared else Delayed(told),
            lambda argument: Delayed(lambda: code((*environment, (argument, domain)), None)[0]),
        ), sort

    return run


def _look(proposition: LeanValue) -> None:
    """Look at what a proposition is about, so that the types in it are compared."""
    known = peek(proposition)
    if isinstance(known, FunctionType):
        _look(known.domain)
        _look(known.codomain(Sought(known.name)))
        return
    for argument in getattr(known, "arguments", ()):
        peek(argument)


def _exists(compiler: Compiler, bound: BoundName, body: Expression, scope: LocalScope) -> Code:
    code = _function(compiler, bound, body, scope)

    def run(environment: Environment, _: LeanValue) -> Typed:
        predicate, type_ = code(environment, None)
        return LeanType("Exists", (type_.domain, predicate)), LeanType("Prop")

    return run


def total(world: World, type_: LeanValue, terms: list[Typed]) -> LeanValue:
    """The sum of some terms of one type."""
    found = zero(world, type_)
    for value, _ in terms:
        found = combined(world, "+", type_, found, value)
    return found


def _sum(compiler: Compiler, bound: BoundName, body: Expression, scope: LocalScope) -> Code:
    """`∑ i : Fin n, term`."""
    if bound.type is None:
        raise NotEvaluatedError("∑ over what has no declared type")
    declared = compiler.compile(bound.type, scope)
    code = compiler.compile(body, scope.binding(bound.name))
    world = compiler.world

    def run(environment: Environment, expected: LeanValue) -> Typed:
        domain = force(declared(environment, None)[0])
        found = [code((*environment, (index, domain)), expected) for index in indices(domain)]
        type_ = expected if expected is not None else found[0][1] if found else REAL
        return attempted(lambda: total(world, type_, found)), type_

    return run


@form(Local)
def _local(compiler: Compiler, term: Local, scope: LocalScope) -> Code:
    if term.pattern:
        return _local_pattern(compiler, term, term.pattern, scope)
    recursive = term.keyword == "let rec"
    if term.type is not None and is_proposition(term.type, scope, compiler.library):
        return _proof(compiler, term, term.type, scope)
    written = type_of(term) if recursive else term.type
    declared = compiler.compile(written, scope) if written else None
    inner = scope.binding(term.name)
    value = compiler.later(term.value, inner if recursive else scope)
    body = compiler.later(term.body, inner)
    world = compiler.world

    def run(environment: Environment, expected: LeanValue) -> Typed:
        type_ = type_by(declared, environment) if declared else None
        if recursive:
            itself: Typed = (lambda argument: world.counted(made.get(), argument, term.name), type_)
            made = Delayed(lambda: value((*environment, itself), type_)[0])
            return body((*environment, (itself[0], type_)), expected)
        typed = Delayed(lambda: coerced(world, value(environment, type_), type_))
        found = type_ if type_ is not None else Delayed(lambda: typed.get()[1])
        return body((*environment, (Delayed(lambda: typed.get()[0]), found)), expected)

    return run


def _proof(compiler: Compiler, term: Local, type_: Expression, scope: LocalScope) -> Code:
    declared = compiler.later(type_, scope)
    body = compiler.later(term.body, scope.binding(term.name))

    def run(environment: Environment, expected: LeanValue) -> Typed:
        proof = (PROOF, type_by(declared, environment))
        return body((*environment, proof), expected)

    return run


def _local_pattern(compiler: Compiler, term: Local, pattern: Expression, scope: LocalScope) -> Code:
    value = compiler.later(Ascription(term.value, term.type) if term.type else term.value, scope)
    taken = read_pattern(compiler, pattern, scope)
    body = compiler.later(term.body, scope.binding(*taken.names))

    def run(environment: Environment, expected: LeanValue) -> Typed:
        return body((*environment, *_taken(taken, *value(environment, None))), expected)

    return run


@form(Conditional)
def _conditional(compiler: Compiler, term: Conditional, scope: LocalScope) -> Code:
    condition = compiler.compile(term.condition, scope)
    inner = scope.binding(term.name or "·")
    then, otherwise = compiler.later(term.then, inner), compiler.later(term.otherwise, inner)
    world = compiler.world

    def run(environment: Environment, expected: LeanValue) -> Typed:
        proposition = force(condition(environment, None)[0])
        taken = then if holds(world, proposition) else otherwise
        return taken((*environment, (PROOF, proposition)), expected)

    return run


@form(Ascription)
def _ascribed(compiler: Compiler, term: Ascription, scope: LocalScope) -> Code:
    declared = compiler.compile(term.type, scope)
    if is_proposition(term.type, scope, compiler.library):
        return lambda environment, _: (PROOF, type_by(declared, environment))
    code = compiler.compile(term.term, scope)
    world = compiler.world

    def run(environment: Environment, _: LeanValue) -> Typed:
        type_ = declared(environment, None)[0]
        return coerced(world, code(environment, type_), type_)[0], type_

    return run
