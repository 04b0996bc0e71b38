"""What evaluation gives: plain values, each of one documented form.

ℕ is an `int`, ℝ a scalar of those injected, a list and a vector of `EuclideanSpace ℝ (Fin n)` are tuples, a function is
a Python function of one argument (implicit arguments count), a proof is `PROOF`. The rest are the classes here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

LeanValue: TypeAlias = Any


@dataclass(frozen=True, slots=True)
class Fin:
    """`value : Fin bound`, below its bound."""

    value: int
    bound: int


@dataclass(frozen=True, slots=True)
class Pair:
    """`(first, second)`."""

    first: LeanValue
    second: LeanValue


@dataclass(frozen=True, slots=True)
class StructureValue:
    """A value of the structure (or class) `name`: its fields by name, in order, proofs among them as `PROOF`.

    `via` are the calls that gave it, the outermost first, each with its arguments; they are no part of the value.
    """

    name: str
    fields: dict[str, LeanValue]
    via: tuple[tuple[str, tuple[LeanValue, ...]], ...] = field(default=(), compare=False, repr=False)


class Constructed:
    """A constructor's full name and all its arguments, implicit ones too, without the parameters of its type.

    `plain` where it is made of constructors and numbers alone: then equal values are the same value.
    """

    __slots__ = ("_hash", "arguments", "name", "plain")
    __match_args__ = ("name", "arguments")

    def __init__(self, name: str, arguments: tuple[LeanValue, ...]) -> None:
        self.name = name
        self.arguments = arguments
        self.plain = all(map(is_plain, arguments))
        self._hash = hash((name, arguments)) if self.plain else id(self)

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, Constructed) or (self.plain and self._hash != other._hash):
            return False
        return self.name == other.name and self.arguments == other.arguments

    def __hash__(self) -> int:
        return self._hash

    def __repr__(self) -> str:
        return f"Constructed({self.name!r}, {self.arguments!r})"


def is_plain(value: LeanValue) -> bool:
    """Whether a value is made of constructors, natural numbers, indices, types and proofs alone."""
    kind = value.__class__
    if kind is Constructed:
        return value.plain
    if kind is tuple:
        return all(map(is_plain, value))
    if kind is LeanType:
        return all(map(is_plain, value.arguments))
    return kind is int or kind is Fin or kind is Proof


@dataclass(frozen=True, slots=True)
class LinearMap:
    """A linear map with what it is between; continuous where its type says so."""

    domain: LeanValue
    codomain: LeanValue
    apply: Callable[[LeanValue], LeanValue]

    def __call__(self, x: LeanValue) -> LeanValue:
        return self.apply(x)


@dataclass(frozen=True, slots=True)
class Equivalence:
    """An equivalence with its inverse, linear and continuous where its type says so."""

    domain: LeanValue
    codomain: LeanValue
    apply: Callable[[LeanValue], LeanValue]
    invert: Callable[[LeanValue], LeanValue]

    def __call__(self, x: LeanValue) -> LeanValue:
        return self.apply(x)


class Proof:
    """Any proof: propositions have no data."""

    def __repr__(self) -> str:
        return "PROOF"


PROOF = Proof()


@dataclass(frozen=True, slots=True)
class LeanType:
    """A type or a proposition: its head's full name and its arguments.

    `via` are the definitions that it was named by (`Vec 3` is `EuclideanSpace ℝ (Fin 3)`), the outermost first, each
    with its arguments; they say nothing about which type it is.
    """

    head: str
    arguments: tuple[LeanValue, ...] = ()
    via: tuple[tuple[str, tuple[LeanValue, ...]], ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class FunctionType:
    """`(name : domain) → codomain`, or `∀ name, …` where the codomain is a proposition; `kind` is the bracket."""

    name: str
    kind: str
    domain: LeanValue
    codomain: Callable[[LeanValue], LeanValue]


UNIT = Constructed("PUnit.unit", ())
NAT, REAL, PROP, TYPE = LeanType("Nat"), LeanType("Real"), LeanType("Prop"), LeanType("Type")


def fin(bound: LeanValue) -> LeanType:
    """`Fin bound`."""
    return LeanType("Fin", (bound,))


def euclidean(size: LeanValue) -> LeanType:
    """`EuclideanSpace ℝ (Fin size)`."""
    return LeanType("EuclideanSpace", (REAL, fin(size)))


def continuous(domain: LeanValue, codomain: LeanValue) -> LeanType:
    """`domain →L[ℝ] codomain`."""
    return LeanType("ContinuousLinearMap", (domain, codomain))


def arrow(domain: LeanValue, codomain: LeanValue) -> FunctionType:
    """`domain → codomain`."""
    return FunctionType("", "(", domain, lambda _: codomain)
