"""Contracts: whether arguments and results are of the types that the text declares, as far as they are computed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Protocol

from lean_refs.evaluator.compiler import Environment
from lean_refs.evaluator.deciding import holds
from lean_refs.evaluator.described import described, shown
from lean_refs.evaluator.errors import ContractError, NotEvaluatedError
from lean_refs.evaluator.machine import at_hand, force, is_open, peek
from lean_refs.evaluator.structures import StructureType
from lean_refs.evaluator.targets import LeanParameter, Target
from lean_refs.evaluator.unify import Unifier
from lean_refs.evaluator.values import (
    PROOF,
    UNIT,
    Constructed,
    Equivalence,
    Fin,
    FunctionType,
    LeanType,
    LeanValue,
    LinearMap,
    Pair,
    StructureValue,
    is_plain,
)
from lean_refs.evaluator.world import World


class KnownTypes(Protocol):
    """What knows the structures and constructors of a source."""

    def structure(self, name: str) -> StructureType | None:
        """The structure of a full name, or None."""
        ...

    def constructors(self, type_name: str) -> frozenset[str]:
        """The full names of the constructors of an inductive type; none of what is no such type."""
        ...

    def fields_of(self, constructor: str) -> tuple[int, Sequence[LeanParameter]]:
        """How many parameters the type of a constructor has, and all parameters of the constructor, those first."""
        ...

    def member(self, name: str) -> Target | None:
        """The target of a full name, or None."""
        ...


class Contracts:
    """Holds the arguments and the result of each call to their declared types.

    A value is looked into as far as it is computed: of a function it is held that it is one, and what it gives when it
    is applied. Propositions, which proofs are of, must hold where looking decides it.
    """

    def __init__(self, types: KnownTypes, world: World) -> None:
        self._types = types
        self._world = world
        self._right: set[tuple[LeanType, Constructed]] = set()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """What is run to know a type is not held itself: the type of types is one of its own."""
        self._world.contracts = None
        try:
            yield
        finally:
            self._world.contracts = self

    def hold_arguments(self, target: Target, given: Environment) -> None:
        """Raise `ContractError` for the first argument that is not of its parameter's type."""
        with self._alone():
            for parameter, (value, type_) in zip(target.parameters, given, strict=False):
                if parameter.kind != "[":
                    why = self._not_proved(type_) if parameter.proof else self.problem(type_, value)
                    _raise(f"the argument {parameter.name or '_'} of {target.name}", why)

    def held_result(self, target: Target, given: Environment, value: LeanValue) -> LeanValue:
        """What a call gave, which must be of the declared type; of a function, so must what it gives."""
        if target.proof:
            return value
        return self._held(f"the result of {target.name}", lambda: target.result(given, None)[0], value)

    def _held(self, what: str, type_of: Callable[[], LeanValue], value: LeanValue) -> LeanValue:
        with self._alone():
            type_ = _known(type_of)
            _raise(what, self.problem(type_, value))
        if not isinstance(type_, FunctionType) or not callable(at_hand(value)):
            return value
        function = at_hand(value)
        return lambda argument: self._held(what, lambda: type_.codomain(argument), function(argument))

    def problem(self, type_: LeanValue, value: LeanValue) -> str:
        """Why a value is not of a type, in words; nothing where it is, or where too little is known."""
        type_, value = _known(lambda: type_), at_hand(value)
        if type_ is None or is_open(value) or value is PROOF:
            return ""
        if isinstance(type_, FunctionType):
            return _unless(callable(value), type_, value)
        look = _LOOKS.get(type_.head)
        if look is not None:
            return look(self, type_, value)
        structure = self._types.structure(type_.head)
        if structure is not None:
            return self._structure(structure, type_, value)
        if constructors := self._types.constructors(type_.head):
            return self._constructed(constructors, type_, value)
        return ""

    def _structure(self, structure: StructureType, type_: LeanType, value: LeanValue) -> str:
        if not isinstance(value, StructureValue) or value.name != structure.name:
            return _unless(False, type_, value)
        # A proof need not be there: what it proves is looked at all the same.
        data = (field.name for field in structure.fields if not field.proof)
        if lacking := next((name for name in data if name not in value.fields), ""):
            return f"is a {structure.name} without a field {lacking}"
        for field, (part, part_type) in structure.opened(type_, lambda name: value.fields.get(name, PROOF)):
            why = self._not_proved(part_type) if field.proof else self.problem(part_type, force(part))
            if why:
                return f"has a field {field.name} that {why}"
        return ""

    def _constructed(self, constructors: frozenset[str], type_: LeanType, value: LeanValue) -> str:
        if not isinstance(value, Constructed) or value.name not in constructors:
            return _unless(False, type_, value)
        plain = value.plain and is_plain(type_)  # as shapes are, which are looked at some thousand times
        if plain and (type_, value) in self._right:
            return ""
        why = self._made(type_, value)
        if plain and not why:
            self._right.add((type_, value))
        return why

    def _made(self, type_: LeanType, value: Constructed) -> str:
        """Why the constructor with these arguments makes no value of the type."""
        target = self._types.member(value.name)
        assert target is not None, "a constructor that is known"
        count, every = self._types.fields_of(value.name)
        environment: Environment = tuple((argument, None) for argument in type_.arguments[:count])
        for parameter, argument in zip(every[count:], value.arguments, strict=True):
            part = parameter.type_in(environment)
            if why := "" if parameter.proof else self.problem(part, argument):
                return f"has an argument {parameter.name or '_'} of {value.name} that {why}"
            environment = (*environment, (argument, part))
        made = _known(lambda: target.result(environment, None)[0])
        return "" if made is None else _unless(not Unifier().differ(made, type_), type_, made)

    def _not_proved(self, type_: LeanValue) -> str:
        """Why a proof cannot be one; nothing where looking does not decide it."""
        proposition = _known(lambda: type_)
        if not isinstance(proposition, LeanType):
            return ""
        try:
            return "" if holds(self._world, proposition) else f"proves {shown(proposition)}, which does not hold"
        except NotEvaluatedError:
            return ""


