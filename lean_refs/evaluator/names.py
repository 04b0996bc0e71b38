"""Names, applications and projections."""

from __future__ import annotations

from collections.abc import Sequence
from operator import is_

from lean_refs.evaluator.calls import apply, call
from lean_refs.evaluator.compiler import Code, Compiler, Environment, LocalScope, Typed, form, refusal
from lean_refs.evaluator.errors import ContractError, NotEvaluatedError
from lean_refs.evaluator.free import free_names
from lean_refs.evaluator.machine import Delayed, Sought, attempted, force, peek
from lean_refs.evaluator.structures import StructureType
from lean_refs.evaluator.syntax import (
    Application,
    Binding,
    Conditional,
    DotName,
    Expression,
    FieldList,
    GivenArgument,
    Hole,
    Infix,
    Items,
    Number,
    Prefix,
    Projection,
    TacticBlock,
    Var,
)
from lean_refs.evaluator.targets import EXPLICIT, CallPlan, Supplied, Target, planned
from lean_refs.evaluator.values import FunctionType, LeanType, LeanValue
from lean_refs.evaluator.world import World

# What is read with the help of the type that is expected of it.
_LATE = (Items, DotName, Number, TacticBlock, FieldList, Conditional)


def _is_late(term: Expression) -> bool:
    match term:
        case Application(function, _):
            return isinstance(function, DotName)
        case Infix(_, left, right):
            return _is_late(left) and _is_late(right)
        case Prefix(_, inner):
            return _is_late(inner)
        case Binding(keyword):
            return keyword == "fun"
    return isinstance(term, _LATE)


def supplied(compiler: Compiler, arguments: Sequence[GivenArgument], scope: LocalScope) -> tuple[Supplied, ...]:
    """The arguments of an application, compiled."""
    return tuple(
        Supplied(a.name, _argument(compiler, a.value, scope), _is_late(a.value), isinstance(a.value, Hole))
        for a in arguments
    )


def _argument(compiler: Compiler, term: Expression, scope: LocalScope) -> Code:
    code = compiler.later(term, scope)
    if not isinstance(term, Application | Infix):
        return code
    places = {scope.position(name) for name in free_names(term)}
    return _number_kept(code, [place for place in places if place is not None])


def _number_kept(code: Code, places: Sequence[int]) -> Code:
    """The code of a term, which keeps the last number (ℕ) that it gave for as long as its local names are the same.

    In `fun i => v (Fin.natAdd (size s) i)` that is one size for all entries.
    """
    kept: list[Typed] = []
    before: list[Typed] = []

    def run(environment: Environment, expected: LeanValue) -> Typed:
        used = [environment[place] for place in places]
        if kept and all(map(is_, used, before)):
            return kept[0]
        found = code(environment, expected)
        if found[0].__class__ is int:
            kept[:], before[:] = [found], used
        return found

    return run


@form(Var)
def _variable(compiler: Compiler, term: Var, scope: LocalScope) -> Code:
    return _headed(compiler, term, (), scope)


@form(Hole)
def _hole(_: Compiler, __: Hole, ___: LocalScope) -> Code:
    return lambda environment, expected: (Sought("_"), Sought("_") if expected is None else expected)


@form(Application)
def _application(compiler: Compiler, term: Application, scope: LocalScope) -> Code:
    arguments = supplied(compiler, term.arguments, scope)
    head = term.function
    if isinstance(head, Var):
        return _headed(compiler, head, arguments, scope)
    if isinstance(head, Projection):
        return _projected(compiler, compiler.compile(head.term, scope), head.field, arguments)
    if isinstance(head, DotName):
        return _dotted(compiler, head.name, arguments)
    function = compiler.compile(head, scope)
    world = compiler.world
    return lambda environment, expected: apply(world, function(environment, None), arguments, environment, expected)


@form(Projection)
def _projection(compiler: Compiler, term: Projection, scope: LocalScope) -> Code:
    return _projected(compiler, compiler.compile(term.term, scope), term.field, ())


@form(DotName)
def _dot_name(compiler: Compiler, term: DotName, _: LocalScope) -> Code:
    return _dotted(compiler, term.name, ())


def _headed(compiler: Compiler, head: Var, arguments: tuple[Supplied, ...], scope: LocalScope) -> Code:
    """A name applied to arguments: a local, a declaration, or either with fields of it."""
    first, *fields = head.name.split(".")
    position = scope.position(first)
    if position is not None:
        return _with_fields(compiler, _local(position), fields, arguments)
    found = compiler.library.find(head.name, scope)
    if isinstance(found, str):
        return refusal(found)
    target, fields = found
    if not fields:
        return _called(compiler, target, arguments, head.explicit)
    return _with_fields(compiler, _called(compiler, target, (), False), fields, arguments)


def _local(position: int) -> Code:
    def code(environment: Environment, _: LeanValue) -> Typed:
        value, type_ = environment[position]
        return peek(value), type_

    return code


