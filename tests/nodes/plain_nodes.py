"""Holding a node's three vector-level maps to plain expected values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from hypothesis import strategies as st

from mirror.arithmetic import EXACT
from mirror.core.fderiv import forward_vec, node_jvp_vec, node_vjp_vec
from mirror.core.soundness import Idx, Node
from mirror.spec.core.shape import Context, Shape
from tests.plain import SMALL, Numbers, block, count, numbers, placed, total, vector
from theorems.engine.strategies.shapes import shapes
from theorems.engine.strategies.values import Fill, fills


@dataclass(frozen=True)
class Probe:
    """A point, a tangent and a source of further values for a context."""

    context: Context
    fill: Fill
    x: Numbers
    dx: Numbers

    def read(self, idx: Idx) -> Numbers:
        """The point's block at an index."""
        return block(self.context, idx.i, self.x)

    def tangent(self, idx: Idx) -> Numbers:
        """The tangent's block at an index."""
        return block(self.context, idx.i, self.dx)

    def cotangent(self, shape: Sequence[int]) -> Numbers:
        """A cotangent for a result of that shape."""
        return numbers(self.fill.vector(count(shape)))


@st.composite
def probes(draw: st.DrawFn, context: Context) -> Probe:
    """A probe of one of the value families."""
    fill = draw(fills())
    n = total(context)
    return Probe(context, fill, numbers(fill.vector(n)), numbers(fill.vector(n)))


@st.composite
def probed(draw: st.DrawFn, *wanted: Shape) -> tuple[Probe, tuple[Idx, ...]]:
    """A probe, and indices of the wanted shapes into its context."""
    at = draw(placed(*wanted))
    return draw(probes(at[0].context)), at


@st.composite
def probed_pair(draw: st.DrawFn) -> tuple[Probe, tuple[Idx, Idx]]:
    """A probe with two indices of one shape, which are the same index a third of the time."""
    shape = draw(shapes(SMALL))
    probe, (a, b) = draw(probed(shape, shape))
    return probe, draw(st.sampled_from([(a, b), (b, a), (a, a)]))


def assert_node(
    node: Node,
    probe: Probe,
    shape: Sequence[int],
    value: Sequence[Fraction | int],
    tangent: Sequence[Fraction | int],
    delta: Numbers,
    cotangent: Sequence[Fraction | int],
) -> None:
    """Hold the result's shape, the forward map, the jvp and the vjp to expected entries."""
    x, dx = vector(probe.x), vector(probe.dx)
    assert (node.context, tuple(node.shape)) == (probe.context, tuple(shape))
    assert numbers(forward_vec(EXACT, node, x)) == list(value)
    assert numbers(node_jvp_vec(EXACT, node, x, dx)) == list(tangent)
    assert numbers(node_vjp_vec(EXACT, node, x, vector(delta))) == list(cotangent)
