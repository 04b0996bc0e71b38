"""One node held against the derivative of its own forward map: its jvp, vjp, certificate, and maps on tensors."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from flint import fmpq

from mirror.arithmetic import BALL, Arithmetic, Array, AtBoundary, Undecided
from mirror.core.fderiv import (
    flatten_ctx,
    forward_vec,
    node_jvp_vec,
    node_vjp_vec,
    of_vec_t,
    to_vec_t,
    unflatten_ctx,
)
from mirror.core.soundness import Node
from mirror.core.vectorization import inner
from mirror.linear_map import LinearMap
from mirror.node_kinds import node_certificate_at, recorded
from mirror.spec.core.shape import size
from theorems.engine.evidence.certificates import every_input_moves
from theorems.engine.evidence.derivatives import along
from theorems.engine.evidence.verdicts import Equal, Mismatch, Verdict


class NodePart(StrEnum):
    """What of a node is held against the derivative of its forward map, or raised an exception."""

    FORWARD = "forward map"
    JVP = "jvp"
    VJP = "vjp"
    CERTIFICATE = "certificate"
    ADJOINT = "adjoint of the certificate's derivative"
    TENSORS = "forward and jvp on tensors"
    TENSOR_VJP = "vjp on tensors"

    @property
    def takes_cotangents(self) -> bool:
        """Whether it maps cotangents of the result to cotangents of the context."""
        return self in (NodePart.VJP, NodePart.ADJOINT, NodePart.TENSOR_VJP)


@dataclass(frozen=True, slots=True, eq=False)
class Probe:
    """A tangent or cotangent that a node is tried on: a unit vector by its coordinate, another by what it is."""

    vector: Array
    coordinate: int | None = None
    says: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class WrongPart:
    """A part of a node that is not what the derivative of its forward map asks for, and the first probe that shows it.

    A part that raised an exception has no probe, and the exception as the mismatch's left side.
    """

    part: NodePart
    mismatch: Mismatch
    probe: Probe | None = None


OWN = "of the instance"
Comparison = tuple[Probe, Array, Array]


class Held:
    """A node at one value of its context, with D, the derivative of its forward map there.

    D comes from jets. Where the forward map meets a corner or jump it has none, and the node's jvp on unit vectors
    stands in: it should still be linear, and the vjp its adjoint.
    """

    def __init__(self, ar: Arithmetic, node: Node, here: Array) -> None:
        self.ar, self.node, self.here = ar, node, here
        self._transposed: np.ndarray | None = None
        try:
            self._jet(every_input_moves(len(here)))
            self.differentiable = True
        except AtBoundary:
            self.differentiable = False

    def _jet(self, h: Array) -> Array:
        return along(lambda ar, z: forward_vec(ar, self.node, z), self.here, h)

    def derivative(self, h: Array) -> Array:
        """D h."""
        if self.differentiable:
            return self._jet(h)
        return self.ar.matmul(h.reshape(1, -1), self.transposed()).reshape(-1)

    @property
    def unread(self) -> list[int]:
        """The coordinates of the context that the node says it does not read."""
        read = {j for idx in self.node.inputs for j in range(idx.start, idx.stop)}
        return [j for j in range(len(self.here)) if j not in read] if self.node.inputs else []

    @property
    def directions(self) -> list[Probe]:
        """Directions that show a fault of any entry: unit vectors of what is read, and vectors of nonzero entries."""
        n, unread = len(self.here), self.unread
        aside = every_input_moves(n)
        aside[[j for j in range(n) if j not in unread]] = fmpq(0)
        read = [j for j in range(n) if j not in unread]
        return [*_units(n, read), Probe(aside, says="that moves all that the node does not read"), every_entry(n)]

    def adjoint(self, w: Probe) -> Array:
        """D† w, entry by entry ⟨D e_j, w⟩."""
        if w.coordinate is not None:
            return self.transposed()[:, w.coordinate]
        return self.ar.matmul(self.transposed(), w.vector.reshape(-1, 1)).reshape(-1)

    def transposed(self) -> np.ndarray:
        """D as a matrix with a row for each coordinate, 0 for those that the node is seen not to depend on."""
        if self._transposed is None:
            self._transposed = self._rows()
        return self._transposed

    def _rows(self) -> np.ndarray:
        n = len(self.here)
        rows = self.ar.zeros((n, size(self.node.shape)))
        *units, aside, _ = self.directions
        if not all(v == 0 for v in self._along(aside.vector)):
            units = _units(n, range(n))
        for unit in units:
            rows[unit.coordinate] = self._along(unit.vector)
        return rows

    def _along(self, h: Array) -> Array:
        return self._jet(h) if self.differentiable else node_jvp_vec(self.ar, self.node, self.here, h)


def every_entry(n: int) -> Probe:
    """A vector of ℝ^n without a zero."""
    return Probe(every_input_moves(n), says="without a zero")


def _units(n: int, coordinates: Iterable[int]) -> list[Probe]:
    return [Probe(_unit(n, j), j) for j in coordinates]


def _unit(n: int, j: int) -> Array:
    vector = BALL.zeros(n)
    vector[j] = fmpq(1)
    return vector


def disagreements(held: Held, tangents: Sequence[Array] = (), cotangents: Sequence[Array] = ()) -> list[WrongPart]:
    """The parts of a node that disagree with its forward map; none for a node that is right.

    Each part is tried so that a fault of any entry shows, and on the vectors given. Raises `Undecided` at too low a
    precision.
    """
    n = size(held.node.shape)
    h = [*held.directions, *(Probe(v, says=OWN) for v in tangents)]
    w = [*_units(n, range(n)), every_entry(n), *(Probe(v, says=OWN) for v in cotangents)]
    parts: dict[NodePart, Callable[[], Iterator[Comparison]]] = {
        NodePart.JVP: lambda: _jvp(held, h),
        NodePart.VJP: lambda: _vjp(held, w),
        NodePart.TENSORS: lambda: _on_tensors(held, h[-1]),
        NodePart.TENSOR_VJP: lambda: _vjp_on_tensors(held, w[-1]),
    }
    if held.differentiable and held.node.kind in recorded():
        parts[NodePart.CERTIFICATE] = lambda: _certificate(held, h)
        parts[NodePart.ADJOINT] = lambda: _adjoint(held, w)
    return [found for part, compare in parts.items() if (found := _first(part, compare))]


def _first(part: NodePart, compare: Callable[[], Iterator[Comparison]]) -> WrongPart | None:
    try:
        for probe, left, right in compare():
            found = Equal(part, left, right).judge()
            if found.verdict is Verdict.UNDECIDED:
                raise Undecided(str(found.mismatch))
            if found.mismatch:
                return WrongPart(part, found.mismatch, probe)
    except Undecided:
        raise
    except Exception as why:  # whatever a node raises is the node's fault: Lean's are total
        return raised(part, why)
    return None


def raised(part: NodePart, why: Exception) -> WrongPart:
    """A part that raised an exception instead of giving a value."""
    return WrongPart(part, Mismatch(part, 0, f"{type(why).__name__}: {why}", "a value"))


def _jvp(held: Held, directions: Sequence[Probe]) -> Iterator[Comparison]:
    for h in directions:
        yield h, node_jvp_vec(held.ar, held.node, held.here, h.vector), held.derivative(h.vector)


def _vjp(held: Held, cotangents: Sequence[Probe]) -> Iterator[Comparison]:
    for w in cotangents:
        yield w, node_vjp_vec(held.ar, held.node, held.here, w.vector), held.adjoint(w)


def _certificate(held: Held, directions: Sequence[Probe]) -> Iterator[Comparison]:
    claimed = _claimed(held)
    for h in directions:
        yield h, claimed(held.ar, h.vector), held.derivative(h.vector)


def _adjoint(held: Held, cotangents: Sequence[Probe]) -> Iterator[Comparison]:
    claimed = _claimed(held)
    for w in cotangents:
        yield w, claimed.apply_adjoint(held.ar, w.vector), held.adjoint(w)


def _claimed(held: Held) -> LinearMap:
    return node_certificate_at(held.ar, held.node, held.here).deriv


def _on_tensors(held: Held, h: Probe) -> Iterator[Comparison]:
    ar, node, here = held.ar, held.node, held.here
    x, dx = unflatten_ctx(node.context, here), unflatten_ctx(node.context, h.vector)
    yield h, to_vec_t(node.forward(ar, x)), forward_vec(ar, node, here)
    yield h, to_vec_t(node.jvp(ar, x, dx)), node_jvp_vec(ar, node, here, h.vector)


def _vjp_on_tensors(held: Held, w: Probe) -> Iterator[Comparison]:
    ar, node, here = held.ar, held.node, held.here
    cotangent = node.vjp(ar, unflatten_ctx(node.context, here), of_vec_t(node.shape, w.vector))
    yield w, flatten_ctx(ar, cotangent), node_vjp_vec(ar, node, here, w.vector)


def jvp_and_vjp_agree(held: Held) -> bool:
    """Whether jvp and vjp are adjoint to each other, whatever the forward map is."""
    h, w = every_entry(len(held.here)).vector, every_entry(size(held.node.shape)).vector
    left = inner(held.ar, node_jvp_vec(held.ar, held.node, held.here, h), w)
    right = inner(held.ar, h, node_vjp_vec(held.ar, held.node, held.here, w))
    return Equal("⟨jvp h, w⟩ = ⟨h, vjp w⟩", left, right).judge().verdict.passes
