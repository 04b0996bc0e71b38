"""Arithmetic by type: natural and real numbers, vectors, linear maps, functions and pairs, with Lean's totality."""

from __future__ import annotations

import operator
from collections.abc import Callable

from lean_refs.evaluator.described import described
from lean_refs.evaluator.errors import ContractError, CornerError, NotEvaluatedError
from lean_refs.evaluator.machine import force
from lean_refs.evaluator.scalars import RealNumber
from lean_refs.evaluator.values import (
    Constructed,
    Fin,
    FunctionType,
    LeanType,
    LeanValue,
    LinearMap,
    Pair,
    Proof,
    StructureValue,
)
from lean_refs.evaluator.world import World

# A numeral longer than this is refused: Python itself refuses to read one of more than 4,300 digits.
MOST_DIGITS = 4000
# A power is multiplied out: above this it is refused, as a loop that does not seem to end.
HIGHEST_POWER = 1000


def inverse(world: World, x: RealNumber) -> RealNumber:
    """x⁻¹, and 0 for x = 0."""
    if world.scalars.sign(x):
        return world.scalars.inverse(x)
    return _at_corner(world, x, "x⁻¹ at 0")


def sqrt(world: World, x: RealNumber) -> RealNumber:
    """√x, and 0 where x is negative."""
    sign = world.scalars.sign(x)
    if sign > 0:
        return world.scalars.sqrt(x)
    # Below 0 the function is 0 all around, so that it has a derivative; at 0 it has none.
    return world.scalars.of_rational(0, 1) if sign else _at_corner(world, x, "√x at 0")


def maximum(world: World, x: RealNumber, y: RealNumber) -> RealNumber:
    """The greater of two numbers."""
    sign = world.scalars.sign(x - y)
    if sign == 0 and world.scalars.varies(x - y):
        raise CornerError("max x y is differentiated where x = y")
    return x if sign >= 0 else y


def _at_corner(world: World, x: RealNumber, where: str) -> RealNumber:
    if world.scalars.varies(x):
        raise CornerError(f"{where} is differentiated")
    return world.scalars.of_rational(0, 1)


def zero(world: World, type_: LeanValue) -> LeanValue:
    """0 of a type."""
    return numeral(world, 0, type_)


def numeral(world: World, number: int, type_: LeanValue) -> LeanValue:
    """The numeral of a type."""
    type_ = force(type_)
    if isinstance(type_, FunctionType):
        return lambda argument: numeral(world, number, type_.codomain(argument))
    match head_of(type_):
        case "Nat":
            return number
        case "Real":
            return world.scalars.of_rational(number, 1)
        case "Fin" if bound := force(type_.arguments[0]):
            return Fin(number % bound, bound)
        case "EuclideanSpace" if number == 0:
            return (world.scalars.of_rational(0, 1),) * dimension(type_)
        case "ContinuousLinearMap" | "LinearMap" if number == 0:
            domain, codomain = type_.arguments
            return LinearMap(domain, codomain, lambda _: zero(world, codomain))
        case "ContinuousLinearMap" | "LinearMap" if number == 1:
            domain, codomain = type_.arguments
            return LinearMap(domain, codomain, lambda x: x)
        case "Prod" if number == 0:
            return Pair(*(zero(world, part) for part in type_.arguments))
    raise NotEvaluatedError(f"the numeral {number} of type {type_.head}")


def dimension(type_: LeanValue) -> int:
    """n of `EuclideanSpace ℝ (Fin n)`."""
    return bound_of(force(type_).arguments[1])


def bound_of(index: LeanValue) -> int:
    """n of `Fin n`."""
    known = force(index)
    if known.__class__ is LeanType and known.head == "Fin":
        bound = force(known.arguments[0])
        if bound.__class__ is int:
            return bound
    raise ContractError(f"{described(known)} where Fin n is expected")


_ADDITIVE: dict[str, Callable[[LeanValue, LeanValue], LeanValue]] = {"+": operator.add, "-": operator.sub}


_KINDS = {
    "Nat": int, "Fin": Fin, "EuclideanSpace": tuple, "Prod": Pair, "ContinuousLinearMap": LinearMap,
    "LinearMap": LinearMap,
}  # fmt: skip
_NO_NUMBERS = (tuple, Fin, Pair, Constructed, StructureValue, LeanType, FunctionType, Proof)


