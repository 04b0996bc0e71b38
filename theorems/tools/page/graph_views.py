"""The two graphs as they are drawn: all declarations, and the nodes of the block."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from theorems.tools.page.block import BlockEntry
from theorems.tools.page.declarations import Basis, DeclarationView
from theorems.tools.page.graphs import Edge, GraphDrawing, Spacing, drawing, essential

DOTS = Spacing(11, 11, 5, 21)
BOXES = Spacing(208, 52, 16, 26)
# The class that colours a definition.
SHADES = {
    Basis.BOTH: "both",
    Basis.EVALUATED: "evaluated",
    Basis.DATA: "data",
    Basis.READ: "read",
    Basis.DIFFERENT: "different",
    Basis.REASON: "reason",
}


@dataclass(frozen=True, slots=True)
class GraphNode:
    """One node: where it stands, its classes, where it leads, and its words, the first of them its name."""

    number: int
    x: float
    y: float
    shade: str
    square: bool
    href: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GraphView:
    """A drawn graph; `data` is what its script needs."""

    name: str
    width: float
    height: float
    nodes: tuple[GraphNode, ...]
    lines: tuple[tuple[int, int, str], ...]
    data: Mapping[str, Any]


def of_declarations(found: Mapping[str, DeclarationView]) -> GraphView:
    """Every declaration above what it rests on; edges for which a longer path stands are not drawn."""
    edges = tuple((d.name, other) for d in found.values() for other in d.rests_on)
    drawn = _drawn(tuple(found), edges)
    nodes = [
        GraphNode(
            k, *_at(drawn, d.name), d.verdict or SHADES[d.basis], not d.is_theorem, f"#{d.anchor}", _said(d)
        )
        for k, d in enumerate(found.values())
    ]  # fmt: skip
    return _view("declarations", drawn, nodes, [*found], edges)


@cache
def _drawn(names: tuple[str, ...], edges: tuple[Edge, ...]) -> GraphDrawing:
    return drawing(names, essential(names, edges), DOTS)


def _said(d: DeclarationView) -> tuple[str, ...]:
    ended = f"{d.kind}, {d.verdict}; {d.basis}" if d.is_theorem else f"{d.kind}, {d.basis}"
    return d.name, ended


def of_block(entries: Sequence[BlockEntry]) -> GraphView:
    """The inputs and nodes of the block, each above those that read it."""
    names = {entry.index: str(entry.index) for entry in entries}
    edges = [(names[i], names[entry.index]) for entry in entries for i in entry.reads]
    drawn = drawing([*names.values()], edges, BOXES)
    nodes = [
        GraphNode(
            e.index, *_at(drawn, names[e.index]), "input" if e.is_input else "node", not e.is_input,
            f"#entry-{e.index}", tuple(filter(None, (f"{e.index}  {e.name}", e.shape, e.parameters))),
        )
        for e in entries
    ]  # fmt: skip
    return _view("block", drawn, nodes, [*names.values()], edges)


def _at(drawn: GraphDrawing, name: str) -> tuple[float, float]:
    x, y = drawn.nodes[name]
    return round(x, 1), round(y, 1)


def _view(
    name: str, drawn: GraphDrawing, nodes: Sequence[GraphNode], order: Sequence[str], edges: Iterable[Edge]
) -> GraphView:
    number = {one: k for k, one in enumerate(order)}
    lines = tuple((number[a], number[b], _curve(points)) for (a, b), points in drawn.edges.items())
    after: list[list[int]] = [[] for _ in order]
    for a, b in edges:
        after[number[a]].append(number[b])
    data = {
        "nodes": [{"words": n.words, "shade": n.shade, "square": n.square, "href": n.href} for n in nodes],
        "after": after,
    }
    return GraphView(name, round(drawn.width), round(drawn.height), tuple(nodes), lines, data)


def _curve(points: Sequence[tuple[float, float]]) -> str:
    start, *rest = (f"{x:.0f} {y:.0f}" for x, y in points)
    return f"M{start}C{' '.join(rest)}"
