"""The chain rule of a composite map, stage by stage: what the `…_hasFDerivAt` theorems of the blocks say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from mirror.arithmetic import Arithmetic, Array
from mirror.core.fderiv import eval_vec
from mirror.core.soundness import Graph
from theorems.engine.evidence.derivatives import fderiv, has_fderiv_at
from theorems.engine.evidence.differentiability import Forward
from theorems.engine.evidence.verdicts import Claim
from theorems.engine.maps import Differential, SmoothMap


@dataclass(frozen=True, slots=True)
class Stage:
    """One map of a composite, with its derivative as a function of the point and the direction.

    `graph` is the graph whose forward run the map is, where it is one, and `name` tells it from the others.
    """

    forward: Forward
    derivative: Callable[[Array, Array], Array]
    graph: Graph | None = None
    name: str = ""


def given(ar: Arithmetic, pack: SmoothMap, differential: Differential) -> Stage:
    """A map whose derivative is a binder of the theorem."""
    return Stage(pack, lambda point, h: differential.at(ar, point)(ar, h))


def evaluated(graph: Graph, name: str = "") -> Stage:
    """A graph's forward run; its `fderiv` comes from the jets of that run, never from a jvp of the mirror."""

    def forward(ar: Arithmetic, z: Array) -> Array:
        return eval_vec(ar, graph, z)

    return Stage(forward, lambda point, h: fderiv(forward, point, h), graph, name)


def composite(stages: Sequence[Stage]) -> Forward:
    """The stages one after the other."""

    def forward(ar: Arithmetic, z: Array) -> Array:
        for stage in stages:
            z = stage.forward(ar, z)
        return z

    return forward


def chain_rule(
    ar: Arithmetic, stages: Sequence[Stage], x: np.ndarray, directions: Sequence[np.ndarray]
) -> Iterator[Claim]:
    """`HasFDerivAt (f_k ∘ … ∘ f_1) (D_k ∘ … ∘ D_1) x`, tried along each direction."""
    points = [x]
    for stage in stages[:-1]:
        points.append(stage.forward(ar, points[-1]))

    def derivative(h: Array) -> Array:
        for stage, point in zip(stages, points, strict=True):
            h = stage.derivative(point, h)
        return h

    return has_fderiv_at(composite(stages), x, derivative, directions)
