"""Which inputs of an instance move what its theorem speaks of: an instance that nothing moves could not refute it.

An instance is active in an input if, with a seed on the last result alone, some entry of the derivative with
respect to that input is larger than `THRESHOLD` in size, for certain. One reverse run says so of every input of a
graph, and is quick; a map that is no graph is followed by jets along a direction in which every coordinate moves.
A test holds the two against each other. What is measured here is no evidence of any theorem.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from flint import arb

from mirror.arithmetic import BALL, Array, AtBoundary, Scalar, Undecided, precision
from mirror.core.fderiv import backprop_vec, ctx_size
from mirror.core.soundness import Graph
from mirror.core.vectorization import inner
from mirror.spec.core.shape import size
from theorems.engine.evidence.certificates import every_input_moves
from theorems.engine.evidence.derivatives import along
from theorems.engine.evidence.differentiability import Forward

THRESHOLD = arb(2) ** -60
_BITS = 320


@dataclass(frozen=True, slots=True, eq=False)
class Differentiated:
    """A map that a theorem differentiates at the point `x`, of whose values the last `last` are seeded (None: all)."""

    f: Forward
    x: Array
    last: int | None = None


def active_inputs(graph: Graph, x: Array) -> tuple[bool, ...]:
    """Whether a graph's last result moves with each entry of its context at x, by one reverse run.

    None does where the graph has no node, where its last result has no entry, or where a corner is not decided.
    """
    inactive = (False,) * len(graph.context)
    if not graph.nodes or not (last := size(graph.saved[-1])):
        return inactive
    seed = BALL.zeros(ctx_size((*graph.context, *graph.saved)))
    seed[-last:] = every_input_moves(last)
    with precision(_BITS):
        try:
            gradient = backprop_vec(BALL, graph, x, seed)
        except Undecided:
            return inactive
    cuts = np.cumsum([size(shape) for shape in graph.context])[:-1]
    return tuple(_exceeds(part) for part in np.split(gradient, cuts))


def active(differentiated: Differentiated) -> bool:
    """Whether a map's value moves with its point, by a jet in a direction that moves every coordinate."""
    f, x, last = differentiated.f, differentiated.x, differentiated.last
    h = every_input_moves(len(x))
    with precision(_BITS):
        try:
            slope = along(f, x, h)
        except (AtBoundary, Undecided):
            return False
        slope = slope[len(slope) - last :] if last is not None else slope
        moved = inner(BALL, slope, every_input_moves(len(slope)))
    # ⟨seed, D h⟩ is at most the largest |⟨seed, D e_j⟩| times Σ|h_j|.
    return _exceeds([moved / max(sum(abs(entry) for entry in h), 1)])


def _exceeds(entries: Iterable[Scalar]) -> bool:
    """Whether some entry is larger than the threshold in size, for certain."""
    return any(arb(entry).abs_lower() > THRESHOLD for entry in entries)
