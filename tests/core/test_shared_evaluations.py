"""A forward run that is asked for again is made once: of the same graph, vector, arithmetic and precision only."""

from __future__ import annotations

from collections import Counter

import pytest

from mirror.arithmetic import BALL, EXACT, Arithmetic, Array, precision, rational_vector
from mirror.core.fderiv import backprop_vec, eval_vec, jvp_vec, shared_evaluations
from mirror.core.soundness import Graph
from mirror.nodes.context import node_of_vec
from mirror.spec.core.shape import Shape
from tests.engine.strategies.shares import BLOCK, drawn
from theorems.engine.assessing import assess
from theorems.engine.registry import get

X = rational_vector([1, 2])


@pytest.fixture
def runs() -> Counter[str]:
    """How often each arithmetic ran the counted graph."""
    return Counter()


@pytest.fixture
def graph(runs: Counter[str]) -> Graph:
    def doubled(ar: Arithmetic, x: Array) -> Array:
        runs[ar.name] += 1
        return x + x

    return Graph.nil((Shape(2),)).snoc(
        node_of_vec((Shape(2),), Shape(2), doubled, lambda ar, x, dx: dx + dx, lambda ar, x, delta: delta + delta)
    )


def test_the_runs_of_one_point_share_their_evaluation(graph: Graph, runs: Counter[str]) -> None:
    with shared_evaluations():
        values = [list(eval_vec(BALL, graph, X)) for _ in range(3)]
        jvp_vec(BALL, graph, X, X)
        backprop_vec(BALL, graph, X, rational_vector(range(4)))
    assert runs == {"ball": 1}
    assert values == [[1, 2, 2, 4]] * 3


def test_another_vector_precision_or_arithmetic_is_evaluated_anew(graph: Graph, runs: Counter[str]) -> None:
    with shared_evaluations():
        assert list(eval_vec(BALL, graph, X)) != list(eval_vec(BALL, graph, X + 1))
        with precision(99):
            eval_vec(BALL, graph, X)
        eval_vec(EXACT, graph, X)
    assert runs == {"ball": 3, "exact": 1}


def test_nothing_is_kept_outside_or_from_one_instance_to_the_next(graph: Graph, runs: Counter[str]) -> None:
    for _ in range(2):
        eval_vec(BALL, graph, X)
        with shared_evaluations():
            eval_vec(BALL, graph, X)
            with shared_evaluations():
                eval_vec(BALL, graph, X)
    assert runs == {"ball": 6}


def test_an_instance_is_assessed_with_shared_evaluations_and_to_the_same_end() -> None:
    theorem = get(BLOCK)
    for case in drawn(theorem, 0, 5):
        assert theorem.failed_hypotheses(case) == []
        assert assess(theorem, case) == theorem.judge(case)
