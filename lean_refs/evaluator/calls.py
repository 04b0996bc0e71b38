"""Calls: arguments to parameters by position and name, implicit ones found by unification."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from lean_refs.evaluator.coercions import COERCED, applicable, coerced
from lean_refs.evaluator.compiler import Code, Environment, Typed
from lean_refs.evaluator.described import shown
from lean_refs.evaluator.errors import ContractError, NotEvaluatedError, UnknownError
from lean_refs.evaluator.machine import (
    Blocked,
    Delayed,
    DelayedType,
    Sought,
    at_hand,
    attempted,
    force,
    is_open,
    peek,
)
from lean_refs.evaluator.unify import Unifier
from lean_refs.evaluator.values import PROOF, Fin, FunctionType, LeanValue
from lean_refs.evaluator.world import World

EXPLICIT = "("
# What values of these types are: those stand as they are where one of the type must.
_OWN = {"Fin": Fin, "Nat": int, "ℕ": int}


@dataclass(frozen=True, slots=True)
class LeanParameter:
    """One parameter: `type` and `default` run in the environment of those before it; `head` is its type's, as written.

    `proof` marks those that take a proof, whose arguments are not evaluated but where their type tells something;
    `idle` those that no other type mentions, so that nothing could find them, and that nothing needs. `mentions` are
    the names in its type.
    """

    name: str
    kind: str
    type: Code | None = None
    default: Code | None = None
    proof: bool = False
    head: str = ""
    idle: bool = False
    mentions: frozenset[str] = frozenset()

    def found_in(self, mentioned: frozenset[str]) -> bool:
        """Whether the parameter needs not be looked for where the types of arguments mention these names."""
        return self.kind == "[" or self.idle or self.name in mentioned

    def type_in(self, before: Environment) -> LeanValue:
        """The parameter's type where those before it are given."""
        return Sought(self.name) if self.type is None else DelayedType(self.type, before)


def environment_of(parameters: Sequence[LeanParameter], values: Iterable[LeanValue]) -> Environment:
    """The environment in which the first parameters have these values."""
    environment: Environment = ()
    for parameter, value in zip(parameters, values, strict=False):
        environment = (*environment, (value, parameter.type_in(environment)))
    return environment


@dataclass(eq=False, slots=True)
class Target:
    """What can be called by name: parameters, the type of the result, and what it does with an environment of them.

    `proof` where it is a theorem: then nothing is run. `predicate` where what it gives are propositions.
    """

    name: str
    parameters: Sequence[LeanParameter]
    result: Code
    run: Callable[[Environment], LeanValue]
    proof: bool = False
    predicate: bool = False
    plans: dict[object, CallPlan] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Supplied:
    """An argument as compiled. `late` ones wait until the types of the others have told what they can.

    A `hole` is found like an implicit argument; an `own` one is a default, which runs where the parameters are.
    """

    name: str
    code: Code
    late: bool = False
    hole: bool = False
    own: bool = False


@dataclass(frozen=True, slots=True)
class CallPlan:
    """Which parameter gets which argument (None: it is found), and the arguments that are left over.

    `told` where the types of the arguments tell everything that is to be found: then it is found when it is needed.
    """

    steps: tuple[tuple[LeanParameter, Supplied | None], ...]
    rest: tuple[Supplied, ...]
    told: bool = False


def planned(
    target: Target, arguments: Sequence[Supplied], explicit: bool = False, subject: tuple[int, Supplied] | None = None
) -> CallPlan:
    """Who gets what; `explicit` where every parameter is given by position, as after `@`.

    `subject` is an argument for the parameter of a certain number, as in `x.f`.
    """
    named = {a.name: a for a in arguments if a.name}
    positional = [a for a in arguments if not a.name]
    steps: list[tuple[LeanParameter, Supplied | None]] = []
    for number, parameter in enumerate(target.parameters):
        given = subject[1] if subject and subject[0] == number else named.pop(parameter.name, None)
        if given is None and (explicit or parameter.kind == EXPLICIT):
            if positional:
                given = positional.pop(0)
            elif subject and subject[0] > number:
                raise NotEvaluatedError(f"{target.name} as a projection, without its argument {parameter.name}")
            elif parameter.default is not None and not named:
                given = Supplied("", parameter.default, late=True, own=True)
            elif parameter.kind == EXPLICIT:
                break
        steps.append((parameter, given))
    if named:
        raise NotEvaluatedError(f"{target.name} gets an argument {next(iter(named))}, which cannot be supplied")
    return CallPlan(tuple(steps), tuple(positional), not positional and _told(steps))


def _told(steps: Sequence[tuple[LeanParameter, Supplied | None]]) -> bool:
    """Whether each parameter without an argument stands in the type of one whose argument tells its own type."""
    if any(given is not None and (given.late or given.hole) for _, given in steps):
        return False
    known = [parameter for parameter, given in steps if given is not None and not parameter.proof]
    mentioned = frozenset[str]().union(*(parameter.mentions for parameter in known))
    return all(given is not None or parameter.found_in(mentioned) for parameter, given in steps)


