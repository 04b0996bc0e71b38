"""Data taken apart: its form, which data that differ in their numbers alone have in common, and its numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeAlias

from lean_refs.evaluator.kept import KeptFunction, ListedFunction
from lean_refs.evaluator.machine import force
from lean_refs.evaluator.scalars import RealNumber
from lean_refs.evaluator.values import (
    Constructed,
    Equivalence,
    Fin,
    FunctionType,
    LeanType,
    LeanValue,
    LinearMap,
    Pair,
    Proof,
    StructureValue,
    is_plain,
)

# Plain data is its own form; the form of other data is a tuple that begins with one of these.
_NUMBER, _NUMBERS, _LIST, _BUILT, _TABLE, _PAIR = (object() for _ in range(6))
DataForm: TypeAlias = Any
_NO_NUMBERS = frozenset(
    (tuple, int, Fin, Proof, Pair, LeanType, FunctionType, LinearMap, Equivalence, Constructed, StructureValue)
)


class InseparableError(Exception):
    """What is not made of data and numbers alone."""


@dataclass(frozen=True, slots=True)
class _Named:
    """The form of a structure or of a type without numbers, which is one of those that have it, named alike."""

    name: str
    parts: tuple[DataForm, ...]
    via: tuple[tuple[str, tuple[DataForm, ...]], ...]
    value: LeanValue = field(compare=False)


def apart(value: LeanValue, numbers: list[RealNumber], *, named: bool = True) -> DataForm:
    """The form of a value, whose numbers are added to those.

    Raises `InseparableError`, and what is raised where the parts of the value are found.

    Types and structures know which definition gave them, with which arguments: they are taken only if `named`.
    """
    value = force(value)
    kind = value.__class__
    if kind is StructureValue or kind is LeanType:
        return _named(value, numbers) if named else _inseparable()
    if is_plain(value):
        return value
    if kind is tuple:
        if is_number(force(value[0])):
            numbers += map(force, value)
            return _NUMBERS, len(value)
        return _LIST, *[apart(one, numbers, named=named) for one in value]
    if kind is Constructed:
        return _BUILT, value.name, *[apart(one, numbers, named=named) for one in value.arguments]
    if kind is KeptFunction or kind is ListedFunction:
        values = value.values()
        return _inseparable() if values is None else (_TABLE, *[apart(one, numbers, named=named) for one in values])
    if kind is Pair:
        return _PAIR, apart(value.first, numbers, named=named), apart(value.second, numbers, named=named)
    if not is_number(value):
        raise InseparableError
    numbers.append(value)
    return (_NUMBER,)


def _named(value: LeanValue, numbers: list[RealNumber]) -> DataForm:
    if not value.via and is_plain(value):
        return value

    def forms(values: Iterable[LeanValue]) -> tuple[DataForm, ...]:
        return tuple([apart(one, numbers) for one in values])

    before, is_type = len(numbers), isinstance(value, LeanType)
    parts = forms(value.arguments if is_type else value.fields.values())
    via = tuple([(name, forms(arguments)) for name, arguments in value.via])
    form = _Named(value.head if is_type else value.name, parts, via, value)
    return form if len(numbers) == before else _inseparable()


def _inseparable() -> Any:
    raise InseparableError


def is_number(value: LeanValue) -> bool:
    """Whether a value is one of the numbers that are injected."""
    return value.__class__ not in _NO_NUMBERS and not callable(value)


def together(form: DataForm, numbers: Iterator[RealNumber]) -> LeanValue:
    """The data of that form with the next of these numbers."""
    if form.__class__ is _Named:
        return form.value
    kind = form[0] if form.__class__ is tuple and form else None
    if kind is _NUMBERS:
        return tuple(islice(numbers, form[1]))
    if kind is _BUILT:
        return Constructed(form[1], tuple([together(one, numbers) for one in form[2:]]))
    if kind is _TABLE:
        return ListedFunction([together(one, numbers) for one in form[1:]])
    if kind is _NUMBER:
        return next(numbers)
    if kind is _LIST:
        return tuple([together(one, numbers) for one in form[1:]])
    return Pair(together(form[1], numbers), together(form[2], numbers)) if kind is _PAIR else form