def _raise(what: str, why: str) -> None:
    if why:
        raise ContractError(f"{what} {why}")


def _known(type_of: Callable[[], LeanValue]) -> LeanValue:
    """A type as far as it is known and understood, else None: what is never run need not be understood."""
    try:
        type_ = peek(type_of())
    except NotEvaluatedError:
        return None
    return type_ if isinstance(type_, LeanType | FunctionType) else None


def _unless(fits: bool, type_: LeanValue, value: LeanValue) -> str:
    return "" if fits else f"is declared as {shown(type_)}, it is {described(value)}"


# ---- values of types that are no structures of a source

_Look = Callable[[Contracts, LeanType, LeanValue], str]


def _natural(_: Contracts, type_: LeanType, value: LeanValue) -> str:
    return _unless(isinstance(value, int) and value >= 0, type_, value)


def _number(_: Contracts, type_: LeanType, value: LeanValue) -> str:
    others = int | tuple | Fin | Pair | Constructed | StructureValue | LeanType | FunctionType
    return _unless(not (isinstance(value, others) or callable(value)), type_, value)


def _index(_: Contracts, type_: LeanType, value: LeanValue) -> str:
    bound = peek(type_.arguments[0])
    fits = isinstance(value, Fin) and (is_open(bound) or value.value < value.bound == bound)
    return _unless(fits, type_, value)


def _list(contracts: Contracts, type_: LeanType, value: LeanValue) -> str:
    if not isinstance(value, tuple):
        return _unless(False, type_, value)
    found = (contracts.problem(type_.arguments[0], entry) for entry in value)
    return next((f"has an entry {k} that {why}" for k, why in enumerate(found) if why), "")


def _vector(contracts: Contracts, type_: LeanType, value: LeanValue) -> str:
    index = _known(lambda: type_.arguments[1])
    size = peek(index.arguments[0]) if isinstance(index, LeanType) and index.head == "Fin" else None
    fits = isinstance(value, tuple) and (not isinstance(size, int) or len(value) == size)
    if not fits:
        return _unless(False, type_, value)
    found = (contracts.problem(type_.arguments[0], entry) for entry in value)
    return next((f"has an entry {k} that {why}" for k, why in enumerate(found) if why), "")


def _sort(contracts: Contracts, type_: LeanType, value: LeanValue) -> str:
    """A type, of types where it is built of types."""
    if isinstance(value, LeanType):
        parts = (contracts.problem(type_, part) for part in value.arguments if value.head in _BUILT_OF_TYPES)
        return next(filter(None, parts), "")
    return _unless(isinstance(value, FunctionType), type_, value)


_BUILT_OF_TYPES = frozenset(("Prod", "List", "EuclideanSpace", "ContinuousLinearMap", "LinearMap", "Equiv"))


def _unit(_: Contracts, type_: LeanType, value: LeanValue) -> str:
    return _unless(value == UNIT, type_, value)


def _pair(contracts: Contracts, type_: LeanType, value: LeanValue) -> str:
    if not isinstance(value, Pair):
        return _unless(False, type_, value)
    parts = zip(("first", "second"), (value.first, value.second), type_.arguments, strict=True)
    found = ((name, contracts.problem(part, one)) for name, one, part in parts)
    return next((f"has a {name} part that {why}" for name, why in found if why), "")


def _between(kind: type) -> _Look:
    """A map, by what it says that it is between."""

    def look(_: Contracts, type_: LeanType, value: LeanValue) -> str:
        if not isinstance(value, kind):
            return _unless(False, type_, value)
        found = LeanType(type_.head, (value.domain, value.codomain))
        return _unless(not Unifier().differ(found, LeanType(type_.head, type_.arguments)), type_, found)

    return look


_LOOKS: Mapping[str, _Look] = {
    "Nat": _natural,
    "Real": _number,
    "Fin": _index,
    "List": _list,
    "EuclideanSpace": _vector,
    "PUnit": _unit,
    "Type": _sort,
    "Prop": _sort,
    "Prod": _pair,
    "LinearMap": _between(LinearMap),
    "ContinuousLinearMap": _between(LinearMap),
    "Equiv": _between(Equivalence),
    "ContinuousLinearEquiv": _between(Equivalence),
}
