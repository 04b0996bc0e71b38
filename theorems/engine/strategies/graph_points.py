"""Graphs together with an input point, built so that the point suits the graph's nodes.

`inv`, `sqrtClamp` and `wholeNode` have corners and jumps, and are steep beside them. While a graph is drawn it is
evaluated at its point, and a node that would stand where it must not is repaired on the spot: its input is lifted
to values of at least 1, or its ε made positive. So hypotheses hold by construction, not by filtering.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import numpy as np
from flint import arb, fmpq
from hypothesis import strategies as st

from mirror.arithmetic import BALL, Array, AtBoundary, Scalar, Undecided, precision, rational_vector
from mirror.core.fderiv import forward_vec, snoc_ctx
from mirror.core.soundness import Idx, Node
from mirror.linear_map import Identity
from mirror.nodes.arithmetic import AFFINE
from mirror.nodes.context import get
from mirror.ops.norm.layer_norm import WHOLE_NODE
from mirror.spec.core.shape import Context, Shape, size
from theorems.engine.evidence.derivatives import along
from theorems.engine.evidence.differentiability import every_input_moves
from theorems.engine.graphs import KINDS, GraphSpec, NodeSpec
from theorems.engine.sizes import Sizes
from theorems.engine.strategies.graphs import ALL_KINDS, node_counts, node_specs, prunes, rich_contexts
from theorems.engine.strategies.pruning import of_inputs, pruned, rested_on
from theorems.engine.strategies.shapes import context_vector, dimensions
from theorems.engine.strategies.values import Fill

# May this node stand in a graph that evaluates to these values before it?
Admits = Callable[[Node, Array], bool]

# Enough bits to tell a value from a corner that it does not stand on, at the sizes that are drawn.
_BITS = 256
# A slope below this is none: five of these, one after another, stay above what counts as active.
FLAT = arb(2) ** -12
# The largest value of a node, and the largest slope. Widths are absolute, so larger ones, and products of their
# derivatives, stay undecided.
_LARGEST, _STEEPEST = arb(2) ** 512, arb(2) ** 1024
# What a theorem about such graphs does therefore not cover.
NOT_DRAWN = "no node is drawn with a value beyond 2^512 or a slope beyond 2^1024"


def decided(node: Node, here: Array) -> bool:
    """Whether the node's value is decided here, and no slope is too steep; a corner may be met, if by rationals."""
    try:
        forward_vec(BALL, node, here)
        return resolved(_slope(node, here), _STEEPEST)
    except AtBoundary:
        return True
    except Undecided:
        return False


def differentiable(node: Node, here: Array) -> bool:
    """Whether the node's forward map is seen to have a derivative here, none too steep (its jet meets no boundary)."""
    try:
        return resolved(_slope(node, here), _STEEPEST)
    except (AtBoundary, Undecided):
        return False


def _slope(node: Node, here: Array) -> Array:
    """The derivative of a node's forward map in a direction that moves every coordinate; raises as `along` does."""
    return along(lambda ar, z: forward_vec(ar, node, z), here, every_input_moves(len(here)))


@st.composite
def graph_points(
    draw: st.DrawFn, fill: Fill, sizes: Sizes, kinds: Iterable[str] = ALL_KINDS, admits: Admits = differentiable
) -> dict[str, Any]:
    """A graph `g` and an input `x` at which every node stands where `admits` lets it.

    A node whose value no precision would resolve is left out, and with dense values one that does not move; one whose
    slope none would resolve is repaired. With `decided`, one graph in five begins with a LayerNorm at var + ε = 0
    exactly.
    """
    at_corner = admits is decided and draw(st.sampled_from((False, False, False, False, True)))
    context = draw(norm_contexts(sizes) if at_corner else rich_contexts(sizes, int(fill.dense)))
    x = context_vector(fill, context)
    first = [norm_at_corner((0, 1, 2), context, x)] if at_corner else []
    nodes: list[NodeSpec] = []
    known, values = context, x
    with precision(_BITS):
        for _ in range(draw(node_counts(sizes, 2 * fill.dense)) + at_corner):
            spec = first.pop() if first else draw(_next(known, nodes, fill, sizes, kinds))
            for part in suited(spec, known, values, admits):
                node = part.build(known)
                value = forward_vec(BALL, node, values)
                if not resolved(value) or (fill.dense and flat(node, values)):
                    break
                nodes.append(part)
                known, values = (*known, node.shape), snoc_ctx(BALL, values, value)
    g = GraphSpec(context, tuple(nodes))
    if prunes(g, fill):
        kept = rested_on(g)
        g, x = pruned(g, kept), of_inputs(x, context, kept)
    return {"values": fill.family, "g": g, "x": x}


