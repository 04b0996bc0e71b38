"""What a proposition of Lean says of given values, as claims that can be judged: exactly, or by enclosures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from lean_refs.evaluator import VOCABULARY, Evaluator, NotEvaluatedError
from lean_refs.evaluator.deciding import indices, order
from lean_refs.evaluator.errors import UnknownError
from lean_refs.evaluator.machine import force
from lean_refs.evaluator.values import (
    PROOF,
    REAL,
    FunctionType,
    LeanType,
    LeanValue,
    LinearMap,
    Pair,
    StructureValue,
)
from theorems.engine.evidence.verdicts import Claim, Equal, Holds, NothingClaimed, Verdict, judge
from theorems.engine.strategies.values import Fill
from theorems.tools.audit.evaluated.alike import Alike, shortened
from theorems.tools.audit.evaluated.coordinates import coordinates, dimension, is_fin, of_coordinates
from theorems.tools.audit.evaluated.numbers import TooRoughError

DERIVATIVES = frozenset(("HasFDerivAt", "HasDerivAt", "DifferentiableAt"))
_CONNECTIVES: dict[str, Callable[..., bool]] = {
    "Or": lambda a, b: a or b,
    "Iff": lambda a, b: a == b,
    "Not": lambda a: not a,
    "True": lambda: True,
    "False": lambda: False,
}
_PROPOSITIONS = frozenset(("Eq", "Ne", "LT", "LE", "And", "Exists", *DERIVATIVES, *_CONNECTIVES))


class Stated:
    """Says what a proposition claims; what is said of all values of an infinite type is tried at drawn ones."""

    def __init__(self, evaluator: Evaluator, fill: Fill, points: Iterable[Sequence[np.ndarray]] = ()) -> None:
        self._world, self._library = evaluator.world, evaluator.library
        self._alike = Alike(evaluator.world, fill, points)

    def claims(self, proposition: LeanValue, at: str = "") -> Iterator[Claim]:
        """What must hold if the proposition does; nothing where it is about no value at all.

        Raises `NotEvaluatedError` for a proposition that none of this decides.
        """
        proposition = force(proposition)
        if isinstance(proposition, FunctionType):
            return self._for_all(proposition, at)
        if not isinstance(proposition, LeanType):
            raise NotEvaluatedError("what is no proposition where one is expected")
        parts: list[LeanValue] = list(proposition.arguments)
        match proposition.head:
            case "Eq":
                return self._alike.claims(*parts, at=at)
            case "Ne":
                return self._differ(parts, at)
            case "LT" | "LE":
                return self._ordered(proposition.head, parts, at)
            case "And":
                return (claim for part in parts for claim in self.claims(part, at))
            case "Exists":
                return self._exists(force(parts[0]), force(parts[1]), at)
            case head if head in DERIVATIVES:
                return self._derivative(head, parts, at)
            case head if head in _CONNECTIVES:
                return self._connected(head, parts, at)
        raise NotEvaluatedError(f"whether {proposition.head} holds")

    def truth(self, proposition: LeanValue) -> bool:
        """Whether a proposition holds; raises `TooRoughError` where this precision does not decide."""
        try:
            found = judge(self.claims(proposition))
        except NothingClaimed:
            return True
        if found.verdict is Verdict.UNDECIDED:
            raise TooRoughError(str(found.mismatch))
        return found.verdict.passes

    def proved(self, type_: LeanValue, value: LeanValue) -> Iterator[Claim]:
        """What the proof fields of a structure and of those in it say of its data: that it is the derivative."""
        type_, value = force(type_), force(value)
        if isinstance(value, Pair):
            for part_type, part in zip(type_.arguments, (value.first, value.second), strict=True):
                yield from self.proved(part_type, part)
        elif isinstance(value, StructureValue):
            structure = self._library.structure(type_.head)
            assert structure is not None, "a structure, of which there is a value"
            for field, (part, said) in structure.opened(type_, value.fields.__getitem__):
                if field.proof:
                    yield from self.claims(said, f"{field.name}, ")
                else:
                    yield from self.proved(said, part)

    def certificate(self, type_: LeanType) -> StructureValue:
        """The only certificate that a node can have at a point: the derivative that its fields say it is."""
        structure = self._library.structure(type_.head)
        assert structure is not None, "a certificate is a structure"
        meant = _unknown_map((None, None))
        fields = structure.opened(type_, lambda _: meant)
        found = self._meant(meant, (said for field, (_, said) in fields if field.proof))
        return StructureValue(type_.head, {field.name: PROOF if field.proof else found for field, _ in fields})

    # ---- for all, there is

    def _for_all(self, proposition: FunctionType, at: str) -> Iterator[Claim]:
        domain = force(proposition.domain)
        if isinstance(domain, LeanType) and domain.head in _PROPOSITIONS:
            if self.truth(domain):
                yield from self.claims(proposition.codomain(PROOF), at)
            return
        for value in self._alike.values(domain):
            yield from self.claims(proposition.codomain(value), at)

    def _exists(self, domain: LeanValue, said: Callable[[LeanValue], LeanValue], at: str) -> Iterator[Claim]:
        if is_fin(domain):
            yield Holds(f"{at}there is one", any(self.truth(said(i)) for i in indices(domain)), "there is none")
        elif isinstance(domain, LeanType) and domain.head == "ContinuousLinearMap":
            meant = _unknown_map(domain.arguments)
            yield from self.claims(said(self._meant(meant, [said(meant)])), at)
        else:
            raise NotEvaluatedError("whether there is a value of an infinite type")

    def _meant(self, meant: LinearMap, said: Iterable[LeanValue]) -> LinearMap:
        """The linear map that can only be meant: the derivative that it is said to be."""
        for part in (part for proposition in said for part in _conjuncts(proposition)):
            if part.head == "HasFDerivAt" and force(part.arguments[3]) is meant:
                E, F, f, _, x = part.arguments
                return self._fderiv(E, F, f, x)
        raise NotEvaluatedError("whether there is a linear map that is not said to be a derivative")

    # ---- derivatives

    def _fderiv(self, *arguments: LeanValue) -> LinearMap:
        """The derivative of f : E → F at x."""
        run = VOCABULARY["fderiv"].run
        assert run is not None, "the vocabulary computes derivatives"
        return run(self._world, REAL, *map(force, arguments))

    def _derivative(self, head: str, parts: Sequence[LeanValue], at: str) -> Iterator[Claim]:
        number = self._world.scalars.of_rational
        if head == "HasFDerivAt":
            E, F, f, claimed, x = parts
            yield from self._alike.maps((E, F), claimed, self._fderiv(E, F, f, x), f"{at}the derivative, ")
        elif head == "HasDerivAt":
            F, f, claimed, x = parts
            found = self._fderiv(REAL, F, f, x)(number(1, 1))
            yield Equal(f"{at}the derivative", coordinates(F, claimed), coordinates(F, found))
        else:
            _, E, F, f, x = parts
            # Where there is none, this raises an exception.
            self._fderiv(E, F, f, x)(of_coordinates(E, [number(0, 1)] * (dimension(E) or 0)))
            yield Holds(f"{at}there is a derivative", True)

    # ---- order and connectives

    def _differ(self, parts: Sequence[LeanValue], at: str) -> Iterator[Claim]:
        found = judge(self._alike.claims(*parts, at=at))
        if found.verdict in (Verdict.UNDECIDED, Verdict.ENCLOSED):
            raise TooRoughError("whether two enclosures that overlap are of different numbers")
        yield Holds(f"{at}both sides", not found.verdict.passes, "they are equal")

    def _ordered(self, head: str, parts: Sequence[LeanValue], at: str) -> Iterator[Claim]:
        sign = order(self._world, *parts)
        holds, sides = (sign < 0 if head == "LT" else sign <= 0), " and ".join(shortened(force(p)) for p in parts[1:])
        yield Holds(f"{at}{'<' if head == 'LT' else '≤'}", holds, f"between {sides}")

    def _connected(self, head: str, parts: Sequence[LeanValue], at: str) -> Iterator[Claim]:
        yield Holds(f"{at}{head}", _CONNECTIVES[head](*map(self.truth, parts)), "it does not hold")


def _conjuncts(proposition: LeanValue) -> Iterator[LeanType]:
    known = force(proposition)
    if isinstance(known, LeanType) and known.head == "And":
        for part in known.arguments:
            yield from _conjuncts(part)
    elif isinstance(known, LeanType):
        yield known


def _unknown_map(ends: Sequence[Any]) -> LinearMap:
    """A linear map to be found, which nothing applies before."""

    def unknown(_: LeanValue) -> LeanValue:
        raise UnknownError("a linear map that is still to be found")

    return LinearMap(ends[0], ends[1], unknown)
