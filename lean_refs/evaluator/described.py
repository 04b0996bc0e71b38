"""Types and values in words, and what must be a type as one."""

from __future__ import annotations

from lean_refs.evaluator.errors import ContractError
from lean_refs.evaluator.machine import force, peek
from lean_refs.evaluator.values import Constructed, Fin, FunctionType, LeanType, LeanValue, StructureValue


def shown(type_: LeanValue) -> str:
    """A type in words."""
    type_ = peek(type_)
    if isinstance(type_, LeanType):
        return " ".join((type_.head, *(_short(argument) for argument in type_.arguments)))
    return "a function type" if isinstance(type_, FunctionType) else "something unknown"


def _short(value: LeanValue) -> str:
    value = peek(value)
    if isinstance(value, LeanType) and value.arguments:
        return f"({shown(value)})"
    return shown(value) if isinstance(value, LeanType) else str(value) if isinstance(value, int | tuple) else "…"


def described(value: LeanValue) -> str:
    """A value in words."""
    match value:
        case Fin(number, bound):
            return f"the index {number} below {bound}"
        case tuple():
            return f"a list of {len(value)}"
        case Constructed(name) | StructureValue(name):
            return f"a {name}"
        case LeanType() | FunctionType():
            return shown(value)
        case int():
            return f"the natural number {value}"
        case _ if callable(value):
            return "a function"
    return f"a {type(value).__name__}"


def type_itself(value: LeanValue) -> LeanType | FunctionType:
    """The type that a value must be; `NotEvaluatedError` for one that is none, as `n` and `Vec` are in `x : n`."""
    known = force(value)
    if known.__class__ is LeanType or known.__class__ is FunctionType:
        return known
    raise ContractError(f"what stands for a type is {described(known)}")
