"""Reading nodes and graphs as plain data, and cutting context vectors by hand, for the equation tests."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np
import pytest

from mirror.core.soundness import Graph, Idx, Node
from theorems.engine.evidence.verdicts import Equal

Shapes = Sequence[tuple[int, ...]]


def named(mark: pytest.MarkDecorator, *values: Any) -> Any:
    """A parameter set of its own Lean declaration: it carries the `lean` mark, and the short name as its id."""
    return pytest.param(*values, marks=mark, id=mark.args[0].rsplit(".", 1)[-1])


def check_index(found: Idx, i: int, shape: tuple[int, ...], context: Shapes) -> None:
    """Hold an index to its number, its shape and the shapes of its whole context."""
    assert (found.i, tuple(found.shape)) == (i, tuple(shape))
    assert plain(found.context) == list(context)


def plain(context: Sequence[Any]) -> list[tuple[int, ...]]:
    """A context as a list of plain tuples."""
    return [tuple(s) for s in context]


def signature(node: Node) -> tuple[str, tuple[int, ...], tuple[int, ...]]:
    """Kind, input positions and output shape."""
    return node.kind, tuple(idx.i for idx in node.inputs), tuple(node.shape)


def check_graph(graph: Graph, context: Shapes, kinds: Sequence[tuple[str, tuple[int, ...]]], saved: Shapes) -> None:
    """Hold a graph to its inputs and, node by node, to kind, input positions, output shape and context."""
    assert plain(graph.context) == list(context)
    expected = [(kind, inputs, tuple(s)) for (kind, inputs), s in zip(kinds, saved, strict=True)]
    assert [signature(node) for node in graph.nodes] == expected
    for k, node in enumerate(graph.nodes):
        assert plain(node.context) == [*context, *saved[:k]]


def joined(blocks: Sequence[Sequence[Any]]) -> np.ndarray:
    """Flat blocks end to end, as a context vector."""
    flat = [entry for block in blocks for entry in block]
    out = np.empty(len(flat), dtype=object)
    out[:] = flat
    return out


def cut(context: Shapes, vector: Sequence[Any] | np.ndarray) -> list[list[Any]]:
    """The blocks of a context vector, each flat."""
    blocks, start = [], 0
    for shape in context:
        blocks.append(list(vector[start : start + prod(shape)]))
        start += prod(shape)
    assert start == len(vector)
    return blocks


def rows(flat: Sequence[Any] | np.ndarray, m: int, n: int) -> list[list[Any]]:
    """A flat m × n matrix as its rows."""
    assert len(flat) == m * n
    return [list(flat[i * n : (i + 1) * n]) for i in range(m)]


def same(found: Any, expected: Any, label: str = "") -> None:
    """Equal over ℚ, or balls that overlap and are narrower than the common limit."""
    Equal(label, found, expected).judge().assert_passes()
