"""What can be called by name, and which of its parameters gets which argument, by position and by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from lean_refs.evaluator.compiler import Code, Environment
from lean_refs.evaluator.errors import NotEvaluatedError
from lean_refs.evaluator.machine import DelayedType, Sought
from lean_refs.evaluator.values import LeanValue

EXPLICIT = "("


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
