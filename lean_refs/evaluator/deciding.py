"""Whether a proposition holds, where that can be decided by looking."""

from __future__ import annotations

from lean_refs.evaluator.arithmetic import bound_of, head_of, of_kind
from lean_refs.evaluator.errors import NotEvaluatedError
from lean_refs.evaluator.machine import force
from lean_refs.evaluator.unify import Unifier
from lean_refs.evaluator.values import Constructed, Fin, FunctionType, LeanType, LeanValue
from lean_refs.evaluator.world import World


def holds(world: World, proposition: LeanValue) -> bool:
    """Whether it holds: relations of numbers, `∧`, `∨`, `¬`, `↔`, and `∀` and `∃` over `Fin n`.

    Equality is that of `equal`. Raises `NotEvaluatedError` for what is not decided by looking.
    """
    proposition = force(proposition)
    if isinstance(proposition, FunctionType):
        return _for_all(world, proposition)
    if not isinstance(proposition, LeanType):
        raise NotEvaluatedError("whether what is no proposition holds")
    parts = proposition.arguments
    match proposition.head:
        case "Eq":
            return equal(world, *parts)
        case "Ne":
            return not equal(world, *parts)
        case "LT":
            return order(world, *parts) < 0
        case "LE":
            return order(world, *parts) <= 0
        case "And":
            return holds(world, parts[0]) and holds(world, parts[1])
        case "Or":
            return holds(world, parts[0]) or holds(world, parts[1])
        case "Iff":
            return holds(world, parts[0]) == holds(world, parts[1])
        case "Not":
            return not holds(world, parts[0])
        case "True":
            return True
        case "False":
            return False
        case "Exists":
            return any(holds(world, parts[1](index)) for index in indices(parts[0]))
    raise NotEvaluatedError(f"whether {proposition.head} holds")


def _for_all(world: World, proposition: FunctionType) -> bool:
    domain = force(proposition.domain)
    if isinstance(domain, LeanType) and domain.head in _PROPOSITIONS:
        return not holds(world, domain) or holds(world, proposition.codomain(None))
    return all(holds(world, proposition.codomain(index)) for index in indices(domain))


_PROPOSITIONS = frozenset(["Eq", "Ne", "LT", "LE", "And", "Or", "Iff", "Not", "True", "False", "Exists"])


def indices(domain: LeanValue) -> list[Fin]:
    """All values of `Fin n`."""
    domain = force(domain)
    if not (isinstance(domain, LeanType) and domain.head == "Fin"):
        raise NotEvaluatedError("a statement for all values of an infinite type")
    bound = bound_of(domain)
    return [Fin(index, bound) for index in range(bound)]


def order(world: World, type_: LeanValue, a: LeanValue, b: LeanValue) -> int:
    """-1, 0 or 1 as a is less than, equal to or greater than b."""
    head, a, b = head_of(type_), force(a), force(b)
    of_kind(head, a, b)
    match head:
        case "Real":
            return world.scalars.sign(a - b)
        case "Nat":
            return (a > b) - (a < b)
        case "Fin":
            return (a.value > b.value) - (a.value < b.value)
    raise NotEvaluatedError(f"the order of {head}")


def equal(world: World, type_: LeanValue, a: LeanValue, b: LeanValue) -> bool:
    """Whether two values are equal: numbers by their sign, vectors and functions on `Fin n` entry by entry."""
    type_, a, b = force(type_), force(a), force(b)
    if isinstance(type_, FunctionType):
        return all(equal(world, type_.codomain(i), a(i), b(i)) for i in indices(type_.domain))
    of_kind(type_.head, a, b)
    match type_.head:
        case "Real":
            return world.scalars.sign(a - b) == 0
        case "EuclideanSpace":
            return len(a) == len(b) and all(world.scalars.sign(x - y) == 0 for x, y in zip(a, b, strict=True))
        case "Prod":
            first, second = type_.arguments
            return equal(world, first, a.first, b.first) and equal(world, second, a.second, b.second)
    if _has_data_alone(a) and _has_data_alone(b):
        return Unifier().same(a, b) is True  # which looks behind what was found or computed late
    raise NotEvaluatedError(f"equality of {type_.head}")


def _has_data_alone(value: LeanValue) -> bool:
    """Whether it is known part by part: natural numbers, indices, and lists and constructors of such."""
    value = force(value)
    match value:
        case int() | Fin():
            return True
        case tuple():
            return all(map(_has_data_alone, value))
        case Constructed():
            return all(map(_has_data_alone, value.arguments))
    return False
