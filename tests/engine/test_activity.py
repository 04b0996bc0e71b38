"""Activity: one reverse run and jets agree, and an input that nothing moves is said to be inactive."""

from __future__ import annotations

import numpy as np
import pytest
from flint import arb, fmpq

from mirror.arithmetic import BALL, Arithmetic, Array, rational_vector
from mirror.core.fderiv import ctx_size, eval_vec
from mirror.core.soundness import Graph, Idx
from mirror.nodes.arithmetic import mul, scale
from mirror.nodes.elementwise import inv
from mirror.spec.core.shape import Shape, size
from tests.engine.strategies.shares import BLOCK, PACK, SUBLAYERS, drawn
from theorems.engine.activity import THRESHOLD, Differentiated, active, active_inputs
from theorems.engine.registry import get, theorems

PAIR = (Shape(2), Shape(2))
POINT = rational_vector([1, 2, 3, 4])


def at(i: int, *, context: tuple[Shape, ...] = PAIR) -> Idx:
    return Idx(context, i, context[i])


def by_jets(graph: Graph, x: Array) -> tuple[bool, ...]:
    """The same question asked of the forward run, one input moving at a time."""
    last, start, found = size(graph.saved[-1]), 0, []
    for shape in graph.context:
        stop = start + size(shape)

        def alone(ar: Arithmetic, z: Array, start: int = start, stop: int = stop) -> Array:
            return eval_vec(ar, graph, ar.concat([ar.embed(x[:start]), z, ar.embed(x[stop:])]))

        found.append(active(Differentiated(alone, x[start:stop], last)))
        start = stop
    return tuple(found)


@pytest.mark.unmeasured
def test_a_reverse_run_and_jets_say_the_same_of_every_input_of_the_block() -> None:
    theorem, seen = get(BLOCK), set()
    for case in drawn(theorem, 3, 24):
        (run,) = theorem.graph_runs(case)
        if size(run.graph.saved[-1]):
            assert active_inputs(run.graph, run.x) == by_jets(run.graph, run.x)
            seen |= set(active_inputs(run.graph, run.x))
    assert seen == {True, False}


@pytest.mark.parametrize("name", [PACK, SUBLAYERS])
def test_a_chain_is_active_where_its_point_moves_its_last_result(name: str) -> None:
    theorem = get(name)
    found = [theorem.active_inputs(case) for case in drawn(theorem, 0, 20)]
    assert all(answer is not None and set(answer) == {"x"} for answer in found)
    assert {True, False} <= {answer["x"] for answer in found if answer}


def test_only_the_inputs_that_the_last_result_reads_are_active() -> None:
    graph = Graph.nil(PAIR).snoc(mul(at(0), at(0)))
    assert active_inputs(graph, POINT) == (True, False)
    assert active_inputs(graph, POINT * 0) == (False, False)
    full = (*PAIR, Shape(2))
    read_by_the_first_alone = graph.snoc(scale(at(1, context=full), fmpq(3)))
    assert active_inputs(read_by_the_first_alone, POINT) == (False, True)


def test_the_threshold_is_met_from_above() -> None:
    def sloped(slope: fmpq) -> tuple[bool, ...]:
        return active_inputs(Graph.nil((Shape(1),)).snoc(scale(Idx((Shape(1),), 0, Shape(1)), slope)), POINT[:1])

    assert arb(2) ** -60 == THRESHOLD
    assert sloped(fmpq(1, 2**60)) == (False,)
    assert sloped(fmpq(1, 2**59)) == (True,)


def test_without_a_result_or_where_a_corner_is_not_decided_nothing_is_active() -> None:
    assert active_inputs(Graph.nil(PAIR), POINT) == (False, False)
    empty = (Shape(0), Shape(2))
    assert active_inputs(Graph.nil(empty).snoc(scale(at(0, context=empty), fmpq(1))), POINT[:2]) == (False, False)
    straddling = BALL.zeros(2) + arb(0, 1)
    inverse = Graph.nil((Shape(2),)).snoc(inv(at(0, context=(Shape(2),))))
    assert active_inputs(inverse, straddling) == (False,)
    assert not active(Differentiated(lambda ar, z: ar.inverse(z), rational_vector([0, 1])))


def test_a_map_without_a_point_moves_nothing() -> None:
    assert not active(Differentiated(lambda ar, z: z, np.empty(0, dtype=object)))


def test_a_theorem_without_a_derivative_has_no_active_input() -> None:
    assert get("CtxVec.inner_get_single").active_inputs({}) is None


def test_inputs_are_named_where_the_graph_is_always_the_same() -> None:
    for theorem in theorems().values():
        if theorem.inputs:
            (case, *_) = drawn(theorem, 0, 1)
            (run,) = theorem.graph_runs(case)
            assert len(theorem.inputs) == len(run.graph.context)
            assert ctx_size(run.graph.context) == len(run.x)
