"""One node held against the derivative of its own forward map: its jvp, vjp, certificate, and maps on tensors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from mirror.arithmetic import Array, Undecided
from mirror.core.fderiv import (
    flatten_ctx,
    forward_vec,
    node_jvp_vec,
    node_vjp_vec,
    of_vec_t,
    to_vec_t,
    unflatten_ctx,
)
from mirror.core.vectorization import inner
from mirror.linear_map import LinearMap
from mirror.node_kinds import node_certificate_at, recorded
from mirror.spec.core.shape import size
from theorems.engine.evidence.held import Held, Probe, every_entry, units
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
class WrongPart:
    """A part of a node that is not what the derivative of its forward map asks for, and the first probe that shows it.

    A part that raised an exception has no probe, and the exception as the mismatch's left side.
    """

    part: NodePart
    mismatch: Mismatch
    probe: Probe | None = None


OWN = "of the instance"
Comparison = tuple[Probe, Array, Array]


def disagreements(held: Held, tangents: Sequence[Array] = (), cotangents: Sequence[Array] = ()) -> list[WrongPart]:
    """The parts of a node that disagree with its forward map; none for a node that is right.

    Each part is tried so that a fault of any entry shows, and on the vectors given. Raises `Undecided` at too low a
    precision.
    """
    n = size(held.node.shape)
    h = [*held.directions, *(Probe(v, says=OWN) for v in tangents)]
    w = [*units(n, range(n)), every_entry(n), *(Probe(v, says=OWN) for v in cotangents)]
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
    # The other way round: where h and w are one vector, ⟨A h, h⟩ = ⟨h, A h⟩ holds without a transpose.
    h, w = every_entry(len(held.here)).vector, every_entry(size(held.node.shape)).vector[::-1]
    left = inner(held.ar, node_jvp_vec(held.ar, held.node, held.here, h), w)
    right = inner(held.ar, h, node_vjp_vec(held.ar, held.node, held.here, w))
    return Equal("⟨jvp h, w⟩ = ⟨h, vjp w⟩", left, right).judge().verdict.passes
