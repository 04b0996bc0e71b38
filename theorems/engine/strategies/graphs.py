"""Random nodes and graphs, built by type: a kind is drawn among those that the context admits."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flint import fmpq
from hypothesis import strategies as st

from mirror.linear_map import PositionWise
from mirror.node_kinds import NodeKind, Parameter
from mirror.spec.core.shape import Context, Shape, size
from theorems.engine.graphs import KINDS, GraphSpec, NodeSpec
from theorems.engine.sizes import Sizes
from theorems.engine.strategies.shapes import contexts, dimensions, mostly, shapes
from theorems.engine.strategies.values import Fill

ALL_KINDS = tuple(KINDS)
SMOOTH_KINDS = tuple(k for k, kind in KINDS.items() if kind.certificate)
RATIONAL_KINDS = tuple(k for k, kind in KINDS.items() if kind.rational)


@st.composite
def node_specs(
    draw: st.DrawFn, context: Context, fill: Fill, sizes: Sizes, kinds: Iterable[str] = ALL_KINDS
) -> NodeSpec:
    """A node of one of the kinds that the nonempty context admits."""
    readable = {kind: KINDS[kind].reads(context) for kind in kinds}
    kind = draw(st.sampled_from([k for k, places in readable.items() if places]))
    inputs = draw(st.sampled_from(readable[kind]))
    return NodeSpec(kind, inputs, _parameters(draw, KINDS[kind], context[inputs[0]], fill, sizes))


@dataclass(frozen=True, slots=True)
class _Drawing:
    """What a parameter is drawn from: the shape of the entry read, and the result's, that entry's until it is drawn."""

    draw: st.DrawFn
    fill: Fill
    sizes: Sizes
    read: Shape
    result: Shape


def _linear_map(d: _Drawing) -> PositionWise:
    rows, columns = size(d.result), size(d.read)
    return PositionWise(1, rows, columns, d.fill.weights(rows * columns))


# Any real ε is allowed; the usual ones, a tiny one, and a negative one.
EPSILONS = (fmpq(1), fmpq(1, 100000), fmpq(1, 2**40), fmpq(-1, 3))
# How a parameter is drawn; a test holds that there is a way for each.
PARAMETERS: dict[Parameter, Callable[[_Drawing], Any]] = {
    # Half of them the entry's own shape: only a square matrix can stand where its transpose should.
    Parameter.SHAPE: lambda d: d.draw(st.one_of(shapes(d.sizes, rank=2), st.just(d.read))),
    Parameter.MAP: _linear_map,
    Parameter.VECTOR: lambda d: d.fill.vector(size(d.result)),
    Parameter.NUMBER: lambda d: d.fill.number(),
    Parameter.DIMENSION: lambda d: d.draw(dimensions(d.sizes)),
    # The cube of a huge number is too large to be worth it.
    Parameter.FUNCTION: lambda d: (
        "tanh" if d.fill.family in ("huge", "mixed magnitudes") else d.draw(st.sampled_from(["cube", "tanh"]))
    ),
    Parameter.EPSILON: lambda d: d.draw(st.sampled_from(EPSILONS)),
}


def _parameters(draw: st.DrawFn, kind: NodeKind, read: Shape, fill: Fill, sizes: Sizes) -> dict[str, Any]:
    drawn: dict[str, Any] = {}
    result = read
    for name, parameter in kind.parameters.items():
        drawn[name] = PARAMETERS[parameter](_Drawing(draw, fill, sizes, read, result))
        result = drawn[name] if parameter is Parameter.SHAPE else result
    return drawn


# One context in this many has more than 20 entries, and one graph in this many more than 8 nodes: both beyond the
# reach of an index that is right only near the front.
LONG_EVERY = 25
LONG_CONTEXT = 21
LONG_GRAPH = 9


@st.composite
def node_counts(draw: st.DrawFn, sizes: Sizes) -> int:
    """How many nodes a graph has: rarely none, rarely many."""
    if draw(st.integers(0, LONG_EVERY - 1)) == LONG_EVERY - 1:
        return draw(st.integers(LONG_GRAPH, max(LONG_GRAPH, sizes.many // 2)))
    some = tuple(range(1, sizes.nodes + 1))
    return draw(st.sampled_from((*(some * 4), 0)))


@st.composite
def graph_specs(
    draw: st.DrawFn,
    fill: Fill,
    sizes: Sizes,
    context: Context | None = None,
    kinds: Iterable[str] = SMOOTH_KINDS,
) -> GraphSpec:
    """A graph with sharing and fan-out, in a drawn context unless one is given.

    Contexts of matching shapes are drawn often, because only they admit every kind.
    """
    start = draw(rich_contexts(sizes)) if context is None else context
    count = draw(node_counts(sizes)) if start else 0
    nodes: list[NodeSpec] = []
    known = start
    for _ in range(count):
        spec = draw(node_specs(known, fill, sizes, kinds))
        nodes.append(spec)
        known = (*known, spec.build(known).shape)
    return GraphSpec(start, tuple(nodes))


@st.composite
def rich_contexts(draw: st.DrawFn, sizes: Sizes) -> Context:
    """A nonempty context; half of the time one that holds a product's, a norm's and a sum's operands.

    One in `LONG_EVERY` has small entries in front of those, until there are more than 20.
    """
    context = draw(contexts(sizes, least=1)) if draw(st.booleans()) else draw(operand_contexts(sizes))
    if draw(st.integers(0, LONG_EVERY - 1)) < LONG_EVERY - 1:
        return context
    count = draw(st.integers(LONG_CONTEXT, sizes.many)) - len(context)
    small = st.lists(st.sampled_from((Shape(2), Shape(1), Shape(3), Shape())), min_size=count, max_size=count)
    return (*draw(small), *context)


@st.composite
def operand_contexts(draw: st.DrawFn, sizes: Sizes) -> Context:
    """A context that holds the operands of a node of every kind: of a product, a norm and a sum.

    In half of them m = n, and an entry multiplies itself. In most no dimension is 0.
    """
    least = draw(mostly(1))
    h, m, n = (draw(dimensions(sizes, least)) for _ in range(3))
    n = m if draw(st.booleans()) else n
    return (Shape(h, m, n), Shape(h, n, m), Shape(m, n), Shape(n), Shape(n))
