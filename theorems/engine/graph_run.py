"""A graph where an instance runs it: what a theorem about graphs says of its instances, and what can be examined."""

from __future__ import annotations

from dataclasses import dataclass

from mirror.arithmetic import Array
from mirror.core.soundness import Graph


@dataclass(frozen=True, slots=True, eq=False)
class GraphRun:
    """A graph at the input `x` (a flat vector of its context), with what an instance runs through it.

    `tangents` are flat vectors of the context, `cotangents` of the context and results together. `name` tells
    several graphs of one instance apart.
    """

    graph: Graph
    x: Array
    tangents: tuple[Array, ...] = ()
    cotangents: tuple[Array, ...] = ()
    name: str = ""
