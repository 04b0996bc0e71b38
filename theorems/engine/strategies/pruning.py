"""What a graph's last result rests on: without the rest, no input of a graph is there that nothing could move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mirror.arithmetic import Array
from mirror.spec.core.shape import Context, size
from theorems.engine.graphs import GraphSpec, NodeSpec


def rested_on(g: GraphSpec) -> list[int]:
    """The positions, among a graph's inputs and results, of its last result and of all that this rests on.

    Those of all inputs where the graph has no node.
    """
    inputs = len(g.context)
    found = {inputs + len(g.nodes) - 1} if g.nodes else set(range(inputs))
    for k in reversed(range(len(g.nodes))):
        if inputs + k in found:
            found.update(g.nodes[k].inputs)
    return sorted(found)


def pruned(g: GraphSpec, kept: Sequence[int]) -> GraphSpec:
    """The graph with the inputs and nodes at those positions alone; they read nothing else."""
    inputs, place = len(g.context), {old: new for new, old in enumerate(kept)}
    nodes = (g.nodes[i - inputs] for i in kept if i >= inputs)
    moved = (replace(node, inputs=tuple(place[i] for i in node.inputs)) for node in nodes)
    return GraphSpec(tuple(g.context[i] for i in kept if i < inputs), tuple(moved))


def alone(node: NodeSpec, context: Context) -> tuple[NodeSpec, Context, list[int]]:
    """The node in the context of what it reads, that context, and the positions in the other one."""
    g = GraphSpec(context, (node,))
    kept = rested_on(g)
    less = pruned(g, kept)
    return less.nodes[0], less.context, kept


def of_inputs(x: Array, context: Context, kept: Sequence[int]) -> Array:
    """A vector of the context without the inputs that are not kept."""
    ends = np.cumsum([size(shape) for shape in context])
    return np.concatenate([part for i, part in enumerate(np.split(x, ends[:-1])) if i in kept])
