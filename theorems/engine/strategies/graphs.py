"""Random nodes and graphs, built by type: a kind is drawn among those that the context admits."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from flint import fmpq
from hypothesis import strategies as st

from mirror.linear_map import PositionWise
from mirror.spec.core.shape import Context, Shape, size
from theorems.engine.graphs import CERTIFICATES, RATIONAL, GraphSpec, NodeSpec
from theorems.engine.sizes import Sizes
from theorems.engine.strategies.shapes import contexts, dimensions, shapes
from theorems.engine.strategies.values import Fill

Draw = st.DrawFn


def _any(context: Context) -> list[tuple[int, ...]]:
    return [(i,) for i in range(len(context))]


def _of_rank(rank: int) -> Callable[[Context], list[tuple[int, ...]]]:
    return lambda context: [(i,) for i, s in enumerate(context) if len(s) == rank]


def _same_shape(context: Context) -> list[tuple[int, ...]]:
    n = range(len(context))
    return [(i, j) for i in n for j in n if context[i] == context[j]]


def _products(context: Context) -> list[tuple[int, ...]]:
    cubes = [(i, s) for i, s in enumerate(context) if len(s) == 3]
    return [(i, j) for i, a in cubes for j, b in cubes if (a[0], a[2]) == (b[0], b[1])]


def _norms(context: Context) -> list[tuple[int, ...]]:
    matrices = [(i, s) for i, s in enumerate(context) if len(s) == 2]
    return [
        (i, j, k)
        for i, s in matrices
        for j, g in enumerate(context)
        for k, b in enumerate(context)
        if g == b == Shape(s[1])
    ]


# Which input positions a kind may read in a context.
READABLE: dict[str, Callable[[Context], list[tuple[int, ...]]]] = {
    "affine": _any,
    "scale": _any,
    "elemwise": _any,
    "gelu": _any,
    "inv": _any,
    "sqrtClamp": _any,
    "add": _same_shape,
    "sub": _same_shape,
    "mul": _same_shape,
    "broadcastRow": _of_rank(1),
    "broadcastCol": _of_rank(1),
    "rowMean": _of_rank(2),
    "softmaxLast": _of_rank(3),
    "matmul": _products,
    "wholeNode": _norms,
}
ALL_KINDS = tuple(READABLE)
SMOOTH_KINDS = tuple(k for k in READABLE if k in CERTIFICATES)
RATIONAL_KINDS = tuple(k for k in READABLE if k in RATIONAL)


@st.composite
def node_specs(draw: Draw, context: Context, fill: Fill, sizes: Sizes, kinds: Iterable[str] = ALL_KINDS) -> NodeSpec:
    """A node of one of the kinds that the nonempty context admits."""
    readable = {kind: READABLE[kind](context) for kind in kinds}
    kind = draw(st.sampled_from([k for k, places in readable.items() if places]))
    inputs = draw(st.sampled_from(readable[kind]))
    return NodeSpec(kind, inputs, _parameters(draw, kind, context[inputs[0]], fill, sizes))


def _parameters(draw: Draw, kind: str, read: Shape, fill: Fill, sizes: Sizes) -> dict[str, object]:
    if kind == "affine":
        out = draw(shapes(sizes, rank=2))
        rows, columns = size(out), size(read)
        weight = PositionWise(1, rows, columns, fill.weights(rows * columns))
        return {"shape": out, "A": weight, "b": fill.vector(rows)}
    if kind == "scale":
        return {"c": fill.number()}
    if kind == "elemwise":
        return {"f": "tanh" if fill.family in ("huge", "mixed magnitudes") else draw(_FUNCTIONS)}
    if kind == "broadcastRow":
        return {"n": draw(dimensions(sizes))}
    if kind == "broadcastCol":
        return {"m": draw(dimensions(sizes))}
    if kind == "wholeNode":
        return {"ε": draw(st.sampled_from(EPSILONS))}
    return {}


_FUNCTIONS = st.sampled_from(["cube", "tanh"])
# Any real ε is allowed; the usual ones, a tiny one, and a negative one.
EPSILONS = (fmpq(1), fmpq(1, 100000), fmpq(1, 2**40), fmpq(-1, 3))


def node_counts(sizes: Sizes) -> st.SearchStrategy[int]:
    """How many nodes a graph has: rarely none."""
    some = tuple(range(1, sizes.nodes + 1))
    return st.sampled_from((*(some * 4), 0))


@st.composite
def graph_specs(
    draw: Draw,
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
def rich_contexts(draw: Draw, sizes: Sizes) -> Context:
    """A nonempty context; half of the time one that holds a product's, a norm's and a sum's operands."""
    if draw(st.booleans()):
        return draw(contexts(sizes, least=1))
    return draw(operand_contexts(sizes))


@st.composite
def operand_contexts(draw: Draw, sizes: Sizes) -> Context:
    """A context that holds the operands of a node of every kind: of a product, a norm and a sum."""
    h, m, n = (draw(dimensions(sizes)) for _ in range(3))
    return (Shape(h, m, n), Shape(h, n, m), Shape(m, n), Shape(n), Shape(n))