def _next(
    known: Context, nodes: list[NodeSpec], fill: Fill, sizes: Sizes, kinds: Iterable[str]
) -> st.SearchStrategy[NodeSpec]:
    return node_specs(known, fill, sizes, kinds, onward=fill.dense and bool(nodes))


def flat(node: Node, here: Array) -> bool:
    """Whether a node's forward map is seen not to move here, by a jet in a direction that moves every coordinate."""
    try:
        slope = _slope(node, here)
    except (AtBoundary, Undecided):
        return False
    return not any(arb(entry).abs_lower() > FLAT for entry in slope)


def resolved(value: Array, most: arb = _LARGEST) -> bool:
    """Whether a working precision encloses the entries narrowly: no exponential of a huge number, for one."""
    return all(arb(entry).abs_upper() < most for entry in value)


def suited(spec: NodeSpec, known: Context, values: Array, admits: Admits) -> list[NodeSpec]:
    """The node where it may stand; else what takes its place: a LayerNorm with ε = 1, or a lift and the node."""
    if KINDS[spec.kind].certificate or admits(spec.build(known), values):
        return [spec]
    if spec.kind == WHOLE_NODE.name:
        return [replace(spec, parameters={"ε": fmpq(1)})]
    return [lifted(spec.inputs[0], known, values), replace(spec, inputs=(len(known),))]


def lifted(i: int, known: Context, values: Array) -> NodeSpec:
    """The affine node that shifts entry i of the context up to values of at least 1."""
    entry = get(Idx(known, i, known[i]), values)
    shift = rational_vector([1 + _integer_above(v) for v in entry])
    return NodeSpec(AFFINE.name, (i,), {"shape": known[i], "A": Identity(size(known[i])), "b": shift})


def _integer_above(v: Scalar) -> int:
    """An integer of at least |v|, wherever v lies in its ball."""
    above = arb(v).abs_upper().ceil().unique_fmpz()
    if above is None:
        raise Undecided(f"the enclosure {v} of a value has no finite bound")
    return int(above)


@st.composite
def norm_contexts(draw: st.DrawFn, sizes: Sizes) -> Context:
    """X [m, n], γ [n] and β [n] with at least one row, of length 2 or more."""
    m, n = draw(dimensions(sizes, least=1)), draw(dimensions(sizes, least=2))
    return (Shape(m, n), Shape(n), Shape(n))


def norm_at_corner(inputs: tuple[int, ...], context: Context, x: Array) -> NodeSpec:
    """A LayerNorm of those inputs with ε = -var of its first row at the rational point x (1 without a row)."""
    i = inputs[0]
    n = context[i][1]
    row = get(Idx(context, i, context[i]), x)[:n]
    return NodeSpec(WHOLE_NODE.name, inputs, {"ε": -variance(row) if len(row) else fmpq(1)})


def variance(row: np.ndarray) -> fmpq:
    """The biased variance of a nonempty row of rationals."""
    mean = sum(row, fmpq(0)) / len(row)
    return sum(((v - mean) * (v - mean) for v in row), fmpq(0)) / len(row)
