"""A directed graph in layers: by graphviz where that is installed, else by a small layout of our own."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

Point = tuple[float, float]
Edge = tuple[str, str]
PATIENCE = 4.0  # so many seconds graphviz may take
SWEEPS = 8


@dataclass(frozen=True, slots=True)
class GraphDrawing:
    """Where nodes stand (their centres, from the top left), how edges run (a start, Bézier points by threes)."""

    width: float
    height: float
    nodes: Mapping[str, Point]
    edges: Mapping[Edge, Sequence[Point]]
    by: str = field(default="")


@dataclass(frozen=True, slots=True)
class Spacing:
    """The size of a node, and what is between two of them, in pixels."""

    width: float
    height: float
    between: float
    layers: float


def drawing(nodes: Sequence[str], edges: Iterable[Edge], spacing: Spacing) -> GraphDrawing:
    """The graph in layers, each node above those that it has an edge to; a cycle is drawn, too."""
    edges = [*dict.fromkeys((a, b) for a, b in edges if a != b)]
    return by_graphviz(nodes, edges, spacing) or in_layers(nodes, edges, spacing)


# ---- what is drawn of many edges


def reached(nodes: Iterable[str], edges: Iterable[Edge]) -> dict[str, set[str]]:
    """All that each node has a path to."""
    after: dict[str, list[str]] = {node: [] for node in nodes}
    for a, b in edges:
        after[a].append(b)
    return {node: _from(node, after) for node in after}


def _from(node: str, after: Mapping[str, Sequence[str]]) -> set[str]:
    found: set[str] = set()
    ahead = [node]
    while ahead:
        new = [b for b in after[ahead.pop()] if b not in found]
        found.update(new)
        ahead.extend(new)
    return found


def essential(nodes: Sequence[str], edges: Sequence[Edge]) -> list[Edge]:
    """The edges that no longer path stands for."""
    below = reached(nodes, edges)
    after: dict[str, list[str]] = {node: [] for node in nodes}
    for a, b in edges:
        after[a].append(b)
    return [(a, b) for a, b in edges if not any(c != b and b in below[c] and a not in below[c] for c in after[a])]


# ---- graphviz


def by_graphviz(nodes: Sequence[str], edges: Sequence[Edge], spacing: Spacing) -> GraphDrawing | None:
    """The drawing by `dot`; None where it is not installed, fails, or takes too long."""
    program = shutil.which("dot")
    if program is None or not nodes:
        return None
    numbers = {node: str(k) for k, node in enumerate(nodes)}
    try:
        answer = subprocess.run(
            [program, "-Tplain"], input=_asked(numbers, edges, spacing), capture_output=True, text=True,
            timeout=PATIENCE, check=True,
        )  # fmt: skip
        return _answered(answer.stdout, list(nodes))
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        return None


def _asked(numbers: Mapping[str, str], edges: Sequence[Edge], s: Spacing) -> str:
    size = f"width={s.width / 72},height={s.height / 72}"
    lines = [
        f"digraph {{ nodesep={s.between / 72}; ranksep={s.layers / 72};",
        f'node [shape=box, fixedsize=true, label="", {size}]; edge [arrowhead=none];',
        *(f"{k};" for k in numbers.values()),
        *(f"{numbers[a]} -> {numbers[b]};" for a, b in edges),
        "}",
    ]
    return "\n".join(lines)


def _answered(plain: str, nodes: Sequence[str]) -> GraphDrawing:
    """https://graphviz.org/docs/outputs/plain: inches, from the bottom left."""
    lines = [line.split() for line in plain.splitlines()]
    width, height = (72 * float(word) for word in lines[0][2:4])

    def points(words: Sequence[str]) -> list[Point]:
        xs, ys = words[::2], words[1::2]
        return [(72 * float(x), height - 72 * float(y)) for x, y in zip(xs, ys, strict=True)]

    placed = {nodes[int(line[1])]: points(line[2:4])[0] for line in lines if line[0] == "node"}
    routes = {
        (nodes[int(line[1])], nodes[int(line[2])]): points(line[4 : 4 + 2 * int(line[3])])
        for line in lines
        if line[0] == "edge"
    }
    return GraphDrawing(width, height, placed, routes, "graphviz")


