"""Graphs together with an input point, built so that the point suits the graph's nodes.

`inv`, `sqrtClamp` and `wholeNode` have corners and jumps. While a graph is drawn it is evaluated at
its point, and a node that would stand where it must not is repaired on the spot: its input is lifted
to values of at least 1, or its ε made positive. So hypotheses hold by construction, not by filtering.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import numpy as np
from flint import arb, fmpq
from hypothesis import strategies as st

from mirror.arithmetic import BALL, Array, AtBoundary, Undecided, precision, rational_vector
from mirror.core.fderiv import forward_vec, snoc_ctx
from mirror.core.soundness import Idx, Node
from mirror.linear_map import Identity
from mirror.nodes.context import get
from mirror.spec.core.shape import Context, size
from theorems.evidence.derivatives import along
from theorems.graphs import LOCAL_CERTIFICATES, GraphSpec, NodeSpec
from theorems.sizes import Sizes
from theorems.strategies.graphs import ALL_KINDS, node_specs, rich_contexts
from theorems.strategies.shapes import context_vector
from theorems.strategies.values import Fill

# May this node stand in a graph that evaluates to these values before it?
Admits = Callable[[Node, Array], bool]

# Enough bits to tell a value from a corner that it does not stand on, at the sizes that are drawn.
_BITS = 256


def decided(node: Node, here: Array) -> bool:
    """Whether the node's value is decided here; a corner may be met, if by rationals."""
    try:
        forward_vec(BALL, node, here)
    except Undecided:
        return False
    return True


def differentiable(node: Node, here: Array) -> bool:
    """Whether the node's forward map is seen to have a derivative here (its jet meets no boundary)."""
    try:
        along(lambda ar, z: forward_vec(ar, node, z), here, BALL.zeros(here.shape))
    except (AtBoundary, Undecided):
        return False
    return True


@st.composite
def graph_points(
    draw: st.DrawFn, fill: Fill, sizes: Sizes, kinds: Iterable[str] = ALL_KINDS, admits: Admits = differentiable
) -> dict[str, Any]:
    """A graph `g` and an input `x` at which every node stands where `admits` lets it.

    With `decided`, a LayerNorm is often put where var + ε = 0 exactly.
    """
    context = draw(rich_contexts(sizes))
    x = context_vector(fill, context)
    nodes: list[NodeSpec] = []
    known, values = context, x
    with precision(_BITS):
        for _ in range(draw(st.integers(0, sizes.nodes))):
            spec = draw(node_specs(known, fill, sizes, kinds))
            if admits is decided and draw(st.booleans()):
                spec = at_zero_variance(spec, known, values)
            for part in _suited(spec, known, values, admits):
                node = part.build(known)
                nodes.append(part)
                known, values = (*known, node.shape), snoc_ctx(BALL, values, forward_vec(BALL, node, values))
    return {"values": fill.family, "g": GraphSpec(context, tuple(nodes)), "x": x}


def _suited(spec: NodeSpec, known: Context, values: Array, admits: Admits) -> list[NodeSpec]:
    if spec.kind not in LOCAL_CERTIFICATES or admits(spec.build(known), values):
        return [spec]
    if spec.kind == "wholeNode":
        return [replace(spec, parameters={"ε": fmpq(1)})]
    return [lifted(spec.inputs[0], known, values), replace(spec, inputs=(len(known),))]


def lifted(i: int, known: Context, values: Array) -> NodeSpec:
    """The affine node that shifts entry i of the context up to values of at least 1."""
    entry = get(Idx(known, i, known[i]), values)
    shift = [fmpq(1) + int(arb(v).abs_upper().ceil().unique_fmpz()) for v in entry]
    return NodeSpec("affine", (i,), {"shape": known[i], "A": Identity(size(known[i])), "b": rational_vector(shift)})


def at_zero_variance(spec: NodeSpec, known: Context, values: Array) -> NodeSpec:
    """A LayerNorm with ε = -var of its first row, where that is rational and the row has length 2 or more."""
    if spec.kind != "wholeNode":
        return spec
    m, n = known[spec.inputs[0]]
    rows = get(Idx(known, spec.inputs[0], known[spec.inputs[0]]), values)
    if m == 0 or n < 2 or not all(isinstance(v, fmpq) for v in rows[:n]):
        return spec
    return replace(spec, parameters={"ε": -variance(rows[:n])})


def variance(row: np.ndarray) -> fmpq:
    """The biased variance of a nonempty row of rationals."""
    mean = sum(row, fmpq(0)) / len(row)
    return sum(((v - mean) * (v - mean) for v in row), fmpq(0)) / len(row)