def head_of(type_: LeanValue) -> str:
    """The head of a type that is no function type."""
    known = force(type_)
    if known.__class__ is not LeanType:
        raise ContractError(f"{described(known)} as the type of a value")
    return known.head


def of_kind(head: str, *values: LeanValue) -> None:
    """Refuse values of another kind than a type of this head has, which only an ill-typed text gives."""
    kind = _KINDS.get(head)
    for value in values:
        fits = value.__class__ is kind if kind else not (isinstance(value, _NO_NUMBERS) or callable(value))
        if not fits and (kind or head == "Real"):
            raise ContractError(f"{described(value)} at type {head}")


def applied(function: LeanValue, argument: LeanValue) -> LeanValue:
    """What a function gives, which the value must be."""
    known = force(function)
    if not callable(known):
        raise ContractError("what is applied to arguments is no function")
    return known(argument)


def combined(world: World, sign: str, type_: LeanValue, a: LeanValue, b: LeanValue) -> LeanValue:
    """`a sign b` where both are of one type."""
    type_ = force(type_)
    if isinstance(type_, FunctionType):
        return lambda x: combined(world, sign, type_.codomain(x), applied(a, x), applied(b, x))
    head, a, b = head_of(type_), force(a), force(b)
    if head == "Real":
        try:
            return _real(world, sign, a, b)
        except TypeError:
            of_kind("Real", a, b)
            raise
    of_kind(head, a, b)
    if head == "Nat":
        return _natural(sign, a, b)
    if sign in _ADDITIVE:
        return _added(world, sign, type_, a, b)
    raise NotEvaluatedError(f"{sign} at type {type_.head}")


def _natural(sign: str, a: int, b: int) -> int:
    match sign:
        case "+":
            return a + b
        case "-":
            return max(a - b, 0)
        case "*":
            return a * b
        case "/":
            return a // b if b else 0
    return a % b if b else a


def _real(world: World, sign: str, a: RealNumber, b: RealNumber) -> RealNumber:
    match sign:
        case "+":
            return a + b
        case "-":
            return a - b
        case "*":
            return a * b
        case "/":
            return a * inverse(world, b)
    raise NotEvaluatedError(f"{sign} at type Real")


def _added(world: World, sign: str, type_: LeanType, a: LeanValue, b: LeanValue) -> LeanValue:
    match type_.head:
        case "EuclideanSpace":
            if len(a) != len(b):
                raise ContractError(f"{sign} of vectors of {len(a)} and of {len(b)} entries")
            return tuple(map(_ADDITIVE[sign], a, b))
        case "ContinuousLinearMap" | "LinearMap":
            domain, codomain = type_.arguments
            return LinearMap(domain, codomain, lambda x: combined(world, sign, codomain, a(x), b(x)))
        case "Prod":
            first, second = type_.arguments
            return Pair(
                combined(world, sign, first, a.first, b.first), combined(world, sign, second, a.second, b.second)
            )
    raise NotEvaluatedError(f"{sign} at type {type_.head}")


def scaled(world: World, factor: RealNumber, type_: LeanValue, x: LeanValue) -> LeanValue:
    """`factor • x`."""
    type_, x = force(type_), force(x)
    if isinstance(type_, FunctionType):
        return lambda argument: scaled(world, factor, type_.codomain(argument), applied(x, argument))
    of_kind(head_of(type_), x)
    match type_.head:
        case "Real":
            return factor * x
        case "EuclideanSpace":
            return tuple(factor * entry for entry in x)
        case "ContinuousLinearMap" | "LinearMap":
            domain, codomain = type_.arguments
            return LinearMap(domain, codomain, lambda argument: scaled(world, factor, codomain, x(argument)))
        case "Prod":
            first, second = type_.arguments
            return Pair(scaled(world, factor, first, x.first), scaled(world, factor, second, x.second))
    raise NotEvaluatedError(f"• at type {type_.head}")


def power(world: World, type_: LeanValue, base: LeanValue, exponent: int) -> LeanValue:
    """`base ^ exponent` for a natural exponent."""
    head = head_of(type_)
    of_kind(head, base)
    of_kind("Nat", exponent)
    if head not in ("Nat", "Real"):
        raise NotEvaluatedError(f"^ at type {head}")
    if exponent > HIGHEST_POWER:
        raise NotEvaluatedError(f"an exponent above {HIGHEST_POWER}")
    result = numeral(world, 1, type_)
    for _ in range(exponent):
        result = result * base
    return result