# ---- our own


def in_layers(nodes: Sequence[str], edges: Sequence[Edge], spacing: Spacing) -> GraphDrawing:
    """Layers by the longest path, their order by the middle of the neighbours, swept down and up."""
    forward = acyclic(nodes, edges)
    layers = _layers(nodes, forward)
    for k in range(SWEEPS):
        _sweep(layers, forward, down=k % 2 == 0)
    widest = max(map(len, layers), default=0)
    step_x, step_y = spacing.width + 3 * spacing.between, spacing.height + spacing.layers
    width, height = max(widest * step_x, 1.0), max(len(layers) * step_y, 1.0)
    placed = {
        node: ((k + 0.5) * width / len(layer), (depth + 0.5) * step_y)
        for depth, layer in enumerate(layers)
        for k, node in enumerate(layer)
    }
    routes = {(a, b): _curve(placed[a], placed[b], spacing) for a, b in edges}
    return GraphDrawing(width, height, placed, routes, "leanmirror")


def acyclic(nodes: Sequence[str], edges: Sequence[Edge]) -> list[Edge]:
    """The edges without those that close a cycle."""
    kept: list[Edge] = []
    below = reached(nodes, edges)
    in_cycle = {node for node in nodes if node in below[node]}
    for a, b in edges:
        if not (a in in_cycle and b in in_cycle and a in _from(b, _after(nodes, kept))):
            kept.append((a, b))
    return kept


def _after(nodes: Sequence[str], edges: Iterable[Edge]) -> dict[str, list[str]]:
    after: dict[str, list[str]] = {node: [] for node in nodes}
    for a, b in edges:
        after[a].append(b)
    return after


def _layers(nodes: Sequence[str], edges: Sequence[Edge]) -> list[list[str]]:
    """The layer of a node is the length of the longest path to it; what nothing points to stands as low as it can."""
    depth = dict.fromkeys(nodes, 0)
    for node in _before_what_they_point_to(nodes, edges):
        for a, b in edges:
            if a == node:
                depth[b] = max(depth[b], depth[node] + 1)
    for node in {*nodes} - {b for _, b in edges}:
        depth[node] = min((depth[b] for a, b in edges if a == node), default=1) - 1
    layers: list[list[str]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for node in nodes:
        layers[depth[node]].append(node)
    return layers


def _before_what_they_point_to(nodes: Sequence[str], edges: Sequence[Edge]) -> Iterator[str]:
    below = reached(nodes, edges)
    return iter(sorted(nodes, key=lambda node: -len(below[node])))


def _sweep(layers: list[list[str]], edges: Sequence[Edge], *, down: bool) -> None:
    neighbours: dict[str, list[str]] = {}
    for a, b in edges:
        one, other = (b, a) if down else (a, b)
        neighbours.setdefault(one, []).append(other)
    for layer in layers if down else layers[::-1]:
        place = {node: (k + 0.5) / len(each) for each in layers for k, node in enumerate(each)}
        layer.sort(key=lambda node: _middle([place[n] for n in neighbours.get(node, ())], place[node]))


def _middle(places: Sequence[float], otherwise: float) -> float:
    return sum(places) / len(places) if places else otherwise


def _curve(start: Point, end: Point, spacing: Spacing) -> list[Point]:
    """From one node to the other; past a layer in between it bows to the side of what may stand there."""
    (x0, y0), (x1, y1) = start, end
    middle = (y0 + y1) / 2
    aside = 0.8 * spacing.width if abs(y1 - y0) > 1.5 * (spacing.height + spacing.layers) else 0.0
    return [start, (x0 + aside, middle), (x1 + aside, middle), end]
