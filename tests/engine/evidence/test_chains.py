"""The chain rule of stages: the right order passes, a wrong stage is refuted."""

from __future__ import annotations

from mirror.arithmetic import BALL, precision, rational_vector
from mirror.core.soundness import Graph, Idx
from mirror.nodes.arithmetic import mul
from mirror.spec.core.shape import Shape
from theorems.engine.evidence.chains import Stage, chain_rule, evaluated, given
from theorems.engine.evidence.verdicts import Verdict, judge
from theorems.engine.maps import Differential, SmoothMap
from theorems.engine.strategies.packs import structured

X = rational_vector([2, -1])
DIRECTIONS = (rational_vector([1, 3]),)
CONTEXT = (Shape(2), Shape(2))


def pack(scale: int) -> SmoothMap:
    entries = {(i, j): rational_vector([scale * (i + 1) - j])[0] for i in range(4) for j in range(2)}
    linear = structured(4, 2, entries)
    return SmoothMap("quadratic", linear, rational_vector([0, 1, 0, 2]), quadratic=(linear, linear))


def product() -> Graph:
    return Graph.nil(CONTEXT).snoc(mul(Idx(CONTEXT, 0, Shape(2)), Idx(CONTEXT, 1, Shape(2))))


def verdict(*stages: Stage) -> Verdict:
    with precision(640):
        return judge(chain_rule(BALL, stages, X, DIRECTIONS)).verdict


def test_a_pack_and_a_graph_have_the_derivative_of_the_chain_rule() -> None:
    smooth = pack(1)
    assert verdict(given(BALL, smooth, Differential(smooth)), evaluated(product())).passes


def test_the_derivative_of_another_pack_is_refuted() -> None:
    assert verdict(given(BALL, pack(1), Differential(pack(2))), evaluated(product())) is Verdict.REFUTED


def test_a_graph_stage_without_its_derivative_is_refuted() -> None:
    smooth, graph = pack(1), evaluated(product())
    forgotten = Stage(graph.forward, lambda point, h: graph.forward(BALL, h))
    assert verdict(given(BALL, smooth, Differential(smooth)), forgotten) is Verdict.REFUTED
