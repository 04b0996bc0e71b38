"""The evaluator's front: declarations called on values, statements of theorems on values, and terms given as text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from lean_refs.evaluator import data, forms, names, operators, patterns, tactics
from lean_refs.evaluator.calls import partial, ran
from lean_refs.evaluator.compiler import Environment, LocalScope
from lean_refs.evaluator.contracts import Contracts
from lean_refs.evaluator.errors import NotEvaluatedError
from lean_refs.evaluator.library import Library
from lean_refs.evaluator.machine import Delayed, Sought, force, peek
from lean_refs.evaluator.parser import TermReader
from lean_refs.evaluator.scalars import Scalars
from lean_refs.evaluator.targets import LeanParameter, Target
from lean_refs.evaluator.values import PROOF, Constructed, LeanType, LeanValue, Pair, StructureValue
from lean_refs.evaluator.vocabulary import STRUCTURES, VOCABULARY
from lean_refs.evaluator.world import MOST_CALLS, World
from lean_refs.reader.records import Reading
from lean_refs.reader.signature import UnreadableError
from lean_refs.reader.tokens import tokenize

# The modules that say how terms are compiled, each by being imported.
FORMS = (data, forms, names, operators, patterns, tactics)


@dataclass(frozen=True, slots=True)
class EvaluatedBinder:
    """One parameter of a statement: its name, its bracket, its value and its type (`force` gives it)."""

    name: str
    kind: str
    value: LeanValue
    type: LeanValue


@dataclass(frozen=True, slots=True)
class Statement:
    """What a theorem says of given values: its parameters, its hypotheses by name, and its conclusion.

    A proposition is a `LeanType` whose head says which one (`Eq`, `LT`, `HasFDerivAt`, …) with what it relates as
    arguments, or a `FunctionType` for `∀`.
    """

    name: str
    binders: tuple[EvaluatedBinder, ...]
    hypotheses: dict[str, LeanValue]
    conclusion: LeanValue


class Evaluator:
    """Evaluates the declarations of one reading over one kind of scalars.

    `contracts` has every argument and every result checked against its declared type; `most_calls` is the limit on the
    calls of definitions in one evaluation. With `moves`, what only moves numbers is found once and not run again. All
    methods raise `NotEvaluatedError`, and the scalars' own exceptions.
    """

    def __init__(
        self,
        reading: Reading,
        scalars: Scalars,
        *,
        contracts: bool = False,
        most_calls: int = MOST_CALLS,
        moves: bool = True,
    ) -> None:
        self.world = World(scalars, most_calls=most_calls, moves=moves)
        self.library = Library(reading, self.world, VOCABULARY, STRUCTURES)
        self._contracts = Contracts(self.library, self.world)
        self.world.contracts = self._contracts if contracts else None

    @contextmanager
    def running(self) -> Iterator[None]:
        """Where functions that an evaluation gave are called: with the limits of an evaluation."""
        with self.world.running():
            yield

    @contextmanager
    def under_contracts(self) -> Iterator[None]:
        """Where every argument and result is checked, whatever was asked for."""
        before, self.world.contracts = self.world.contracts, self._contracts
        try:
            yield
        finally:
            self.world.contracts = before

    def parameters(self, name: str) -> tuple[LeanParameter, ...]:
        """The parameters of a declaration, `variable`s and those that its type begins with among them."""
        with self.running():
            return tuple(self._target(name).parameters)

    def call(self, name: str, /, **arguments: LeanValue) -> LeanValue:
        """What a definition gives for arguments by their Lean names.

        Implicit arguments are given like others; proofs and instances are not given. Without the last explicit ones
        it gives a function of them.
        """
        with self.running():
            target = self._target(name)
            environment = self._environment(target, arguments)
            if len(environment) < len(target.parameters):
                return partial(self.world, target, environment)
            return settled(ran(self.world, target, environment))

    def value(self, name: str) -> LeanValue:
        """What a definition without arguments gives, or its function."""
        return self.call(name)

    def type_of(self, name: str, /, **arguments: LeanValue) -> LeanValue:
        """The declared type of what `call` gives."""
        with self.running():
            target = self._target(name)
            return settled(target.result(self._environment(target, arguments), None)[0])

    def statement(self, name: str, /, **arguments: LeanValue) -> Statement:
        """What a theorem says of arguments by their Lean names; hypotheses are not given."""
        with self.running():
            target = self._target(name)
            environment = self._environment(target, arguments)
            if len(environment) < len(target.parameters):
                raise NotEvaluatedError(f"{name} without its argument {target.parameters[len(environment)].name}")
            binders = [
                EvaluatedBinder(parameter.name, parameter.kind, value, type_)
                for parameter, (value, type_) in zip(target.parameters, environment, strict=True)
            ]
            stated = {b.name: b.type for b, p in zip(binders, target.parameters, strict=True) if p.proof}
            return Statement(name, tuple(binders), stated, force(target.result(environment, None)[0]))

    def term(self, text: str, within: str = "", **local: tuple[LeanValue, LeanValue]) -> tuple[LeanValue, LeanValue]:
        """The value and the type of a term given as Lean text, as the declaration `within` would read it.

        `local` are names with their values and types.
        """
        scope = LocalScope(self.library.declaration(within), tuple(local))
        with self.running():
            try:
                term = TermReader(list(tokenize(text))).whole()
            except UnreadableError as problem:
                raise NotEvaluatedError(str(problem)) from None
            value, type_ = self.library.compiler.compile(term, scope)(tuple(local.values()), None)
            return settled(value), settled(type_)

    def _target(self, name: str) -> Target:
        declaration = self.library.declaration(name)
        target = self.library.member(name) if declaration is None else self.library.declared(declaration)
        if target is None:
            raise NotEvaluatedError(f"there is no declaration {name} in what was read")
        return target

    def _environment(self, target: Target, arguments: dict[str, LeanValue]) -> Environment:
        """The arguments in order, as far as there are any; what is not given is found where possible."""
        left, environment = dict(arguments), ()
        for parameter in target.parameters:
            if parameter.name in left:
                value = left.pop(parameter.name)
            elif parameter.proof or parameter.kind == "[":
                value = PROOF
            elif parameter.kind != "(":
                value = Sought(parameter.name)
            elif parameter.default is not None:
                value = _default(parameter, environment)
            else:
                break
            environment = (*environment, (value, parameter.type_in(environment)))
        if left:
            raise NotEvaluatedError(f"{target.name} takes no {next(iter(left))}, or not without those before it")
        return environment


def _default(parameter: LeanParameter, environment: Environment) -> LeanValue:
    code = parameter.default
    assert code is not None
    return Delayed(lambda: code(environment, parameter.type_in(environment))[0])


def settled(value: LeanValue) -> LeanValue:
    """The value with nothing delayed in it, but inside functions."""
    value = force(value)
    match value:
        case tuple():
            return tuple(map(settled, value))
        case Pair(first, second):
            return Pair(settled(first), settled(second))
        case Constructed(name, arguments):
            return Constructed(name, tuple(map(_settled, arguments)))
        case LeanType(head, arguments, via):
            return LeanType(head, tuple(map(_settled, arguments)), via)
        case StructureValue(name, fields, via):
            return StructureValue(name, {field: _settled(one) for field, one in fields.items()}, via)
    return value


def _settled(value: LeanValue) -> LeanValue:
    known = peek(value)
    return known if known.__class__ in (Delayed, Sought) else settled(known)
