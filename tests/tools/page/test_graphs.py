"""Layouts: by graphviz where it is installed, and by our own, which needs nothing."""

from __future__ import annotations

import itertools
import subprocess
from typing import Any

import pytest

from theorems.tools.page import graphs
from theorems.tools.page.graphs import (
    GraphDrawing,
    Spacing,
    acyclic,
    by_graphviz,
    drawing,
    essential,
    in_layers,
)

S = Spacing(10, 10, 5, 20)
# A diamond with a tail, a shortcut, and a node by itself.
NODES = ["a", "b", "c", "d", "e", "alone"]
EDGES = [("a", "b"), ("a", "c"), ("b", "d"), ("c", "d"), ("d", "e"), ("a", "e")]
PLAIN = """graph 1 2 4
node 0 1 3.5 0.1 0.1 "" solid box black lightgrey
node 1 0.5 0.5 0.1 0.1 "" solid box black lightgrey
edge 0 1 4 1 3.5 1 2 0.5 2 0.5 0.5 solid black
stop
"""


@pytest.fixture
def dot(monkeypatch: pytest.MonkeyPatch) -> Any:
    """`dot(answer)`: a graphviz that is installed and answers so, or raises."""

    def install(answer: Any) -> None:
        def run(*_: Any, **__: Any) -> subprocess.CompletedProcess[str]:
            if isinstance(answer, Exception):
                raise answer
            return subprocess.CompletedProcess([], 0, answer)

        monkeypatch.setattr(graphs.shutil, "which", lambda _: "/bin/dot")
        monkeypatch.setattr(graphs.subprocess, "run", run)

    return install


def assert_is_layered(found: GraphDrawing, edges: list[tuple[str, str]]) -> None:
    assert all(found.nodes[a][1] < found.nodes[b][1] for a, b in edges), "what rests on another stands above it"
    assert all(0 <= x <= found.width and 0 <= y <= found.height for x, y in found.nodes.values())
    for one, other in itertools.combinations(found.nodes.values(), 2):
        assert max(abs(one[0] - other[0]), abs(one[1] - other[1])) >= S.width, "no two nodes overlap"
    for (a, b), points in found.edges.items():
        assert (len(points) - 1) % 3 == 0
        assert (points[0], points[-1]) == (found.nodes[a], found.nodes[b]) or found.by == "graphviz"


def test_our_own_layout_has_each_node_above_what_it_points_to() -> None:
    found = in_layers(NODES, EDGES, S)
    assert found.nodes.keys() == set(NODES)
    assert found.edges.keys() == set(EDGES)
    assert_is_layered(found, EDGES)


def test_an_edge_past_a_layer_goes_around_what_stands_there() -> None:
    found = in_layers(["a", "b", "c"], [("a", "b"), ("b", "c"), ("a", "c")], S)
    (x0, _), (x1, _), (x2, _), (x3, _) = found.edges["a", "c"]
    at_b = (x0 + 3 * x1 + 3 * x2 + x3) / 8
    assert at_b > found.nodes["b"][0] + S.width / 2
    assert len({x for x, _ in found.edges["a", "b"]}) == 1


def test_neighbours_stand_near_each_other() -> None:
    """Two chains whose ends are given crosswise: drawn straight, no line crosses another."""
    nodes, edges = ["a0", "b0", "b1", "a1"], [("a0", "a1"), ("b0", "b1")]
    found = in_layers(nodes, edges, S).nodes
    assert (found["a0"][0] < found["b0"][0]) == (found["a1"][0] < found["b1"][0])


def test_what_nothing_points_to_stands_just_above_what_it_points_to() -> None:
    found = in_layers(["a", "b", "c", "late"], [("a", "b"), ("b", "c"), ("late", "c")], S).nodes
    assert found["late"][1] == found["b"][1]


def test_a_cycle_is_drawn_without_the_edge_that_closes_it() -> None:
    edges = [("a", "b"), ("b", "a"), ("b", "c")]
    assert acyclic(["a", "b", "c"], edges) == [("a", "b"), ("b", "c")]
    assert drawing(["a", "b", "c"], [*edges, ("c", "c")], S).edges.keys() == set(edges)


def test_nothing_is_drawn_of_nothing() -> None:
    assert drawing([], [], S).nodes == {}


def test_an_edge_that_a_longer_path_stands_for_is_not_essential() -> None:
    assert essential(NODES, EDGES) == EDGES[:-1]
    assert essential(["a", "b"], [("a", "b"), ("b", "a")]) == [("a", "b"), ("b", "a")]


def test_what_graphviz_answers_is_read_from_the_top_left_in_pixels(dot: Any) -> None:
    dot(PLAIN)
    found = by_graphviz(["x", "y"], [("x", "y")], S)
    assert found == GraphDrawing(
        144, 288, {"x": (72, 36), "y": (36, 252)}, {("x", "y"): [(72, 36), (72, 144), (36, 144), (36, 252)]}, "graphviz"
    )


@pytest.mark.parametrize(
    "answer",
    [OSError("gone"), subprocess.TimeoutExpired("dot", 1), "", "graph 1 x 4\n", PLAIN.replace("node 1", "node 7")],
)
def test_without_a_use_of_graphviz_our_own_layout_is_taken(dot: Any, answer: Any) -> None:
    dot(answer)
    assert by_graphviz(["x", "y"], [("x", "y")], S) is None
    assert drawing(["x", "y"], [("x", "y")], S).by == "leanmirror"


def test_graphviz_itself_gives_such_a_drawing() -> None:
    found = by_graphviz(NODES, EDGES, S)
    if found is None:
        pytest.skip("graphviz is not installed")
    assert_is_layered(found, EDGES)


def test_graphviz_is_done_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graphs.shutil, "which", lambda _: None)
    assert drawing(NODES, EDGES, S).by == "leanmirror"
