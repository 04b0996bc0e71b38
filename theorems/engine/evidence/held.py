"""A node at one value of its context, with the derivative of its forward map there, and what it is tried on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from flint import fmpq

from mirror.arithmetic import BALL, Arithmetic, Array, AtBoundary
from mirror.core.fderiv import forward_vec, node_jvp_vec
from mirror.core.soundness import Node
from mirror.spec.core.shape import size
from theorems.engine.evidence.derivatives import slopes
from theorems.engine.evidence.differentiability import every_input_moves


@dataclass(frozen=True, slots=True, eq=False)
class Probe:
    """A tangent or cotangent that a node is tried on: a unit vector by its coordinate, another by what it is."""

    vector: Array
    coordinate: int | None = None
    says: str = ""


class Held:
    """A node at one value of its context, with D, the derivative of its forward map there.

    D comes from jets. Where the forward map meets a corner or jump it has none, and the node's jvp on unit vectors
    stands in: it should still be linear, and the vjp its adjoint.
    """

    def __init__(self, ar: Arithmetic, node: Node, here: Array) -> None:
        self.ar, self.node, self.here = ar, node, here
        self._transposed: np.ndarray | None = None
        try:
            self._jets([every_input_moves(len(here))])
            self.differentiable = True
        except AtBoundary:
            self.differentiable = False

    def _jets(self, directions: Sequence[Array]) -> Sequence[Array]:
        return slopes(lambda ar, z: forward_vec(ar, self.node, z), self.here, directions)

    def derivative(self, h: Array) -> Array:
        """D h."""
        if self.differentiable:
            return self._jets([h])[0]
        return self.ar.matmul(h.reshape(1, -1), self.transposed()).reshape(-1)

    @property
    def read(self) -> list[int]:
        """The coordinates of the context that the node says it reads; all where it says nothing."""
        places = [(idx.start, idx.stop) for idx in self.node.inputs] or [(0, len(self.here))]
        return sorted({j for start, stop in places for j in range(start, stop)})

    @property
    def directions(self) -> list[Probe]:
        """Directions that show a fault of any entry: unit vectors of what is read, and vectors of nonzero entries."""
        n, read = len(self.here), self.read
        aside = every_input_moves(n)
        aside[read] = fmpq(0)
        return [*units(n, read), Probe(aside, says="that moves all that the node does not read"), every_entry(n)]

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
        *read, aside, _ = self.directions
        independent = all(v == 0 for v in self._along([aside])[0])
        moving = read if independent else units(n, range(n))
        for unit, row in zip(moving, self._along(moving), strict=True):
            rows[unit.coordinate] = row
        return rows

    def _along(self, probes: Sequence[Probe]) -> Sequence[Array]:
        directions = [probe.vector for probe in probes]
        if self.differentiable:
            return self._jets(directions)
        return [node_jvp_vec(self.ar, self.node, self.here, h) for h in directions]


def every_entry(n: int) -> Probe:
    """A vector of ℝ^n without a zero."""
    return Probe(every_input_moves(n), says="without a zero")


def units(n: int, coordinates: Iterable[int]) -> list[Probe]:
    """The unit vectors of ℝ^n at those coordinates."""
    return [Probe(_unit(n, j), j) for j in coordinates]


def _unit(n: int, j: int) -> Array:
    vector = BALL.zeros(n)
    vector[j] = fmpq(1)
    return vector
