"""The coercions: ℕ to ℝ, `Fin n` to ℕ, vectors and maps to functions, equivalences to linear maps."""

from __future__ import annotations

from lean_refs.evaluator.compiler import Typed
from lean_refs.evaluator.errors import ContractError, NotEvaluatedError
from lean_refs.evaluator.machine import force, peek
from lean_refs.evaluator.values import (
    NAT,
    PROOF,
    REAL,
    Equivalence,
    Fin,
    FunctionType,
    LeanType,
    LeanValue,
    LinearMap,
    arrow,
)
from lean_refs.evaluator.world import World

# What may stand for something else, by its class.
COERCED = frozenset((int, Fin, Equivalence, LinearMap, tuple))
# These stand for numbers of another type where such are declared, whatever made them.
NUMBERS = frozenset((int, Fin))


def coerced(world: World, typed: Typed, expected: LeanValue) -> Typed:
    """What a value stands for where a value of type `expected` must stand."""
    value = typed[0]
    if value.__class__ not in COERCED or expected is None:
        return typed
    wanted = peek(expected)
    head = wanted.head if wanted.__class__ is LeanType else ""
    if value.__class__ is int:
        return (world.scalars.of_rational(value, 1), REAL) if head == "Real" else typed
    if value.__class__ is Fin:
        return (value.value, NAT) if head == "Nat" else typed
    if value.__class__ is tuple:
        is_vector = wanted.__class__ is FunctionType and force(typed[1]).head == "EuclideanSpace"
        return applicable(world, (value, force(typed[1]))) if is_vector else typed
    if wanted.__class__ is FunctionType:
        return value, arrow(value.domain, value.codomain)
    if value.__class__ is Equivalence and head == "ContinuousLinearMap":
        return LinearMap(value.domain, value.codomain, value.apply), wanted
    return typed


def applicable(world: World, typed: Typed) -> Typed:
    """A value that stands where a function must, with its type as a function."""
    value, type_ = typed
    if value is PROOF:
        raise NotEvaluatedError("a proof is applied whose statement is not known")
    if type_.__class__ is not LeanType:
        raise ContractError("what is applied to arguments has no known type")
    if type_.head == "EuclideanSpace":
        return (lambda index: entry(value, index)), arrow(type_.arguments[1], type_.arguments[0])
    if type_.head in ("ContinuousLinearMap", "LinearMap", "ContinuousLinearEquiv", "Equiv"):
        return value, arrow(*type_.arguments)
    raise NotEvaluatedError("what is applied to arguments is no function")


def entry(vector: LeanValue, index: LeanValue) -> LeanValue:
    """The entry of a vector at an index of `Fin n`."""
    return force(vector)[force(index).value]
