"""Two values of Lean of one type, held against each other as claims that can be judged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from lean_refs.evaluator.deciding import equal, indices
from lean_refs.evaluator.evaluator import settled
from lean_refs.evaluator.machine import force
from lean_refs.evaluator.values import REAL, FunctionType, LeanType, LeanValue
from lean_refs.evaluator.world import World
from mirror.linear_map import basis_vector
from theorems.engine.evidence.verdicts import Claim, Equal, Holds
from theorems.engine.strategies.shapes import tensor_of, typed_list
from theorems.engine.strategies.values import Fill
from theorems.tools.audit.evaluated import forms
from theorems.tools.audit.evaluated.coordinates import coordinates, dimension, entries, is_fin, of_coordinates, of_kind
from theorems.tools.audit.evaluated.errors import UndrawableError
from theorems.tools.audit.evaluated.names import TENSOR, TLIST

# What is said of all vectors is tried at so many.
POINTS = 2


class Alike:
    """Compares by the type: numbers exactly or by enclosures, functions at drawn points, linear maps on the basis."""

    def __init__(self, world: World, fill: Fill, points: Iterable[Sequence[np.ndarray]] = ()) -> None:
        """`points`: vectors to try what is said of all vectors at, some for each `∀` in turn; else they are drawn."""
        self._world, self._fill, self._points = world, fill, list(points)

    def claims(self, type_: LeanValue, a: LeanValue, b: LeanValue, at: str = "") -> Iterator[Claim]:
        """What must hold if the two are equal."""
        type_, a, b = force(type_), force(a), force(b)
        if dimension(type_) is not None:
            yield Equal(f"{at}both sides", coordinates(type_, a), coordinates(type_, b))
        elif isinstance(type_, FunctionType):
            of_kind(type_, a, b)
            for value in self.values(type_.domain):
                yield from self.claims(type_.codomain(value), a(value), b(value), at)
        else:
            yield from self._of_head(type_, a, b, at)

    def _of_head(self, type_: LeanType, a: LeanValue, b: LeanValue, at: str) -> Iterator[Claim]:
        match type_.head:
            case "Prod":
                of_kind(type_, a, b)
                yield from self.claims(type_.arguments[0], a.first, b.first, f"{at}first, ")
                yield from self.claims(type_.arguments[1], a.second, b.second, f"{at}second, ")
            case "ContinuousLinearMap":
                yield from self.maps(type_.arguments, a, b, at)
            case head if head in (TENSOR, TLIST) and force(type_.arguments[0]) == REAL:
                yield Equal(f"{at}both sides", _numbers(head, a), _numbers(head, b))
            case "Nat":
                yield Equal(f"{at}both sides", [settled(a)], [settled(b)])
            case "List" if force(type_.arguments[0]) == REAL:
                yield Equal(f"{at}both sides", entries(a), entries(b))
            case _:
                a, b = settled(a), settled(b)
                same = equal(self._world, type_, a, b)
                yield Holds(f"{at}both sides", same, f"{shortened(a)} and {shortened(b)}")

    def maps(self, ends: Sequence[LeanValue], a: LeanValue, b: LeanValue, at: str = "") -> Iterator[Claim]:
        """Two linear maps on the basis, so completely."""
        domain, codomain = map(force, ends)
        size, a, b = dimension(domain), force(a), force(b)
        if size is None or dimension(codomain) is None:
            raise UndrawableError("a map between spaces without coordinates")
        of_kind(LeanType("ContinuousLinearMap", (domain, codomain)), a, b)
        for j in range(size):
            e = of_coordinates(domain, list(basis_vector(size, j)))
            yield Equal(f"{at}on basis vector {j}", coordinates(codomain, a(e)), coordinates(codomain, b(e)))

    def values(self, domain: LeanValue) -> Iterator[LeanValue]:
        """All values of a finite type, or drawn ones; raises `UndrawableError` for a type of which none is drawn."""
        if is_fin(domain):
            yield from indices(domain)
        elif (size := dimension(domain)) is not None and (points := self._of_size(size)):
            yield from (of_coordinates(domain, list(x)) for x in points)
        else:
            yield from (self._drawn(force(domain)) for _ in range(POINTS))

    def _of_size(self, size: int) -> Sequence[np.ndarray]:
        """The next of the points that have so many coordinates, which are then used up."""
        for k, points in enumerate(self._points):
            if points and len(points[0]) == size:
                return self._points.pop(k)
        return ()

    def _drawn(self, domain: LeanValue) -> LeanValue:
        if (size := dimension(domain)) is not None:
            return of_coordinates(domain, list(self._fill.vector(size)))
        head = domain.head if isinstance(domain, LeanType) else "→"
        if head == TLIST:
            return forms.typed_list(typed_list(self._fill, forms.read_context(domain.arguments[1])))
        if head == TENSOR:
            return forms.tensor(tensor_of(self._fill, forms.read_shape(domain.arguments[1])))
        raise UndrawableError(f"what is said of all values of the type {head}, of which none is drawn")


def _numbers(head: str, value: LeanValue) -> list[Any]:
    """The entries of a tensor, or of all tensors of a list."""
    tensors = [forms.read_tensor(value)] if head == TENSOR else forms.read_list(value)
    return [x for t in tensors for x in entries(t.entries)]


def shortened(value: Any) -> str:
    """A value in at most sixty characters."""
    text = " ".join(str(value).split())
    return text if len(text) <= 60 else f"{text[:57]}…"
