"""Vectors of Lean as coordinates: of ℝ, ℝⁿ, products and functions on `Fin n` with values in such a space."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from flint import arb, fmpq

from lean_refs.evaluator.described import described, shown, type_itself
from lean_refs.evaluator.errors import ContractError
from lean_refs.evaluator.machine import force
from lean_refs.evaluator.values import Fin, FunctionType, LeanType, LeanValue, Pair
from mirror.arithmetic import JetArray
from mirror.arithmetic.jet import several
from theorems.tools.audit.evaluated.numbers import ZERO, Moving, value_of


def is_fin(type_: LeanValue) -> bool:
    """Whether a type is `Fin n`."""
    known = force(type_)
    return isinstance(known, LeanType) and known.head == "Fin"


def dimension(type_: LeanValue) -> int | None:
    """How many coordinates a type has; None where it is no such space."""
    type_ = type_itself(type_)
    if isinstance(type_, FunctionType):
        if not is_fin(type_.domain):
            return None
        count = force(force(type_.domain).arguments[0])
        inner = dimension(type_.codomain(Fin(0, count))) if count else 0
        return None if inner is None else count * inner
    match type_.head:
        case "Real":
            return 1
        case "EuclideanSpace":
            return force(force(type_.arguments[1]).arguments[0])
        case "Prod":
            parts = [dimension(part) for part in type_.arguments]
            return None if None in parts else sum(parts)  # pyright: ignore[reportArgumentType, reportCallIssue]
    return None


def coordinates(type_: LeanValue, value: LeanValue) -> list[Any]:
    """The coordinates of a value of a type that has a dimension."""
    type_, value = force(type_), force(value)
    of_kind(type_, value)
    if isinstance(type_, FunctionType):
        count = force(force(type_.domain).arguments[0])
        places = (Fin(i, count) for i in range(count))
        return [x for i in places for x in coordinates(type_.codomain(i), value(i))]
    match type_.head:
        case "Real":
            return [value]
        case "EuclideanSpace":
            return [force(x) for x in value]
    first, second = type_.arguments
    return coordinates(first, value.first) + coordinates(second, value.second)


def of_kind(type_: LeanType | FunctionType, *values: LeanValue) -> None:
    """Refuse values that are not of the kind, or of the length, that their type has, as an ill-typed text may give."""
    kind = None if isinstance(type_, FunctionType) else _KINDS.get(type_.head, object)
    count = None if kind is not tuple else dimension(type_)
    for value in values:
        fits = callable(value) if kind is None else isinstance(value, kind)
        if not fits or (count is not None and len(value) != count):
            raise ContractError(f"{described(value)} where {shown(type_)} is declared")


_KINDS = {"Real": (fmpq, arb, Moving), "EuclideanSpace": tuple, "Prod": Pair, "ContinuousLinearMap": Callable}


def of_coordinates(type_: LeanValue, numbers: Sequence[Any]) -> LeanValue:
    """The value with these coordinates."""
    type_ = force(type_)
    if isinstance(type_, FunctionType):
        count = force(force(type_.domain).arguments[0])
        each = len(numbers) // count if count else 0
        rows = [of_coordinates(type_.codomain(Fin(i, count)), numbers[i * each : (i + 1) * each]) for i in range(count)]
        return lambda i: rows[force(i).value]
    match type_.head:
        case "Real":
            return numbers[0]
        case "EuclideanSpace":
            return tuple(numbers)
    first, second = type_.arguments
    cut = dimension(first)
    return Pair(of_coordinates(first, numbers[:cut]), of_coordinates(second, numbers[cut:]))


def array(numbers: Sequence[Any]) -> Any:
    """RealNumbers as an array of the mirror: of jets where one of them moves."""
    moving = next((x for x in numbers if isinstance(x, Moving)), None)
    if moving is None:
        return _objects(numbers)
    count = len(moving.slopes)
    slopes = [_objects([x.slopes[k] if isinstance(x, Moving) else ZERO for x in numbers]) for k in range(count)]
    constant = np.array([not isinstance(x, Moving) for x in numbers], dtype=bool)
    return JetArray((_objects([value_of(x) for x in numbers]), *slopes), constant, several(count))


def _objects(numbers: Sequence[Any]) -> np.ndarray:
    out = np.empty(len(numbers), dtype=object)
    out[:] = list(numbers)
    return out


def entries(value: Any) -> list[Any]:
    """The numbers of an array of the mirror, row-major."""
    if not isinstance(value, JetArray):
        return list(np.asarray(value, dtype=object).reshape(-1))
    flat = value.reshape(-1)
    first, *slopes = flat.coefficients
    return [
        x if still else Moving(x, tuple(s[k] for s in slopes))
        for k, (x, still) in enumerate(zip(first, flat.constant, strict=True))
    ]
