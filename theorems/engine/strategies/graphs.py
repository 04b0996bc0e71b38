"""Random nodes and graphs, built by type: a kind is drawn among those that the context admits."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from flint import fmpq
from hypothesis import strategies as st

from mirror.linear_map import PositionWise
from mirror.node_kinds import NodeKind, Parameter
from mirror.nodes.arithmetic import SUB
from mirror.spec.core.shape import Context, Shape, size
from theorems.engine.graphs import KINDS, GraphSpec, NodeSpec
from theorems.engine.sizes import Sizes
from theorems.engine.strategies.pruning import pruned, rested_on
from theorems.engine.strategies.shapes import contexts, dimensions, mostly, shapes
from theorems.engine.strategies.values import Fill

ALL_KINDS = tuple(KINDS)
SMOOTH_KINDS = tuple(k for k, kind in KINDS.items() if kind.certificate)
RATIONAL_KINDS = tuple(k for k, kind in KINDS.items() if kind.rational)


@st.composite
def node_specs(
    draw: st.DrawFn,
    context: Context,
    fill: Fill,
    sizes: Sizes,
    kinds: Iterable[str] = ALL_KINDS,
    *,
    onward: bool = False,
) -> NodeSpec:
    """A node of one of the kinds that the nonempty context admits; if it is to go onward, most read its last entry."""
    readable = {kind: KINDS[kind].reads(context) for kind in kinds}
    if fill.dense and SUB.name in readable:  # what is left of an entry less itself moves with nothing
        readable[SUB.name] = [(i, j) for i, j in readable[SUB.name] if i != j]
    if onward and draw(st.integers(0, ASIDE_EVERY - 1)):
        readable = _reading(len(context) - 1, readable)
    kind = draw(st.sampled_from([k for k, places in readable.items() if places]))
    inputs = draw(st.sampled_from(readable[kind]))
    return NodeSpec(kind, inputs, _parameters(draw, KINDS[kind], context[inputs[0]], fill, sizes))


def _reading(i: int, readable: dict[str, list[tuple[int, ...]]]) -> dict[str, list[tuple[int, ...]]]:
    """Those of the places that hold entry i; all of them where none does."""
    onward = {kind: [place for place in places if i in place] for kind, places in readable.items()}
    return onward if any(onward.values()) else readable


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
    Parameter.SHAPE: lambda d: d.draw(st.one_of(shapes(d.sizes, 2, int(d.fill.dense)), st.just(d.read))),
    Parameter.MAP: _linear_map,
    Parameter.VECTOR: lambda d: d.fill.vector(size(d.result)),
    Parameter.NUMBER: lambda d: d.fill.number(),
    Parameter.DIMENSION: lambda d: d.draw(dimensions(d.sizes, int(d.fill.dense))),
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


ASIDE_EVERY = 5  # one node in so many reads anything, where the others go on from the last result
# One context in this many has more than 20 entries, and one graph in this many more than 8 nodes: both beyond the
# reach of an index that is right only near the front.
LONG_EVERY = 25
LONG_CONTEXT = 21
LONG_GRAPH = 9


@st.composite
def node_counts(draw: st.DrawFn, sizes: Sizes, least: int = 0) -> int:
    """How many nodes a graph has, rarely many: at least 2 where `least` is, else rarely none."""
    if draw(st.integers(0, LONG_EVERY - 1)) == LONG_EVERY - 1:
        return draw(st.integers(LONG_GRAPH, max(LONG_GRAPH, sizes.many // 2)))
    some = tuple(range(max(least, 1), max(least, sizes.nodes) + 1))
    return draw(st.sampled_from((*(some * 4), least)))


@st.composite
def graph_specs(
    draw: st.DrawFn,
    fill: Fill,
    sizes: Sizes,
    context: Context | None = None,
    kinds: Iterable[str] = SMOOTH_KINDS,
) -> GraphSpec:
    """A graph with sharing and fan-out, in a drawn context unless one is given, which is kept as it is.

    Contexts of matching shapes are drawn often, because only they admit every kind.
    """
    start = draw(rich_contexts(sizes, int(fill.dense))) if context is None else context
    count = draw(node_counts(sizes, 2 * fill.dense)) if start else 0
    nodes: list[NodeSpec] = []
    known = start
    for _ in range(count):
        spec = draw(node_specs(known, fill, sizes, kinds, onward=fill.dense and bool(nodes)))
        nodes.append(spec)
        known = (*known, spec.build(known).shape)
    drawn = GraphSpec(start, tuple(nodes))
    return pruned(drawn, rested_on(drawn)) if context is None and prunes(drawn, fill) else drawn


def prunes(g: GraphSpec, fill: Fill) -> bool:
    """Whether every input of a graph is to move its last result: of one with dense values, unless it is a long one."""
    return fill.dense and len(g.context) < LONG_CONTEXT and len(g.nodes) < LONG_GRAPH


@st.composite
def rich_contexts(draw: st.DrawFn, sizes: Sizes, least: int = 0) -> Context:
    """A nonempty context; half of the time one that holds a product's, a norm's and a sum's operands.

    No dimension is below `least`. One in `LONG_EVERY` has small entries in front of those, so that there are more
    than 20.
    """
    any_of_them = contexts(sizes, least=1) if not least else _of_sides(sizes, least)
    context = draw(any_of_them) if draw(st.booleans()) else draw(operand_contexts(sizes, least))
    if draw(st.integers(0, LONG_EVERY - 1)) < LONG_EVERY - 1:
        return context
    count = draw(st.integers(LONG_CONTEXT, sizes.many)) - len(context)
    small = st.lists(st.sampled_from((Shape(2), Shape(1), Shape(3), Shape())), min_size=count, max_size=count)
    return (*draw(small), *context)


@cache
def _of_sides(sizes: Sizes, least: int) -> st.SearchStrategy[Context]:
    return st.lists(shapes(sizes, least=least), min_size=1, max_size=sizes.entries).map(tuple)


@st.composite
def operand_contexts(draw: st.DrawFn, sizes: Sizes, least: int = 0) -> Context:
    """A context that holds the operands of a node of every kind: of a product, a norm and a sum.

    In half of them m = n, and an entry multiplies itself. In most no dimension is 0; none is below `least`.
    """
    least = least or draw(mostly(1))
    h, m, n = (draw(dimensions(sizes, least)) for _ in range(3))
    n = m if draw(st.booleans()) else n
    return (Shape(h, m, n), Shape(h, n, m), Shape(m, n), Shape(n), Shape(n))