def _called(compiler: Compiler, target: Target, arguments: tuple[Supplied, ...], explicit: bool) -> Code:
    plans: list[CallPlan] = []
    world = compiler.world
    if not target.parameters and not arguments:
        return _constant(world, target)

    def code(environment: Environment, expected: LeanValue) -> Typed:
        if not plans:
            plans.append(planned(target, arguments, explicit))
        return call(world, target, plans[0], environment, expected)

    return code


def _constant(world: World, target: Target) -> Code:
    """A name without arguments, such as a type, found once at each precision: a ball is as wide as that allows."""
    found: dict[int, Typed] = {}

    def code(_: Environment, __: LeanValue) -> Typed:
        bits = world.scalars.bits()
        if bits not in found:
            found[bits] = call(world, target, CallPlan((), ()), (), None)
        return found[bits]

    return code


def _with_fields(compiler: Compiler, code: Code, fields: Sequence[str], arguments: tuple[Supplied, ...]) -> Code:
    *inner, last = fields or [""]
    for name in inner:
        code = _projected(compiler, code, name, ())
    if last:
        return _projected(compiler, code, last, arguments)
    if not arguments:
        return code
    world, function = compiler.world, code
    return lambda environment, expected: apply(world, function(environment, None), arguments, environment, expected)


def _projected(compiler: Compiler, term: Code, field: str, arguments: tuple[Supplied, ...]) -> Code:
    """`term.field` applied to arguments: a field of a structure, or a function named after the type of the term."""

    def code(environment: Environment, expected: LeanValue) -> Typed:
        value, type_ = term(environment, None)
        return projected(compiler, (value, type_), field, arguments, environment, expected)

    return code


def projected(
    compiler: Compiler,
    subject: Typed,
    field: str,
    arguments: tuple[Supplied, ...],
    environment: Environment,
    expected: LeanValue,
) -> Typed:
    """A field of a value, or a function named after its type, applied to arguments."""
    type_ = force(subject[1])
    if type_.__class__ is FunctionType:
        return _member(compiler, "Function", subject, field, arguments, environment, expected)
    if type_.__class__ is not LeanType:
        raise ContractError(f".{field} of what has no known type")
    names = [name for name, _ in type_.via] + [type_.head]
    structure = compiler.library.structure(type_.head)
    if structure and (known := structure.field(field)):
        one = attempted(lambda: structure.value(subject[0], known))
        found = one, Delayed(lambda: _field_type(structure, subject[0], type_, known))
        return apply(compiler.world, found, arguments, environment, expected) if arguments else found
    for name in names:
        if compiler.library.member(f"{name}.{field}"):
            return _member(compiler, name, subject, field, arguments, environment, expected)
    raise NotEvaluatedError(f"{type_.head}.{field}")


def _field_type(structure: StructureType, value: LeanValue, type_: LeanType, name: str) -> LeanValue:
    return structure.type_of(type_, name, lambda field: structure.value(value, field))


def _member(
    compiler: Compiler,
    name: str,
    subject: Typed,
    field: str,
    arguments: tuple[Supplied, ...],
    environment: Environment,
    expected: LeanValue,
) -> Typed:
    target = compiler.library.member(f"{name}.{field}")
    if target is None:
        raise NotEvaluatedError(f"{name}.{field}")
    plan = target.plans.get(arguments)
    if plan is None:
        taken = {a.name for a in arguments if a.name}
        plan = planned(target, arguments, subject=(_subject(target, name, taken), Supplied("", _SUBJECT)))
        target.plans[arguments] = plan
    # The subject runs in an environment of its own: it is the last there.
    steps = tuple((p, a if a is None or a.code is not _SUBJECT else _given(a, subject)) for p, a in plan.steps)
    return call(compiler.world, target, CallPlan(steps, plan.rest), environment, expected)


# Stands for the subject of a projection until it is known.
_SUBJECT = refusal("a projection without its subject")


def _given(argument: Supplied, subject: Typed) -> Supplied:
    return Supplied(argument.name, lambda _, __: subject)


def _subject(target: Target, name: str, taken: set[str]) -> int:
    """The number of the parameter that `x.f` gives x to: the first explicit one of the type that f is named after."""
    last = name.rsplit(".", 1)[-1]
    for number, parameter in enumerate(target.parameters):
        if parameter.kind == EXPLICIT and parameter.name not in taken and parameter.head.rsplit(".", 1)[-1] == last:
            return number
    raise NotEvaluatedError(f"{target.name} takes no {name}")


def _dotted(compiler: Compiler, name: str, arguments: tuple[Supplied, ...]) -> Code:
    """`.name` applied to arguments: the name in the namespace of the expected type."""
    plans: dict[str, CallPlan] = {}

    def code(environment: Environment, expected: LeanValue) -> Typed:
        type_ = None if expected is None else force(expected)
        if not isinstance(type_, LeanType):
            raise NotEvaluatedError(f".{name} where the type that is expected is not known")
        for space in [*(alias for alias, _ in type_.via), type_.head]:
            if target := compiler.library.member(f"{space}.{name}"):
                plan = plans.get(target.name)
                if plan is None:
                    plan = plans[target.name] = planned(target, arguments)
                return call(compiler.world, target, plan, environment, expected)
        raise NotEvaluatedError(f"{type_.head}.{name}")

    return code
