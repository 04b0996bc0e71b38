"""Calls of what has a name, and of functions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lean_refs.evaluator.coercions import applicable
from lean_refs.evaluator.compiler import Environment, Typed
from lean_refs.evaluator.errors import UnknownError
from lean_refs.evaluator.machine import Blocked, Delayed, Sought, attempted, force
from lean_refs.evaluator.spine import Spine, evaluated
from lean_refs.evaluator.targets import EXPLICIT, CallPlan, Supplied, Target
from lean_refs.evaluator.values import PROOF, FunctionType, LeanValue
from lean_refs.evaluator.world import World


def call(world: World, target: Target, plan: CallPlan, environment: Environment, expected: LeanValue) -> Typed:
    """The value and the type of a call."""
    if plan.told and not world.contracts:
        return _told_call(world, target, plan, environment, expected)
    spine = Spine(world, environment)
    inner: Environment = ()
    for parameter, given in plan.steps:
        type_ = parameter.type_in(inner)
        if given is not None:
            value = spine.explicit(given, type_, inner, parameter.proof, parameter.head)
        else:
            value = PROOF if parameter.kind == "[" or parameter.idle else spine.implicit(parameter.name)
        inner = (*inner, (value, type_))
    result = _rest(world, target, len(plan.steps), inner)
    if plan.rest:
        # What the call itself leaves unknown, the arguments after it may tell.
        return _continued(spine, (Delayed(lambda: _value(world, target, inner)), result), plan.rest, expected)
    spine.settle(result, expected)
    return _value(world, target, inner), result


def _told_call(world: World, target: Target, plan: CallPlan, environment: Environment, expected: LeanValue) -> Typed:
    """A call whose arguments tell everything: what is to be found is found when it is looked at, which is rare."""
    inner: Environment = ()
    unknown: list[Sought] = []
    seen: list[Typed] = []
    for parameter, given in plan.steps:
        type_ = parameter.type_in(inner)
        if given is None:
            value = PROOF
            if parameter.kind != "[" and not parameter.idle:
                value = Sought(parameter.name)
                unknown.append(value)
        elif parameter.proof:
            value = PROOF
        else:
            value, found = evaluated(world, given.code, inner if given.own else environment, type_, parameter.head)
            seen.append((type_, found))
        inner = (*inner, (value, type_))
    result = _rest(world, target, len(plan.steps), inner)
    if unknown:
        Spine(world, environment, unknown, seen).postpone(result, expected)
    return _value(world, target, inner), result


def _value(world: World, target: Target, inner: Environment) -> LeanValue:
    if target.proof:
        return PROOF
    if len(inner) < len(target.parameters):
        return partial(world, target, inner)
    return ran(world, target, inner)


def ran(world: World, target: Target, inner: Environment) -> LeanValue:
    """What a call gives; a `Blocked` value where its arguments are not known yet."""
    if world.contracts is not None:
        world.contracts.hold_arguments(target, inner)
        return world.contracts.held_result(target, inner, _ran(target, inner))
    return _ran(target, inner)


def _ran(target: Target, inner: Environment) -> LeanValue:
    try:
        return target.run(inner)
    except UnknownError:
        return Blocked(target.name, tuple(value for value, _ in inner), lambda: target.run(inner))


def partial(world: World, target: Target, inner: Environment) -> LeanValue:
    """A call without its last arguments, as a function of them."""
    type_ = target.parameters[len(inner)].type_in(inner)
    return lambda argument: _value(world, target, (*inner, (argument, type_)))


def _rest(world: World, target: Target, count: int, inner: Environment) -> LeanValue:
    """The type of a call with `count` arguments."""
    if count == len(target.parameters):
        return Delayed(lambda: target.result(inner, None)[0])
    parameter = target.parameters[count]
    type_ = parameter.type_in(inner)
    return FunctionType(
        parameter.name,
        parameter.kind,
        type_,
        lambda argument: _rest(world, target, count + 1, (*inner, (argument, type_))),
    )


def apply(
    world: World, function: Typed, arguments: Sequence[Supplied], environment: Environment, expected: LeanValue
) -> Typed:
    """A value applied to arguments."""
    return _continued(Spine(world, environment), function, arguments, expected)


def _continued(spine: Spine, function: Typed, arguments: Sequence[Supplied], expected: LeanValue) -> Typed:
    value, type_ = function
    pending: list[LeanValue] = []
    left = list(arguments)
    while left:
        known = spine.known(type_)
        if not isinstance(known, FunctionType):
            value, type_ = applicable(spine.world, (_later(value, pending), known))
            pending = []
            continue
        given = _given(left, known)
        if given is not None:
            argument = spine.explicit(given, known.domain, (), False)
        else:
            argument = PROOF if known.kind == "[" else spine.implicit(known.name)
        pending.append(argument)
        type_ = known.codomain(argument)
    spine.settle(type_, expected)
    return attempted(lambda: _applied(value, pending)), type_


def _later(value: LeanValue, arguments: list[LeanValue]) -> LeanValue:
    return Delayed(lambda: _applied(value, arguments)) if arguments else value


def _given(left: list[Supplied], type_: FunctionType) -> Supplied | None:
    for index, given in enumerate(left):
        if given.name and given.name == type_.name:
            return left.pop(index)
    return left.pop(0) if type_.kind == EXPLICIT and not left[0].name else None


def _applied(value: LeanValue, arguments: Iterable[LeanValue]) -> LeanValue:
    for argument in arguments:
        value = force(value)
        value = PROOF if value is PROOF else value(force(argument))
    return value