class Spine:
    """The arguments of one call as they come in, and what is still to be found of them."""

    __slots__ = ("_environment", "_held", "_late", "_proofs", "_seen", "_unknown", "world")

    def __init__(
        self,
        world: World,
        environment: Environment,
        unknown: list[Sought] | None = None,
        seen: list[Typed] | None = None,
    ) -> None:
        self.world = world
        self._environment = environment
        self._unknown = unknown if unknown is not None else []
        self._seen = seen if seen is not None else []
        self._held: list[Typed] = []
        self._late: list[tuple[Sought, Supplied, Environment, LeanValue, str]] = []
        self._proofs: list[tuple[Supplied, LeanValue]] = []

    def implicit(self, name: str) -> Sought:
        """An argument to be found."""
        unknown = Sought(name)
        self._unknown.append(unknown)
        return unknown

    def explicit(
        self, given: Supplied, type_: LeanValue, before: Environment, proof: bool, head: str = ""
    ) -> LeanValue:
        """The value of an argument whose type must be `type_`, of that `head`; `before` are the arguments before it."""
        if given.hole:
            return self.implicit("")
        if proof:
            self._proofs.append((given, type_))
            return PROOF
        environment = before if given.own else self._environment
        if given.late and self._open():
            value = Sought("")
            self._late.append((value, given, environment, type_, head))
            return value
        return self._evaluated(given, environment, type_, head)

    def _evaluated(self, given: Supplied, environment: Environment, type_: LeanValue, head: str) -> LeanValue:
        value, found = evaluated(self.world, given.code, environment, type_, head)
        if found is not None:
            self._seen.append((type_, found))
        if self.world.contracts is not None and not is_open(at_hand(value)):  # else it may still be coerced
            self._held.append((type_, found))
        return value

    def postpone(self, result: LeanValue, expected: LeanValue) -> None:
        """Find what is unknown when it is looked at: the arguments tell it."""
        unknown = self._unknown

        def find() -> None:
            for one in unknown:
                one.finder = None
            self.settle(result, expected)

        for one in unknown:
            one.finder = find

    def settle(self, result: LeanValue, expected: LeanValue) -> None:
        """Find what is unknown: from the arguments, from the type expected of the result, from proofs."""
        if self._unknown:
            self._solve(self._seen)
            self._expect(result, expected)
        for value, given, environment, type_, head in self._late:
            value.value = self._evaluated(given, environment, type_, head)
            self._solve(self._seen[-1:])
        if self._open():
            self._solve(self._proved())
            # What the later ones told may help with the earlier ones.
            self._solve(self._seen)
            self._expect(result, expected)
            self.world.unsolved += [unknown for unknown in self._unknown if is_open(peek(unknown))]
        if self.world.contracts:
            self._hold()

    def _expect(self, result: LeanValue, expected: LeanValue) -> None:
        """Use the type that is expected of the call, also for what an earlier call has left to be found."""
        if expected is not None and (self._open() or self.world.leaves_open()):
            Unifier(finds=True).same(result, expected)

    def known(self, type_: LeanValue) -> LeanValue:
        """A type that must be known to go on."""
        found = peek(type_)
        if is_open(found):
            self._solve(self._seen)
        return force(found)

    def _open(self) -> bool:
        return any(is_open(peek(unknown)) for unknown in self._unknown)

    def _solve(self, pairs: Iterable[tuple[LeanValue, LeanValue]]) -> None:
        for declared, found in pairs:
            if not self._open():
                return
            Unifier(finds=True).same(declared, found)

    def _proved(self) -> Iterable[tuple[LeanValue, LeanValue]]:
        """The types of the proofs that are understood."""
        for given, type_ in self._proofs:
            try:
                yield type_, given.code(self._environment, type_)[1]
            except NotEvaluatedError:
                continue

    def _hold(self) -> None:
        for declared, found in self._held:
            if found is not None and Unifier().same(declared, found) is False:
                raise ContractError(f"an argument is declared as {shown(declared)}, it is of type {shown(found)}")


def evaluated(world: World, code: Code, environment: Environment, type_: LeanValue, head: str) -> Typed:
    """An argument whose type must be `type_`, of that `head`, as such; without a type where it is not known yet."""
    try:
        value, found = code(environment, type_)
    except UnknownError:
        return Delayed(lambda: coerced(world, code(environment, type_), type_)[0]), None
    if value.__class__ in COERCED and value.__class__ is not _OWN.get(head):
        value, found = coerced(world, (value, found), type_)
    if type_.__class__ is Sought or found.__class__ is Sought:
        # An argument tells the type of a bound name that has none, and what it is given to that of an argument.
        Unifier().same(type_, found)
    return value, found


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
