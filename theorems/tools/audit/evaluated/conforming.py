"""Whether a value is one of an evaluated Lean type, as its text declares constructors and fields."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from flint import arb, fmpq

from lean_refs.evaluator import Evaluator
from lean_refs.evaluator.described import type_itself
from lean_refs.evaluator.machine import Sought, force
from lean_refs.evaluator.structures import StructureType
from lean_refs.evaluator.unify import Unifier
from lean_refs.evaluator.values import (
    PROOF,
    UNIT,
    Constructed,
    Fin,
    FunctionType,
    LeanType,
    LeanValue,
    LinearMap,
    Pair,
    StructureValue,
    is_plain,
)
from theorems.engine.evidence.verdicts import Claim, Equal, Holds, Verdict, judge
from theorems.engine.strategies.values import Fill
from theorems.tools.audit.evaluated.coordinates import coordinates, dimension, of_coordinates
from theorems.tools.audit.evaluated.errors import NoArgumentError
from theorems.tools.audit.evaluated.numbers import value_of
from theorems.tools.audit.evaluated.stated import DERIVATIVES, Stated

Draw = Callable[[LeanValue], LeanValue]


class Conformity:
    """Looks whether values are of their types; functions are tried at one argument that `draw` gives.

    What a field proves of all values is tried at those that `fill` draws.
    """

    def __init__(self, evaluator: Evaluator, draw: Draw, fill: Fill | None = None) -> None:
        self._library, self._draw = evaluator.library, draw
        self._looked_at: set[tuple[LeanValue, LeanValue]] = set()
        self._stated = Stated(evaluator, fill or Fill("fractions", 0))

    def claims(self, type_: LeanValue, value: LeanValue, at: str = "") -> Iterator[Claim]:
        """What must hold if the value is one of the type."""
        type_, value = type_itself(type_), force(value)
        if is_plain(type_) and is_plain(value):  # a shape stands in a graph some thousand times
            if (type_, value) in self._looked_at:
                return
            self._looked_at.add((type_, value))
        if isinstance(type_, FunctionType):
            yield _kind(at, "a function", callable(value))
            if callable(value) and (argument := self._argument(type_.domain)) is not None:
                yield from self.claims(type_.codomain(argument), value(argument), f"{at}its value, ")
            return
        look = _LOOKS.get(type_.head)
        yield from look(self, type_, value, at) if look else self._declared(type_, value, at)

    def _argument(self, domain: LeanValue) -> LeanValue:
        try:
            return self._draw(domain)
        except NoArgumentError:  # of `Fin 0`
            return None

    def _declared(self, type_: LeanType, value: LeanValue, at: str) -> Iterator[Claim]:
        structure = self._library.structure(type_.head)
        if structure is not None:
            names = {field.name for field in structure.fields if not field.proof}
            made = isinstance(value, StructureValue) and value.name == type_.head
            yield _kind(at, f"a {type_.head}", made)
            here = {name for name, part in value.fields.items() if part is not PROOF}
            yield Holds(f"{at}the fields", names == here, f"{_listed(names)} in Lean, {_listed(here)} here")
            for field, (part, part_type) in structure.opened(type_, value.fields.__getitem__):
                if not field.proof:
                    yield from self.claims(part_type, part, f"{at}{field.name}, ")
                else:
                    yield from self._proved(part_type, f"{at}{field.name}", whole=not at)
            if not at:
                yield from self._refused(structure, type_, value)
            return
        yield _kind(at, f"a {type_.head}", isinstance(value, Constructed))
        yield from self._constructor(type_, value, at)

    def _proved(self, proposition: LeanValue, what: str, *, whole: bool) -> Iterator[Claim]:
        """What a field proves must hold; of all values, and of a derivative, only where it is of the `whole` value."""
        proposition = force(proposition)
        if whole or not (isinstance(proposition, FunctionType) or proposition.head in DERIVATIVES):
            yield from self._stated.claims(proposition, f"{what}, ")

    def _refused(self, structure: StructureType, type_: LeanType, value: StructureValue) -> Iterator[Claim]:
        """Twice a derivative is none: what says only that there is one would admit it."""
        twice = {name: _doubled(part) for name, part in value.fields.items()}
        for field, (_, said) in structure.opened(type_, twice.__getitem__):
            proposition = self._at_a_point(said) if field.proof else None
            if isinstance(proposition, LeanType) and proposition.head in DERIVATIVES:
                claims = list(self._stated.claims(proposition))
                if not all(isinstance(claim, Equal) and _is_zero(claim.left) for claim in claims):
                    admitted = judge(claims).verdict is Verdict.EQUAL
                    yield Holds(f"{field.name}, of twice the derivative", not admitted, "it holds of that too")

    def _at_a_point(self, proposition: LeanValue) -> LeanValue:
        """What is said of all values, of drawn ones."""
        proposition = force(proposition)
        while isinstance(proposition, FunctionType):
            proposition = force(proposition.codomain(self._argument(proposition.domain)))
        return proposition

    def _constructor(self, type_: LeanType, value: Constructed, at: str) -> Iterator[Claim]:
        known = self._library.table.children.get(value.name) == type_.head
        yield Holds(f"{at}the constructor {value.name}", known, f"{type_.head} has none of this name in Lean")
        if not known:
            return
        count, every = self._library.fields_of(value.name)
        parameters = every[count:]
        target = self._library.member(value.name)
        assert target is not None, "a constructor that is known"
        environment = tuple((argument, None) for argument in type_.arguments[:count])
        counts = len(parameters), len(value.arguments)
        yield Holds(f"{at}the arguments of {value.name}", counts[0] == counts[1], "{} in Lean, {} here".format(*counts))
        for parameter, argument in zip(parameters, value.arguments, strict=True):
            part = Sought(parameter.name) if parameter.type is None else force(parameter.type(environment, None)[0])
            if parameter.type is not None:
                where = f"{parameter.name or 'an argument'} of {value.name.rsplit('.', 1)[-1]}"
                yield from self.claims(part, argument, f"{at}{where}, ")
            environment = (*environment, (argument, part))
        made = force(target.result(environment, None)[0])
        yield _kind(at, "of the type that its constructor makes", Unifier().same(made, type_))


def _doubled(part: LeanValue) -> LeanValue:
    """Twice a linear map, or a function that gives such maps; else the same."""
    part = force(part)
    if isinstance(part, LinearMap):
        space = part.codomain
        return LinearMap(
            part.domain, space, lambda x: of_coordinates(space, [c + c for c in coordinates(space, part(x))])
        )
    return (lambda x: _doubled(part(x))) if callable(part) else part


def _is_zero(numbers: Iterable[Any]) -> bool:
    return all(value_of(x) == 0 for x in numbers)


def _natural(_: Conformity, __: LeanType, value: LeanValue, at: str) -> Iterator[Claim]:
    yield _kind(at, "a natural number", isinstance(value, int) and value >= 0)


def _number(_: Conformity, __: LeanType, value: LeanValue, at: str) -> Iterator[Claim]:
    yield _kind(at, "a number", isinstance(value_of(value), fmpq | arb))


def _index(_: Conformity, type_: LeanType, value: LeanValue, at: str) -> Iterator[Claim]:
    bound = force(type_.arguments[0])
    yield _kind(at, f"an index below {bound}", isinstance(value, Fin) and value.value < bound == value.bound)


def _list(conformity: Conformity, type_: LeanType, value: LeanValue, at: str) -> Iterator[Claim]:
    yield _kind(at, "a list", isinstance(value, tuple))
    for k, entry in enumerate(value):
        yield from conformity.claims(type_.arguments[0], entry, f"{at}entry {k}, ")


def _vector(_: Conformity, type_: LeanType, value: LeanValue, at: str) -> Iterator[Claim]:
    count = dimension(type_)
    yield _kind(at, f"a vector of length {count}", isinstance(value, tuple) and len(value) == count)


def _unit(_: Conformity, __: LeanType, value: LeanValue, at: str) -> Iterator[Claim]:
    yield _kind(at, "the unit", value == UNIT)


def _pair(conformity: Conformity, type_: LeanType, value: LeanValue, at: str) -> Iterator[Claim]:
    yield _kind(at, "a pair", isinstance(value, Pair))
    for name, part in zip(("first", "second"), type_.arguments, strict=True):
        yield from conformity.claims(part, getattr(value, name), f"{at}{name}, ")


def _linear(_: Conformity, type_: LeanType, value: LeanValue, at: str) -> Iterator[Claim]:
    is_one = isinstance(value, LinearMap) and Unifier().same(
        LeanType(type_.head, (value.domain, value.codomain)), LeanType(type_.head, type_.arguments)
    )
    yield _kind(at, "a linear map between these spaces", is_one)


_LOOKS: Mapping[str, Callable[[Conformity, LeanType, LeanValue, str], Iterator[Claim]]] = {
    "Nat": _natural,
    "Real": _number,
    "Fin": _index,
    "List": _list,
    "EuclideanSpace": _vector,
    "PUnit": _unit,
    "Prod": _pair,
    "ContinuousLinearMap": _linear,
}


def _kind(at: str, what: str, holds: object) -> Claim:
    return Holds(f"{at}{what}", bool(holds), "another kind of value")


def _listed(names: Any) -> str:
    return ", ".join(sorted(names))
